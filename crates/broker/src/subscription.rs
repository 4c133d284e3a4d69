//! One listener's bounded queue.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::limit::{SOCKET_QUEUE_BYTES_MAX, SOCKET_QUEUE_FRAMES_MAX};
use tokio::sync::Notify;

use crate::memory::Listeners;
use crate::notice::{Notice, Topic};

/// More came than was taken; something is missing, so the listener has to start again from the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lagged;

#[derive(Debug, Default)]
struct Waiting {
    notices: VecDeque<Arc<Notice>>,
    bytes: usize,
    has_lagged: bool,
}

/// Where notices wait for one listener.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    waiting: Mutex<Waiting>,
    arrived: Notify,
    overflowed: Notify,
}

impl Mailbox {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn put(&self, notice: &Arc<Notice>) {
        let mut waiting = self.waiting();
        if waiting.has_lagged {
            return;
        }
        let weight_bytes = notice.weight_bytes();
        let is_full = waiting.notices.len() >= SOCKET_QUEUE_FRAMES_MAX
            || waiting.bytes.saturating_add(weight_bytes) > SOCKET_QUEUE_BYTES_MAX;
        // One notice alone is always taken, however heavy it is: it would never fit otherwise.
        if is_full && !waiting.notices.is_empty() {
            *waiting = Waiting { has_lagged: true, ..Waiting::default() };
            drop(waiting);
            self.overflowed.notify_one();
        } else {
            waiting.notices.push_back(Arc::clone(notice));
            waiting.bytes += weight_bytes;
            drop(waiting);
        }
        self.arrived.notify_one();
    }

    fn take(&self) -> Option<Result<Arc<Notice>, Lagged>> {
        let mut waiting = self.waiting();
        if waiting.has_lagged {
            return Some(Err(Lagged));
        }
        let notice = waiting.notices.pop_front()?;
        waiting.bytes = waiting.bytes.saturating_sub(notice.weight_bytes());
        Some(Ok(notice))
    }
}

/// One listener: its topics and what waits for it. Dropping it ends the listening.
#[derive(Debug)]
pub struct Subscription {
    mailbox: Arc<Mailbox>,
    topics: BTreeSet<Topic>,
    listeners: Arc<Listeners>,
}

impl Subscription {
    pub(crate) fn new(listeners: Arc<Listeners>) -> Self {
        Self { mailbox: Arc::default(), topics: BTreeSet::new(), listeners }
    }

    /// Listens to a topic from now on.
    pub fn listen(&mut self, topic: Topic) {
        if self.topics.insert(topic.clone()) {
            self.listeners.add(topic, &self.mailbox);
        }
    }

    /// Listens to a topic no longer. What came before may still wait.
    pub fn ignore(&mut self, topic: &Topic) {
        if self.topics.remove(topic) {
            self.listeners.remove(topic, &self.mailbox);
        }
    }

    /// Returns the next notice, in the order of publication. May be dropped and called again.
    ///
    /// # Errors
    /// [`Lagged`] from the moment something was dropped, for ever.
    pub async fn next(&mut self) -> Result<Arc<Notice>, Lagged> {
        loop {
            if let Some(notice) = self.mailbox.take() {
                return notice;
            }
            self.mailbox.arrived.notified().await;
        }
    }

    /// Comes back when something was dropped, for those who are busy with a notice.
    pub async fn overflowed(&self) {
        if self.mailbox.waiting().has_lagged {
            return;
        }
        self.mailbox.overflowed.notified().await;
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        for topic in &self.topics {
            self.listeners.remove(topic, &self.mailbox);
        }
    }
}
