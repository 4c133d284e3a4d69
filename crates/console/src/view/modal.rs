//! A dialog over everything else, which holds the focus until it is closed.

use browser::page;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, MouseEvent};
use yew::{Callback, Html, TargetCast, classes, function_component, html, use_effect_with, use_node_ref};

/// What it needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// Its class besides its own.
    pub(crate) class: &'static str,
    /// Its name.
    pub(crate) label: String,
    /// For tests.
    pub(crate) testid: &'static str,
    /// Hears that it was closed.
    pub(crate) on_close: Callback<()>,
    /// What stands in it.
    pub(crate) children: Html,
}

/// The dialog. Esc and a click beside it close it, and the focus goes back to where it was.
#[function_component]
pub(crate) fn Modal(props: &Props) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let focused = page::document().active_element().and_then(|it| it.dyn_into::<HtmlElement>().ok());
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
            move || {
                if let Some(focused) = focused {
                    let _ = focused.focus();
                }
            }
        });
    }
    let on_close = props.on_close.reform(|_: yew::Event| ());
    let on_click = Callback::from(|event: MouseEvent| {
        // The content fills the dialog, so a click on the dialog itself is one on its backdrop.
        if let Some(dialog) = event.target_dyn_into::<HtmlDialogElement>() {
            dialog.close();
        }
    });
    html! {
        <dialog class={classes!("modal", props.class)} ref={dialog} aria-label={props.label.clone()}
            onclose={on_close} onclick={on_click} data-testid={props.testid}>
            <div class="modal__content">{ props.children.clone() }</div>
        </dialog>
    }
}

/// Whether a dialog is open, so that keys belong to it alone.
pub(crate) fn is_any_open() -> bool {
    page::document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some())
}
