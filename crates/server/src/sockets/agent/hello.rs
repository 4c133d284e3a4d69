//! The agent's hello: the inbox as it stands, and what was missed of the conversations they watch.

use broker::Topic;
use protocol::PROTOCOL_VERSION;
use protocol::agent::{AgentCommand, AgentEvent, ConversationSummary};
use protocol::close::CloseCode;
use protocol::conversation::ConversationStatus;
use protocol::limit::CURSORS_MAX;
use protocol::visitor::Cursor;
use store::{ConversationFilter, StoreError};

use super::Agent;
use crate::app::App;
use crate::clock;
use crate::problem::Problem;
use crate::sockets::link::{Ending, Link};
use crate::sockets::resume::CatchUp;
use crate::usecase::announce;

/// Open conversations of an inbox; older ones are read over HTTP.
const OPEN_MAX: usize = 500;
/// Closed conversations of an inbox.
const DONE_MAX: usize = 50;

/// Conversations inside the welcome; the others follow one by one.
const WELCOME_SUMMARIES_MAX: usize = 50;
/// Bytes of the conversations inside the welcome: far below what a socket takes as one frame, whatever visitors
/// wrote into their names, pages and surveys.
const WELCOME_BYTES_MAX: usize = 512 * 1024;

/// The end of a socket whose log-in is over.
pub(super) fn logged_out() -> Ending {
    Ending::Close(CloseCode::Unauthorised)
}

/// Reads the hello and gives its cursors, or says how the socket ends.
pub(super) async fn read(app: &App, link: &mut Link) -> Result<Vec<Cursor>, Ending> {
    let text = link.receive_hello(app.config.timing.hello).await?;
    let Ok(AgentCommand::Hello { protocol, cursors }) = serde_json::from_str(&text) else {
        return Err(Ending::Close(CloseCode::BadFrame));
    };
    if protocol != PROTOCOL_VERSION {
        return Err(Ending::Close(CloseCode::Upgrade));
    }
    if cursors.len() > CURSORS_MAX {
        return Err(Ending::Close(CloseCode::BadFrame));
    }
    Ok(cursors)
}

impl Agent {
    /// Listens, then reads, then answers the hello and sends what was missed.
    pub(super) async fn welcome(&mut self, cursors: Vec<Cursor>) -> Result<(), Ending> {
        let agent_id = self.caller.agent.profile.agent_id.clone();
        self.subscription.listen(Topic::Agents);
        self.subscription.listen(Topic::Agent(agent_id.clone()));
        let mut conversations = inbox(&self.app).await.map_err(|_| Ending::Close(CloseCode::Restart))?;
        let rest = conversations.split_off(fitting(&conversations));
        let welcome = AgentEvent::Welcome {
            agent: self.caller.agent.profile.clone(),
            server_time: clock::now(),
            agents: self.presence.borrow_and_update().as_ref().clone(),
            conversations,
        };
        // The inbox goes out whatever gathers behind it: it is as large as it is.
        self.link.send_alone(&welcome).await?;
        for summary in rest {
            self.link.send_alone(&AgentEvent::Conversation { summary: Box::new(summary) }).await?;
        }
        for cursor in cursors {
            self.watch(cursor).await?;
        }
        for session in self.app.cobrowse.for_agent(&agent_id) {
            self.send(&AgentEvent::Cobrowse { session }).await?;
        }
        Ok(())
    }

    /// Sends a conversation's events from now on, beginning with those the client lacks.
    pub(super) async fn watch(&mut self, cursor: Cursor) -> Result<(), Ending> {
        let Cursor { conversation_id, seq } = cursor;
        if self.customers.len() >= CURSORS_MAX && !self.customers.contains_key(&conversation_id) {
            return self
                .refuse(Problem::invalid("cursor", "too many conversations are watched at once"))
                .await;
        }
        self.subscription.listen(Topic::Conversation(conversation_id.clone()));
        let found = self.app.store.conversation(&conversation_id).await;
        let Some(found) = found.map_err(|_| Ending::Close(CloseCode::Restart))? else {
            self.subscription.ignore(&Topic::Conversation(conversation_id));
            return self.refuse(Problem::not_found("conversation")).await;
        };
        self.customers.insert(conversation_id.clone(), found.customer_id);
        self.cursors.renew_budget();
        let catch_up = self.cursors.begin(&self.app, &conversation_id, seq, found.head.head_seq).await;
        match catch_up.map_err(|_| Ending::Close(CloseCode::Restart))? {
            CatchUp::Reset { after_seq } => {
                self.send(&AgentEvent::Reset { conversation_id, after_seq }).await
            }
            CatchUp::Events(frames) => {
                for events in frames {
                    let conversation_id = conversation_id.clone();
                    self.send(&AgentEvent::Events { conversation_id, events }).await?;
                }
                Ok(())
            }
        }
    }
}

async fn inbox(app: &App) -> Result<Vec<ConversationSummary>, StoreError> {
    let mut found = app.store.conversations(ConversationFilter::Open, None, OPEN_MAX).await?;
    let done = ConversationFilter::Status(ConversationStatus::Done);
    found.extend(app.store.conversations(done, None, DONE_MAX).await?);
    found.sort_by_key(|conversation| std::cmp::Reverse(conversation.updated_at));
    announce::summaries(app, found).await
}

/// Returns how many of these conversations fit into the welcome, counted from the first.
fn fitting(conversations: &[ConversationSummary]) -> usize {
    let mut bytes = 0;
    let first = conversations.iter().take(WELCOME_SUMMARIES_MAX);
    first
        .take_while(|summary| {
            bytes += serde_json::to_vec(summary).map_or(0, |json| json.len());
            bytes <= WELCOME_BYTES_MAX
        })
        .count()
}
