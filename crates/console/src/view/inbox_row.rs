//! One conversation in the list.

use protocol::time::UnixMillis;
use yew::{Callback, Html, classes, function_component, html};

use super::avatar::{AvatarSize, avatar};
use super::dates;
use super::icon::{Icon, icon};
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
    html! {
        <button class={classes!("row", (summary.unread_count > 0).then_some("row--unread"))} id={element_id}
            aria-current={props.is_chosen.then_some("true")} onclick={on_click} data-testid="conversation-row"
            data-conversation={conversation_id.0}>
            { avatar(customer_id, &name, AvatarSize::Normal, summary.customer.is_online) }
            <span class="row__name">{ name }</span>
            <time class="row__time" datetime={shown_at.to_string()}>{ dates::ago_text(shown_at, props.now) }</time>
            { text(&props.row) }
            <span class="row__marks">{ marks(&props.row) }</span>
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
    let text = match &row.summary.last_message {
        None => TEXTS.row_no_message.to_owned(),
        Some(message) if message.side == "agent" && row.owner == Owner::Me => {
            fill(TEXTS.row_agent_text, &[("text", &preview(&message.text))])
        }
        Some(message) => preview(&message.text),
    };
    html! { <span class="row__text">{ text }</span> }
}

fn marks(row: &Row) -> Html {
    let summary = &row.summary;
    let count = summary.unread_count;
    let unread = fill(TEXTS.unread, &[("count", &count.to_string())]);
    html! {
        <>
            if summary.cobrowse.is_some() {
                <span title={TEXTS.sharing_mark} role="img" aria-label={TEXTS.sharing_mark}>
                    { icon(Icon::Screen, "sharing") }
                </span>
            }
            if let Some(agent) = summary.head.assignee.as_ref().filter(|_| row.owner == Owner::Colleague) {
                <span title={fill(TEXTS.answered_by, &[("agent", &agent.name)])}>
                    { avatar(agent.agent_id.as_str(), &agent.name, AvatarSize::Small, false) }
                    <span class="visually-hidden">{ fill(TEXTS.answered_by, &[("agent", &agent.name)]) }</span>
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
