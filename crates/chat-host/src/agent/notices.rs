//! What an agent learns of what happened elsewhere.

use std::sync::Arc;

use protocol::agent::AgentEvent;
use protocol::close::CloseCode;
use protocol::conversation::{ConversationEvent, Side};
use protocol::id::{CobrowseId, ConversationId};
use protocol::notice::{Notice, PLAIN_BYTES};

use super::{AgentHost, Reading, Stage};
use crate::steady::SteadyMs;

impl AgentHost {
    /// Passes on what concerns agents.
    pub(super) fn take_notice(&mut self, notice: &Arc<Notice>, now: SteadyMs) {
        if !self.is_greeted(notice) {
            return;
        }
        match notice.as_ref() {
            Notice::Events { conversation_id, events } => self.take_news(conversation_id, events, now),
            Notice::Conversations { frame } => self.inbox.put(frame),
            Notice::Receipts { conversation_id, receipts } => {
                if self.tracks.merge_receipts(conversation_id, receipts) {
                    let conversation_id = conversation_id.clone();
                    self.push(AgentEvent::Receipts { conversation_id, receipts: *receipts }, now);
                }
            }
            Notice::Typing { side: Side::Customer, conversation_id, is_typing, .. } => {
                let typing =
                    AgentEvent::Typing { conversation_id: conversation_id.clone(), is_typing: *is_typing };
                self.line.push_lossy(typing, PLAIN_BYTES, now);
            }
            Notice::Erased { conversation_ids, .. } => {
                for conversation_id in conversation_ids {
                    self.inbox.forget(conversation_id);
                    self.unwatch(conversation_id.clone());
                }
                self.push(AgentEvent::Erased { conversation_ids: conversation_ids.clone() }, now);
            }
            Notice::Teams { teams } => self.push(AgentEvent::Teams { teams: teams.clone() }, now),
            Notice::Cobrowse { session } => self.want_ticket(&session.cobrowse_id),
            Notice::CobrowseEnded { conversation_id, cobrowse_id, end } => {
                self.forget_ticket(cobrowse_id);
                let conversation_id = conversation_id.clone();
                let ended = AgentEvent::CobrowseEnded {
                    conversation_id,
                    cobrowse_id: cobrowse_id.clone(),
                    end: *end,
                };
                self.push(ended, now);
            }
            Notice::LoggedOut { session_key } => {
                if self.session_key.as_ref() == Some(session_key) {
                    self.line.close(CloseCode::Unauthorised);
                }
            }
            Notice::Typing { side: Side::Agent, .. } => {}
        }
    }

    /// Whether the welcome is out; what comes before it is kept until then.
    fn is_greeted(&mut self, notice: &Arc<Notice>) -> bool {
        match &mut self.stage {
            Stage::Silent { .. } => false,
            Stage::Greeting { early, .. } => {
                if !early.keep(notice) {
                    self.line.close(CloseCode::TooSlow);
                }
                false
            }
            Stage::Live => true,
        }
    }

    fn take_news(&mut self, conversation_id: &ConversationId, events: &[ConversationEvent], now: SteadyMs) {
        let Some(last) = events.last() else { return };
        self.watching.note_head(conversation_id, last.seq);
        // A slow reader gets them from the store once it has taken what waits.
        if self.line.is_crowded() {
            return self.tracks.note_head(conversation_id, last.seq);
        }
        let events = self.tracks.take(conversation_id, events);
        self.push_events(conversation_id, events, now);
    }

    /// A session that is over is not told of after its end.
    fn forget_ticket(&mut self, cobrowse_id: &CobrowseId) {
        self.tickets.retain(|wanted| wanted != cobrowse_id);
        if let Some(Reading::Ticket(wanted)) = &self.reading
            && wanted == cobrowse_id
        {
            self.reading = Some(Reading::OldTicket);
        }
    }

    fn want_ticket(&mut self, cobrowse_id: &CobrowseId) {
        if !self.tickets.contains(cobrowse_id) {
            self.tickets.push_back(cobrowse_id.clone());
        }
    }
}
