//! How far each conversation was sent, so that a client gets everything that follows: once, in order, without gaps.

use protocol::conversation::{ConversationEvent, Receipts};
use protocol::id::ConversationId;
use protocol::limit::{RESUME_EVENTS_MAX, SOCKET_QUEUE_BYTES_MAX};
use protocol::notice::event_weight_bytes;

/// Conversations that are followed at once. A client that has more loses the longest settled one, which begins again
/// with its next event.
const TRACKS_MAX: usize = 200;
/// Events read from the store at a time.
pub(crate) const EVENTS_PER_READ: usize = 100;
/// Bytes of events sent at a time: a quarter of what may wait.
const FRAME_BYTES_MAX: usize = SOCKET_QUEUE_BYTES_MAX / 4;

/// How a conversation begins for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// What the client lacks is sent.
    Here,
    /// Too much is missing: the client reads it over HTTP, after this place.
    Reset { after_seq: u64 },
}

#[derive(Debug)]
struct Track {
    conversation_id: ConversationId,
    /// The client was sent everything up to here.
    sent_seq: u64,
    /// Events up to here are known to exist.
    head_seq: u64,
    /// What the client was told of receipts on this connection, or said itself.
    receipts: Receipts,
}

/// The conversations a client follows.
#[derive(Debug, Default)]
pub(crate) struct Tracks {
    tracks: Vec<Track>,
    /// Events that resuming has brought already; what is over the maximum is read over HTTP.
    resumed: usize,
}

impl Tracks {
    /// Whether the client follows this conversation.
    pub(crate) fn has(&self, conversation_id: &ConversationId) -> bool {
        self.position(conversation_id).is_some()
    }

    pub(crate) fn len(&self) -> usize {
        self.tracks.len()
    }

    pub(crate) fn conversation_ids(&self) -> Vec<ConversationId> {
        self.tracks.iter().map(|track| track.conversation_id.clone()).collect()
    }

    /// Makes room for another full resume, for clients that ask for conversations one by one.
    pub(crate) fn renew_budget(&mut self) {
        self.resumed = 0;
    }

    /// Follows a conversation from now on, after what the client has.
    pub(crate) fn begin(&mut self, conversation_id: &ConversationId, seq: u64, head_seq: u64) -> Beginning {
        self.end(conversation_id);
        if self.tracks.len() >= TRACKS_MAX
            && let Some(settled) = self.tracks.iter().position(|track| !track.is_behind())
        {
            self.tracks.remove(settled);
        }
        // A client that claims more than there is starts from what there is.
        let seq = seq.min(head_seq);
        let missed = usize::try_from(head_seq - seq).unwrap_or(usize::MAX);
        let is_too_much = self.resumed.saturating_add(missed) > RESUME_EVENTS_MAX;
        let sent_seq = if is_too_much { head_seq } else { seq };
        let (conversation_id, receipts) = (conversation_id.clone(), Receipts::default());
        self.tracks.push(Track { conversation_id, sent_seq, head_seq, receipts });
        if is_too_much {
            return Beginning::Reset { after_seq: seq };
        }
        self.resumed += missed;
        Beginning::Here
    }

    /// Follows the conversation no longer.
    pub(crate) fn end(&mut self, conversation_id: &ConversationId) {
        if let Some(at) = self.position(conversation_id) {
            self.tracks.remove(at);
        }
    }

    /// Receipts moved, by the client's word or another's. Returns whether the client has to be told what others say.
    pub(crate) fn merge_receipts(&mut self, conversation_id: &ConversationId, news: &Receipts) -> bool {
        self.position(conversation_id).is_none_or(|at| self.tracks[at].receipts.merge(news))
    }

    /// Events up to here exist.
    pub(crate) fn note_head(&mut self, conversation_id: &ConversationId, head_seq: u64) {
        if let Some(at) = self.position(conversation_id) {
            self.tracks[at].head_seq = self.tracks[at].head_seq.max(head_seq);
        }
    }

    /// Returns what of these new events can be sent at once: doubles are dropped, and where something before them is
    /// missing they come from the store with what is missing.
    pub(crate) fn take(
        &mut self,
        conversation_id: &ConversationId,
        events: &[ConversationEvent],
    ) -> Vec<ConversationEvent> {
        let (Some(at), Some(last)) = (self.position(conversation_id), events.last()) else {
            return Vec::new();
        };
        let track = &mut self.tracks[at];
        let (is_behind, sent_seq) = (track.is_behind(), track.sent_seq);
        track.head_seq = track.head_seq.max(last.seq);
        let mut fresh = events.iter().filter(|event| event.seq > sent_seq).peekable();
        if is_behind || fresh.peek().is_none_or(|first| first.seq != sent_seq + 1) {
            return Vec::new();
        }
        track.sent_seq = last.seq;
        fresh.cloned().collect()
    }

    /// Returns a conversation of which the client lacks events, and after which place.
    pub(crate) fn behind(&self) -> Option<(&ConversationId, u64)> {
        let behind = self.tracks.iter().find(|track| track.is_behind())?;
        Some((&behind.conversation_id, behind.sent_seq))
    }

