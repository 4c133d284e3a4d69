//! One line about the connection when there is something to say, and one about who is there.

use chat_core::{Connection, VisitorChat};
use protocol::rule::ServerFacts;
use ui::Texts;
use yew::prelude::{Html, html};

/// Draws the line. The element is always there, so that a screen reader notices what comes into it.
pub(super) fn status_line(text: Option<String>) -> Html {
    html! { <p class="status-line" role="status">{ text }</p> }
}

/// What there is to say about the connection; nothing while all is well.
pub(super) fn connection_line(texts: &Texts, chat: &VisitorChat) -> Option<String> {
    match chat.connection() {
        Connection::Waiting { .. } => Some(texts.text("reconnecting")),
        Connection::Refused { .. } => Some(texts.text("refused")),
        Connection::Idle
        | Connection::Asleep
        | Connection::Connecting { .. }
        | Connection::Greeting { .. }
        | Connection::Online { .. } => None,
    }
}

/// Whether somebody is there; empty while it is not known.
pub(super) fn presence_text(texts: &Texts, facts: Option<&ServerFacts>) -> String {
    match facts {
        None => String::new(),
        Some(facts) if facts.agents_online > 0 => texts.text("online"),
        Some(_) => texts.text("offline"),
    }
}
