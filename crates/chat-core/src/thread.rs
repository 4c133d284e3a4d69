//! One conversation as a client holds it: its timeline, how far each side is, who types, and the filling of gaps.

use protocol::conversation::{Author, ConversationEvent, EventKind, Receipts, Revision, Side};
use protocol::id::ConversationId;
use protocol::time::UnixMillis;

use crate::entry::Entry;
use crate::fetching::Fetching;
use crate::outbox::{Outbox, Waiting};
use crate::timeline::Timeline;
use crate::typing::{TypingSender, TypingShown};
use crate::uploads::Uploads;

#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) conversation_id: ConversationId,
    pub(crate) timeline: Timeline,
    pub(crate) receipts: Receipts,
    pub(crate) fetching: Fetching,
    pub(crate) typing: TypingShown,
    pub(crate) typing_sender: TypingSender,
    side: Side,
    /// Our own side's positions that were told to the server on this connection.
    told: Option<(u64, u64)>,
    /// What was on our screen, told or not.
    seen_seq: u64,
}

impl Thread {
    pub(crate) fn new(conversation_id: ConversationId, side: Side) -> Self {
        Self {
            conversation_id,
            timeline: Timeline::default(),
            receipts: Receipts::default(),
            fetching: Fetching::default(),
            typing: TypingShown::default(),
            typing_sender: TypingSender::default(),
            side,
            told: None,
            seen_seq: 0,
        }
    }

    /// Takes events; returns those that are new, in order.
    pub(crate) fn insert(&mut self, events: Vec<ConversationEvent>) -> &[ConversationEvent] {
        let count = self.timeline.insert(events);
        let all = self.timeline.events();
        let new = &all[all.len() - count..];
        let is_other_side = |event: &ConversationEvent| match self.side {
            Side::Customer => matches!(event.author, Author::Agent { .. }),
            Side::Agent => matches!(event.author, Author::Customer),
        };
        if new.iter().any(|event| matches!(event.what, EventKind::Message { .. }) && is_other_side(event)) {
            self.typing.clear();
        }
        new
    }

    /// Positions only grow, whatever order their news arrive in.
    pub(crate) fn merge_receipts(&mut self, news: &Receipts) {
        self.receipts.merge(news);
    }

    /// Everything in the timeline was on the screen.
    pub(crate) fn see(&mut self) -> bool {
        let before = self.read_seq();
        self.seen_seq = self.timeline.contiguous_seq();
        self.read_seq() != before
    }

    /// What our side has read, as far as anybody knows.
    pub(crate) fn read_seq(&self) -> u64 {
        let stored = match self.side {
            Side::Customer => self.receipts.customer_read_seq,
            Side::Agent => self.receipts.agent_read_seq,
        };
        stored.max(self.seen_seq)
    }

    /// Messages of the other side that our side has not read.
    pub(crate) fn unread_count(&self) -> usize {
        let read_seq = self.read_seq();
        let events = self.timeline.events().iter().rev().take_while(|event| event.seq > read_seq);
        events
            .filter(|event| is_there_to_read(&event.what))
            .filter(|event| match self.side {
                Side::Customer => !matches!(event.author, Author::Customer),
                Side::Agent => matches!(event.author, Author::Customer),
            })
            .count()
    }

    /// Returns the delivered and read positions of our side when the server does not have them yet.
    pub(crate) fn take_receipt(&mut self) -> Option<(u64, u64)> {
        let position = (self.timeline.contiguous_seq(), self.read_seq().min(self.timeline.contiguous_seq()));
        let stored = match self.side {
            Side::Customer => (self.receipts.customer_delivered_seq, self.receipts.customer_read_seq),
            Side::Agent => (self.receipts.agent_delivered_seq, self.receipts.agent_read_seq),
        };
        let is_news = position.0 > stored.0 || position.1 > stored.1;
        if !is_news || self.told == Some(position) {
            return None;
        }
        self.told = Some(position);
        Some(position)
    }

    pub(crate) fn connection_lost(&mut self) {
        self.told = None;
        self.typing.clear();
        self.typing_sender.reset();
        if self.fetching == Fetching::Running {
            return;
        }
        self.fetching = Fetching::Idle;
    }

    /// Returns from where events must be fetched, once per need.
    pub(crate) fn take_fetch(&mut self, now: UnixMillis) -> Option<u64> {
        if !self.timeline.has_gap() || !self.fetching.may_start(now) {
            return None;
        }
        self.fetching = Fetching::Running;
        Some(self.timeline.contiguous_seq())
    }

    /// A page of events was taken in. One that brought nothing although something is missing is asked for again
    /// after a pause.
    pub(crate) fn fetch_answered(&mut self, seq_before: u64, now: UnixMillis) {
        let is_stuck = self.timeline.has_gap() && self.timeline.contiguous_seq() == seq_before;
        self.fetching = if is_stuck { Fetching::failed(now) } else { Fetching::Idle };
    }

    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        // A pause before the next request means nothing once the gap was filled another way.
        let fetching = if self.timeline.has_gap() { self.fetching.deadline() } else { None };
        earliest([self.typing.deadline(), fetching])
    }

    /// The lines of the log: what the server has, then what is on its way.
    pub(crate) fn entries(&self, outbox: &Outbox, uploads: &Uploads, own_author: &Author) -> Vec<Entry> {
        // What became of a message shows in the message itself.
        let is_shown = |event: &&ConversationEvent| {
            !matches!(event.what, EventKind::Edited { .. } | EventKind::Deleted { .. })
        };
        let stored = self.timeline.events().iter().filter(is_shown);
        let stored = stored.map(|event| Entry::from_event(event, self.side, &self.receipts));
        // Those that have their place already, beyond a gap, stand in its order. There are few; sorting them would be a
        // kilobyte of module.
        let place = |waiting: &Waiting<'_>| waiting.stored.map_or(u64::MAX, |(seq, _)| seq);
        let mut waiting: Vec<Waiting<'_>> = Vec::new();
        for next in outbox.waiting(&self.conversation_id) {
            if !self.timeline.has_message(&next.message.message_id) {
                let at = waiting.partition_point(|other| place(other) <= place(&next));
                waiting.insert(at, next);
            }
        }
        let waiting = waiting.iter().map(|waiting| Entry::from_waiting(waiting, own_author.clone(), uploads));
        stored.chain(waiting).collect()
    }
}

/// Whether it is a message that was not taken back.
fn is_there_to_read(what: &EventKind) -> bool {
    matches!(what, EventKind::Message { revision, .. } if *revision != Revision::Deleted)
}

/// The earliest of several deadlines.
pub(crate) fn earliest(deadlines: impl IntoIterator<Item = Option<UnixMillis>>) -> Option<UnixMillis> {
    deadlines.into_iter().flatten().min()
}
