//! What an agent may ask for.

use protocol::agent::AgentCommand;
use protocol::close::CloseCode;
use protocol::conversation::{Receipts, Side};
use protocol::id::ConversationId;
use protocol::limit::CURSORS_MAX;
use protocol::notice::{Notice, Topic};
use protocol::problem::ProblemCode;
use protocol::visitor::Cursor;

use super::{AgentHost, AgentWrite, Stage};
use crate::heard::{Admitted, Frame};
use crate::host::HostOutput;
use crate::steady::SteadyMs;
use crate::written::{NewText, Refusal};

impl AgentHost {
    pub(super) fn take_frame(&mut self, frame: Frame<AgentCommand>, now: SteadyMs) {
        let is_greeted = matches!(self.stage, Stage::Live);
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
    fn take_command(&mut self, command: AgentCommand, now: SteadyMs) {
        match command {
            AgentCommand::Hello { .. } => self.line.close(CloseCode::BadFrame),
            AgentCommand::Watch { cursor } => self.watch(cursor, now),
            AgentCommand::Unwatch { conversation_id } => self.unwatch(conversation_id),
            AgentCommand::Send { conversation_id, message_id, text, attachments } => {
                let text = NewText { conversation_id, message_id, text, attachments };
                self.writes.push(AgentWrite::Send(text));
            }
            AgentCommand::Typing { conversation_id, is_typing } => {
                self.show_typing(conversation_id, is_typing);
            }
            AgentCommand::Receipt { conversation_id, delivered_seq, read_seq } => {
                self.keep_receipt(conversation_id, delivered_seq, read_seq);
            }
            AgentCommand::Pong { is_probe } => self.is_ping_wanted |= is_probe,
        }
    }

    /// Sends a conversation's events from now on, beginning with those the client lacks.
    pub(super) fn watch(&mut self, cursor: Cursor, now: SteadyMs) {
        let conversation_id = &cursor.conversation_id;
        let is_watched = self.tracks.has(conversation_id) || self.watching.has(conversation_id);
        if !is_watched && self.tracks.len() + self.watching.len() >= CURSORS_MAX {
            let detail = "cursor: too many conversations are watched at once";
            return self.push_error(Refusal::new(ProblemCode::Invalid, detail), now);
        }
        self.tracks.end(conversation_id);
        let topic = Topic::Conversation(conversation_id.clone());
        self.outputs.push_back(HostOutput::Listen(topic));
        self.watching.push(cursor);
    }

    pub(super) fn unwatch(&mut self, conversation_id: ConversationId) {
        self.tracks.end(&conversation_id);
        self.watching.forget(&conversation_id);
        self.customers.remove(&conversation_id);
        self.outputs.push_back(HostOutput::Ignore(Topic::Conversation(conversation_id)));
    }

    fn show_typing(&mut self, conversation_id: ConversationId, is_typing: bool) {
        if let Some(customer_id) = self.customers.get(&conversation_id) {
            let topic = Topic::Customer(customer_id.clone());
            let name = self.name.clone();
            let notice = Notice::Typing { conversation_id, side: Side::Agent, name, is_typing };
            self.outputs.push_back(HostOutput::Publish(topic, notice));
        }
    }

    /// Positions only grow, so of several that wait one is kept.
    fn keep_receipt(&mut self, conversation_id: ConversationId, delivered_seq: u64, read_seq: u64) {
        let said = Receipts::of(Side::Agent, delivered_seq, read_seq);
        self.tracks.merge_receipts(&conversation_id, &said);
        if let Some(AgentWrite::Receipt { conversation_id: last, delivered_seq: delivered, read_seq: read }) =
            self.writes.last_mut()
            && *last == conversation_id
        {
            *delivered = (*delivered).max(delivered_seq);
            *read = (*read).max(read_seq);
            return;
        }
        self.writes.push(AgentWrite::Receipt { conversation_id, delivered_seq, read_seq });
    }
}
