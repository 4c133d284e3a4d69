//! People who write: the product's own client machines in a thin shell, over real sockets and requests.

mod crowd;
pub(crate) mod http;
mod machine;
mod person;
mod polling;
pub(crate) mod prober;
pub(crate) mod socket;

pub(crate) use crowd::{Crowd, CrowdPlan, Left};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chat_core::{OutboxMessage, SavedSession};
use protocol::id::MessageId;

use crate::checker::Readable;

/// What a browser keeps over a reload.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    session: Option<SavedSession>,
    outbox: BTreeMap<MessageId, OutboxMessage>,
}

/// How people behave while they are busy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    /// Milliseconds between two things somebody does: at least, and less than.
    pub(crate) pause_ms: (u64, u64),
    /// Of a hundred things somebody does, how many are loading the page again.
    pub(crate) reloads: u64,
    /// Messages that wait for the server until nothing more is written.
    pub(crate) backlog_max: usize,
}

/// What everybody does.
#[derive(Debug, Clone)]
enum Phase {
    /// They write, load their pages again, look up from other work.
    Busy,
    /// They write nothing more and look whether everything went out.
    Resting,
    /// They compare what their windows show with this.
    Comparing(Arc<Readable>),
    /// They leave.
    Leaving,
}

/// What can be seen of all people while they live.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    waiting: AtomicUsize,
    online: AtomicUsize,
    agreed: AtomicUsize,
    acknowledged: AtomicUsize,
    refused: AtomicUsize,
}

impl Progress {
    /// Messages in outboxes.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// People with a connection that was welcomed.
    pub(crate) fn online(&self) -> usize {
        self.online.load(Ordering::Relaxed)
    }

    /// Messages that were acknowledged, each counted once by its sender.
    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Answers that a message was not stored.
    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }
}
