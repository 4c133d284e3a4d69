//! One message in the log.

use chat_core::MessageState;
use protocol::conversation::Author;
use ui::{MessageRow, rich_text};
use yew::{Callback, Html, classes, function_component, html};

use super::dates;
use crate::state::action::Action;
use crate::texts::TEXTS;

/// What a message needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// The message.
    pub(crate) row: MessageRow,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// A message with its author, time and how far it came.
#[function_component]
pub(crate) fn Message(props: &Props) -> Html {
    let row = &props.row;
    let side = row.author.side();
    let author = match &row.author {
        Author::Agent { name, .. } => Some(name.as_str()).filter(|_| row.is_first),
        Author::Customer | Author::System => None,
    };
    let classes =
        classes!("message", format!("message--{side}"), (!row.is_first).then_some("message--follows"));
    html! {
        <div class={classes} data-testid="message" data-seq={row.seq.map(|seq| seq.to_string())}
            data-author={side}>
            if let Some(author) = author { <span class="message__author">{ author }</span> }
            <div class="message__text" dir="auto">{ rich_text(&row.text) }</div>
            { foot(props) }
        </div>
    }
}

/// A group of messages shows time and state once, below its last; a message that is not through shows it always.
fn foot(props: &Props) -> Html {
    let row = &props.row;
    let is_unsettled = matches!(row.state, Some(MessageState::Sending | MessageState::Failed));
    let is_shown = row.is_last || is_unsettled;
    let on_retry = {
        let message_id = row.message_id.clone();
        props.on_action.reform(move |_| Action::Retry(message_id.clone()))
    };
    html! {
        <div class={if is_shown { "message__foot" } else { "visually-hidden" }}>
            <time datetime={row.at.to_string()}>{ dates::time(row.at) }</time>
            if let Some(state) = row.state {
                <span class={classes!("message__state", state_class(state))} data-testid="message-state"
                    data-state={state_name(state)}>
                    { state_text(state) }
                </span>
            }
            if row.state == Some(MessageState::Failed) {
                <button class="button message__retry" onclick={on_retry}>{ TEXTS.retry }</button>
            }
        </div>
    }
}

fn state_text(state: MessageState) -> &'static str {
    match state {
        MessageState::Failed => TEXTS.state_failed,
        MessageState::Sending => TEXTS.state_sending,
        MessageState::Sent => TEXTS.state_sent,
        MessageState::Delivered => TEXTS.state_delivered,
        MessageState::Read => TEXTS.state_read,
    }
}

/// The name of a state, for styles and tests.
fn state_name(state: MessageState) -> &'static str {
    match state {
        MessageState::Failed => "failed",
        MessageState::Sending => "sending",
        MessageState::Sent => "sent",
        MessageState::Delivered => "delivered",
        MessageState::Read => "read",
    }
}

fn state_class(state: MessageState) -> Option<&'static str> {
    match state {
        MessageState::Failed => Some("message__state--failed"),
        MessageState::Read => Some("message__state--read"),
        MessageState::Sending | MessageState::Sent | MessageState::Delivered => None,
    }
}
