//! Messages on their way: kept until the server has them, sent in order, one at a time, again after every cut.

mod adopting;
mod files;
mod message;
mod moving;
mod parcel;

pub use message::{OutboxFile, OutboxMessage};

use protocol::conversation::ConversationEvent;
use protocol::id::{ConversationId, MessageId};
use protocol::limit::{
    ATTACHMENTS_MAX, MESSAGE_CHARS_MAX, OUTBOX_AGE_MAX_MS, OUTBOX_BYTES_MAX, OUTBOX_MESSAGES_MAX,
};
use protocol::time::UnixMillis;

use parcel::{Flight, Parcel};

/// Why a text is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComposeFault {
    /// There is nothing but white space, and no file.
    Empty,
    /// There are more than 10 files.
    TooManyFiles,
    /// It has more than 4,000 characters.
    TooLong,
    /// Too much waits to be sent already.
    OutboxFull,
}

#[derive(Debug, Default)]
pub(crate) struct Outbox {
    parcels: Vec<Parcel>,
    /// Messages of which nothing is left, known so that nobody brings them back.
    taken_back: Vec<OutboxMessage>,
}

/// A message as it waits, for the log.
pub(crate) struct Waiting<'a> {
    pub(crate) message: &'a OutboxMessage,
    /// The place and time the server gave.
    pub(crate) stored: Option<(u64, UnixMillis)>,
}

impl Outbox {
    /// Begins with what storage held.
    pub(crate) fn new(saved: Vec<OutboxMessage>) -> Self {
        let mut outbox = Self::default();
        for message in saved {
            if outbox.find(&message.message_id).is_none() {
                outbox.add(Parcel::new(message));
            }
        }
        outbox
    }

    /// Puts a parcel at its place by when it was written; one that was tried again stands where it was tried.
    fn add(&mut self, parcel: Parcel) {
        if parcel.message.is_taken_back() {
            self.taken_back.push(parcel.message);
            return;
        }
        let key = |message: &OutboxMessage| (message.created_at, message.message_id.clone());
        let own = key(&parcel.message);
        let at = self.parcels.partition_point(|other| key(&other.message) < own);
        self.parcels.insert(at, parcel);
    }

