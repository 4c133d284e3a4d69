//! One message of the log, with its time and how far it came.

use std::rc::Rc;

use browser::intl::DateWriter;
use chat_core::MessageState;
use protocol::conversation::Author;
use protocol::id::MessageId;
use ui::{MessageRow, Texts, rich_text};
use yew::prelude::{Callback, Html, classes, html};

use super::icon::{Icon, icon};

/// Draws a message.
pub(super) fn message(
    row: &MessageRow,
    texts: &Rc<Texts>,
    dates: &DateWriter,
    on_retry: &Callback<MessageId>,
) -> Html {
    let side = row.author.side();
    let classes = classes!("message", side, row.is_first.then_some("first"), row.is_last.then_some("last"));
    let name = match &row.author {
        Author::Agent { name, .. } => Some(name.clone()),
        Author::Customer | Author::System => None,
    };
    let is_failed = row.state == Some(MessageState::Failed);
    html! {
        <div key={row.message_id.0.clone()} class={classes} data-testid="message"
            data-seq={row.seq.map(|seq| seq.to_string())} data-author={side}>
            if let Some(name) = name.filter(|_| row.is_first) {
                <span class="name">{ name }</span>
            }
            <div class="bubble" dir="auto">{ rich_text(&row.text) }</div>
            <span class="meta">
                if row.is_last {
                    <time>{ dates.time(row.at.0) }</time>
                }
                if let Some(state) = row.state {
                    { state_mark(state, texts) }
                }
                if is_failed {
                    { retry_button(row, texts, on_retry) }
                }
            </span>
        </div>
    }
}

fn state_mark(state: MessageState, texts: &Texts) -> Html {
    let (picture, key, class) = match state {
        MessageState::Failed => (Icon::Alert, "state_failed", "failed"),
        MessageState::Sending => (Icon::Clock, "state_sending", "sending"),
        MessageState::Sent => (Icon::Check, "state_sent", "sent"),
        MessageState::Delivered => (Icon::Checks, "state_delivered", "delivered"),
        MessageState::Read => (Icon::Checks, "state_read", "read"),
    };
    let text = texts.text(key);
    html! {
        <span class={classes!("state", class)} data-testid="message-state" data-state={class} role="img"
            aria-label={text.clone()} title={text}>
            { icon(picture) }
        </span>
    }
}

fn retry_button(row: &MessageRow, texts: &Texts, on_retry: &Callback<MessageId>) -> Html {
    let message_id = row.message_id.clone();
    html! {
        <button class="retry" onclick={on_retry.reform(move |_| message_id.clone())}>
            { texts.text("retry") }
        </button>
    }
}
