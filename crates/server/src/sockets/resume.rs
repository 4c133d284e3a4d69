//! What a client has of each conversation, so that it gets everything that follows: once, in order, without gaps.

use std::collections::BTreeMap;

use protocol::conversation::ConversationEvent;
use protocol::id::ConversationId;
use protocol::limit::RESUME_EVENTS_MAX;
use protocol::visitor::Cursor;
use store::StoreError;

use crate::app::App;

/// Events of one frame.
const EVENTS_PER_FRAME: usize = 100;

/// How a client catches up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CatchUp {
    /// By these frames, each with at least one event.
    Events(Vec<Vec<ConversationEvent>>),
    /// By itself over HTTP, after this place.
    Reset { after_seq: u64 },
}

/// The last place sent of each conversation.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    sent: BTreeMap<ConversationId, u64>,
    /// Events a hello may still bring in; what is over this is read over HTTP.
    budget: usize,
}

impl Cursors {
    pub(super) fn new() -> Self {
        Self { sent: BTreeMap::new(), budget: RESUME_EVENTS_MAX }
    }

    /// Whether the client gets this conversation.
    pub(super) fn has(&self, conversation_id: &ConversationId) -> bool {
        self.sent.contains_key(conversation_id)
    }

    /// Sends the conversation from now on, after what the client has, and returns how it catches up.
    pub(super) async fn begin(
        &mut self,
        app: &App,
        conversation_id: &ConversationId,
        seq: u64,
        head_seq: u64,
    ) -> Result<CatchUp, StoreError> {
        let missed = usize::try_from(head_seq.saturating_sub(seq)).unwrap_or(usize::MAX);
        if missed > self.budget {
            self.sent.insert(conversation_id.clone(), head_seq);
            return Ok(CatchUp::Reset { after_seq: seq });
        }
        self.budget -= missed;
        // A client that claims more than there is starts from what there is.
        let mut seq = seq.min(head_seq);
        let mut frames = Vec::new();
        if missed > 0 {
            let events = app.store.events(conversation_id, seq, RESUME_EVENTS_MAX).await?;
            seq = events.last().map_or(seq, |event| event.seq);
            frames.extend(events.chunks(EVENTS_PER_FRAME).map(<[ConversationEvent]>::to_vec));
        }
        self.sent.insert(conversation_id.clone(), seq);
        Ok(CatchUp::Events(frames))
    }

    /// Makes room for another full catch-up, for clients that ask for conversations one by one.
    pub(super) fn renew_budget(&mut self) {
        self.budget = RESUME_EVENTS_MAX;
    }

    /// Sends the conversation no longer.
    pub(super) fn end(&mut self, conversation_id: &ConversationId) {
        self.sent.remove(conversation_id);
    }

    /// Returns what of these events the client lacks: doubles are dropped, a gap is read from the store.
    pub(super) async fn take(
        &mut self,
        app: &App,
        conversation_id: &ConversationId,
        events: &[ConversationEvent],
    ) -> Result<Vec<ConversationEvent>, StoreError> {
        let sent = self.sent.get(conversation_id).copied().unwrap_or(0);
        let mut fresh: Vec<_> = events.iter().filter(|event| event.seq > sent).cloned().collect();
        if fresh.first().is_some_and(|event| event.seq != sent + 1) {
            fresh = app.store.events(conversation_id, sent, RESUME_EVENTS_MAX).await?;
        }
        if let Some(last) = fresh.last() {
            self.sent.insert(conversation_id.clone(), last.seq);
        }
        Ok(fresh)
    }

    /// Returns the last place sent of each conversation, for heartbeats.
    pub(super) fn conversations(&self) -> Vec<ConversationId> {
        self.sent.keys().cloned().collect()
    }
}

/// Returns the last place given in each conversation, as the store has it.
pub(super) async fn heads(app: &App, conversations: Vec<ConversationId>) -> Result<Vec<Cursor>, StoreError> {
    let mut heads = Vec::with_capacity(conversations.len());
    for conversation_id in conversations {
        if let Some(found) = app.store.conversation(&conversation_id).await? {
            heads.push(Cursor { conversation_id, seq: found.head.head_seq });
        }
    }
    Ok(heads)
}