    fn find(&mut self, message_id: &MessageId) -> Option<&mut Parcel> {
        self.parcels.iter_mut().find(|parcel| parcel.message.message_id == *message_id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parcels.is_empty()
    }

    /// Whether a message is still to be sent; one that failed for good does not count.
    pub(crate) fn has_unsent(&self) -> bool {
        self.parcels.iter().any(Parcel::is_unsent)
    }

    /// Whether a message that was written in this tab is still to be sent.
    pub(crate) fn has_own_unsent(&self) -> bool {
        self.parcels.iter().any(|parcel| parcel.is_unsent() && !parcel.is_adopted)
    }

    pub(crate) fn fault(&self, text: &str, file_count: usize) -> Option<ComposeFault> {
        let bytes: usize = self.parcels.iter().map(|parcel| parcel.message.text.len()).sum();
        if text.trim().is_empty() && file_count == 0 {
            Some(ComposeFault::Empty)
        } else if file_count > ATTACHMENTS_MAX {
            Some(ComposeFault::TooManyFiles)
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

    /// When a message that is written now counts as written: after all that wait, whatever the clock says, so that
    /// they keep their order over a reload.
    pub(crate) fn written_at(&self, now: UnixMillis) -> UnixMillis {
        let last = self.parcels.iter().map(|parcel| parcel.message.created_at).max();
        last.map_or(now, |last| now.max(last.plus_ms(1)))
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

    /// A connection is there: what other tabs wrote is left to them until then.
    pub(crate) fn connected(&mut self, adopted_until: UnixMillis) {
        for parcel in self.parcels.iter_mut().filter(|parcel| parcel.is_adopted) {
            parcel.flight = Flight::Held { until: adopted_until };
        }
    }

    /// Whether an answer is missing that should have come by now.
    pub(crate) fn is_overdue(&self, now: UnixMillis) -> bool {
        self.parcels.iter().any(|parcel| parcel.is_sendable() && parcel.is_late(now))
    }

    /// Returns the message to send now, if there is one: the first that is ready, not stored and has not failed,
    /// unless one is under way. Later ones wait for it, so that nothing overtakes; only a message whose files are
    /// still on their way is passed by.
    pub(crate) fn take_due(&mut self, now: UnixMillis) -> Option<OutboxMessage> {
        for parcel in &mut self.parcels {
            if parcel.is_late(now) {
                parcel.flight = Flight::Grounded;
            }
        }
        let mut sendable = self.parcels.iter_mut().filter(|parcel| parcel.is_sendable());
        if sendable.any(|parcel| matches!(parcel.flight, Flight::Sent { .. })) {
            return None;
        }
        let parcel = self.parcels.iter_mut().find(|parcel| parcel.is_sendable())?;
        if matches!(parcel.flight, Flight::Held { until } if now < until) {
            return None;
        }
        parcel.flight = Flight::Sent { at: now };
        parcel.is_adopted = false;
        Some(parcel.message.clone())
    }

    /// When `take_due` has something again, while the connection is up.
    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        let mut sendable = self.parcels.iter().filter(|parcel| parcel.is_sendable());
        let first = sendable.clone().next()?;
        let under_way = sendable.find(|parcel| matches!(parcel.flight, Flight::Sent { .. }));
        under_way.unwrap_or(first).due_at()
    }

    /// The server stored a message. It stays here until its event is in the timeline. Returns whether it was here.
    pub(crate) fn stored(&mut self, message_id: &MessageId, seq: u64, at: UnixMillis) -> bool {
        match self.find(message_id) {
            Some(parcel) => {
                parcel.stored_seq = Some((seq, at));
                true
            }
            None => false,
        }
    }

    /// The server has a message of this id with another body: another tab, or an earlier try, has sent it with uploads
    /// of its own of the same files. It stays here until its event comes. Returns its conversation if it was here.
    pub(crate) fn stored_before(&mut self, message_id: &MessageId) -> Option<ConversationId> {
        let parcel = self.find(message_id)?;
        parcel.is_with_server = true;
        Some(parcel.message.conversation_id.clone())
    }

    /// The server refused a message: for now, or for good. Returns the message when that changed it.
    pub(crate) fn refused(
        &mut self,
        message_id: &MessageId,
        retry_after_ms: Option<u32>,
        now: UnixMillis,
    ) -> Option<OutboxMessage> {
        let parcel = self.find(message_id)?;
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
        self.fail_before(UnixMillis(i64::MAX))
    }

    /// Marks messages as failed that could not be sent in a week; returns them.
    pub(crate) fn fail_old(&mut self, now: UnixMillis) -> Vec<OutboxMessage> {
        self.fail_before(now.plus_ms(-OUTBOX_AGE_MAX_MS))
    }

    fn fail_before(&mut self, until: UnixMillis) -> Vec<OutboxMessage> {
        let mut failed = Vec::new();
        for parcel in &mut self.parcels {
            if parcel.is_unsent() && parcel.message.created_at < until {
                failed.push(parcel.fail());
            }
        }
        failed
    }

    /// Tries a failed message again, as the last one. Returns it as it is kept now.
    pub(crate) fn retry(&mut self, message_id: &MessageId, now: UnixMillis) -> Option<OutboxMessage> {
        let at = self
            .parcels
            .iter()
            .position(|parcel| parcel.message.message_id == *message_id && parcel.message.is_failed)?;
        let mut message = self.parcels.remove(at).message;
        message.is_failed = false;
        message.created_at = self.written_at(now);
        // The server may have let go of files that waited for their message too long: each is asked for anew.
        for file in &mut message.files {
            file.attachment_id = None;
        }
        self.push(message.clone());
        Some(message)
    }

    /// Takes out a message that failed for good. Returns whether it was here.
    pub(crate) fn discard(&mut self, message_id: &MessageId) -> bool {
        let before = self.parcels.len();
        let is_meant = |message: &OutboxMessage| message.message_id == *message_id && message.is_failed;
        self.parcels.retain(|parcel| !is_meant(&parcel.message));
        self.parcels.len() < before
    }

    /// Takes out everything of a conversation that is gone; returns the messages' ids.
    pub(crate) fn discard_all(&mut self, conversation_id: &ConversationId) -> Vec<MessageId> {
        let is_meant = |parcel: &mut Parcel| parcel.message.conversation_id == *conversation_id;
        self.parcels.extract_if(.., is_meant).map(|parcel| parcel.message.message_id).collect()
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

    /// What the server had stored is gone with its conversation; nothing will come to take its place in the log.
    pub(crate) fn forget_stored(&mut self) {
        self.parcels.retain(|parcel| !parcel.is_stored());
    }
}
