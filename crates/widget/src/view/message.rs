//! One message of the log, with its time and how far it came.

use browser::intl::DateWriter;
use chat_core::MessageState;
use protocol::conversation::{Author, Revision};
use protocol::id::MessageId;
use ui::{MessageRow, Texts, rich_text};
use yew::prelude::{Callback, Html, html};

use super::button::button;
use super::files::files;
use super::icon::{Icon, icon};

/// What all messages have in common.
pub(super) struct Common<'a> {
    pub(super) texts: &'a Texts,
    pub(super) dates: &'a DateWriter,
    pub(super) on_retry: &'a Callback<MessageId>,
}

/// Draws a message.
pub(super) fn message(row: &MessageRow, common: &Common<'_>) -> Html {
    let Common { texts, dates, on_retry, .. } = common;
    let side = row.author.side();
    let place = match (row.is_first, row.is_last) {
        (true, true) => "first last",
        (true, false) => "first",
        (false, true) => "last",
        (false, false) => "",
    };
    let name = match &row.author {
        Author::Agent { name, .. } => Some(name.clone()),
        Author::Customer | Author::System => None,
    };
    html! {
        <div key={row.message_id.0.clone()} ~className={["message", side, place].join(" ")} data-testid="message"
            data-seq={row.seq.map(|seq| seq.to_string())} data-author={side}>
            if let Some(name) = name.filter(|_| row.is_first) {
                <span class="name">{ name }</span>
            }
            { bubble(row, texts) }
            { files(&row.files, row.state.map_or("", |state| look_of(state).2)) }
            <span class="meta">
                if row.revision == Revision::Edited {
                    <span data-testid="edited">{ texts.text("edited") }</span>
                }
                if row.is_last {
                    <time>{ dates.time(row.at.0) }</time>
                }
                if let Some(state) = row.state {
                    { state_mark(state, texts) }
                }
                if row.state == Some(MessageState::Failed) {
                    { retry_button(row, texts, on_retry) }
                }
            </span>
        </div>
    }
}

/// The text, or that it was taken back; nothing for a message of files alone.
fn bubble(row: &MessageRow, texts: &Texts) -> Html {
    if row.revision == Revision::Deleted {
        html! { <div class="bubble gone">{ texts.text("deleted") }</div> }
    } else if row.text.is_empty() {
        Html::default()
    } else {
        html! { <div class="bubble" dir="auto">{ rich_text(&row.text) }</div> }
    }
}

/// How far a message came: its picture, its text, its word for styles.
fn look_of(state: MessageState) -> (Icon, &'static str, &'static str) {
    match state {
        MessageState::Failed => (Icon::Alert, "state_failed", "failed"),
        MessageState::Sending => (Icon::Clock, "state_sending", "sending"),
        MessageState::Sent => (Icon::Check, "state_sent", "sent"),
        MessageState::Delivered => (Icon::Checks, "state_delivered", "delivered"),
        MessageState::Read => (Icon::Checks, "state_read", "read"),
    }
}

fn state_mark(state: MessageState, texts: &Texts) -> Html {
    let (picture, key, class) = look_of(state);
    let text = texts.text(key);
    html! {
        <span ~className={["state", class].join(" ")} data-testid="message-state" data-state={class} role="img"
            aria-label={text.clone()} title={text}>
            { icon(picture) }
        </span>
    }
}

fn retry_button(row: &MessageRow, texts: &Texts, on_retry: &Callback<MessageId>) -> Html {
    let message_id = row.message_id.clone();
    button("retry", "retry", texts.text("retry"), on_retry.reform(move |_| message_id.clone()))
}
