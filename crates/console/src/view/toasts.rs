//! Short notes at the lower edge. They go by themselves, or when they are dismissed.

use yew::{Callback, Html, function_component, html};

use super::icon::{Icon, icon};
use crate::state::action::Action;
use crate::texts::TEXTS;

/// One note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Toast {
    /// Tells it from others of the same text.
    pub(crate) number: u32,
    /// What it says.
    pub(crate) text: String,
}

/// What the notes need.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// The notes, oldest first.
    pub(crate) toasts: Vec<Toast>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The notes in a live region that is always there, so that screen readers hear of new ones.
#[function_component]
pub(crate) fn Toasts(props: &Props) -> Html {
    let toast = |toast: &Toast| {
        let number = toast.number;
        let on_close = props.on_action.reform(move |_| Action::DropToast(number));
        html! {
            <div class="toast" key={number} data-testid="toast">
                <span>{ &toast.text }</span>
                <button class="button button--plain button--icon toast__close" onclick={on_close}
                    aria-label={TEXTS.dismiss}>
                    { icon(Icon::Close, "") }
                </button>
            </div>
        }
    };
    html! { <div class="toasts" role="status">{ for props.toasts.iter().map(toast) }</div> }
}
