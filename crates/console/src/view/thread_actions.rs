//! What an agent can do with a conversation that is open: take it, hand it over, ask to co-browse, close it.

use protocol::agent::{ConversationSummary, is_open};
use protocol::id::AgentId;
use protocol::people::AgentPresence;
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, TargetCast, function_component, html};

use super::icon::{Icon, icon};
use crate::state::action::Action;
use crate::state::cobrowse::{Asker, Sharing, sharing};
use crate::texts::TEXTS;

/// What the actions need.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// The conversation.
    pub(crate) summary: ConversationSummary,
    /// This agent.
    pub(crate) me: AgentId,
    /// Every agent.
    pub(crate) agents: Vec<AgentPresence>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The buttons; none for a conversation that is closed.
#[function_component]
pub(crate) fn ThreadActions(props: &Props) -> Html {
    let head = &props.summary.head;
    if !is_open(head.status) {
        return Html::default();
    }
    let assignee_id = head.assignee.as_ref().map(|agent| agent.agent_id.clone());
    let is_mine = assignee_id.as_ref() == Some(&props.me);
    let conversation_id = head.conversation_id.clone();
    let on_take = {
        let conversation_id = conversation_id.clone();
        props.on_action.reform(move |_| Action::Take {
            conversation_id: conversation_id.clone(),
            only_if: assignee_id.clone(),
        })
    };
    let on_ask = {
        let conversation_id = conversation_id.clone();
        props.on_action.reform(move |_| Action::AskCobrowse(conversation_id.clone()))
    };
    let on_close = props.on_action.reform(move |_| Action::Close(conversation_id.clone()));
    let sharing = sharing(&props.summary, &props.me);
    // The page that is shared stands beside the thread, with its own button to end it.
    let may_ask = props.summary.may_cobrowse && !matches!(sharing, Sharing::Live { by: Asker::Me, .. });
    let is_asked = sharing != Sharing::None;
    html! {
        <div class="thread__actions">
            if !is_mine {
                <button class="button button--main" onclick={on_take} data-testid="assign">{ TEXTS.take }</button>
            }
            { transfer(props) }
            if may_ask {
                <button class="button" onclick={on_ask} disabled={is_asked} data-testid="request-cobrowse">
                    { icon(Icon::Screen, "") }{ TEXTS.share_ask }
                </button>
            }
            <button class="button" onclick={on_close} data-testid="close-conversation">{ TEXTS.close }</button>
        </div>
    }
}

/// The colleagues, grouped by who can answer; choosing one hands the conversation over.
fn transfer(props: &Props) -> Html {
    let assignee_id = props.summary.head.assignee.as_ref().map(|agent| &agent.agent_id);
    let is_choice =
        |agent: &&AgentPresence| agent.agent_id != props.me && Some(&agent.agent_id) != assignee_id;
    let colleagues: Vec<&AgentPresence> = props.agents.iter().filter(is_choice).collect();
    if colleagues.is_empty() {
        return Html::default();
    }
    let conversation_id = props.summary.head.conversation_id.clone();
    let on_change = props.on_action.reform(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let agent_id = AgentId(select.value());
        // The list goes back to its name: it is a command, not a setting.
        select.set_value("");
        Action::HandOver { conversation_id: conversation_id.clone(), agent_id }
    });
    html! {
        <select class="button select" aria-label={TEXTS.hand_over} onchange={on_change} data-testid="transfer">
            <option value="" selected=true disabled=true hidden=true>{ TEXTS.hand_over }</option>
            { group(&colleagues, TEXTS.hand_over_available, AgentPresence::is_available) }
            { group(&colleagues, TEXTS.hand_over_busy, |agent| agent.is_online && !agent.is_available()) }
            { group(&colleagues, TEXTS.hand_over_offline, |agent| !agent.is_online) }
        </select>
    }
}

fn group(
    colleagues: &[&AgentPresence],
    name: &'static str,
    belongs: impl Fn(&AgentPresence) -> bool,
) -> Html {
    let members: Vec<&&AgentPresence> = colleagues.iter().filter(|agent| belongs(agent)).collect();
    if members.is_empty() {
        return Html::default();
    }
    let option = |agent: &&AgentPresence| {
        html! { <option key={agent.agent_id.0.clone()} value={agent.agent_id.0.clone()}>{ &agent.name }</option> }
    };
    html! { <optgroup key={name} label={name}>{ for members.into_iter().map(option) }</optgroup> }
}
