//! The server as a value: its connections and what it stored.

pub(crate) mod conn;
pub(crate) mod store;

use std::collections::BTreeMap;

use chat_host::{AgentHost, VisitorHost};

use conn::{Conn, ConnId};
use store::{Store, Write, Writer};

/// Who waits for a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waiting {
    Visitor(ConnId),
    Agent(ConnId),
    /// A request of an agent over HTTP; the number is the agent's.
    Rest(usize),
}

/// A write that waits for the next commit.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) waiting: Waiting,
    pub(crate) writer: Writer,
    pub(crate) write: Write,
}

/// Whether the server is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Up,
    /// It goes down in order and takes no new connections.
    Draining,
    Down,
}

/// The server: what is stored outlives it, everything else does not.
pub(crate) struct Server {
    /// Counts its starts.
    pub(crate) run: u32,
    pub(crate) presence: Presence,
    pub(crate) store: Store,
    pub(crate) queue: Vec<Job>,
    pub(crate) visitors: BTreeMap<ConnId, Conn<VisitorHost>>,
    pub(crate) agents: BTreeMap<ConnId, Conn<AgentHost>>,
    pub(crate) next_conn: ConnId,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self {
            run: 0,
            presence: Presence::Up,
            store: Store::default(),
            queue: Vec::new(),
            visitors: BTreeMap::new(),
            agents: BTreeMap::new(),
            next_conn: 1,
        }
    }

    pub(crate) fn new_conn(&mut self) -> ConnId {
        self.next_conn += 1;
        self.next_conn
    }
}
