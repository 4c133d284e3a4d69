//! Keeps every inbox up to date. Changes are gathered, so that a conversation that changes a hundred times while
//! one summary is read is read once more and not a hundred times; one task reads and publishes, so that an older
//! summary never comes after a newer one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use broker::{Notice, Topic};
use protocol::id::{ConversationId, CustomerId};
use store::StoreError;
use tokio::sync::Notify;

use crate::app::App;
use crate::usecase::announce;

/// A customer's conversations that are shown again when something about the customer changes.
const CONVERSATIONS_OF_CUSTOMER: usize = 10;

/// How long changes are gathered: too short to be seen, long enough for a busy conversation.
const GATHER_TIME: Duration = Duration::from_millis(50);

/// How much longer for each conversation told the last time: every console is told of each, so a busy office is told
/// less often.
const GATHER_TIME_EACH: Duration = Duration::from_millis(1);

/// When the store refused, it is asked again after this time.
const RETRY: Duration = Duration::from_secs(1);

/// The longest time changes are gathered.
const GATHER_TIME_MAX: Duration = Duration::from_millis(500);

/// What changed since it was last told.
#[derive(Debug, Default)]
struct Changed {
    conversations: BTreeSet<ConversationId>,
    customers: BTreeSet<CustomerId>,
    /// What was erased: told after every summary that was read before.
    erased: Vec<Notice>,
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
    pub(crate) fn conversation(&self, conversation_id: &ConversationId) {
        self.changed().conversations.insert(conversation_id.clone());
        self.wake.notify_one();
    }

    /// Conversations were erased.
    pub(crate) fn erased(&self, notice: Notice) {
        self.changed().erased.push(notice);
        self.wake.notify_one();
    }

    /// What could not be told is told later. An erasure was: it is told before anything is read.
    fn put_back(&self, changed: Changed) {
        let mut newer = self.changed();
        newer.conversations.extend(changed.conversations);
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
    loop {
        app.announcer.wake.notified().await;
        // What changes many times in a moment is read and told once.
        tokio::time::sleep(gather_time).await;
        let changed = std::mem::take(&mut *app.announcer.changed());
        match tell(&app, &changed).await {
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
async fn tell(app: &App, changed: &Changed) -> Result<u32, StoreError> {
    for notice in &changed.erased {
        app.broker.publish(&Topic::Agents, notice.clone());
    }
    // A console that comes reads its inbox after it has begun to listen.
    if !app.broker.is_heard(&Topic::Agents) {
        return Ok(0);
    }
    let mut conversation_ids = changed.conversations.clone();
    for customer_id in &changed.customers {
        let heads = app.store.heads_of(customer_id, CONVERSATIONS_OF_CUSTOMER).await?;
        conversation_ids.extend(heads.into_iter().map(|(conversation_id, _)| conversation_id));
    }
    let conversation_ids: Vec<ConversationId> = conversation_ids.into_iter().collect();
    let summaries = announce::summaries(app, &conversation_ids).await?;
    let count = u32::try_from(summaries.len()).unwrap_or(u32::MAX);
    for summary in summaries {
        app.broker.publish(&Topic::Agents, Notice::Conversation { summary: Box::new(summary) });
    }
    Ok(count)
}
