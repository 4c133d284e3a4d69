//! Who else is there: a button with how many, and the list behind it. It follows the server.

use protocol::id::AgentId;
use protocol::people::AgentPresence;
use yew::{Callback, Html, function_component, html, use_state};

use super::assign_choice::state_of;
use super::avatar::{AvatarSize, avatar};
use super::icon::{Icon, icon};
use super::popover::Popover;
use crate::state::presence::by_standing;
use crate::texts::{TEXTS, fill};

/// What the list needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// Every agent.
    pub(crate) agents: Vec<AgentPresence>,
    /// Who looks at it.
    pub(crate) me: AgentId,
}

/// The button and the list.
#[function_component]
pub(crate) fn Colleagues(props: &Props) -> Html {
    let is_open = use_state(|| false);
    let on_click = {
        let is_open = is_open.clone();
        Callback::from(move |_| is_open.set(!*is_open))
    };
    let on_close = {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    };
    let online_count = props.agents.iter().filter(|agent| agent.is_online).count();
    let name = fill(TEXTS.presence.online, &[("count", &online_count.to_string())]);
    let trigger = html! {
        <button class="button button--plain colleagues__open" onclick={on_click} title={TEXTS.presence.colleagues}
            aria-haspopup="dialog" aria-expanded={is_open.to_string()} data-testid="colleagues">
            { icon(Icon::Team, "") }
            <span aria-hidden="true">{ online_count }</span><span class="visually-hidden">{ name }</span>
        </button>
    };
    let row = |agent: &AgentPresence| {
        let name = if agent.agent_id == props.me {
            fill(TEXTS.presence.you, &[("agent", &agent.name)])
        } else {
            agent.name.clone()
        };
        html! {
            <li class="choice choice--still" key={agent.agent_id.0.clone()} data-testid="colleague">
                { avatar(agent.agent_id.as_str(), &agent.name, AvatarSize::Small, false) }
                <bdi class="choice__name">{ name }</bdi>
                <span class="choice__detail">{ state_of(agent) }</span>
            </li>
        }
    };
    html! {
        <Popover is_open={*is_open} class="colleagues" label={TEXTS.presence.colleagues} testid="colleague-list"
            {trigger} {on_close}>
            <h2 class="popover__title">{ TEXTS.presence.colleagues }</h2>
            <ul>{ for by_standing(&props.agents).into_iter().map(row) }</ul>
        </Popover>
    }
}
