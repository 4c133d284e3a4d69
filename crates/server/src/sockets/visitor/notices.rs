//! What a visitor learns of what happened elsewhere.

use broker::Notice;
use protocol::close::CloseCode;
use protocol::cobrowse::CobrowseSession;
use protocol::conversation::Side;
use protocol::visitor::VisitorEvent;

use super::Visitor;
use crate::cobrowse::Party;
use crate::sockets::link::Ending;

impl Visitor {
    /// Passes on what concerns visitors.
    pub(super) async fn pass_on(&mut self, notice: &Notice) -> Result<(), Ending> {
        let event = match notice {
            Notice::Events { conversation_id, events } => {
                let fresh = self.cursors.take(&self.app, conversation_id, events).await;
                let events = fresh.map_err(|_| Ending::Close(CloseCode::Restart))?;
                if events.is_empty() {
                    return Ok(());
                }
                VisitorEvent::Events { conversation_id: conversation_id.clone(), events }
            }
            Notice::Receipts { conversation_id, receipts } => {
                VisitorEvent::Receipts { conversation_id: conversation_id.clone(), receipts: *receipts }
            }
            Notice::Typing { side: Side::Agent, conversation_id, name, is_typing } => VisitorEvent::Typing {
                conversation_id: conversation_id.clone(),
                name: name.clone(),
                is_typing: *is_typing,
            },
            Notice::Cobrowse { session } => VisitorEvent::Cobrowse { session: self.own_session(session) },
            Notice::CobrowseEnded { cobrowse_id, end, .. } => {
                VisitorEvent::CobrowseEnded { cobrowse_id: cobrowse_id.clone(), end: *end }
            }
            Notice::Typing { side: Side::Customer, .. }
            | Notice::Conversation { .. }
            | Notice::LoggedOut { .. } => return Ok(()),
        };
        self.send(&event).await
    }

    /// The page that agreed gets the ticket: of several tabs, one shares.
    fn own_session(&self, session: &CobrowseSession) -> CobrowseSession {
        let own = self.consented.as_ref().filter(|consented| **consented == session.cobrowse_id);
        own.and_then(|own| self.app.cobrowse.with_ticket(own, Party::Visitor))
            .unwrap_or_else(|| session.clone())
    }
}
