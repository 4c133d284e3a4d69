//! Keeps every inbox up to date. Changes are gathered, so that a conversation that changes a hundred times while
//! one summary is read is read once more and not a hundred times; one task reads and publishes, so that an older
//! summary never comes after a newer one.
//!
//! In a busy office most of what changes is talk in conversations that somebody answers. It is told at once to the
//! consoles of the agent who does, and to everybody else with the next round for colleagues: telling each console of
//! each message would cost more than carrying all of them.

mod waiting;

use std::collections::BTreeMap;
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
pub(crate) use waiting::Concerns;
use waiting::{Changed, Round};

/// A customer's conversations that are shown again when something about the customer changes.
const CONVERSATIONS_OF_CUSTOMER: usize = 10;

/// How long changes are gathered: too short to be seen, long enough for a busy conversation.
const GATHER_TIME: Duration = Duration::from_millis(50);

/// How much longer for each conversation told the last time: where everything changes all the time, it is read and told
/// less often.
const GATHER_TIME_EACH: Duration = Duration::from_millis(2);

/// The longest time changes are gathered: whoever waits in a queue has to be seen.
const GATHER_TIME_MAX: Duration = Duration::from_millis(500);

/// Conversations that are read and told in one go; the others follow in their order. What is told in one go keeps both
/// processors of a small machine from messages for so long.
const TOLD_AT_ONCE: usize = 100;

/// When the store refused, it is asked again after this time.
const RETRY: Duration = Duration::from_secs(1);

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
