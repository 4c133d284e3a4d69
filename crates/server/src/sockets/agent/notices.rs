//! What an agent learns of what happened elsewhere.

use broker::Notice;
use protocol::agent::AgentEvent;
use protocol::close::CloseCode;
use protocol::conversation::Side;

use super::Agent;
use super::hello::logged_out;
use crate::cobrowse::Party;
use crate::sockets::link::Ending;

impl Agent {
    /// Passes on what concerns agents.
    pub(super) async fn pass_on(&mut self, notice: &Notice) -> Result<(), Ending> {
        let event = match notice {
            Notice::Events { conversation_id, events } => {
                if !self.cursors.has(conversation_id) {
                    return Ok(());
                }
                let fresh = self.cursors.take(&self.app, conversation_id, events).await;
                let events = fresh.map_err(|_| Ending::Close(CloseCode::Restart))?;
                if events.is_empty() {
                    return Ok(());
                }
                AgentEvent::Events { conversation_id: conversation_id.clone(), events }
            }
            Notice::Conversation { summary } => AgentEvent::Conversation { summary: summary.clone() },
            Notice::Receipts { conversation_id, receipts } => {
                AgentEvent::Receipts { conversation_id: conversation_id.clone(), receipts: *receipts }
            }
            Notice::Typing { side: Side::Customer, conversation_id, is_typing, .. } => {
                AgentEvent::Typing { conversation_id: conversation_id.clone(), is_typing: *is_typing }
            }
            Notice::Cobrowse { session } => {
                let ticketed = self.app.cobrowse.with_ticket(&session.cobrowse_id, Party::Agent);
                // The session may have ended since; then its end is the next notice.
                let Some(session) = ticketed else { return Ok(()) };
                AgentEvent::Cobrowse { session }
            }
            Notice::CobrowseEnded { conversation_id, cobrowse_id, end } => AgentEvent::CobrowseEnded {
                conversation_id: conversation_id.clone(),
                cobrowse_id: cobrowse_id.clone(),
                end: *end,
            },
            Notice::LoggedOut { session_key } => {
                let is_own = self.session_key().is_some_and(|own| own == *session_key);
                return if is_own { Err(logged_out()) } else { Ok(()) };
            }
            Notice::Typing { side: Side::Agent, .. } => return Ok(()),
        };
        self.send(&event).await
    }
}
