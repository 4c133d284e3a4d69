//! Keeps every inbox up to date. Changes are gathered, so that a conversation that changes a hundred times while
//! one summary is read is read once more and not a hundred times; one task reads and publishes, so that an older
//! summary never comes after a newer one.
//!
//! In a busy office most of what changes is talk in conversations that somebody answers. It is told at once to the
//! consoles of the agent who does, and to everybody else with the next round for colleagues: telling each console of
//! each message would cost more than carrying all of them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use broker::{Notice, Topic};
use protocol::agent::ConversationSummary;
use protocol::id::{AgentId, ConversationId, CustomerId};
use protocol::notice::conversation_frames;
use store::StoreError;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::app::App;
use crate::usecase::announce;

/// A customer's conversations that are shown again when something about the customer changes.
const CONVERSATIONS_OF_CUSTOMER: usize = 10;

/// How long changes are gathered: too short to be seen, long enough for a busy conversation.
const GATHER_TIME: Duration = Duration::from_millis(50);

/// How much longer for each conversation told the last time: where everything changes all the time, it is read and told
/// less often.
const GATHER_TIME_EACH: Duration = Duration::from_millis(2);

/// The longest time changes are gathered: whoever waits in a queue has to be seen.
const GATHER_TIME_MAX: Duration = Duration::from_millis(500);

/// Customers whose conversations are read and told in one go.
const CUSTOMERS_AT_ONCE: usize = 20;

/// Conversations that are read and told in one go; the others follow in their order. What is told in one go keeps both
/// processors of a small machine from messages for so long.
const TOLD_AT_ONCE: usize = 100;

/// The time between two rounds for colleagues.
const ROUND_TIME: Duration = Duration::from_millis(500);

/// Conversations of one round, unless very many wait; the others follow with the next ones, in their order. Each goes
/// to every console.
const ROUND_CONVERSATIONS: usize = 25;

/// In so many rounds at most everything is told that waits.
const ROUNDS_MAX: usize = 20;

/// When the store refused, it is asked again after this time.
const RETRY: Duration = Duration::from_secs(1);

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
struct Changed {
    conversations: BTreeMap<ConversationId, Concerns>,
    /// The same in the order in which they changed.
    order: VecDeque<ConversationId>,
    customers: BTreeSet<CustomerId>,
    /// What was erased: told after every summary that was read before.
    erased: Vec<Notice>,
}

