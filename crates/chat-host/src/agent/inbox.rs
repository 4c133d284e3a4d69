//! The inbox of a client: what fits goes with the welcome, the rest and every change follow as the client takes them,
//! and what got lost on the way is found by comparing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use protocol::agent::{AgentEvent, ConversationSummary};
use protocol::conversation::ConversationHead;
use protocol::id::ConversationId;
use protocol::limit::{SOCKET_QUEUE_FRAMES_MAX, SOCKET_SUMMARIES_BYTES_MAX};
use protocol::notice::{Notice, Shared, conversation_frames, conversations_in, summary_weight_bytes};
use protocol::visitor::Cursor;

/// Conversations inside the welcome.
const WELCOME_SUMMARIES_MAX: usize = 50;
/// Bytes of the conversations inside the welcome: far below what a client takes as one frame, whatever visitors wrote
/// into their names, pages and surveys.
const WELCOME_BYTES_MAX: usize = 512 * 1024;

/// Conversations that wait to be read for a client before it counts as too slow.
const MISSED_MAX: usize = 10_000;
/// Conversations read at a time.
const SUMMARIES_PER_READ: usize = 100;
/// Conversations of which it is remembered how far they were told.
const TOLD_MAX: usize = 2_000;

/// A frame of conversations as all clients get it.
pub(super) type Frame = Arc<Shared<AgentEvent>>;

/// What of the inbox a client still has to be told, and how far it was.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    /// Frames that wait until the client has taken what was sent before.
    waiting: VecDeque<Frame>,
    waiting_bytes: usize,
    /// Conversations that have to be read to be told.
    missed: BTreeSet<ConversationId>,
    /// Conversations that were told or erased since the read under way began: what it finds of them may be older.
    overtaken: Option<BTreeSet<ConversationId>>,
    /// How far each conversation was told. Without it, the news of a conversation that nobody watches could get lost
    /// for good.
    told: BTreeMap<ConversationId, u64>,
    /// The heads the last heartbeat found to be ahead of what was told: the news of them may be on its way.
    ahead: BTreeMap<ConversationId, u64>,
}

impl Inbox {
    /// Takes an inbox and returns the part that goes with the welcome.
    pub(super) fn begin(&mut self, conversations: Vec<ConversationSummary>) -> Vec<ConversationSummary> {
        let mut bytes = 0;
        let fitting = conversations.iter().take(WELCOME_SUMMARIES_MAX).take_while(|summary| {
            bytes += summary_weight_bytes(summary);
            bytes <= WELCOME_BYTES_MAX
        });
        let count = fitting.count();
        let mut first = conversations;
        for frame in conversation_frames(first.split_off(count)) {
            self.put(&frame);
        }
        for summary in &first {
            self.note(&summary.head);
        }
        first
    }

    /// Takes a frame to be told. What a slow client has no room for is read when it has.
    pub(super) fn put(&mut self, frame: &Frame) {
        if let Some(overtaken) = &mut self.overtaken {
            overtaken.extend(ids_in(frame));
        }
        self.waiting_bytes += frame.weight_bytes();
        self.waiting.push_back(Arc::clone(frame));
        if self.waiting_bytes > SOCKET_SUMMARIES_BYTES_MAX && self.waiting.len() > 1 {
            let waiting = std::mem::take(&mut self.waiting);
            self.waiting_bytes = 0;
            self.missed.extend(waiting.iter().flat_map(ids_in));
        }
    }

    /// Takes what was read for the client.
    pub(super) fn found(&mut self, mut summaries: Vec<ConversationSummary>) {
        if let Some(overtaken) = self.overtaken.take() {
            summaries.retain(|summary| !overtaken.contains(&summary.head.conversation_id));
        }
        for frame in conversation_frames(summaries) {
            self.put(&frame);
        }
    }

