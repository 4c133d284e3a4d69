//! What narrows the views: a team, an agent.

use protocol::id::{AgentId, TeamId};
use protocol::people::{AgentPresence, Team};
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, TargetCast, function_component, html, use_state};

use super::icon::{Icon, icon};
use crate::state::action::Action;
use crate::state::inbox::Filter;
use crate::texts::TEXTS;

/// What the filter needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// What narrows the views.
    pub(crate) filter: Filter,
    /// Every agent.
    pub(crate) agents: Vec<AgentPresence>,
    /// Every team.
    pub(crate) teams: Vec<Team>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The two lists of choices, behind a button while they are not used.
#[function_component]
pub(crate) fn InboxFilter(props: &Props) -> Html {
    let is_open = use_state(|| false);
    let is_shown = *is_open || !props.filter.is_empty();
    let on_open = {
        let is_open = is_open.clone();
        Callback::from(move |_| is_open.set(true))
    };
    let on_clear = {
        let on_action = props.on_action.clone();
        Callback::from(move |_| {
            is_open.set(false);
            on_action.emit(Action::SetFilter(Filter::default()));
        })
    };
    if !is_shown {
        return html! {
            <button class="filter__open" onclick={on_open} data-testid="filter">
                { icon(Icon::Filter, "") }{ TEXTS.views.filter }
            </button>
        };
    }
    html! {
        <div class="filter" role="group" aria-label={TEXTS.views.filter}>
            { team_choice(props) }
            { agent_choice(props) }
            <button class="tool" onclick={on_clear} aria-label={TEXTS.views.clear} title={TEXTS.views.clear}
                data-testid="filter-clear">{ icon(Icon::Close, "") }</button>
        </div>
    }
}

fn team_choice(props: &Props) -> Html {
    let chosen = props.filter.team_id.as_ref().map_or("", TeamId::as_str);
    let filter = props.filter.clone();
    let on_change = props.on_action.reform(move |event: Event| {
        let team_id = Some(value(&event)).filter(|id| !id.is_empty()).map(TeamId);
        Action::SetFilter(Filter { team_id, ..filter.clone() })
    });
    let options = props.teams.iter().map(|team| (team.team_id.as_str(), team.name.as_str()));
    choice(TEXTS.views.any_team, chosen, options, on_change, "filter-team")
}

fn agent_choice(props: &Props) -> Html {
    let chosen = props.filter.agent_id.as_ref().map_or("", AgentId::as_str);
    let filter = props.filter.clone();
    let on_change = props.on_action.reform(move |event: Event| {
        let agent_id = Some(value(&event)).filter(|id| !id.is_empty()).map(AgentId);
        Action::SetFilter(Filter { agent_id, ..filter.clone() })
    });
    let options = props.agents.iter().map(|agent| (agent.agent_id.as_str(), agent.name.as_str()));
    choice(TEXTS.views.any_agent, chosen, options, on_change, "filter-agent")
}

fn choice<'a>(
    any: &'static str,
    chosen: &str,
    options: impl Iterator<Item = (&'a str, &'a str)>,
    on_change: Callback<Event>,
    testid: &'static str,
) -> Html {
    let option = |(id, name): (&str, &str)| {
        html! {
            <option key={id.to_owned()} value={id.to_owned()} selected={id == chosen}>{ name.to_owned() }</option>
        }
    };
    html! {
        <select class="button select filter__choice" aria-label={any} onchange={on_change} data-testid={testid}>
            <option value="" selected={chosen.is_empty()}>{ any }</option>
            { for options.map(option) }
        </select>
    }
}

fn value(event: &Event) -> String {
    event.target_unchecked_into::<HtmlSelectElement>().value()
}
