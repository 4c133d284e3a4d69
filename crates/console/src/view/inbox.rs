//! The list of conversations in its two parts.

use std::rc::Rc;

use protocol::id::ConversationId;
use protocol::time::UnixMillis;
use yew::{Callback, Html, function_component, html};

use super::icon::{Icon, icon};
use super::inbox_row::InboxRow;
use crate::state::action::Action;
use crate::state::inbox::{Owner, Row, Tab, arrange};
use crate::texts::TEXTS;

/// What the list needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// Every conversation, newest change first; none until the server has answered.
    pub(crate) rows: Option<Rc<Vec<Row>>>,
    /// The part that is shown.
    pub(crate) tab: Tab,
    /// The conversation that is shown beside the list.
    pub(crate) chosen: Option<ConversationId>,
    /// The time, for "5 min".
    pub(crate) now: UnixMillis,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The list with its tabs.
#[function_component]
pub(crate) fn Inbox(props: &Props) -> Html {
    html! {
        <nav class="inbox workspace__inbox" aria-label={TEXTS.inbox} data-testid="inbox">
            <div class="inbox__tabs" role="tablist" aria-label={TEXTS.inbox}>
                { tab(props, Tab::Open, TEXTS.tab_open) }
                { tab(props, Tab::Done, TEXTS.tab_done) }
            </div>
            <div class="inbox__list" id="inbox-list" role="tabpanel">
                { match &props.rows {
                    None => skeleton(),
                    Some(rows) => list(props, &arrange(rows, props.tab), rows.is_empty()),
                } }
            </div>
        </nav>
    }
}

fn tab(props: &Props, tab: Tab, name: &'static str) -> Html {
    let is_shown = props.tab == tab;
    let on_click = props.on_action.reform(move |_| Action::ShowTab(tab));
    let count = props.rows.iter().flat_map(|rows| rows.iter()).filter(|row| row.is_in(tab)).count();
    let is_counted = tab == Tab::Open && count > 0;
    html! {
        <button class="tab" role="tab" aria-selected={is_shown.to_string()} aria-controls="inbox-list"
            onclick={on_click}>
            { name }
            if is_counted { <span class="tab__count">{ count }</span> }
        </button>
    }
}

fn list(props: &Props, rows: &[Row], is_first_day: bool) -> Html {
    if rows.is_empty() {
        return empty(props.tab, is_first_day);
    }
    let mut group = None;
    let mut items = Vec::with_capacity(rows.len() + 3);
    for row in rows {
        if props.tab == Tab::Open && group != Some(row.owner) {
            group = Some(row.owner);
            items.push(
                html! { <h2 class="inbox__group" key={group_key(row.owner)}>{ group_name(row.owner) }</h2> },
            );
        }
        let conversation_id = row.conversation_id();
        items.push(html! {
            <InboxRow key={conversation_id.as_str()} row={row.clone()} now={props.now}
                is_chosen={props.chosen.as_ref() == Some(conversation_id)} on_action={props.on_action.clone()} />
        });
    }
    items.into_iter().collect()
}

fn group_name(owner: Owner) -> &'static str {
    match owner {
        Owner::Nobody => TEXTS.group_nobody,
        Owner::Me => TEXTS.group_me,
        Owner::Colleague => TEXTS.group_colleague,
    }
}

fn group_key(owner: Owner) -> &'static str {
    match owner {
        Owner::Nobody => "group nobody",
        Owner::Me => "group me",
        Owner::Colleague => "group colleague",
    }
}

fn empty(tab: Tab, is_first_day: bool) -> Html {
    let (title, text) = match tab {
        Tab::Open if is_first_day => (TEXTS.inbox_empty_title, TEXTS.inbox_empty_text),
        Tab::Open => (TEXTS.inbox_quiet_title, TEXTS.inbox_empty_text),
        Tab::Done => (TEXTS.inbox_done_empty_title, TEXTS.inbox_done_empty_text),
    };
    html! {
        <div class="empty">
            { icon(Icon::Chat, "empty__icon") }
            <p class="empty__title">{ title }</p>
            <p>{ text }</p>
            if is_first_day && tab == Tab::Open {
                <p><a href="/demo/" target="_blank" rel="noopener">{ TEXTS.inbox_empty_demo }</a></p>
            }
        </div>
    }
}

fn skeleton() -> Html {
    let row = |_| {
        html! {
            <div class="skeleton" aria-hidden="true">
                <span class="skeleton__disc"></span>
                <span class="skeleton__bar skeleton__bar--short"></span>
                <span class="skeleton__bar"></span>
            </div>
        }
    };
    html! { <><p class="visually-hidden" role="status">{ TEXTS.loading }</p>{ for (0..6).map(row) }</> }
}
