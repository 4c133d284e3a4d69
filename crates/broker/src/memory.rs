//! The broker of one node: a map from topics to listeners.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::notice::{Notice, Topic};

use crate::Broker;
use crate::subscription::{Mailbox, Subscription};

/// Who listens to what.
#[derive(Debug, Default)]
pub(crate) struct Listeners {
    by_topic: Mutex<BTreeMap<Topic, Vec<Arc<Mailbox>>>>,
}

impl Listeners {
    fn by_topic(&self) -> MutexGuard<'_, BTreeMap<Topic, Vec<Arc<Mailbox>>>> {
        self.by_topic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, topic: Topic, mailbox: &Arc<Mailbox>) {
        self.by_topic().entry(topic).or_default().push(Arc::clone(mailbox));
    }

    pub(crate) fn remove(&self, topic: &Topic, mailbox: &Arc<Mailbox>) {
        let mut by_topic = self.by_topic();
        if let Some(mailboxes) = by_topic.get_mut(topic) {
            mailboxes.retain(|other| !Arc::ptr_eq(other, mailbox));
            if mailboxes.is_empty() {
                by_topic.remove(topic);
            }
        }
    }

    /// The lock is held while everybody is served, so that all see one order.
    fn serve(&self, topic: &Topic, notice: &Arc<Notice>) {
        for mailbox in self.by_topic().get(topic).into_iter().flatten() {
            mailbox.put(notice);
        }
    }

    fn count(&self) -> usize {
        self.by_topic().len()
    }
}

/// The broker of one node.
#[derive(Debug, Default)]
pub struct MemoryBroker {
    listeners: Arc<Listeners>,
}

impl MemoryBroker {
    /// Returns how many topics somebody listens to.
    #[must_use]
    pub fn topic_count(&self) -> usize {
        self.listeners.count()
    }
}

impl Broker for MemoryBroker {
    fn publish(&self, topic: &Topic, notice: Arc<Notice>) {
        self.listeners.serve(topic, &notice);
    }

    fn is_heard(&self, topic: &Topic) -> bool {
        self.listeners.by_topic().contains_key(topic)
    }

    fn subscribe(&self) -> Subscription {
        Subscription::new(Arc::clone(&self.listeners))
    }
}
