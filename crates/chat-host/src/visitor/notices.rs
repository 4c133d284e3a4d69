//! What a visitor learns of what happened elsewhere.

use std::sync::Arc;

use protocol::close::CloseCode;
use protocol::cobrowse::CobrowseSession;
use protocol::conversation::{ConversationEvent, Side};
use protocol::id::{CobrowseId, ConversationId};
use protocol::notice::{Notice, PLAIN_BYTES};
use protocol::visitor::VisitorEvent;

use super::{Stage, VisitorHost, VisitorWrite, Writing};
use crate::steady::SteadyMs;
use crate::tracks::Beginning;

impl VisitorHost {
    /// Passes on what concerns visitors.
    pub(super) fn take_notice(&mut self, notice: &Arc<Notice>, now: SteadyMs) {
        let customer_id = match &mut self.stage {
            Stage::Silent { .. } => return,
            Stage::Greeting(hello) => {
                if !hello.keep(notice) {
                    self.line.close(CloseCode::TooSlow);
                }
                return;
            }
            Stage::Live { customer_id, .. } => customer_id,
        };
        match notice.as_ref() {
            Notice::Events { conversation_id, events } => self.take_news(conversation_id, events, now),
            Notice::Receipts { conversation_id, receipts } => {
                let conversation_id = conversation_id.clone();
                self.push(VisitorEvent::Receipts { conversation_id, receipts: *receipts }, now);
            }
            Notice::Typing { side: Side::Agent, conversation_id, name, is_typing } => {
                let typing = VisitorEvent::Typing {
                    conversation_id: conversation_id.clone(),
                    name: name.clone(),
                    is_typing: *is_typing,
                };
                self.line.push_lossy(typing, PLAIN_BYTES, now);
            }
            Notice::Cobrowse { session } => self.take_session(session.clone(), now),
            Notice::CobrowseEnded { cobrowse_id, end, .. } => {
                self.sharing.ended(cobrowse_id);
                let ended = VisitorEvent::CobrowseEnded { cobrowse_id: cobrowse_id.clone(), end: *end };
                self.push(ended, now);
            }
            Notice::Erased { customer_id: erased, conversation_ids } => {
                if erased.as_ref() == Some(customer_id) {
                    self.line.close(CloseCode::Unauthorised);
                }
                for conversation_id in conversation_ids {
                    self.tracks.end(conversation_id);
                }
            }
            Notice::Typing { side: Side::Customer, .. }
            | Notice::Conversations { .. }
            | Notice::Teams { .. }
            | Notice::LoggedOut { .. } => {}
        }
    }

    /// Events were stored. A conversation that is new here is followed from now on.
    pub(super) fn take_news(
        &mut self,
        conversation_id: &ConversationId,
        events: &[ConversationEvent],
        now: SteadyMs,
    ) {
        let (Some(first), Some(last)) = (events.first(), events.last()) else { return };
        self.follow(conversation_id, if first.seq == 1 { 0 } else { last.seq }, now);
        // A slow reader gets them from the store once it has taken what waits.
        if self.line.is_crowded() {
            return self.tracks.note_head(conversation_id, last.seq);
        }
        let events = self.tracks.take(conversation_id, events);
        self.push_events(conversation_id, events, now);
    }

    /// Follows a conversation that was not known here. The client may have some of it from another connection: what
    /// it gets twice it drops.
    pub(super) fn follow(&mut self, conversation_id: &ConversationId, head_seq: u64, now: SteadyMs) {
        if self.tracks.has(conversation_id) {
            return;
        }
        self.tracks.renew_budget();
        if let Beginning::Reset { after_seq } = self.tracks.begin(conversation_id, 0, head_seq) {
            let conversation_id = conversation_id.clone();
            self.push(VisitorEvent::Reset { conversation_id, after_seq }, now);
        }
    }

    fn take_session(&mut self, session: CobrowseSession, now: SteadyMs) {
        let is_answered = self.is_answering(&session.cobrowse_id);
        if let Some(session) = self.sharing.take(session, is_answered) {
            self.push(VisitorEvent::Cobrowse { session }, now);
        }
    }

    /// Passes on what had to wait for the answer of this page.
    pub(super) fn pass_on_held(&mut self, now: SteadyMs) {
        if let Some(session) = self.sharing.take_held() {
            self.take_session(session, now);
        }
    }

    fn is_answering(&self, wanted: &CobrowseId) -> bool {
        let is_under_way = match self.writes.under_way() {
            Some(Writing::Consent(cobrowse_id)) => cobrowse_id == wanted,
            Some(Writing::Message { .. } | Writing::Survey(_) | Writing::Other) | None => false,
        };
        let agrees = |write: &VisitorWrite| matches!(write, VisitorWrite::Consent { cobrowse_id, is_allowed: true, .. } if cobrowse_id == wanted);
        is_under_way || self.writes.waiting().any(agrees)
    }
}
