//! Something that opens below a button and goes when the agent turns to something else.

use browser::{Listener, page};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent, Node};
use yew::{Callback, Html, classes, function_component, html, use_effect_with, use_node_ref};

/// What it needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// Whether it is open.
    pub(crate) is_open: bool,
    /// Its class besides its own.
    pub(crate) class: &'static str,
    /// Its name.
    pub(crate) label: &'static str,
    /// For tests.
    pub(crate) testid: &'static str,
    /// The button, which opens and closes it.
    pub(crate) trigger: Html,
    /// Asks for it to be put away.
    pub(crate) on_close: Callback<()>,
    /// What stands in it.
    pub(crate) children: Html,
}

/// The button with what opens below it. Esc puts it away and gives the focus back to the button; a click or a focus
/// elsewhere puts it away.
#[function_component]
pub(crate) fn Popover(props: &Props) -> Html {
    let anchor = use_node_ref();
    {
        let (anchor, on_close) = (anchor.clone(), props.on_close.clone());
        use_effect_with(props.is_open, move |is_open| {
            let listeners = is_open.then(|| {
                ["pointerdown", "focusin"].map(|name| {
                    let (anchor, on_close) = (anchor.clone(), on_close.clone());
                    Listener::new(&page::document(), name, move |event| {
                        if !anchor.cast::<Node>().is_some_and(|anchor| is_inside(&anchor, &event)) {
                            on_close.emit(());
                        }
                    })
                })
            });
            move || drop(listeners)
        });
    }
    let on_key = {
        let (anchor, on_close) = (anchor.clone(), props.on_close.clone());
        let is_open = props.is_open;
        Callback::from(move |event: KeyboardEvent| {
            if is_open && event.key() == "Escape" {
                event.prevent_default();
                on_close.emit(());
                let button =
                    anchor.cast::<HtmlElement>().and_then(|it| it.query_selector("button").ok().flatten());
                if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                    let _ = button.focus();
                }
            }
        })
    };
    html! {
        <div class="anchor" ref={anchor} onkeydown={on_key}>
            { props.trigger.clone() }
            if props.is_open {
                <div class={classes!("popover", props.class)} role="dialog" aria-label={props.label}
                    data-testid={props.testid}>
                    { props.children.clone() }
                </div>
            }
        </div>
    }
}

fn is_inside(anchor: &Node, event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
    anchor.contains(target.as_ref())
}
