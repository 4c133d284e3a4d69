//! Messages on their way: kept until the server has them, sent in order, one at a time, again after every cut.

use protocol::conversation::ConversationEvent;
use protocol::id::{ConversationId, MessageId};
use protocol::limit::{
    ACK_TIMEOUT_MS, MESSAGE_CHARS_MAX, OUTBOX_AGE_MAX_MS, OUTBOX_BYTES_MAX, OUTBOX_MESSAGES_MAX,
};
use protocol::time::UnixMillis;
use serde::{Deserialize, Serialize};

/// A message that the server may not have yet; the shell keeps it in storage under a key of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxMessage {
    /// The message.
    pub message_id: MessageId,
    /// Where it belongs.
    pub conversation_id: ConversationId,
    /// The text.
    pub text: String,
    /// When send was pressed.
    pub created_at: UnixMillis,
    /// Refused for good; it stays until the visitor tries again.
    #[serde(default)]
    pub is_failed: bool,
}

/// Why a text is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComposeFault {
    /// There is nothing but white space.
    Empty,
    /// It has more than 4,000 characters.
    TooLong,
    /// Too much waits to be sent already.
    OutboxFull,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flight {
    /// Not sent on this connection.
    Grounded,
    Sent {
        at: UnixMillis,
    },
    /// The server was busy.
    Held {
        until: UnixMillis,
    },
}

#[derive(Debug)]
struct Parcel {
    message: OutboxMessage,
    flight: Flight,
    /// The place the server gave, while the event itself is still beyond a gap.
    stored_seq: Option<(u64, UnixMillis)>,
}

#[derive(Debug, Default)]
pub(crate) struct Outbox {
    parcels: Vec<Parcel>,
}

/// A message as it waits, for the log.
pub(crate) struct Waiting<'a> {
    pub(crate) message: &'a OutboxMessage,
    /// The place and time the server gave.
    pub(crate) stored: Option<(u64, UnixMillis)>,
}

