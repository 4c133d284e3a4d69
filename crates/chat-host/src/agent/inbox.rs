//! The inbox of a client: what fits goes with the welcome, the rest follows one by one as the client takes it, and
//! what got lost on the way is found by comparing.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use protocol::agent::ConversationSummary;
use protocol::conversation::ConversationHead;
use protocol::id::ConversationId;
use protocol::limit::SOCKET_QUEUE_FRAMES_MAX;
use protocol::notice::{Notice, summary_weight_bytes};
use protocol::visitor::Cursor;

/// Conversations inside the welcome.
const WELCOME_SUMMARIES_MAX: usize = 50;
/// Bytes of the conversations inside the welcome: far below what a client takes as one frame, whatever visitors wrote
/// into their names, pages and surveys.
const WELCOME_BYTES_MAX: usize = 512 * 1024;

/// Conversations that wait to be told before a client counts as too slow.
const BACKLOG_MAX: usize = 10_000;

/// Conversations of which it is remembered how far they were told.
const TOLD_MAX: usize = 2_000;

/// Conversations that are still to be told.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    rest: VecDeque<ConversationSummary>,
}

impl Backlog {
    /// Takes an inbox and returns the part that goes with the welcome.
    pub(super) fn begin(&mut self, conversations: Vec<ConversationSummary>) -> Vec<ConversationSummary> {
        let mut bytes = 0;
        let fitting = conversations.iter().take(WELCOME_SUMMARIES_MAX).take_while(|summary| {
            bytes += summary_weight_bytes(summary);
            bytes <= WELCOME_BYTES_MAX
        });
        let count = fitting.count();
        let mut first = conversations;
        self.rest = first.split_off(count).into();
        first
    }

    /// Of several summaries of one conversation that wait, the newest is told, in the place of the first. Says whether
    /// there was room.
    pub(super) fn put(&mut self, summary: &ConversationSummary) -> bool {
        let conversation_id = &summary.head.conversation_id;
        if let Some(older) = self.rest.iter_mut().find(|older| older.head.conversation_id == *conversation_id)
        {
            older.clone_from(summary);
            return true;
        }
        let has_room = self.rest.len() < BACKLOG_MAX;
        if has_room {
            self.rest.push_back(summary.clone());
        }
        has_room
    }

    /// A conversation is erased.
    pub(super) fn forget(&mut self, conversation_id: &ConversationId) {
        self.rest.retain(|summary| summary.head.conversation_id != *conversation_id);
    }

    pub(super) fn next(&mut self) -> Option<ConversationSummary> {
        let next = self.rest.pop_front();
        if self.rest.is_empty() {
            self.rest = VecDeque::new();
        }
        next
    }
}

/// What happens while the welcome is put together; it is told after it.
#[derive(Debug, Default)]
pub(super) struct Early {
    notices: Vec<Arc<Notice>>,
    summaries: BTreeMap<ConversationId, Arc<Notice>>,
}

impl Early {
    /// Keeps a notice, of each conversation the newest summary. Says whether there was room.
    pub(super) fn keep(&mut self, notice: &Arc<Notice>) -> bool {
        if let Notice::Conversation { summary } = notice.as_ref() {
            self.summaries.insert(summary.head.conversation_id.clone(), Arc::clone(notice));
            return self.summaries.len() <= BACKLOG_MAX;
        }
        if let Notice::Erased { conversation_ids, .. } = notice.as_ref() {
            self.summaries.retain(|conversation_id, _| !conversation_ids.contains(conversation_id));
        }
        self.notices.push(Arc::clone(notice));
        self.notices.len() <= SOCKET_QUEUE_FRAMES_MAX
    }

    pub(super) fn into_notices(self) -> impl Iterator<Item = Arc<Notice>> {
        self.notices.into_iter().chain(self.summaries.into_values())
    }
}

/// How far each conversation was told as the inbox shows it. Without it, the news of a conversation that nobody watches
/// could get lost for good.
#[derive(Debug, Default)]
pub(super) struct Told {
    heads: BTreeMap<ConversationId, u64>,
    missed: Vec<ConversationId>,
}

impl Told {
    pub(super) fn note(&mut self, head: &ConversationHead) {
        if self.heads.len() >= TOLD_MAX && !self.heads.contains_key(&head.conversation_id) {
            // Ids begin with a time: the first one is the oldest.
            self.heads.pop_first();
        }
        self.heads.insert(head.conversation_id.clone(), head.head_seq);
    }

    pub(super) fn forget(&mut self, conversation_id: &ConversationId) {
        self.heads.remove(conversation_id);
    }

    /// Finds what changed without the client being told.
    pub(super) fn compare(&mut self, newest: &[Cursor]) {
        let is_missed =
            |cursor: &&Cursor| self.heads.get(&cursor.conversation_id).is_none_or(|told| *told < cursor.seq);
        self.missed = newest.iter().filter(is_missed).map(|cursor| cursor.conversation_id.clone()).collect();
    }

    pub(super) fn take_missed(&mut self) -> Option<Vec<ConversationId>> {
        (!self.missed.is_empty()).then(|| std::mem::take(&mut self.missed))
    }
}
