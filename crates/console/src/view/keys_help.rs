//! The list of keys, in a dialog.

use web_sys::HtmlDialogElement;
use yew::{Callback, Html, function_component, html, use_effect_with, use_node_ref};

use super::icon::{Icon, icon};
use crate::state::action::Action;
use crate::texts::TEXTS;

/// Each command with its keys.
const KEYS: [(&str, &[&str]); 7] = [
    (TEXTS.keys_move, &["j", "k"]),
    (TEXTS.keys_open, &["Enter"]),
    (TEXTS.keys_reply, &["r"]),
    (TEXTS.keys_send, &["Enter"]),
    (TEXTS.keys_line, &["Shift", "Enter"]),
    (TEXTS.keys_back, &["Esc"]),
    (TEXTS.keys_help, &["?"]),
];

/// What the list needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The dialog; it holds the focus until it is closed.
#[function_component]
pub(crate) fn KeysHelp(props: &Props) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
        });
    }
    let on_close = props.on_action.reform(|_: yew::Event| Action::ToggleKeys);
    let on_click = props.on_action.reform(|_| Action::ToggleKeys);
    let row = |(text, keys): &(&'static str, &'static [&'static str])| {
        let key = |key: &&'static str| html! { <>{ " " }<kbd>{ *key }</kbd></> };
        html! { <li class="keys__row"><span>{ *text }</span><span>{ for keys.iter().map(key) }</span></li> }
    };
    html! {
        <dialog class="keys" ref={dialog} onclose={on_close} aria-labelledby="keys-title">
            <div class="keys__head">
                <h2 class="keys__title" id="keys-title">{ TEXTS.keys }</h2>
                <button class="button button--plain button--icon" onclick={on_click} aria-label={TEXTS.dismiss}>{ icon(Icon::Close, "") }</button>
            </div>
            <ul>{ for KEYS.iter().map(row) }</ul>
        </dialog>
    }
}
