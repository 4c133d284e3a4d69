//! Visitors who offer to show their page, and until when. An offer is a word to the agents and grants nothing: the tab
//! that made it answers the question that follows, as long as it still stands by it. The tab says it again every
//! half minute, so the offer of one that went away without a word lapses by itself. Pure: the time comes in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::id::{ConversationId, CustomerId};
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

#[derive(Debug, Clone)]
struct Offer {
    offer_id: String,
    customer_id: CustomerId,
    said_at: UnixMillis,
    ends_at: UnixMillis,
    silence_ms: i64,
}

impl Offer {
    fn until(&self) -> UnixMillis {
        self.said_at.plus_ms(self.silence_ms).min(self.ends_at)
    }
}

/// The offers that stand; one for each conversation, and one of each customer.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    by_conversation: Mutex<BTreeMap<ConversationId, Offer>>,
    /// Conversations whose offers somebody waits for to lapse.
    followed: Mutex<BTreeSet<ConversationId>>,
}

impl Offers {
    fn by_conversation(&self) -> MutexGuard<'_, BTreeMap<ConversationId, Offer>> {
        self.by_conversation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes an offer in place of the customer's others, and returns when it ends at the latest; `None` when there are
    /// too many.
    pub(crate) fn make(
        &self,
        conversation_id: &ConversationId,
        customer_id: &CustomerId,
        offer_id: &str,
        standing: Standing,
        now: UnixMillis,
    ) -> Option<UnixMillis> {
        let mut offers = self.by_conversation();
        offers.retain(|_, offer| offer.customer_id != *customer_id);
        if offers.len() >= OFFERS_MAX {
            return None;
        }
        let ends_at = now.plus_ms(standing.longest_ms);
        let offer = Offer {
            offer_id: offer_id.to_owned(),
            customer_id: customer_id.clone(),
            said_at: now,
            ends_at,
            silence_ms: standing.silence_ms,
        };
        offers.insert(conversation_id.clone(), offer);
        Some(ends_at)
    }

    /// Hears that the visitor still stands by an offer, and returns when it ends at the latest; `None` when it is gone.
    pub(crate) fn renew(
        &self,
        conversation_id: &ConversationId,
        offer_id: &str,
        now: UnixMillis,
    ) -> Option<UnixMillis> {
        let mut offers = self.by_conversation();
        let offer = offers.get_mut(conversation_id)?;
        if offer.offer_id != offer_id || offer.until() <= now {
            return None;
        }
        offer.said_at = now;
        Some(offer.ends_at)
    }

    /// Takes one offer back; whether it was there.
    pub(crate) fn withdraw(&self, conversation_id: &ConversationId, offer_id: &str) -> bool {
        let mut offers = self.by_conversation();
        let is_there = offers.get(conversation_id).is_some_and(|offer| offer.offer_id == offer_id);
        is_there && offers.remove(conversation_id).is_some()
    }

    /// Forgets the offer of a conversation; whether there was one.
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

    /// The offer that stands in a conversation.
    pub(crate) fn standing(&self, conversation_id: &ConversationId, now: UnixMillis) -> Option<String> {
        let offers = self.by_conversation();
        offers.get(conversation_id).filter(|offer| offer.until() > now).map(|offer| offer.offer_id.clone())
    }

    /// Whether somebody has to begin to wait for a conversation's offers to lapse; one is enough.
    pub(crate) fn begin_following(&self, conversation_id: &ConversationId) -> bool {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner).insert(conversation_id.clone())
    }

    /// Nobody waits any more.
    pub(crate) fn end_following(&self, conversation_id: &ConversationId) {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner).remove(conversation_id);
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

    fn make(offers: &Offers, name: &str, offer_id: &str) -> Option<UnixMillis> {
        offers.make(&conversation(name), &CustomerId(name.to_owned()), offer_id, STANDING, NOW)
    }

    #[test]
    fn an_offer_stands_until_it_is_taken_back() {
        let (offers, own) = (Offers::default(), conversation("a"));
        assert_eq!(make(&offers, "a", "one"), Some(NOW.plus_ms(600_000)));
        assert_eq!(offers.standing(&own, NOW), Some("one".to_owned()));
        assert_eq!(offers.standing(&conversation("b"), NOW), None);
        assert!(!offers.withdraw(&own, "two"));
        assert!(offers.withdraw(&own, "one"));
        assert_eq!(offers.standing(&own, NOW), None);
    }

    #[test]
    fn an_offer_nobody_stands_by_lapses_and_is_not_renewed() {
        let (offers, own) = (Offers::default(), conversation("a"));
        make(&offers, "a", "one");
        assert_eq!(offers.left_ms(&own, NOW.plus_ms(30_000)), 60_000);
        assert_eq!(offers.standing(&own, NOW.plus_ms(90_000)), None);
        assert_eq!(offers.renew(&own, "one", NOW.plus_ms(90_000)), None);
        assert_eq!(offers.left_ms(&own, NOW.plus_ms(90_000)), 0);
        assert_eq!(offers.renew(&own, "one", NOW), None);
    }

    #[test]
    fn saying_it_again_does_not_make_it_stand_for_ever() {
        let (offers, own) = (Offers::default(), conversation("a"));
        make(&offers, "a", "one");
        for at_ms in (30_000..600_000).step_by(30_000) {
            assert_eq!(offers.renew(&own, "one", NOW.plus_ms(at_ms)), Some(NOW.plus_ms(600_000)));
        }
        assert_eq!(offers.standing(&own, NOW.plus_ms(600_000)), None);
    }

    #[test]
    fn a_customers_new_offer_takes_the_place_of_the_one_before() {
        let offers = Offers::default();
        let customer = CustomerId("a".to_owned());
        offers.make(&conversation("first"), &customer, "one", STANDING, NOW);
        offers.make(&conversation("second"), &customer, "two", STANDING, NOW);
        assert_eq!(offers.standing(&conversation("first"), NOW), None);
        assert_eq!(offers.renew(&conversation("first"), "one", NOW), None);
        assert_eq!(offers.standing(&conversation("second"), NOW), Some("two".to_owned()));
    }

    #[test]
    fn one_waits_for_a_conversation_however_many_offers_it_sees() {
        let (offers, own) = (Offers::default(), conversation("a"));
        assert!(offers.begin_following(&own));
        assert!(!offers.begin_following(&own));
        offers.end_following(&own);
        assert!(offers.begin_following(&own));
    }
}