    /// Returns the frame to be sent next.
    pub(super) fn next(&mut self) -> Option<Frame> {
        let frame = self.waiting.pop_front()?;
        self.waiting_bytes -= frame.weight_bytes();
        // An idle connection keeps no buffer.
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        for summary in conversations_in(frame.event()) {
            self.note(&summary.head);
        }
        Some(frame)
    }

    /// These conversations have to be read. Says whether there was room.
    pub(super) fn miss(&mut self, conversation_ids: impl IntoIterator<Item = ConversationId>) -> bool {
        self.missed.extend(conversation_ids);
        self.missed.len() <= MISSED_MAX
    }

    /// Returns which conversations are to be read next.
    pub(super) fn take_missed(&mut self) -> Option<Vec<ConversationId>> {
        let first: Vec<ConversationId> =
            std::iter::from_fn(|| self.missed.pop_first()).take(SUMMARIES_PER_READ).collect();
        if first.is_empty() {
            return None;
        }
        self.overtaken = Some(BTreeSet::new());
        Some(first)
    }

    /// A conversation is erased.
    pub(super) fn forget(&mut self, conversation_id: &ConversationId) {
        self.told.remove(conversation_id);
        self.ahead.remove(conversation_id);
        self.missed.remove(conversation_id);
        if let Some(overtaken) = &mut self.overtaken {
            overtaken.insert(conversation_id.clone());
        }
        if !self.waiting.iter().flat_map(ids_in).any(|waiting| waiting == *conversation_id) {
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        let left = waiting.iter().flat_map(|frame| conversations_in(frame.event()));
        let left = left.filter(|summary| summary.head.conversation_id != *conversation_id);
        self.waiting = conversation_frames(left.cloned().collect()).collect();
        self.waiting_bytes = self.waiting.iter().map(|frame| frame.weight_bytes()).sum();
    }

    /// Finds what changed without the client being told. A conversation the client knows counts once its news had
    /// the time between two heartbeats to come: those a colleague answers are told in no hurry.
    pub(super) fn compare(&mut self, newest: &[Cursor]) {
        let mut ahead = BTreeMap::new();
        for Cursor { conversation_id, seq } in newest {
            let told = self.told.get(conversation_id);
            if told.is_some_and(|told| told >= seq) {
                continue;
            }
            let was_ahead = self.ahead.get(conversation_id);
            if told.is_none_or(|told| was_ahead.is_some_and(|was_ahead| told < was_ahead)) {
                self.missed.insert(conversation_id.clone());
            }
            ahead.insert(conversation_id.clone(), *seq);
        }
        self.ahead = ahead;
    }

    fn note(&mut self, head: &ConversationHead) {
        if self.told.len() >= TOLD_MAX && !self.told.contains_key(&head.conversation_id) {
            // Ids begin with a time: the first one is the oldest.
            self.told.pop_first();
        }
        self.told.insert(head.conversation_id.clone(), head.head_seq);
    }
}

fn ids_in(frame: &Frame) -> impl Iterator<Item = ConversationId> {
    conversations_in(frame.event()).iter().map(|summary| summary.head.conversation_id.clone())
}

/// What happens while the welcome is put together; it is told after it.
#[derive(Debug, Default)]
pub(super) struct Early {
    pub(super) notices: Vec<Arc<Notice>>,
    /// Conversations that changed: what the welcome holds of them may be older.
    pub(super) changed: BTreeSet<ConversationId>,
}

impl Early {
    /// Keeps a notice. Says whether there was room.
    pub(super) fn keep(&mut self, notice: &Arc<Notice>) -> bool {
        if let Notice::Conversations { frame } = notice.as_ref() {
            self.changed.extend(ids_in(frame));
            return self.changed.len() <= MISSED_MAX;
        }
        if let Notice::Erased { conversation_ids, .. } = notice.as_ref() {
            self.changed.retain(|conversation_id| !conversation_ids.contains(conversation_id));
        }
        self.notices.push(Arc::clone(notice));
        self.notices.len() <= SOCKET_QUEUE_FRAMES_MAX
    }
}
