//! What the server says, taken in.

use protocol::agent::{AgentCommand, AgentEvent, ConversationSummary};
use protocol::conversation::{Author, ConversationEvent, EventKind, Revision};
use protocol::id::{ConversationId, MessageId};
use protocol::problem::ProblemCode;
use protocol::rest::EventsPage;
use protocol::time::UnixMillis;

use super::{AgentChat, AgentOutput};
use crate::thread::Thread;

/// Closed conversations kept in the inbox; older ones are read over HTTP.
const CLOSED_KEPT_MAX: usize = 200;

impl AgentChat {
    pub(super) fn receive(&mut self, event: AgentEvent, now: UnixMillis) {
        self.link.heard(now);
        match event {
            AgentEvent::Welcome { agent, server_time, agents, teams, conversations } => {
                self.link.greeted(now);
                self.clock_offset_ms = server_time.since_ms(now);
                self.agent = Some(agent);
                self.agents = agents;
                self.teams = teams;
                self.inbox.clear();
                self.cobrowse = None;
                self.take_summaries(conversations);
            }
            AgentEvent::Conversations { conversations } => self.take_summaries(conversations),
            AgentEvent::Events { conversation_id, events } => self.take_events(&conversation_id, events),
            AgentEvent::Reset { conversation_id, after_seq } => {
                if let Some(thread) = self.threads.get_mut(&conversation_id) {
                    thread.timeline.note_head(after_seq + 1);
                }
            }
            AgentEvent::Ack { message_id, seq, at, conversation_id } => {
                self.acknowledged(&conversation_id, &message_id, seq, at);
            }
            AgentEvent::Refused { message_id, code: ProblemCode::Conflict, .. } => {
                self.stored_before(&message_id);
            }
            AgentEvent::Refused { message_id, retry_after_ms, .. } => {
                if let Some(message) = self.outbox.refused(&message_id, retry_after_ms, now) {
                    self.outputs.push_back(AgentOutput::SaveMessage(message));
                }
            }
            AgentEvent::Receipts { conversation_id, receipts } => {
                if let Some(thread) = self.threads.get_mut(&conversation_id) {
                    thread.merge_receipts(&receipts);
                }
            }
            AgentEvent::Typing { conversation_id, is_typing } => {
                self.typing.entry(conversation_id).or_default().set("", is_typing, now);
            }
            AgentEvent::Agents { agents } => self.agents = agents,
            AgentEvent::Teams { teams } => self.teams = teams,
            AgentEvent::Erased { conversation_ids } => {
                for conversation_id in conversation_ids {
                    self.inbox.remove(&conversation_id);
                    self.threads.remove(&conversation_id);
                    let gone = self.outbox.discard_all(&conversation_id);
                    self.outputs.extend(gone.into_iter().map(AgentOutput::ForgetMessage));
                }
            }
            AgentEvent::Cobrowse { session } => self.cobrowse = Some(session),
            AgentEvent::CobrowseEnded { cobrowse_id, .. } => {
                if self.cobrowse.as_ref().is_some_and(|session| session.cobrowse_id == cobrowse_id) {
                    self.cobrowse = None;
                }
            }
            AgentEvent::Ping { server_time, heads } => {
                self.clock_offset_ms = server_time.since_ms(now);
                for cursor in heads {
                    if let Some(thread) = self.threads.get_mut(&cursor.conversation_id) {
                        thread.timeline.note_head(cursor.seq);
                    }
                }
                self.send_if_online(AgentCommand::Pong { is_probe: false });
            }
            AgentEvent::Moving { reconnect_after_ms } => self.link.moving(reconnect_after_ms, now),
            AgentEvent::Error { .. } => {}
        }
    }

    fn take_summaries(&mut self, summaries: Vec<ConversationSummary>) {
        for summary in summaries {
            self.take_summary(summary);
        }
    }

    fn take_summary(&mut self, summary: ConversationSummary) {
        let conversation_id = summary.head.conversation_id.clone();
        let known_seq = self.inbox.get(&conversation_id).map_or(0, |known| known.head.head_seq);
        // One that was read for this console alone may be overtaken by a newer one that all get.
        if summary.head.head_seq < known_seq {
            return;
        }
        if let Some(thread) = self.threads.get_mut(&conversation_id) {
            thread.merge_receipts(&summary.head.receipts);
        }
        self.inbox.insert(conversation_id, summary);
        let is_closed = |summary: &&ConversationSummary| !protocol::agent::is_open(summary.head.status);
        let closed = self.inbox.values().filter(is_closed);
        if closed.clone().count() > CLOSED_KEPT_MAX {
            let oldest = closed.min_by_key(|summary| summary.updated_at);
            let oldest = oldest.map(|summary| summary.head.conversation_id.clone());
            if let Some(oldest) = oldest {
                self.inbox.remove(&oldest);
            }
        }
    }

    fn acknowledged(
        &mut self,
        conversation_id: &ConversationId,
        message_id: &MessageId,
        seq: u64,
        at: UnixMillis,
    ) {
        if self.outbox.stored(message_id, seq, at) {
            self.outputs.push_back(AgentOutput::ForgetMessage(message_id.clone()));
        }
        self.settle_unless_awaited(conversation_id, message_id);
    }

    fn stored_before(&mut self, message_id: &MessageId) {
        if let Some(conversation_id) = self.outbox.stored_before(message_id) {
            self.outputs.push_back(AgentOutput::ForgetMessage(message_id.clone()));
            self.settle_unless_awaited(&conversation_id, message_id);
        }
    }

    /// Without a timeline no event will come to take the message's place.
    fn settle_unless_awaited(&mut self, conversation_id: &ConversationId, message_id: &MessageId) {
        let is_here = |thread: &Thread| thread.timeline.has_message(message_id);
        if self.threads.get(conversation_id).is_none_or(is_here) {
            self.outbox.settle(message_id);
        }
    }

    fn take_events(&mut self, conversation_id: &ConversationId, events: Vec<ConversationEvent>) {
        let Some(thread) = self.threads.get_mut(conversation_id) else { return };
        let delivered_before = thread.receipts.agent_delivered_seq;
        let new: Vec<ConversationEvent> = thread.insert(events).to_vec();
        for message_id in self.outbox.settle_events(&new) {
            self.outputs.push_back(AgentOutput::ForgetMessage(message_id));
        }
        for event in new {
            let EventKind::Message { text, revision, .. } = event.what else { continue };
            if revision != Revision::Deleted && event.author == Author::Customer {
                self.typing.remove(conversation_id);
                if event.seq > delivered_before {
                    let conversation_id = conversation_id.clone();
                    self.outputs.push_back(AgentOutput::MessageArrived {
                        conversation_id,
                        seq: event.seq,
                        text,
                    });
                }
            }
        }
    }

    pub(super) fn fetched(&mut self, conversation_id: &ConversationId, page: EventsPage, now: UnixMillis) {
        let Some(thread) = self.threads.get_mut(conversation_id) else { return };
        let before = thread.timeline.contiguous_seq();
        thread.timeline.note_head(page.head_seq);
        self.take_events(conversation_id, page.events);
        if let Some(thread) = self.threads.get_mut(conversation_id) {
            thread.fetch_answered(before, now);
        }
    }
}
