//! Keeps every inbox up to date. Changes are gathered, so that a conversation that changes a hundred times while
//! one summary is read is read once more and not a hundred times; one task reads and publishes, so that an older
//! summary never comes after a newer one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use broker::{Notice, Topic};
use protocol::id::{ConversationId, CustomerId};
use store::{Conversation, StoreError};
use tokio::sync::Notify;

use crate::app::App;
use crate::usecase::announce::Summaries;

/// A customer's conversations that are shown again when something about the customer changes.
const CONVERSATIONS_OF_CUSTOMER: usize = 10;

/// How long changes are gathered: too short to be seen, long enough for a busy conversation.
const GATHER_TIME: Duration = Duration::from_millis(50);

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

    /// Something about a customer changed, and with it each of their conversations.
    pub(crate) fn customer(&self, customer_id: &CustomerId) {
        self.changed().customers.insert(customer_id.clone());
        self.wake.notify_one();
    }
}

/// Tells consoles what changed, as long as the server runs.
pub(crate) async fn keep_telling(app: Arc<App>) {
    loop {
        app.announcer.wake.notified().await;
        // What changes many times in a moment is read and told once.
        tokio::time::sleep(GATHER_TIME).await;
        let changed = std::mem::take(&mut *app.announcer.changed());
        if let Err(error) = tell(&app, changed).await {
            tracing::error!(%error, "consoles could not be told of a change");
        }
    }
}

async fn tell(app: &App, changed: Changed) -> Result<(), StoreError> {
    for notice in changed.erased {
        app.broker.publish(&Topic::Agents, notice);
    }
    let mut summaries = Summaries::new(app);
    for conversation_id in changed.conversations {
        if let Some(found) = app.store.conversation(&conversation_id).await? {
            publish(app, &mut summaries, found).await?;
        }
    }
    for customer_id in changed.customers {
        for found in app.store.conversations_of(&customer_id, CONVERSATIONS_OF_CUSTOMER).await? {
            publish(app, &mut summaries, found).await?;
        }
    }
    Ok(())
}

async fn publish(app: &App, summaries: &mut Summaries<'_>, found: Conversation) -> Result<(), StoreError> {
    if let Some(summary) = summaries.of(found).await? {
        app.broker.publish(&Topic::Agents, Notice::Conversation { summary: Box::new(summary) });
    }
    Ok(())
}