impl Outbox {
    /// Begins with what storage held, in the order of its ids, which is the order of writing.
    pub(crate) fn new(mut saved: Vec<OutboxMessage>) -> Self {
        saved.sort_by(|one, other| one.message_id.cmp(&other.message_id));
        saved.dedup_by(|one, other| one.message_id == other.message_id);
        Self { parcels: saved.into_iter().map(Parcel::new).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parcels.is_empty()
    }

    /// Whether a message is still to be sent; one that failed for good does not count.
    pub(crate) fn has_unsent(&self) -> bool {
        self.parcels.iter().any(Parcel::is_unsent)
    }

    pub(crate) fn fault(&self, text: &str) -> Option<ComposeFault> {
        let bytes: usize = self.parcels.iter().map(|parcel| parcel.message.text.len()).sum();
        if text.trim().is_empty() {
            Some(ComposeFault::Empty)
        } else if text.chars().count() > MESSAGE_CHARS_MAX {
            Some(ComposeFault::TooLong)
        } else if self.parcels.len() >= OUTBOX_MESSAGES_MAX || bytes + text.len() > OUTBOX_BYTES_MAX {
            Some(ComposeFault::OutboxFull)
        } else {
            None
        }
    }

    pub(crate) fn push(&mut self, message: OutboxMessage) {
        self.parcels.push(Parcel::new(message));
    }

    /// The messages of a conversation that wait, in order.
    pub(crate) fn waiting<'a>(
        &'a self,
        conversation_id: &ConversationId,
    ) -> impl Iterator<Item = Waiting<'a>> {
        let wanted = conversation_id.clone();
        self.parcels
            .iter()
            .filter(move |parcel| parcel.message.conversation_id == wanted)
            .map(|parcel| Waiting { message: &parcel.message, stored: parcel.stored_seq })
    }

    /// The conversation of the last message that waits.
    pub(crate) fn last_conversation(&self) -> Option<&ConversationId> {
        self.parcels.last().map(|parcel| &parcel.message.conversation_id)
    }

    /// Nothing of what was sent on an earlier connection counts: it is sent again.
    pub(crate) fn connection_lost(&mut self) {
        for parcel in &mut self.parcels {
            parcel.flight = Flight::Grounded;
        }
    }

    /// Returns the message to send now, if there is one: the first that is not stored and has not failed, unless it
    /// is under way. Later ones wait for it, so that nothing overtakes.
    pub(crate) fn take_due(&mut self, now: UnixMillis) -> Option<OutboxMessage> {
        let parcel = self.first_unsent()?;
        if parcel.due_at().is_some_and(|due_at| now < due_at) {
            return None;
        }
        parcel.flight = Flight::Sent { at: now };
        Some(parcel.message.clone())
    }

    /// When `take_due` has something again, while the connection is up.
    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        self.parcels.iter().find(|parcel| parcel.is_unsent()).and_then(Parcel::due_at)
    }

    /// The server stored a message. It stays here until its event is in the timeline. Returns whether it was here.
    pub(crate) fn stored(&mut self, message_id: &MessageId, seq: u64, at: UnixMillis) -> bool {
        match self.parcels.iter_mut().find(|parcel| parcel.message.message_id == *message_id) {
            Some(parcel) => {
                parcel.stored_seq = Some((seq, at));
                true
            }
            None => false,
        }
    }

    /// The server refused a message: for now, or for good. Returns the message when that changed it.
    pub(crate) fn refused(
        &mut self,
        message_id: &MessageId,
        retry_after_ms: Option<u32>,
        now: UnixMillis,
    ) -> Option<OutboxMessage> {
        let parcel = self.parcels.iter_mut().find(|parcel| parcel.message.message_id == *message_id)?;
        match retry_after_ms {
            Some(pause_ms) => {
                parcel.flight = Flight::Held { until: now.plus_ms(i64::from(pause_ms)) };
                None
            }
            None => {
                parcel.message.is_failed = true;
                Some(parcel.message.clone())
            }
        }
    }

    /// Marks every message as failed; returns them.
    pub(crate) fn fail_all(&mut self) -> Vec<OutboxMessage> {
        self.parcels.iter_mut().filter(|parcel| parcel.is_unsent()).map(Parcel::fail).collect()
    }

    /// Marks messages as failed that could not be sent in a week; returns them.
    pub(crate) fn fail_old(&mut self, now: UnixMillis) -> Vec<OutboxMessage> {
        let is_old = |message: &OutboxMessage| now.since_ms(message.created_at) > OUTBOX_AGE_MAX_MS;
        self.parcels
            .iter_mut()
            .filter(|parcel| parcel.is_unsent() && is_old(&parcel.message))
            .map(Parcel::fail)
            .collect()
    }

    /// Tries a failed message again, as the last one. Returns it as it is kept now.
    pub(crate) fn retry(&mut self, message_id: &MessageId, now: UnixMillis) -> Option<OutboxMessage> {
        let at = self
            .parcels
            .iter()
            .position(|parcel| parcel.message.message_id == *message_id && parcel.message.is_failed)?;
        let mut message = self.parcels.remove(at).message;
        message.is_failed = false;
        message.created_at = now;
        self.push(message.clone());
        Some(message)
    }

    /// Takes out a message whose event is in the timeline. Returns whether it was here.
    pub(crate) fn settle(&mut self, message_id: &MessageId) -> bool {
        let before = self.parcels.len();
        self.parcels.retain(|parcel| parcel.message.message_id != *message_id);
        self.parcels.len() < before
    }

    /// Takes out the messages of a conversation that events show to be stored; returns their ids.
    pub(crate) fn settle_events(&mut self, events: &[ConversationEvent]) -> Vec<MessageId> {
        use protocol::conversation::EventKind;
        let mut settled = Vec::new();
        for event in events {
            if let EventKind::Message { message_id, .. } = &event.what
                && self.settle(message_id)
            {
                settled.push(message_id.clone());
            }
        }
        settled
    }

    fn first_unsent(&mut self) -> Option<&mut Parcel> {
        self.parcels.iter_mut().find(|parcel| parcel.is_unsent())
    }
}

impl Parcel {
    fn new(message: OutboxMessage) -> Self {
        Self { message, flight: Flight::Grounded, stored_seq: None }
    }

    fn is_unsent(&self) -> bool {
        self.stored_seq.is_none() && !self.message.is_failed
    }

    fn fail(&mut self) -> OutboxMessage {
        self.message.is_failed = true;
        self.message.clone()
    }

    fn due_at(&self) -> Option<UnixMillis> {
        match self.flight {
            Flight::Grounded => None,
            Flight::Sent { at } => Some(at.plus_ms(ACK_TIMEOUT_MS)),
            Flight::Held { until } => Some(until),
        }
    }
}