    /// Events were read from the store; returns those to send now. What is too heavy for one frame is read again.
    pub(crate) fn filled(
        &mut self,
        conversation_id: &ConversationId,
        events: Vec<ConversationEvent>,
    ) -> Vec<ConversationEvent> {
        let Some(at) = self.position(conversation_id) else { return Vec::new() };
        let track = &mut self.tracks[at];
        let mut bytes = 0;
        let mut fresh = Vec::new();
        for event in events.into_iter().filter(|event| event.seq > track.sent_seq) {
            bytes += event_weight_bytes(&event);
            if bytes > FRAME_BYTES_MAX && !fresh.is_empty() {
                break;
            }
            fresh.push(event);
        }
        match fresh.last() {
            Some(last) => {
                track.sent_seq = last.seq;
                track.head_seq = track.head_seq.max(last.seq);
            }
            // There is no more than what was sent.
            None => track.head_seq = track.sent_seq,
        }
        fresh
    }

    fn position(&self, conversation_id: &ConversationId) -> Option<usize> {
        self.tracks.iter().position(|track| track.conversation_id == *conversation_id)
    }
}

impl Track {
    fn is_behind(&self) -> bool {
        self.sent_seq < self.head_seq
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::conversation::{Author, EventKind, Side};
    use protocol::time::UnixMillis;

    fn cnv() -> ConversationId {
        ConversationId("cnv_1".to_owned())
    }

    fn events(seqs: std::ops::RangeInclusive<u64>) -> Vec<ConversationEvent> {
        let event = |seq| ConversationEvent {
            seq,
            at: UnixMillis(0),
            author: Author::System,
            what: EventKind::SurveyAnswered,
        };
        seqs.map(event).collect()
    }

    fn seqs(events: &[ConversationEvent]) -> Vec<u64> {
        events.iter().map(|event| event.seq).collect()
    }

    #[test]
    fn what_follows_is_sent_at_once_and_doubles_are_dropped() {
        let mut tracks = Tracks::default();
        assert_eq!(tracks.begin(&cnv(), 2, 2), Beginning::Here);
        assert_eq!(seqs(&tracks.take(&cnv(), &events(3..=4))), [3, 4]);
        assert_eq!(seqs(&tracks.take(&cnv(), &events(4..=5))), [5]);
        assert_eq!(seqs(&tracks.take(&cnv(), &events(3..=5))), []);
        assert_eq!(tracks.behind(), None);
    }

    #[test]
    fn a_gap_is_read_from_the_store_with_what_comes_meanwhile() {
        let mut tracks = Tracks::default();
        tracks.begin(&cnv(), 0, 0);
        assert_eq!(seqs(&tracks.take(&cnv(), &events(2..=2))), []);
        assert_eq!(tracks.behind(), Some((&cnv(), 0)));
        assert_eq!(seqs(&tracks.take(&cnv(), &events(3..=3))), []);
        assert_eq!(seqs(&tracks.filled(&cnv(), events(1..=2))), [1, 2]);
        assert_eq!(tracks.behind(), Some((&cnv(), 2)));
        assert_eq!(seqs(&tracks.filled(&cnv(), events(3..=3))), [3]);
        assert_eq!(tracks.behind(), None);
    }

    #[test]
    fn a_store_that_has_no_more_ends_the_asking() {
        let mut tracks = Tracks::default();
        tracks.begin(&cnv(), 0, 0);
        tracks.note_head(&cnv(), 5);
        assert_eq!(tracks.behind(), Some((&cnv(), 0)));
        assert!(tracks.filled(&cnv(), Vec::new()).is_empty());
        assert_eq!(tracks.behind(), None);
    }

    #[test]
    fn more_than_a_resume_may_bring_is_read_over_http() {
        let mut tracks = Tracks::default();
        let other = ConversationId("cnv_2".to_owned());
        assert_eq!(tracks.begin(&cnv(), 1, 401), Beginning::Here);
        assert_eq!(tracks.begin(&other, 0, 101), Beginning::Reset { after_seq: 0 });
        assert_eq!(seqs(&tracks.take(&other, &events(102..=102))), [102]);
        tracks.renew_budget();
        assert_eq!(tracks.begin(&other, 0, 102), Beginning::Here);
    }

    #[test]
    fn receipts_are_told_unless_the_client_said_them_itself() {
        let mut tracks = Tracks::default();
        tracks.begin(&cnv(), 5, 5);
        tracks.merge_receipts(&cnv(), &Receipts::of(Side::Customer, 5, 4));
        let both = Receipts { agent_delivered_seq: 5, ..Receipts::of(Side::Customer, 5, 4) };
        assert!(!tracks.merge_receipts(&cnv(), &Receipts::of(Side::Customer, 5, 4)));
        assert!(tracks.merge_receipts(&cnv(), &both));
        assert!(!tracks.merge_receipts(&cnv(), &both));
        assert!(tracks.merge_receipts(&ConversationId("cnv_2".to_owned()), &both));
    }

    #[test]
    fn a_client_that_claims_more_than_there_is_starts_from_what_there_is() {
        let mut tracks = Tracks::default();
        assert_eq!(tracks.begin(&cnv(), 9, 3), Beginning::Here);
        assert_eq!(seqs(&tracks.take(&cnv(), &events(4..=4))), [4]);
    }

    #[test]
    fn so_many_conversations_are_followed_and_no_more() {
        let mut tracks = Tracks::default();
        for number in 0..TRACKS_MAX + 10 {
            tracks.begin(&ConversationId(format!("cnv_{number}")), 0, 0);
        }
        assert_eq!(tracks.len(), TRACKS_MAX);
    }
}
