//! What an agent's machine wants to know.

use std::sync::Arc;

use chat_host::{AgentAnswer, AgentBeat, AgentGreeting, AgentRead, OpenedConversation};
use protocol::agent::ConversationSummary;
use protocol::conversation::ConversationStatus;
use protocol::id::ConversationId;
use protocol::people::AgentPresence;
use store::{ConversationFilter, StoreError};

use crate::app::App;
use crate::auth::guard::Caller;
use crate::clock;
use crate::cobrowse::{self, Party};
use crate::sockets::desk::{come_again, cursors, refusal};
use crate::usecase::announce;

/// Open conversations of an inbox; older ones are read over HTTP.
const OPEN_MAX: usize = 500;
/// Closed conversations of an inbox.
const DONE_MAX: usize = 50;

/// Conversations whose heads a heartbeat compares.
const NEWEST_MAX: usize = 50;

/// Finds something out.
pub(super) async fn find_out(
    app: Arc<App>,
    caller: Arc<Caller>,
    agents: Arc<Vec<AgentPresence>>,
    read: AgentRead,
) -> AgentAnswer {
    match read {
        AgentRead::Greet => {
            let greeting = greet(&app, &caller, agents.as_ref().clone()).await;
            AgentAnswer::Greeted(greeting.map(Box::new).map_err(come_again))
        }
        AgentRead::Open { conversation_id } => {
            AgentAnswer::Opened(open(&app, &conversation_id).await.map_err(come_again))
        }
        AgentRead::Events { conversation_id, after_seq, limit } => {
            let events = app.store.events(&conversation_id, after_seq, limit).await;
            AgentAnswer::Events(events.map_err(come_again))
        }
        AgentRead::Beat { conversation_ids } => {
            let beat = beat(&app, &caller, &conversation_ids).await;
            AgentAnswer::Beat(beat.map_err(|error| refusal(error.into())))
        }
        AgentRead::Summaries { conversation_ids } => {
            AgentAnswer::Summaries(announce::summaries(&app, &conversation_ids).await.map_err(come_again))
        }
        AgentRead::Ticket { cobrowse_id } => {
            AgentAnswer::Ticket(app.cobrowse.with_ticket(&cobrowse_id, Party::Agent))
        }
    }
}

async fn greet(app: &App, caller: &Caller, agents: Vec<AgentPresence>) -> Result<AgentGreeting, StoreError> {
    let agent = caller.agent.profile.clone();
    Ok(AgentGreeting {
        server_time: clock::now(),
        agents,
        teams: app.store.teams().await?,
        conversations: inbox(app).await?,
        sessions: app.cobrowse.for_agent(&agent.agent_id),
        agent,
    })
}

async fn inbox(app: &App) -> Result<Vec<ConversationSummary>, StoreError> {
    let mut found = app.store.conversations(ConversationFilter::Open, None, OPEN_MAX).await?;
    let done = ConversationFilter::Status(ConversationStatus::Done);
    found.extend(app.store.conversations(done, None, DONE_MAX).await?);
    found.sort_by_key(|conversation| std::cmp::Reverse(conversation.updated_at));
    announce::summaries(app, &announce::ids_of(found)).await
}

async fn open(app: &App, conversation_id: &ConversationId) -> Result<Option<OpenedConversation>, StoreError> {
    let found = app.store.conversation(conversation_id).await?;
    Ok(found
        .map(|found| OpenedConversation { customer_id: found.customer_id, head_seq: found.head.head_seq }))
}

/// A heartbeat also looks whether the log-in still holds.
async fn beat(
    app: &Arc<App>,
    caller: &Caller,
    conversation_ids: &[ConversationId],
) -> Result<AgentBeat, StoreError> {
    let is_logged_in = match &caller.session {
        Some(session) => app.store.session(session, clock::now()).await?.is_some(),
        None => true,
    };
    if !is_logged_in {
        cobrowse::end_asked_by(app, &caller.agent.profile.agent_id).await;
    }
    let heads = match conversation_ids {
        [] => Vec::new(),
        watched => cursors(app.store.heads(watched).await?),
    };
    let newest = cursors(app.store.newest_heads(NEWEST_MAX).await?);
    Ok(AgentBeat { server_time: clock::now(), heads, newest, is_logged_in })
}
