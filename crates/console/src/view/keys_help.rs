//! The list of keys, in a dialog.

use yew::{Callback, Html, function_component, html};

use super::icon::{Icon, icon};
use super::modal::Modal;
use crate::state::action::Action;
use crate::texts::TEXTS;

/// Each command with its keys.
const KEYS: [(&str, &[&str]); 14] = [
    (TEXTS.keys_move, &["j", "k"]),
    (TEXTS.keys_open, &["Enter"]),
    (TEXTS.keys_views, &["1", "…", "5"]),
    (TEXTS.keys_take, &["t"]),
    (TEXTS.keys_assign, &["a"]),
    (TEXTS.keys_reply, &["r"]),
    (TEXTS.keys_send, &["Enter"]),
    (TEXTS.keys_line, &["Shift", "Enter"]),
    (TEXTS.keys_edit_last, &["↑"]),
    (TEXTS.keys_log, &["↑", "↓"]),
    (TEXTS.keys_change, &["e", "Delete"]),
    (TEXTS.keys_code, &["c"]),
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
    let on_close = props.on_action.reform(|()| Action::ToggleKeys);
    let on_click = props.on_action.reform(|_| Action::ToggleKeys);
    let row = |(text, keys): &(&'static str, &'static [&'static str])| {
        let key = |key: &&'static str| html! { <>{ " " }<kbd>{ *key }</kbd></> };
        html! { <li class="keys__row"><span>{ *text }</span><span>{ for keys.iter().map(key) }</span></li> }
    };
    html! {
        <Modal class="keys" label={TEXTS.keys} testid="keys" {on_close}>
            <div class="modal__head">
                <h2 class="modal__title">{ TEXTS.keys }</h2>
                <button class="button button--plain button--icon" onclick={on_click} aria-label={TEXTS.dismiss}>
                    { icon(Icon::Close, "") }
                </button>
            </div>
            <ul>{ for KEYS.iter().map(row) }</ul>
        </Modal>
    }
}
