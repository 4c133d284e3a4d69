//! What an agent can do with a conversation that is open: take it, hand it over, ask to co-browse, close it.

use protocol::agent::{ConversationSummary, is_open};
use protocol::id::AgentId;
use protocol::people::{AgentPresence, Team};
use yew::{Callback, Html, function_component, html};

use super::assign::AssignChoice;
use super::icon::{Icon, icon};
use super::popover::Popover;
use crate::state::action::{Action, Request};
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
    /// Every team.
    pub(crate) teams: Vec<Team>,
    /// Whether it is shown to whom the conversation can be given.
    pub(crate) is_assigning: bool,
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
        props.on_action.reform(move |_| {
            Action::Ask(Request::Take {
                conversation_id: conversation_id.clone(),
                only_if: assignee_id.clone(),
            })
        })
    };
    let on_ask = {
        let conversation_id = conversation_id.clone();
        props.on_action.reform(move |_| Action::AskCobrowse(conversation_id.clone()))
    };
    let on_close = props.on_action.reform(move |_| Action::Ask(Request::Close(conversation_id.clone())));
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

/// The button that shows to whom the conversation can be given.
fn transfer(props: &Props) -> Html {
    let is_open = props.is_assigning;
    let on_click = props.on_action.reform(move |_| Action::ShowAssign(!is_open));
    let on_close = props.on_action.reform(|()| Action::ShowAssign(false));
    let trigger = html! {
        <button class="button" onclick={on_click} aria-haspopup="dialog" aria-expanded={is_open.to_string()}
            data-testid="transfer">
            { TEXTS.assign.open }{ icon(Icon::Down, "button__more") }
        </button>
    };
    html! {
        <Popover {is_open} class="assign" label={TEXTS.assign.title} testid="assign-popover" {trigger} {on_close}>
            <AssignChoice summary={props.summary.clone()} me={props.me.clone()} agents={props.agents.clone()}
                teams={props.teams.clone()} on_action={props.on_action.clone()} />
        </Popover>
    }
}
