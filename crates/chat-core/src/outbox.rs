//! Messages on their way: kept until the server has them, sent in order, one at a time, again after every cut.

use protocol::conversation::ConversationEvent;
use protocol::id::{AttachmentId, ConversationId, MessageId};
use protocol::limit::{
    ACK_TIMEOUT_MS, ATTACHMENTS_MAX, MESSAGE_CHARS_MAX, OUTBOX_AGE_MAX_MS, OUTBOX_BYTES_MAX,
    OUTBOX_MESSAGES_MAX,
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
    /// Its files, at most 10; the message is sent when all of them are uploaded.
    #[serde(default)]
    pub files: Vec<OutboxFile>,
    /// When send was pressed.
    pub created_at: UnixMillis,
    /// Refused for good; it stays until the visitor tries again.
    #[serde(default)]
    pub is_failed: bool,
}

/// A file of a message that waits. Its bytes are with the shell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxFile {
    /// Names it in the shell's storage; unique in this browser.
    pub file_id: String,
    /// Its name.
    pub name: String,
    /// Its media type as the browser knows it; may be empty.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// The server's name for it, once it is uploaded whole.
    #[serde(default)]
    pub attachment_id: Option<AttachmentId>,
}

impl OutboxMessage {
    /// Whether all of its files are uploaded.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.files.iter().all(|file| file.attachment_id.is_some())
    }

    /// What the server calls its files, in order, as far as they are uploaded.
    #[must_use]
    pub fn attachment_ids(&self) -> Vec<AttachmentId> {
        self.files.iter().filter_map(|file| file.attachment_id.clone()).collect()
    }
}

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

/// What is left of a message that lost a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Remainder {
    /// The message without it.
    Message(OutboxMessage),
    /// Neither text nor files: the message is gone.
    Nothing(MessageId),
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
    /// The server has it, and its place comes with its event.
    is_with_server: bool,
    /// Written in another tab, which sends it first if it is still there.
    is_adopted: bool,
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
    /// Begins with what storage held.
    pub(crate) fn new(saved: Vec<OutboxMessage>) -> Self {
        let mut outbox = Self::default();
        for message in saved {
            if outbox.find(&message.message_id).is_none() {
                outbox.insert(Parcel::new(message));
            }
        }
        outbox
    }

    /// Puts a parcel at its place by when it was written; one that was tried again stands where it was tried.
    fn insert(&mut self, parcel: Parcel) {
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

    /// The first file that has to be uploaded, with its message.
    pub(crate) fn next_upload(&self) -> Option<(&MessageId, &OutboxFile)> {
        let mut wanted = self.parcels.iter().filter(|parcel| parcel.is_unsent());
        wanted.find_map(|parcel| {
            let file = parcel.message.files.iter().find(|file| file.attachment_id.is_none())?;
            Some((&parcel.message.message_id, file))
        })
    }

    /// A file is uploaded whole. Returns the message as it is kept now.
    pub(crate) fn uploaded(&mut self, file_id: &str, attachment_id: AttachmentId) -> Option<OutboxMessage> {
        let parcel = self.parcels.iter_mut().find(|parcel| parcel.has_file(file_id))?;
        let file = parcel.message.files.iter_mut().find(|file| file.file_id == file_id)?;
        file.attachment_id = Some(attachment_id);
        Some(parcel.message.clone())
    }

    /// Takes a file out of its message, which goes on without it. A message that may be with the server already is
    /// left as it is: the same id must not stand for two bodies.
    pub(crate) fn remove_file(&mut self, file_id: &str) -> Option<Remainder> {
        let at = self.parcels.iter().position(|parcel| parcel.has_file(file_id))?;
        let message = &mut self.parcels[at].message;
        if message.is_ready() && !message.is_failed {
            return None;
        }
        message.files.retain(|file| file.file_id != file_id);
        if message.files.is_empty() && message.text.is_empty() {
            return Some(Remainder::Nothing(self.parcels.remove(at).message.message_id));
        }
        message.is_failed = false;
        Some(Remainder::Message(message.clone()))
    }

    /// A file will never be uploaded. Returns its message, which failed with it.
    pub(crate) fn upload_refused(&mut self, file_id: &str) -> Option<OutboxMessage> {
        self.parcels.iter_mut().find(|parcel| parcel.has_file(file_id)).map(Parcel::fail)
    }

    /// Takes in a message as another tab of this browser keeps it; that tab is left to send it until then.
    pub(crate) fn adopt(&mut self, message: OutboxMessage, adopted_until: UnixMillis) {
        let is_here = |parcel: &Parcel| parcel.message.message_id == message.message_id;
        let known = self.parcels.iter().position(is_here);
        let mut parcel = Parcel::new(message);
        parcel.is_adopted = true;
        parcel.flight = Flight::Held { until: adopted_until };
        let Some(at) = known else {
            self.insert(parcel);
            return;
        };
        let own = &mut self.parcels[at];
        if own.is_stored() {
            return;
        }
        if own.message.is_failed && !parcel.message.is_failed {
            self.parcels.remove(at);
            self.parcels.push(parcel);
            return;
        }
        own.message.is_failed = parcel.message.is_failed;
        // What the other tab has uploaded need not be uploaded here.
        for (own_file, file) in own.message.files.iter_mut().zip(parcel.message.files) {
            own_file.attachment_id = file.attachment_id.or(own_file.attachment_id.take());
        }
    }

    /// What the server had stored is gone with its conversation; nothing will come to take its place in the log.
    pub(crate) fn forget_stored(&mut self) {
        self.parcels.retain(|parcel| !parcel.is_stored());
    }

    /// What was uploaded is somebody else's now. Returns the messages that this changed.
    pub(crate) fn forget_uploads(&mut self) -> Vec<OutboxMessage> {
        let mut changed = Vec::new();
        for parcel in self.parcels.iter_mut().filter(|parcel| !parcel.is_stored()) {
            if parcel.message.files.iter().any(|file| file.attachment_id.is_some()) {
                for file in &mut parcel.message.files {
                    file.attachment_id = None;
                }
                changed.push(parcel.message.clone());
            }
        }
        changed
    }
}

impl Parcel {
    fn new(message: OutboxMessage) -> Self {
        Self { message, flight: Flight::Grounded, stored_seq: None, is_with_server: false, is_adopted: false }
    }

    fn is_unsent(&self) -> bool {
        !self.is_stored() && !self.message.is_failed
    }

    fn is_stored(&self) -> bool {
        self.stored_seq.is_some() || self.is_with_server
    }

    fn is_sendable(&self) -> bool {
        self.is_unsent() && self.message.is_ready()
    }

    /// Whether it was sent on this connection, and its answer should have come by now.
    fn is_late(&self, now: UnixMillis) -> bool {
        matches!(self.flight, Flight::Sent { .. }) && self.due_at().is_some_and(|due_at| due_at <= now)
    }

    fn has_file(&self, file_id: &str) -> bool {
        self.message.files.iter().any(|file| file.file_id == file_id)
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
