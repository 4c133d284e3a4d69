//! Conversations an agent wants to watch, until the server has found out whose they are and how far they go.

use std::collections::VecDeque;

use protocol::id::ConversationId;
use protocol::visitor::Cursor;

/// A wish to watch.
#[derive(Debug)]
struct Wish {
    cursor: Cursor,
    /// Events up to here were heard of meanwhile.
    heard_seq: u64,
}

/// The wishes, in order.
#[derive(Debug, Default)]
pub(super) struct Watching {
    wishes: VecDeque<Wish>,
}

impl Watching {
    pub(super) fn push(&mut self, cursor: Cursor) {
        self.forget(&cursor.conversation_id);
        self.wishes.push_back(Wish { cursor, heard_seq: 0 });
    }

    pub(super) fn len(&self) -> usize {
        self.wishes.len()
    }

    pub(super) fn has(&self, conversation_id: &ConversationId) -> bool {
        self.wishes.iter().any(|wish| wish.cursor.conversation_id == *conversation_id)
    }

    pub(super) fn forget(&mut self, conversation_id: &ConversationId) {
        self.wishes.retain(|wish| wish.cursor.conversation_id != *conversation_id);
    }

    /// Events up to here exist.
    pub(super) fn note_head(&mut self, conversation_id: &ConversationId, seq: u64) {
        let mut wishes = self.wishes.iter_mut();
        if let Some(wish) = wishes.find(|wish| wish.cursor.conversation_id == *conversation_id) {
            wish.heard_seq = wish.heard_seq.max(seq);
        }
    }

    /// The conversation to look up next.
    pub(super) fn next(&self) -> Option<ConversationId> {
        self.wishes.front().map(|wish| wish.cursor.conversation_id.clone())
    }

    /// A conversation was looked up; returns the place the client has and the last one heard of, unless the wish was
    /// taken back.
    pub(super) fn take(&mut self, conversation_id: &ConversationId) -> Option<(u64, u64)> {
        let at = self.wishes.iter().position(|wish| wish.cursor.conversation_id == *conversation_id)?;
        let wish = self.wishes.remove(at)?;
        Some((wish.cursor.seq, wish.heard_seq))
    }
}