impl Changed {
    fn add(&mut self, conversation_id: ConversationId, concerns: Concerns) {
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
    fn take(&mut self, count_max: usize) -> Self {
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

    fn is_empty(&self) -> bool {
        self.order.is_empty() && self.customers.is_empty() && self.erased.is_empty()
    }
}

/// What consoles have to be told.
#[derive(Debug, Default)]
pub(crate) struct Announcer {
    changed: Mutex<Changed>,
    wake: Notify,
}

impl Announcer {
    fn changed(&self) -> MutexGuard<'_, Changed> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A conversation changed.
    pub(crate) fn conversation(&self, conversation_id: &ConversationId, concerns: Concerns) {
        self.changed().add(conversation_id.clone(), concerns);
        self.wake.notify_one();
    }

    /// Conversations were erased.
    pub(crate) fn erased(&self, notice: Notice) {
        self.changed().erased.push(notice);
        self.wake.notify_one();
    }

    /// Takes what is told next; what is left wakes again.
    fn take(&self) -> Changed {
        let mut changed = self.changed();
        let next = changed.take(TOLD_AT_ONCE);
        if !changed.is_empty() {
            self.wake.notify_one();
        }
        next
    }

    /// What could not be told is told later. An erasure was: it is told before anything is read.
    fn put_back(&self, changed: Changed) {
        let mut newer = self.changed();
        for (conversation_id, concerns) in changed.conversations {
            newer.add(conversation_id, concerns);
        }
        newer.customers.extend(changed.customers);
        self.wake.notify_one();
    }

    /// Something about a customer changed, and with it each of their conversations.
    pub(crate) fn customer(&self, customer_id: &CustomerId) {
        self.changed().customers.insert(customer_id.clone());
        self.wake.notify_one();
    }
}

/// What colleagues are told of with the next round.
#[derive(Debug, Default)]
struct Round {
    waiting: Changed,
    due_at: Option<Instant>,
}

impl Round {
    fn add(&mut self, conversation_id: ConversationId, now: Instant) {
        self.waiting.add(conversation_id, Concerns::Everybody);
        self.due_at.get_or_insert(now + ROUND_TIME);
    }

    /// Comes back when the round is due, and never while it is empty.
    async fn due(&self) {
        match self.due_at {
            Some(due_at) => tokio::time::sleep_until(due_at).await,
            None => std::future::pending().await,
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        self.due_at.is_some_and(|due_at| due_at <= now)
    }

    fn begin(&mut self, now: Instant) -> VecDeque<ConversationId> {
        let count = ROUND_CONVERSATIONS.max(self.waiting.order.len().div_ceil(ROUNDS_MAX));
        let next = self.waiting.take(count).order;
        self.due_at = (!self.waiting.is_empty()).then(|| now + ROUND_TIME);
        next
    }
}

/// Tells consoles what changed, as long as the server runs.
pub(crate) async fn keep_telling(app: Arc<App>) {
    let mut gather_time = GATHER_TIME;
    let mut round = Round::default();
    loop {
        tokio::select! {
            () = app.announcer.wake.notified() => {}
            () = round.due() => {}
        }
        // What changes many times in a moment is read and told once.
        tokio::time::sleep(gather_time).await;
        let mut changed = app.announcer.take();
        let now = Instant::now();
        if round.is_due(now) {
            for conversation_id in round.begin(now) {
                changed.add(conversation_id, Concerns::Everybody);
            }
        }
        match tell(&app, &changed, &mut round).await {
            Ok(count) => gather_time = (GATHER_TIME + GATHER_TIME_EACH * count).min(GATHER_TIME_MAX),
            Err(error) => {
                tracing::error!(%error, "consoles could not be told of a change yet");
                app.announcer.put_back(changed);
                gather_time = RETRY;
            }
        }
    }
}

/// Returns how many conversations were told of.
async fn tell(app: &App, changed: &Changed, round: &mut Round) -> Result<u32, StoreError> {
    for notice in &changed.erased {
        app.broker.publish(&Topic::Agents, notice.clone().into());
    }
    // A console that comes reads its inbox after it has begun to listen.
    if !app.broker.is_heard(&Topic::Agents) {
        return Ok(0);
    }
    let mut concerns = changed.conversations.clone();
    for customer_id in &changed.customers {
        for (conversation_id, _) in app.store.heads_of(customer_id, CONVERSATIONS_OF_CUSTOMER).await? {
            concerns.entry(conversation_id).or_insert(Concerns::Assignee);
        }
    }
    let conversation_ids: Vec<ConversationId> = concerns.keys().cloned().collect();
    let summaries = announce::summaries(app, &conversation_ids).await?;
    let count = u32::try_from(summaries.len()).unwrap_or(u32::MAX);
    let mut for_everybody = Vec::new();
    let mut for_assignee: BTreeMap<AgentId, Vec<ConversationSummary>> = BTreeMap::new();
    for summary in summaries {
        match (concerns.get(&summary.head.conversation_id), &summary.head.assignee) {
            (Some(Concerns::Assignee), Some(assignee)) => {
                round.add(summary.head.conversation_id.clone(), Instant::now());
                for_assignee.entry(assignee.agent_id.clone()).or_default().push(summary);
            }
            (Some(Concerns::Assignee | Concerns::Everybody) | None, _) => for_everybody.push(summary),
        }
    }
    publish(app, &Topic::Agents, for_everybody);
    for (agent_id, summaries) in for_assignee {
        publish(app, &Topic::Agent(agent_id), summaries);
    }
    Ok(count)
}

fn publish(app: &App, topic: &Topic, summaries: Vec<ConversationSummary>) {
    for frame in conversation_frames(summaries) {
        app.broker.publish(topic, Notice::Conversations { frame }.into());
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
        assert_eq!(changed.take(TOLD_AT_ONCE).customers.len(), CUSTOMERS_AT_ONCE);
        assert!(!changed.is_empty());
        assert_eq!(changed.take(TOLD_AT_ONCE).customers.len(), 1);
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
