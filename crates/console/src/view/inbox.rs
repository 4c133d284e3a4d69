//! The list of conversations in its views.

use std::rc::Rc;

use protocol::id::ConversationId;
use protocol::people::{AgentPresence, Team};
use protocol::time::UnixMillis;
use yew::{Callback, Html, function_component, html};

use super::icon::{Icon, icon};
use super::inbox_filter::InboxFilter;
use super::inbox_row::InboxRow;
use super::inbox_tabs::InboxTabs;
use crate::state::action::Action;
use crate::state::inbox::{Filter, Heading, Owner, Row, Section, View, arrange};
use crate::texts::TEXTS;

/// What the list needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// Every conversation, newest change first; none until the server has answered.
    pub(crate) rows: Option<Rc<Vec<Row>>>,
    /// The view that is shown.
    pub(crate) view: View,
    /// What narrows it.
    pub(crate) filter: Filter,
    /// Every agent.
    pub(crate) agents: Vec<AgentPresence>,
    /// Every team.
    pub(crate) teams: Vec<Team>,
    /// Whether this agent is in a team.
    pub(crate) has_team: bool,
    /// The conversation that is shown beside the list.
    pub(crate) chosen: Option<ConversationId>,
    /// The server's time, for "5 min".
    pub(crate) now: UnixMillis,
    /// The server's clock minus this browser's, in milliseconds.
    pub(crate) clock_offset_ms: i64,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The list with its views and its filter.
#[function_component]
pub(crate) fn Inbox(props: &Props) -> Html {
    html! {
        <nav class="inbox workspace__inbox" aria-label={TEXTS.inbox} data-testid="inbox">
            <InboxTabs rows={props.rows.clone()} view={props.view} on_action={props.on_action.clone()} />
            <InboxFilter filter={props.filter.clone()} agents={props.agents.clone()} teams={props.teams.clone()}
                on_action={props.on_action.clone()} />
            <div class="inbox__list" id="inbox-list" role="tabpanel" aria-label={TEXTS.inbox}>
                { match &props.rows {
                    None => skeleton(),
                    Some(rows) => list(props, &arrange(rows, props.view, &props.filter), rows.is_empty()),
                } }
            </div>
        </nav>
    }
}

fn list(props: &Props, sections: &[Section], is_first_day: bool) -> Html {
    if sections.is_empty() {
        return empty(props, is_first_day);
    }
    let mut items = Vec::new();
    for section in sections {
        if let Some((key, name)) = heading(&section.heading) {
            items.push(html! { <h2 class="inbox__group" key={key}><bdi>{ name }</bdi></h2> });
        }
        for row in &section.rows {
            let conversation_id = row.conversation_id();
            items.push(html! {
                <InboxRow key={conversation_id.as_str()} row={row.clone()} now={props.now}
                    clock_offset_ms={props.clock_offset_ms} has_team={props.view != View::Teams}
                    is_chosen={props.chosen.as_ref() == Some(conversation_id)}
                    on_action={props.on_action.clone()} />
            });
        }
    }
    items.into_iter().collect()
}

fn heading(heading: &Heading) -> Option<(String, String)> {
    let (key, name) = match heading {
        Heading::None => return None,
        Heading::Owner(Owner::Nobody) => ("group nobody".to_owned(), TEXTS.group_nobody.to_owned()),
        Heading::Owner(Owner::Me) => ("group me".to_owned(), TEXTS.group_me.to_owned()),
        Heading::Owner(Owner::Colleague) => ("group colleague".to_owned(), TEXTS.group_colleague.to_owned()),
        Heading::Team(team) => (format!("group {}", team.team_id), team.name.clone()),
    };
    Some((key, name))
}

fn empty(props: &Props, is_first_day: bool) -> Html {
    let views = &TEXTS.views;
    let (title, text) = match props.view {
        _ if !props.filter.is_empty() => (views.filtered_empty_title, views.filtered_empty_text),
        View::All if is_first_day => (TEXTS.inbox_empty_title, TEXTS.inbox_empty_text),
        View::All => (TEXTS.inbox_quiet_title, TEXTS.inbox_empty_text),
        View::Mine => (views.mine_empty_title, views.mine_empty_text),
        View::Waiting => (views.waiting_empty_title, views.waiting_empty_text),
        View::Teams if !props.has_team => (views.teams_empty_title, views.no_team_text),
        View::Teams => (views.teams_empty_title, views.teams_empty_text),
        View::Closed => (TEXTS.inbox_done_empty_title, TEXTS.inbox_done_empty_text),
    };
    let on_clear = props.on_action.reform(|_| Action::SetFilter(Filter::default()));
    html! {
        <div class="empty" data-testid="inbox-empty">
            { icon(Icon::Chat, "empty__icon") }
            <p class="empty__title">{ title }</p>
            <p>{ text }</p>
            if !props.filter.is_empty() {
                <button class="button empty__button" onclick={on_clear}>{ views.clear }</button>
            } else if is_first_day && props.view == View::All {
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
