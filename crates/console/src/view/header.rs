//! The bar at the top: the product, the agent's own presence, log-out, and what is wrong with the connection.

use chat_core::Connection;
use protocol::people::{AgentPresence, AgentProfile, Role};
use yew::{Callback, Html, classes, function_component, html};

use super::avatar::{AvatarSize, avatar};
use super::colleagues::Colleagues;
use super::icon::{Icon, icon, mark};
use crate::state::action::Action;
use crate::state::presence::load_text;
use crate::state::recordings::{RecordingsPlace, may_watch};
use crate::texts::{TEXTS, fill};

/// What the bar needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// Who is logged in.
    pub(crate) agent: AgentProfile,
    /// Whether they asked for no new chats.
    pub(crate) is_away: bool,
    /// Whether the server is just being told.
    pub(crate) is_away_pending: bool,
    /// Every agent; empty until the server has answered.
    pub(crate) agents: Vec<AgentPresence>,
    /// Whether the screen of teams is shown.
    pub(crate) is_in_teams: bool,
    /// Whether the screen of recordings is shown.
    pub(crate) is_in_recordings: bool,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The bar.
#[function_component]
pub(crate) fn Header(props: &Props) -> Html {
    let on_code = props.on_action.reform(|_| Action::ShowCode(true));
    let on_keys = props.on_action.reform(|_| Action::ToggleKeys);
    let on_log_out = props.on_action.reform(|_| Action::LogOut);
    let is_in_teams = props.is_in_teams;
    let on_teams = props.on_action.reform(move |_| Action::ShowTeams(!is_in_teams));
    let other = Some(RecordingsPlace::All).filter(|_| !props.is_in_recordings);
    let on_recordings = props.on_action.reform(move |_| Action::ShowRecordings(other.clone()));
    let agent = &props.agent;
    html! {
        <header class="header">
            <h1 class="header__product">{ mark("header__mark") }<span>{ TEXTS.product }</span></h1>
            <span class="header__space"></span>
            { status(props) }
            <Colleagues agents={props.agents.clone()} me={agent.agent_id.clone()} />
            <button class="button button--plain button--icon" onclick={on_code} aria-label={TEXTS.start.code_title}
                title={TEXTS.start.code_title} data-testid="connect-by-code">
                { icon(Icon::Digits, "") }
            </button>
            if may_watch(agent.role) {
                <button class="button button--plain button--icon" onclick={on_recordings}
                    aria-label={TEXTS.recordings.title} title={TEXTS.recordings.title}
                    aria-pressed={props.is_in_recordings.to_string()} data-testid="recordings">
                    { icon(Icon::Play, "") }
                </button>
            }
            if agent.role == Role::Admin {
                <button class="button button--plain button--icon" onclick={on_teams} aria-label={TEXTS.teams.title}
                    title={TEXTS.teams.title} aria-pressed={is_in_teams.to_string()} data-testid="teams">
                    { icon(Icon::Settings, "") }
                </button>
            }
            <div class="header__agent" title={agent.email.clone()}>
                { avatar(agent.agent_id.as_str(), &agent.name, AvatarSize::Small, false) }
                <span class="header__name" data-testid="agent-name">{ &agent.name }</span>
            </div>
            <button class="button button--plain button--icon header__keys" onclick={on_keys}
                aria-label={TEXTS.keys} title={TEXTS.keys}>
                { icon(Icon::Help, "") }
            </button>
            <button class="button button--plain button--icon" onclick={on_log_out} aria-label={TEXTS.log_out}
                title={TEXTS.log_out} data-testid="log-out">
                { icon(Icon::LogOut, "") }
            </button>
        </header>
    }
}

/// The agent's own switch, with how many chats they have of how many they take.
fn status(props: &Props) -> Html {
    let is_away = props.is_away;
    let on_toggle = props.on_action.reform(move |_| Action::SetAway(!is_away));
    let own = props.agents.iter().find(|agent| agent.agent_id == props.agent.agent_id);
    html! {
        <div class="status">
            <button class="switch" role="switch" aria-checked={(!is_away).to_string()} title={TEXTS.away_hint}
                disabled={props.is_away_pending} onclick={on_toggle} data-testid="status-toggle">
                <span class="switch__track" aria-hidden="true"><span class="switch__knob"></span></span>
                { if is_away { TEXTS.away } else { TEXTS.available } }
            </button>
            if let Some(own) = own { { load(own) } }
        </div>
    }
}

fn load(own: &AgentPresence) -> Html {
    let is_full = own.open_chats >= own.max_concurrent;
    let load = load_text(own);
    let text = if is_full { TEXTS.presence.own_full } else { TEXTS.presence.own_load };
    let title = fill(text, &[("load", &load)]);
    html! {
        <span class={classes!("load", is_full.then_some("load--full"))} title={title.clone()} data-testid="load">
            <span aria-hidden="true">{ load }</span><span class="visually-hidden">{ title }</span>
        </span>
    }
}

/// Draws the line that says why nothing moves; nothing while the connection stands.
pub(crate) fn connection_line(connection: Connection, was_online: bool) -> Html {
    let text = match connection {
        Connection::Online { .. } | Connection::Idle | Connection::Asleep => return Html::default(),
        Connection::Refused { .. } => {
            let on_reload = |_| {
                let _ = browser::page::window().location().reload();
            };
            return html! {
                <div class="connection" role="alert">
                    { TEXTS.connection_refused }
                    <button class="button" onclick={on_reload}>{ TEXTS.reload }</button>
                </div>
            };
        }
        Connection::Connecting { .. } | Connection::Greeting { .. } | Connection::Waiting { .. } => {
            if was_online {
                TEXTS.connection_lost
            } else {
                TEXTS.connecting
            }
        }
    };
    html! { <div class="connection" role="status" data-testid="connection">{ text }</div> }
}
