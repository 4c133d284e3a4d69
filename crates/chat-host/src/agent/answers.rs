//! What the shell found out and did.

use protocol::agent::AgentEvent;
use protocol::close::CloseCode;
use protocol::id::ConversationId;
use protocol::problem::ProblemCode;

use super::{AgentAnswer, AgentBeat, AgentHost, OpenedConversation, Reading, Writing};
use crate::steady::SteadyMs;
use crate::tracks::Beginning;
use crate::written::{Refusal, Written};

impl AgentHost {
    pub(super) fn take_answer(&mut self, answer: AgentAnswer, now: SteadyMs) {
        let Some(reading) = self.reading.take() else { return };
        match (reading, answer) {
            (Reading::Greeting, AgentAnswer::Greeted(answer)) => match answer {
                Ok(greeting) => self.greeted(*greeting, now),
                Err(code) => self.line.close(code),
            },
            (Reading::Opening(conversation_id), AgentAnswer::Opened(answer)) => match answer {
                Ok(found) => self.opened(conversation_id, found, now),
                Err(code) => self.line.close(code),
            },
            (Reading::Events(conversation_id), AgentAnswer::Events(answer)) => match answer {
                Ok(events) => {
                    let events = self.tracks.filled(&conversation_id, events);
                    self.push_events(&conversation_id, events, now);
                }
                Err(code) => self.line.close(code),
            },
            (Reading::Beat, AgentAnswer::Beat(answer)) => match answer {
                Ok(beat) => self.take_beat(beat),
                Err(refusal) => self.push_error(refusal, now),
            },
            (Reading::Summaries, AgentAnswer::Summaries(answer)) => match answer {
                Ok(summaries) => self.inbox.found(summaries),
                Err(code) => self.line.close(code),
            },
            (Reading::Ticket(_), AgentAnswer::Ticket(session)) => {
                if let Some(session) = session {
                    self.push_session(session, now);
                }
            }
            (Reading::OldTicket, AgentAnswer::Ticket(_)) => {}
            // An answer to another question than the one under way is a fault of the shell.
            (
                Reading::Greeting
                | Reading::Opening(_)
                | Reading::Events(_)
                | Reading::Beat
                | Reading::Summaries
                | Reading::Ticket(_)
                | Reading::OldTicket,
                _,
            ) => self.line.close(CloseCode::Restart),
        }
    }

    fn opened(&mut self, conversation_id: ConversationId, found: Option<OpenedConversation>, now: SteadyMs) {
        let Some((seq, heard_seq)) = self.watching.take(&conversation_id) else { return };
        let Some(found) = found else {
            self.unwatch(conversation_id.clone());
            let detail = "there is no such conversation";
            self.push_error(Refusal::new(ProblemCode::NotFound, detail), now);
            // A client that was away when it was erased still shows it.
            return self.push(AgentEvent::Erased { conversation_ids: vec![conversation_id] }, now);
        };
        self.customers.insert(conversation_id.clone(), found.customer_id);
        self.tracks.renew_budget();
        let head_seq = found.head_seq.max(heard_seq);
        if let Beginning::Reset { after_seq } = self.tracks.begin(&conversation_id, seq, head_seq) {
            self.push(AgentEvent::Reset { conversation_id, after_seq }, now);
        }
    }

    /// What the heads show to be missing is sent before the ping that speaks of it.
    fn take_beat(&mut self, beat: AgentBeat) {
        if !beat.is_logged_in {
            return self.line.close(CloseCode::Unauthorised);
        }
        for head in &beat.heads {
            self.tracks.note_head(&head.conversation_id, head.seq);
        }
        self.inbox.compare(&beat.newest);
        self.ping = Some(beat);
    }

    pub(super) fn take_written(&mut self, written: Written, now: SteadyMs) {
        let Some(writing) = self.writes.answered() else { return };
        match (writing, written) {
            (Writing::Message { conversation_id, message_id }, Written::Stored { seq, at, events }) => {
                let stored_in = conversation_id.clone();
                self.push(AgentEvent::Ack { conversation_id, message_id, seq, at }, now);
                let events = self.tracks.take(&stored_in, &events);
                self.push_events(&stored_in, events, now);
                self.tracks.note_head(&stored_in, seq);
            }
            (Writing::Message { message_id, .. }, Written::Refused(refusal)) => {
                let retry_after_ms = refusal.retry_after_ms();
                self.push(AgentEvent::Refused { message_id, code: refusal.code, retry_after_ms }, now);
            }
            (Writing::Receipt, Written::Refused(refusal)) => self.push_error(refusal, now),
            (Writing::Receipt, Written::Done) => {}
            // An answer to something else than what is under way is a fault of the shell.
            (Writing::Message { .. }, Written::Done) | (Writing::Receipt, Written::Stored { .. }) => {
                self.line.close(CloseCode::Restart);
            }
        }
    }
}
