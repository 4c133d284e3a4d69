//! The events of one conversation in order: doubles are dropped, a gap is noticed and never shown.

use protocol::conversation::{ConversationEvent, EventKind, Revision};
use protocol::id::MessageId;

/// The events from the first without a gap.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    events: Vec<ConversationEvent>,
    /// The highest seq heard of, whether its event is here or not.
    head_seq: u64,
}

impl Timeline {
    pub(crate) fn events(&self) -> &[ConversationEvent] {
        &self.events
    }

    /// The last seq without a gap before it.
    pub(crate) fn contiguous_seq(&self) -> u64 {
        self.events.last().map_or(0, |event| event.seq)
    }

    /// The highest seq heard of.
    pub(crate) fn head_seq(&self) -> u64 {
        self.head_seq
    }

    /// Whether an event is known to exist that is not here.
    pub(crate) fn has_gap(&self) -> bool {
        self.head_seq > self.contiguous_seq()
    }

    /// Remembers that events up to here exist.
    pub(crate) fn note_head(&mut self, head_seq: u64) {
        self.head_seq = self.head_seq.max(head_seq);
    }

    /// Takes the events that continue the timeline and returns how many were new. An event beyond a gap is only
    /// noted: it comes again when the gap is filled.
    pub(crate) fn insert(&mut self, events: Vec<ConversationEvent>) -> usize {
        let before = self.events.len();
        for event in events {
            self.note_head(event.seq);
            if event.seq == self.contiguous_seq() + 1 {
                self.revise(&event.what);
                self.events.push(event);
            }
        }
        self.events.len() - before
    }

    /// An edit or a deletion changes the message it names. A message that came after it was changed is as it
    /// stands now: an edit that lost its text to a later one changes nothing.
    fn revise(&mut self, change: &EventKind) {
        let (wanted, new) = match change {
            EventKind::Edited { message_id, text } if !text.is_empty() => (message_id, Some(text)),
            EventKind::Deleted { message_id } => (message_id, None),
            EventKind::Edited { .. }
            | EventKind::Message { .. }
            | EventKind::Assigned { .. }
            | EventKind::Status { .. }
            | EventKind::SurveyAnswered
            | EventKind::Unknown => return,
        };
        for event in self.events.iter_mut().rev() {
            if let EventKind::Message { message_id, text, attachments, revision } = &mut event.what
                && message_id == wanted
            {
                if let Some(new) = new {
                    text.clone_from(new);
                    *revision = Revision::Edited;
                } else {
                    text.clear();
                    attachments.clear();
                    *revision = Revision::Deleted;
                }
                return;
            }
        }
    }

    /// Whether a message stands in the timeline.
    pub(crate) fn has_message(&self, wanted: &MessageId) -> bool {
        self.events
            .iter()
            .rev()
            .any(|event| matches!(&event.what, EventKind::Message { message_id, .. } if message_id == wanted))
    }
}
