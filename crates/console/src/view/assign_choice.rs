//! One choice of whom a conversation can be given to.

use protocol::people::AgentPresence;
use yew::{Callback, Html, MouseEvent, classes, html};

use super::avatar::{AvatarSize, avatar};
use super::icon::{Icon, icon};
use crate::state::assignment::Choice;
use crate::state::presence::{Standing, load_text, standing};
use crate::texts::{TEXTS, fill};

/// Draws the choice as an option of the list.
pub(crate) fn choice_row(choice: &Choice, is_active: bool, on_click: Callback<MouseEvent>) -> Html {
    let (sign, name, detail) = match choice {
        Choice::Me(agent) => (face(agent), fill(TEXTS.assign.me, &[("agent", &agent.name)]), state_of(agent)),
        Choice::Colleague(agent) => (face(agent), agent.name.clone(), state_of(agent)),
        Choice::Team { team, available_count } => {
            let text = match available_count {
                0 => TEXTS.assign.team_nobody.to_owned(),
                count => fill(TEXTS.assign.team_available, &[("count", &count.to_string())]),
            };
            let dot = if *available_count == 0 { Standing::Busy } else { Standing::Available };
            (sign(Icon::Team), team.name.clone(), standing_text(dot, text))
        }
        Choice::Queue => {
            (sign(Icon::Queue), TEXTS.assign.queue.to_owned(), html! { <>{ TEXTS.assign.queue_hint }</> })
        }
    };
    html! {
        <li class={classes!("choice", is_active.then_some("choice--active"))} id={element_id(choice)} role="option"
            key={choice.key().to_owned()} aria-selected={is_active.to_string()} onclick={on_click}
            data-testid="assign-choice">
            { sign }
            <bdi class="choice__name">{ name }</bdi>
            <span class="choice__detail">{ detail }</span>
        </li>
    }
}

/// Returns the id of the element of a choice.
pub(crate) fn element_id(choice: &Choice) -> String {
    format!("assign-{}", choice.key())
}

/// Draws how an agent stands, with their load while they are there.
pub(crate) fn state_of(agent: &AgentPresence) -> Html {
    let standing = standing(agent);
    let word = match standing {
        Standing::Available => TEXTS.presence.available,
        Standing::Busy => TEXTS.presence.busy,
        Standing::Away => TEXTS.presence.away,
        Standing::Offline => TEXTS.presence.offline,
    };
    let text = match standing {
        Standing::Offline => word.to_owned(),
        Standing::Available | Standing::Busy | Standing::Away => format!("{word} · {}", load_text(agent)),
    };
    standing_text(standing, text)
}

fn standing_text(standing: Standing, text: String) -> Html {
    let class = match standing {
        Standing::Available => "dot dot--available",
        Standing::Busy => "dot dot--busy",
        Standing::Away => "dot dot--away",
        Standing::Offline => "dot",
    };
    html! { <><span class={class} aria-hidden="true"></span>{ text }</> }
}

fn face(agent: &AgentPresence) -> Html {
    avatar(agent.agent_id.as_str(), &agent.name, AvatarSize::Small, false)
}

fn sign(shape: Icon) -> Html {
    html! { <span class="choice__sign" aria-hidden="true">{ icon(shape, "") }</span> }
}
