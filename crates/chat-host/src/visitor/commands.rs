//! What a visitor may ask for.

use protocol::close::CloseCode;
use protocol::conversation::Side;
use protocol::id::ConversationId;
use protocol::notice::{Notice, Topic};
use protocol::problem::ProblemCode;
use protocol::visitor::VisitorCommand;

use super::{Stage, VisitorHost, VisitorWrite};
use crate::heard::{Admitted, Frame};
use crate::host::HostOutput;
use crate::steady::SteadyMs;
use crate::written::{NewText, Refusal};

impl VisitorHost {
    pub(super) fn take_frame(&mut self, frame: Frame<VisitorCommand>, now: SteadyMs) {
        let is_greeted = matches!(self.stage, Stage::Live { .. });
        match self.line.admit(frame, is_greeted, now) {
            Admitted::Nothing => {}
            Admitted::Hello(command) => self.take_hello(command),
            Admitted::Command(command) => self.take_command(command, now),
            Admitted::Unreadable(detail) => {
                self.push_error(Refusal::new(ProblemCode::BadRequest, &detail), now);
            }
        }
    }

    /// Takes one command; what cannot be done is told, and the connection stays.
    fn take_command(&mut self, command: VisitorCommand, now: SteadyMs) {
        let write = match command {
            VisitorCommand::Hello { .. } => return self.line.close(CloseCode::BadFrame),
            VisitorCommand::Pong { is_probe } => {
                self.is_ping_wanted |= is_probe;
                return;
            }
            VisitorCommand::Typing { conversation_id, is_typing } => {
                return self.show_typing(conversation_id, is_typing);
            }
            VisitorCommand::Receipt { conversation_id, delivered_seq, read_seq } => {
                return self.keep_receipt(conversation_id, delivered_seq, read_seq, now);
            }
            VisitorCommand::End { conversation_id } => {
                if !self.is_known(&conversation_id) {
                    return self.refuse_unknown(now);
                }
                VisitorWrite::End(conversation_id)
            }
            VisitorCommand::Send { conversation_id, message_id, text, attachments } => {
                VisitorWrite::Send(NewText { conversation_id, message_id, text, attachments })
            }
            VisitorCommand::Page { page } => VisitorWrite::Page(page),
            VisitorCommand::Identify { identity } => VisitorWrite::Identify(identity),
            VisitorCommand::Survey { conversation_id, answers } => {
                VisitorWrite::Survey { conversation_id, answers }
            }
            VisitorCommand::CobrowseConsent { cobrowse_id, is_allowed } => {
                let Stage::Live { page_key, .. } = &self.stage else { return };
                VisitorWrite::Consent { cobrowse_id, page_key: page_key.clone(), is_allowed }
            }
            VisitorCommand::CobrowseStop { cobrowse_id } => VisitorWrite::StopSharing(cobrowse_id),
        };
        self.writes.push(write);
    }

    /// A conversation that is the visitor's own, or is being begun by what they said before.
    fn is_known(&self, conversation_id: &ConversationId) -> bool {
        let begins = |write: &VisitorWrite| matches!(write, VisitorWrite::Send(text) if text.conversation_id == *conversation_id);
        let is_begun = match self.writes.under_way() {
            Some(super::Writing::Message { conversation_id: begun, .. }) => begun == conversation_id,
            Some(super::Writing::Survey(_) | super::Writing::Consent(_) | super::Writing::Other) | None => {
                false
            }
        };
        self.tracks.has(conversation_id) || is_begun || self.writes.waiting().any(begins)
    }

    fn refuse_unknown(&mut self, now: SteadyMs) {
        self.push_error(Refusal::new(ProblemCode::NotFound, "there is no such conversation"), now);
    }

    fn show_typing(&mut self, conversation_id: ConversationId, is_typing: bool) {
        if self.tracks.has(&conversation_id) {
            let topic = Topic::Conversation(conversation_id.clone());
            let notice =
                Notice::Typing { conversation_id, side: Side::Customer, name: String::new(), is_typing };
            self.outputs.push_back(HostOutput::Publish(topic, notice));
        }
    }

    /// Positions only grow, so of several that wait one is kept.
    fn keep_receipt(
        &mut self,
        conversation_id: ConversationId,
        delivered_seq: u64,
        read_seq: u64,
        now: SteadyMs,
    ) {
        if !self.is_known(&conversation_id) {
            return self.refuse_unknown(now);
        }
        if let Some(VisitorWrite::Receipt { conversation_id: last, delivered_seq: delivered, read_seq: read }) =
            self.writes.last_mut()
            && *last == conversation_id
        {
            *delivered = (*delivered).max(delivered_seq);
            *read = (*read).max(read_seq);
            return;
        }
        self.writes.push(VisitorWrite::Receipt { conversation_id, delivered_seq, read_seq });
    }
}
