//! Visitors who offer to show their page, and until when. An offer is a word to the agents and grants nothing: the tab
//! that made it answers the question that follows, as long as it still stands by it. The tab says it again every
//! half minute, so the offer of one that went away without a word lapses by itself. Pure: the time comes in.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::id::ConversationId;
use protocol::time::UnixMillis;

/// Offers at once; more are not taken.
const OFFERS_MAX: usize = 10_000;

/// How long offers stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// Since it was said last.
    pub(crate) silence_ms: i64,
    /// In all.
    pub(crate) longest_ms: i64,
}

#[derive(Debug, Clone, Copy)]
struct Offer {
    said_at: UnixMillis,
    ends_at: UnixMillis,
    silence_ms: i64,
}

impl Offer {
    fn until(&self) -> UnixMillis {
        self.said_at.plus_ms(self.silence_ms).min(self.ends_at)
    }
}

/// What became of an offer that was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// It is new, and ends at the latest then.
    New { ends_at: UnixMillis },
    /// It stood already, and still ends then.
    Again { ends_at: UnixMillis },
    /// There are too many.
    TooMany,
}

/// The offers that stand; one for each conversation.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    by_conversation: Mutex<BTreeMap<ConversationId, Offer>>,
}

impl Offers {
    fn by_conversation(&self) -> MutexGuard<'_, BTreeMap<ConversationId, Offer>> {
        self.by_conversation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes an offer, or says one again.
    pub(crate) fn say(&self, conversation_id: &ConversationId, standing: Standing, now: UnixMillis) -> Said {
        let mut offers = self.by_conversation();
        if let Some(offer) = offers.get_mut(conversation_id).filter(|offer| offer.until() > now) {
            offer.said_at = now;
            return Said::Again { ends_at: offer.ends_at };
        }
        if offers.len() >= OFFERS_MAX {
            return Said::TooMany;
        }
        let ends_at = now.plus_ms(standing.longest_ms);
        let offer = Offer { said_at: now, ends_at, silence_ms: standing.silence_ms };
        offers.insert(conversation_id.clone(), offer);
        Said::New { ends_at }
    }

    /// Forgets an offer; whether there was one.
    pub(crate) fn forget(&self, conversation_id: &ConversationId) -> bool {
        self.by_conversation().remove(conversation_id).is_some()
    }

    /// Forgets an offer that has lapsed, or returns for how long it still stands; zero when there is none any more.
    pub(crate) fn left_ms(&self, conversation_id: &ConversationId, now: UnixMillis) -> i64 {
        let mut offers = self.by_conversation();
        let left_ms = offers.get(conversation_id).map_or(0, |offer| offer.until().since_ms(now));
        if left_ms <= 0 {
            offers.remove(conversation_id);
        }
        left_ms.max(0)
    }

    /// Whether the visitor of a conversation offers to show their page.
    pub(crate) fn stands(&self, conversation_id: &ConversationId, now: UnixMillis) -> bool {
        self.by_conversation().get(conversation_id).is_some_and(|offer| offer.until() > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000);
    const STANDING: Standing = Standing { silence_ms: 90_000, longest_ms: 600_000 };

    fn conversation(name: &str) -> ConversationId {
        ConversationId(name.to_owned())
    }

    #[test]
    fn an_offer_stands_until_it_is_taken_back() {
        let (offers, own) = (Offers::default(), conversation("cnv_1"));
        assert_eq!(offers.say(&own, STANDING, NOW), Said::New { ends_at: NOW.plus_ms(600_000) });
        assert!(offers.stands(&own, NOW) && !offers.stands(&conversation("cnv_2"), NOW));
        assert!(offers.forget(&own));
        assert!(!offers.stands(&own, NOW) && !offers.forget(&own));
    }

    #[test]
    fn an_offer_nobody_stands_by_lapses() {
        let (offers, own) = (Offers::default(), conversation("cnv_1"));
        offers.say(&own, STANDING, NOW);
        assert_eq!(offers.left_ms(&own, NOW.plus_ms(30_000)), 60_000);
        assert!(!offers.stands(&own, NOW.plus_ms(90_000)));
        assert_eq!(offers.left_ms(&own, NOW.plus_ms(90_000)), 0);
        assert!(!offers.forget(&own));
    }

    #[test]
    fn saying_it_again_does_not_make_it_stand_for_ever() {
        let (offers, own) = (Offers::default(), conversation("cnv_1"));
        for at_ms in (0..600_000).step_by(30_000) {
            offers.say(&own, STANDING, NOW.plus_ms(at_ms));
        }
        assert!(offers.stands(&own, NOW.plus_ms(599_999)));
        assert!(!offers.stands(&own, NOW.plus_ms(600_000)));
    }

    #[test]
    fn memory_stays_bounded() {
        let offers = Offers::default();
        for number in 0..OFFERS_MAX {
            offers.say(&conversation(&number.to_string()), STANDING, NOW);
        }
        assert_eq!(offers.say(&conversation("more"), STANDING, NOW), Said::TooMany);
        assert!(matches!(offers.say(&conversation("0"), STANDING, NOW), Said::Again { .. }));
    }
}
