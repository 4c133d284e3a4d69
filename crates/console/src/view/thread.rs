//! The middle: who it is, what can be done, the log, and the composer.

use chat_core::{ComposeFault, Entry};
use protocol::agent::{ConversationSummary, is_open};
use protocol::cobrowse::CobrowseEnd;
use protocol::conversation::ConversationStatus;
use protocol::id::{AgentId, MessageId};
use protocol::people::{AgentPresence, Team};
use yew::{Callback, Html, classes, function_component, html};

use super::cobrowse_ask::cobrowse_ask;
use super::composer::{Composer, Draft};
use super::icon::{Icon, icon};
use super::log::Log;
use super::thread_actions::ThreadActions;
use crate::shell::Keep;
use crate::state::action::Action;
use crate::state::revise::Reviser;
use crate::texts::{TEXTS, fill};

/// What the thread needs.
#[derive(yew::Properties, PartialEq)]
pub(crate) struct Props {
    /// The conversation.
    pub(crate) summary: ConversationSummary,
    /// Its events and what is on its way.
    pub(crate) entries: Vec<Entry>,
    /// Whether all events are here.
    pub(crate) is_loaded: bool,
    /// Whether the customer writes at the moment.
    pub(crate) is_typing: bool,
    /// How the last co-browse session ended, until the agent puts that away.
    pub(crate) ending: Option<CobrowseEnd>,
    /// This agent.
    pub(crate) me: AgentId,
    /// The same, with what they may do.
    pub(crate) reviser: Reviser,
    /// Every agent.
    pub(crate) agents: Vec<AgentPresence>,
    /// Every team.
    pub(crate) teams: Vec<Team>,
    /// Whether it is shown to whom the conversation can be given.
    pub(crate) is_assigning: bool,
    /// The message that is open for editing.
    pub(crate) editing: Option<MessageId>,
    /// Where drafts are kept.
    pub(crate) keep: Keep,
    /// Takes a text, or says why not.
    pub(crate) on_send: Callback<Draft, Result<(), ComposeFault>>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The thread of one conversation.
#[function_component]
pub(crate) fn Thread(props: &Props) -> Html {
    let summary = &props.summary;
    let conversation_id = &summary.head.conversation_id;
    let name = summary.customer.display_name();
    html! {
        <main class="thread workspace__thread" data-testid="thread">
            { bar(props, &name) }
            { cobrowse_ask(summary, &props.me, props.ending, &props.on_action) }
            <Log key={conversation_id.as_str()} entries={props.entries.clone()} is_loaded={props.is_loaded}
                reviser={props.reviser.clone()} editing={props.editing.clone()} keep={props.keep.clone()}
                on_action={props.on_action.clone()} />
            { typing(props.is_typing, &name) }
            if is_open(summary.head.status) {
                <Composer key={conversation_id.as_str()} conversation_id={conversation_id.clone()}
                    keep={props.keep.clone()} on_send={props.on_send.clone()} on_action={props.on_action.clone()} />
            } else {
                <p class="closed" data-testid="closed">{ TEXTS.closed }</p>
            }
        </main>
    }
}

fn bar(props: &Props, name: &str) -> Html {
    let summary = &props.summary;
    let on_back = props.on_action.reform(|_| Action::Leave);
    let on_details = props.on_action.reform(|_| Action::ToggleDetails);
    let (badge, status) = match summary.head.status {
        ConversationStatus::Unread => ("badge--new", TEXTS.status_unread),
        ConversationStatus::Unresolved => ("", TEXTS.status_unresolved),
        ConversationStatus::Done => ("badge--good", TEXTS.status_done),
    };
    let team = summary.head.team.as_ref().map(|team| team.name.clone());
    let answers = match &summary.head.assignee {
        None => TEXTS.nobody_answers.to_owned(),
        Some(agent) if agent.agent_id == props.me => TEXTS.you_answer.to_owned(),
        Some(agent) => agent.name.clone(),
    };
    html! {
        <div class="thread__bar">
            <button class="button button--plain button--icon thread__back" aria-label={TEXTS.back}
                onclick={on_back}>{ icon(Icon::Back, "") }</button>
            <div class="thread__who">
                <h2 class="thread__name" dir="auto">{ name }</h2>
                <p class="thread__status">
                    <span class={classes!("badge", badge)} data-testid="conversation-status">{ status }</span>
                    { " " }<span data-testid="assignee">{ answers }</span>
                    if let Some(team) = team { { " · " }<bdi data-testid="conversation-team">{ team }</bdi> }
                </p>
            </div>
            <ThreadActions summary={summary.clone()} me={props.me.clone()} agents={props.agents.clone()}
                teams={props.teams.clone()} is_assigning={props.is_assigning} on_action={props.on_action.clone()} />
            <button class="button button--plain button--icon thread__details" aria-label={TEXTS.details}
                title={TEXTS.details} onclick={on_details} data-testid="details">
                { icon(Icon::Details, "") }
            </button>
        </div>
    }
}

fn typing(is_typing: bool, name: &str) -> Html {
    html! {
        <p class="typing" aria-live="polite" data-testid="typing">
            if is_typing {
                <span class="typing__dots" aria-hidden="true"><i></i><i></i><i></i></span>
                { fill(TEXTS.customer_typing, &[("customer", name)]) }
            }
        </p>
    }
}
