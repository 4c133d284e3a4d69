//! What the shell found out and did.

use protocol::close::CloseCode;
use protocol::visitor::VisitorEvent;

use super::{Reading, VisitorAnswer, VisitorBeat, VisitorHost, Writing};
use crate::steady::SteadyMs;
use crate::written::Written;

impl VisitorHost {
    pub(super) fn take_answer(&mut self, answer: VisitorAnswer, now: SteadyMs) {
        let Some(reading) = self.reading.take() else { return };
        match (reading, answer) {
            (Reading::Admission, VisitorAnswer::Admitted(answer)) => match answer {
                Ok(admission) => self.admitted(admission),
                Err(code) => self.line.close(code),
            },
            (Reading::Greeting, VisitorAnswer::Greeted(answer)) => match answer {
                Ok(greeting) => self.greeted(greeting, now),
                Err(code) => self.line.close(code),
            },
            (Reading::Events(conversation_id), VisitorAnswer::Events(answer)) => match answer {
                Ok(events) => {
                    let events = self.tracks.filled(&conversation_id, events);
                    self.push_events(&conversation_id, events, now);
                }
                Err(code) => self.line.close(code),
            },
            (Reading::Beat, VisitorAnswer::Beat(answer)) => match answer {
                Ok(beat) => self.take_beat(beat, now),
                Err(refusal) => self.push_error(refusal, now),
            },
            (Reading::Ticket(cobrowse_id), VisitorAnswer::Ticket(session)) => {
                if let Some(session) = self.sharing.ticketed(&cobrowse_id, session) {
                    self.push(VisitorEvent::Cobrowse { session }, now);
                }
            }
            // An answer to another question than the one under way is a fault of the shell.
            (
                Reading::Admission
                | Reading::Greeting
                | Reading::Events(_)
                | Reading::Beat
                | Reading::Ticket(_),
                _,
            ) => self.line.close(CloseCode::Restart),
        }
    }

    /// What the heads show to be missing is sent before the ping that speaks of it.
    fn take_beat(&mut self, beat: VisitorBeat, now: SteadyMs) {
        for head in &beat.heads {
            self.follow(&head.conversation_id, head.seq, now);
            self.tracks.note_head(&head.conversation_id, head.seq);
        }
        self.ping = Some(beat);
    }

    pub(super) fn take_written(&mut self, written: Written, now: SteadyMs) {
        let Some(writing) = self.writes.answered() else { return };
        match (writing, written) {
            (Writing::Message { conversation_id, message_id }, Written::Stored { seq, at, events }) => {
                let stored_in = conversation_id.clone();
                self.push(VisitorEvent::Ack { conversation_id, message_id, seq, at }, now);
                self.take_news(&stored_in, &events, now);
                self.tracks.note_head(&stored_in, seq);
            }
            (Writing::Message { message_id, .. }, Written::Refused(refusal)) => {
                let retry_after_ms = refusal.retry_after_ms();
                self.push(VisitorEvent::Refused { message_id, code: refusal.code, retry_after_ms }, now);
            }
            (Writing::Survey(conversation_id), Written::Done) => {
                self.push(VisitorEvent::SurveyStored { conversation_id }, now);
            }
            (Writing::Consent(cobrowse_id), Written::Done) => {
                self.sharing.consented(cobrowse_id);
                self.pass_on_held(now);
            }
            (Writing::Consent(_), Written::Refused(refusal)) => {
                self.push_error(refusal, now);
                self.pass_on_held(now);
            }
            (Writing::Survey(_) | Writing::Other, Written::Refused(refusal)) => {
                self.push_error(refusal, now);
            }
            (Writing::Other, Written::Done) => {}
            // An answer to something else than what is under way is a fault of the shell.
            (Writing::Message { .. }, Written::Done)
            | (Writing::Survey(_) | Writing::Consent(_) | Writing::Other, Written::Stored { .. }) => {
                self.line.close(CloseCode::Restart);
            }
        }
    }
}
