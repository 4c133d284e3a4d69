//! What waits to be told to consoles, in its order: what changed, and what colleagues are told of in rounds. Pure: the
//! time comes in.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use broker::Notice;
use protocol::id::{ConversationId, CustomerId};
use tokio::time::Instant;

/// Customers whose conversations are read and told in one go.
const CUSTOMERS_AT_ONCE: usize = 20;

/// The time between two rounds for colleagues.
const ROUND_TIME: Duration = Duration::from_millis(500);

/// Conversations of one round, unless very many wait; the others follow with the next ones, in their order. Each goes
/// to every console.
const ROUND_CONVERSATIONS: usize = 25;

/// In so many rounds at most everything is told that waits.
const ROUNDS_MAX: usize = 20;

/// Whom a change concerns at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Concerns {
    /// Who answers the conversation; everybody as long as nobody does.
    Assignee,
    /// Everybody.
    Everybody,
}

/// What changed since it was last told.
#[derive(Debug, Default)]
pub(super) struct Changed {
    pub(super) conversations: BTreeMap<ConversationId, Concerns>,
    /// The same in the order in which they changed.
    order: VecDeque<ConversationId>,
    pub(super) customers: BTreeSet<CustomerId>,
    /// What was erased: told after every summary that was read before.
    pub(super) erased: Vec<Notice>,
}

impl Changed {
    pub(super) fn add(&mut self, conversation_id: ConversationId, concerns: Concerns) {
        match self.conversations.entry(conversation_id) {
            Entry::Vacant(entry) => {
                self.order.push_back(entry.key().clone());
                entry.insert(concerns);
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                *known = concerns.max(*known);
            }
        }
    }

    /// Takes what is told next.
    pub(super) fn take(&mut self, count_max: usize) -> Self {
        let mut next = Self { erased: std::mem::take(&mut self.erased), ..Self::default() };
        next.customers.extend(std::iter::from_fn(|| self.customers.pop_first()).take(CUSTOMERS_AT_ONCE));
        let count = self.order.len().min(count_max);
        for conversation_id in self.order.drain(..count) {
            if let Some(concerns) = self.conversations.remove(&conversation_id) {
                next.add(conversation_id, concerns);
            }
        }
        next
    }

    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty() && self.customers.is_empty() && self.erased.is_empty()
    }
}

/// What colleagues are told of with the next round.
#[derive(Debug, Default)]
pub(super) struct Round {
    waiting: Changed,
    due_at: Option<Instant>,
}

impl Round {
    pub(super) fn add(&mut self, conversation_id: ConversationId, now: Instant) {
        self.waiting.add(conversation_id, Concerns::Everybody);
        self.due_at.get_or_insert(now + ROUND_TIME);
    }

    /// Comes back when the round is due, and never while it is empty.
    pub(super) async fn due(&self) {
        match self.due_at {
            Some(due_at) => tokio::time::sleep_until(due_at).await,
            None => std::future::pending().await,
        }
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.due_at.is_some_and(|due_at| due_at <= now)
    }

    pub(super) fn begin(&mut self, now: Instant) -> VecDeque<ConversationId> {
        let count = ROUND_CONVERSATIONS.max(self.waiting.order.len().div_ceil(ROUNDS_MAX));
        let next = self.waiting.take(count).order;
        self.due_at = (!self.waiting.is_empty()).then(|| now + ROUND_TIME);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cnv(number: usize) -> ConversationId {
        ConversationId(format!("cnv_{number}"))
    }

    #[test]
    fn what_changed_first_is_told_first_and_once() {
        let mut changed = Changed::default();
        for number in [3, 1, 3, 2, 1] {
            changed.add(cnv(number), Concerns::Assignee);
        }
        assert_eq!(changed.take(2).order, [cnv(3), cnv(1)]);
        changed.add(cnv(1), Concerns::Assignee);
        assert_eq!(changed.take(2).order, [cnv(2), cnv(1)]);
        assert!(changed.is_empty());
    }

    #[test]
    fn of_many_customers_some_are_told_at_once_and_the_others_after_them() {
        let mut changed = Changed::default();
        let customers = 0..CUSTOMERS_AT_ONCE + 1;
        changed.customers.extend(customers.map(|number| CustomerId(format!("cus_{number}"))));
        assert_eq!(changed.take(100).customers.len(), CUSTOMERS_AT_ONCE);
        assert!(!changed.is_empty());
        assert_eq!(changed.take(100).customers.len(), 1);
        assert!(changed.is_empty());
    }

    #[test]
    fn a_change_for_everybody_is_not_hidden_by_talk() {
        let mut changed = Changed::default();
        changed.add(cnv(1), Concerns::Everybody);
        changed.add(cnv(1), Concerns::Assignee);
        assert_eq!(changed.take(1).conversations[&cnv(1)], Concerns::Everybody);
    }

    #[test]
    fn rounds_bring_everything_in_their_time() {
        let mut round = Round::default();
        let now = Instant::now();
        (0..=ROUND_CONVERSATIONS).for_each(|number| round.add(cnv(number), now));
        assert!(!round.is_due(now));
        let (first, second) = (now + ROUND_TIME, now + 2 * ROUND_TIME);
        assert!(round.is_due(first));
        assert_eq!(round.begin(first).len(), ROUND_CONVERSATIONS);
        assert!(!round.is_due(first) && round.is_due(second));
        assert_eq!(round.begin(second), [cnv(ROUND_CONVERSATIONS)]);
        assert!(!round.is_due(second + ROUND_TIME));
        (0..10_000).for_each(|number| round.add(cnv(number), now));
        let rounds = std::iter::from_fn(|| Some(round.begin(now).len()).filter(|told| *told > 0));
        assert!(rounds.take_while(|told| *told > ROUND_CONVERSATIONS).sum::<usize>() > 9_000);
    }
}
