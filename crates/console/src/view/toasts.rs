//! Short notes at the lower edge. They go by themselves, or when they are dismissed.

use protocol::id::ConversationId;
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
    /// What a colleague had to say.
    pub(crate) note: Option<String>,
    /// The conversation it is about, to be opened from here.
    pub(crate) conversation_id: Option<ConversationId>,
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
        let on_open = toast.conversation_id.clone().map(|conversation_id| {
            let on_action = props.on_action.clone();
            Callback::from(move |_| {
                on_action.emit(Action::Open(conversation_id.clone()));
                on_action.emit(Action::DropToast(number));
            })
        });
        html! {
            <div class="toast" key={number} data-testid="toast">
                <span class="toast__text">
                    <bdi>{ &toast.text }</bdi>
                    if let Some(note) = &toast.note {
                        <span class="toast__note" dir="auto" data-testid="toast-note">{ note }</span>
                    }
                </span>
                if let Some(on_open) = on_open {
                    <button class="button toast__open" onclick={on_open} data-testid="toast-open">
                        { TEXTS.given.open }
                    </button>
                }
                <button class="button button--plain button--icon toast__close" onclick={on_close}
                    aria-label={TEXTS.dismiss}>
                    { icon(Icon::Close, "") }
                </button>
            </div>
        }
    };
    html! { <div class="toasts" role="status">{ for props.toasts.iter().map(toast) }</div> }
}
