//! One conversation in the list.

use protocol::agent::{ConversationSummary, LastMessage};
use protocol::conversation::Revision;
use protocol::time::UnixMillis;
use yew::{Callback, Html, classes, function_component, html};

use super::avatar::{AvatarSize, avatar};
use super::dates;
use super::icon::{Icon, icon};
use super::wait_clock::WaitClock;
use crate::state::action::Action;
use crate::state::inbox::{Owner, Row};
use crate::state::preview::preview;
use crate::texts::{TEXTS, fill};

/// What a row needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// The conversation.
    pub(crate) row: Row,
    /// Whether it is the one that is shown.
    pub(crate) is_chosen: bool,
    /// The time, for "5 min".
    pub(crate) now: UnixMillis,
    /// The server's clock minus this browser's, in milliseconds.
    pub(crate) clock_offset_ms: i64,
    /// Whether the team is named in the row.
    pub(crate) has_team: bool,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The row: a button, so that it can be reached and opened by keyboard.
#[function_component]
pub(crate) fn InboxRow(props: &Props) -> Html {
    let summary = &props.row.summary;
    let conversation_id = summary.head.conversation_id.clone();
    let element_id = element_id(conversation_id.as_str());
    let name = summary.customer.display_name();
    let shown_at = summary.last_message.as_ref().map_or(summary.updated_at, |message| message.at);
    let customer_id = summary.customer.customer_id.as_str();
    let on_click = {
        let conversation_id = conversation_id.clone();
        props.on_action.reform(move |_| Action::Open(conversation_id.clone()))
    };
    let stands_out = summary.unread_count > 0 || props.row.is_given;
    html! {
        <button class={classes!("row", stands_out.then_some("row--unread"))} id={element_id}
            aria-current={props.is_chosen.then_some("true")} onclick={on_click} data-testid="conversation-row"
            data-conversation={conversation_id.0}>
            { avatar(customer_id, &name, AvatarSize::Normal, summary.customer.is_online) }
            <span class="row__name">{ name }</span>
            { row_time(props, shown_at) }
            { text(&props.row) }
            <span class="row__marks">{ marks(props) }</span>
        </button>
    }
}

/// Returns the id of the element of a row, by which the focus finds it.
pub(crate) fn element_id(conversation_id: &str) -> String {
    format!("row-{conversation_id}")
}

fn text(row: &Row) -> Html {
    if row.is_typing {
        return html! { <span class="row__text row__text--typing">{ TEXTS.row_typing }</span> };
    }
    let (mark, text) = match &row.summary.last_message {
        None => (Html::default(), TEXTS.row_no_message.to_owned()),
        Some(message) if message.side == "agent" => (answer_mark(), words(message)),
        Some(message) => (Html::default(), words(message)),
    };
    html! { <span class="row__text">{ mark }<bdi>{ text }</bdi></span> }
}

/// An agent wrote last.
fn answer_mark() -> Html {
    html! { <>{ icon(Icon::Reply, "row__reply") }<span class="visually-hidden">{ TEXTS.row_agent }{ " " }</span></> }
}

fn words(message: &LastMessage) -> String {
    if message.revision == Revision::Deleted {
        TEXTS.revise.deleted.to_owned()
    } else if message.text.is_empty() {
        TEXTS.files.sent.to_owned()
    } else {
        preview(&message.text)
    }
}

/// Who waits for an answer shows for how long; elsewhere the last message tells when it was.
fn row_time(props: &Props, shown_at: UnixMillis) -> Html {
    match props.row.summary.waiting_since.filter(|_| props.row.is_open()) {
        Some(since) => html! {
            <span class="row__time"><WaitClock {since} clock_offset_ms={props.clock_offset_ms} /></span>
        },
        None => html! {
            <time class="row__time" datetime={shown_at.to_string()}>{ dates::ago_text(shown_at, props.now) }</time>
        },
    }
}

fn sharing_mark(summary: &ConversationSummary) -> Option<&'static str> {
    if summary.cobrowse.is_some() {
        return Some(TEXTS.sharing_mark);
    }
    summary.is_page_offered.then_some(TEXTS.start.offered_mark)
}

fn marks(props: &Props) -> Html {
    let row = &props.row;
    let summary = &row.summary;
    let count = summary.unread_count;
    let unread = fill(TEXTS.unread, &[("count", &count.to_string())]);
    html! {
        <>
            if let Some(team) = summary.head.team.as_ref().filter(|_| props.has_team) {
                <bdi class="badge row__team" title={team.name.clone()} data-testid="row-team">{ &team.name }</bdi>
            }
            if let Some(mark) = sharing_mark(summary) {
                <span title={mark} role="img" aria-label={mark}>
                    { icon(Icon::Screen, "sharing") }
                </span>
            }
            if let Some(agent) = summary.head.assignee.as_ref().filter(|_| row.owner == Owner::Colleague) {
                <span title={fill(TEXTS.answered_by, &[("agent", &agent.name)])}>
                    { avatar(agent.agent_id.as_str(), &agent.name, AvatarSize::Small, false) }
                    <span class="visually-hidden">{ fill(TEXTS.answered_by, &[("agent", &agent.name)]) }</span>
                </span>
            }
            if row.is_given {
                <span class="badge badge--new" title={TEXTS.views.given_hint} data-testid="row-given">
                    { TEXTS.views.given }
                </span>
            }
            if count > 0 {
                <span class="unread" data-testid="unread-count">
                    <span aria-hidden="true">{ count }</span><span class="visually-hidden">{ unread }</span>
                </span>
            }
        </>
    }
}
