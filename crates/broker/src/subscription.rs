//! One listener's bounded queue.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::limit::{SOCKET_QUEUE_BYTES_MAX, SOCKET_QUEUE_FRAMES_MAX, SOCKET_SUMMARIES_BYTES_MAX};
use protocol::notice::{Notice, Topic};
use tokio::sync::Notify;

use crate::memory::Listeners;

/// More came than was taken; something is missing, so the listener has to start again from the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lagged;

#[derive(Debug, Default)]
struct Waiting {
    notices: VecDeque<Arc<Notice>>,
    /// What waits beside conversations of inboxes, which have a bound of their own.
    frames: usize,
    bytes: usize,
    summaries_bytes: usize,
    has_lagged: bool,
}

impl Waiting {
    /// Takes a notice, or says that there is no room. One alone is always taken, however heavy it is: it would never fit
    /// otherwise.
    fn put(&mut self, notice: &Arc<Notice>) -> Result<(), Lagged> {
        let weight_bytes = notice.weight_bytes();
        if is_of_inbox(notice) {
            let bytes = self.summaries_bytes.saturating_add(weight_bytes);
            if bytes > SOCKET_SUMMARIES_BYTES_MAX && self.summaries_bytes > 0 {
                return Err(Lagged);
            }
            self.summaries_bytes = bytes;
        } else {
            let bytes = self.bytes.saturating_add(weight_bytes);
            if self.frames >= SOCKET_QUEUE_FRAMES_MAX || (bytes > SOCKET_QUEUE_BYTES_MAX && self.frames > 0) {
                return Err(Lagged);
            }
            self.bytes = bytes;
            self.frames += 1;
        }
        self.notices.push_back(Arc::clone(notice));
        Ok(())
    }

    fn take(&mut self) -> Option<Arc<Notice>> {
        let notice = self.notices.pop_front()?;
        if is_of_inbox(&notice) {
            self.summaries_bytes -= notice.weight_bytes();
        } else {
            self.bytes -= notice.weight_bytes();
            self.frames -= 1;
        }
        Some(notice)
    }
}

fn is_of_inbox(notice: &Notice) -> bool {
    matches!(notice, Notice::Conversations { .. })
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
        if waiting.put(notice).is_err() {
            *waiting = Waiting { has_lagged: true, ..Waiting::default() };
            drop(waiting);
            self.overflowed.notify_one();
        } else {
            drop(waiting);
        }
        self.arrived.notify_one();
    }

    fn take(&self) -> Option<Result<Arc<Notice>, Lagged>> {
        let mut waiting = self.waiting();
        if waiting.has_lagged {
            return Some(Err(Lagged));
        }
        waiting.take().map(Ok)
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
