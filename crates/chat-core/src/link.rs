//! One connection to the server: when to open it, when to believe it dead, when to try again.

use std::collections::VecDeque;

use protocol::close::CloseCode;
use protocol::limit::{CLIENT_SILENCE_MS, CONNECT_TIMEOUT_MS, PROBE_TIMEOUT_MS, STABLE_AFTER_MS};
use protocol::time::UnixMillis;

use crate::jitter::{Jitter, longest_pause_ms};
use crate::thread::earliest;
use crate::transport::{Transport, Ways};

/// Where the connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Not wanted yet.
    Idle,
    /// Wanted, but the page is hidden away; it resumes when the page comes back.
    Asleep,
    /// The socket is being opened.
    Connecting {
        /// Since when.
        since: UnixMillis,
    },
    /// The socket is open, the hello is not answered yet.
    Greeting {
        /// Since when.
        since: UnixMillis,
    },
    /// The hello was accepted.
    Online {
        /// Since when.
        since: UnixMillis,
    },
    /// The last try failed, the next one comes later.
    Waiting {
        /// When it comes.
        retry_at: UnixMillis,
    },
    /// The server does not want this client back; only a new page or log-in changes that.
    Refused {
        /// The close code.
        code: u16,
    },
}

/// What the shell, or the machine around the link, has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkAction {
    Open(Transport),
    Close,
    Greet,
    Probe,
}

#[derive(Debug)]
pub(crate) struct Link {
    connection: Connection,
    refusals: u32,
    heard_at: UnixMillis,
    probe_due_at: Option<UnixMillis>,
    ways: Ways,
    jitter: Jitter,
    actions: VecDeque<LinkAction>,
}

impl Link {
    /// A connection by sockets only.
    pub(crate) fn by_socket(jitter_seed: u64) -> Self {
        Self::new(jitter_seed, Ways::new(false))
    }

    /// A connection that polls where sockets are refused.
    pub(crate) fn by_any_way(jitter_seed: u64) -> Self {
        Self::new(jitter_seed, Ways::new(true))
    }

    fn new(jitter_seed: u64, ways: Ways) -> Self {
        Self {
            ways,
            connection: Connection::Idle,
            refusals: 0,
            heard_at: UnixMillis(0),
            probe_due_at: None,
            jitter: Jitter::new(jitter_seed),
            actions: VecDeque::new(),
        }
    }

    pub(crate) fn connection(&self) -> Connection {
        self.connection
    }

    pub(crate) fn is_online(&self) -> bool {
        matches!(self.connection, Connection::Online { .. })
    }

    pub(crate) fn poll_action(&mut self) -> Option<LinkAction> {
        self.actions.pop_front()
    }

    /// A connection is wanted from now on.
    pub(crate) fn want(&mut self, now: UnixMillis) {
        if matches!(self.connection, Connection::Idle | Connection::Refused { .. }) {
            self.open(now);
        }
    }

    /// No connection is wanted any more, until `want`.
    pub(crate) fn rest(&mut self) {
        self.drop_socket();
        self.connection = Connection::Idle;
    }

    pub(crate) fn opened(&mut self, now: UnixMillis) {
        if matches!(self.connection, Connection::Connecting { .. }) {
            self.connection = Connection::Greeting { since: now };
            self.heard_at = now;
            self.actions.push_back(LinkAction::Greet);
        }
    }

    /// The hello was accepted.
    pub(crate) fn greeted(&mut self, now: UnixMillis) {
        if matches!(self.connection, Connection::Greeting { .. }) {
            self.connection = Connection::Online { since: now };
            self.ways.welcomed();
        }
        self.heard(now);
    }

    /// A frame came in.
    pub(crate) fn heard(&mut self, now: UnixMillis) {
        self.heard_at = now;
        self.probe_due_at = None;
    }

    pub(crate) fn closed(&mut self, code: u16, now: UnixMillis) {
        let was_stable =
            matches!(self.connection, Connection::Online { since } if now.since_ms(since) >= STABLE_AFTER_MS);
        match self.connection {
            Connection::Connecting { .. } | Connection::Greeting { .. } if !is_said_by_server(code) => {
                self.ways.refused();
            }
            Connection::Connecting { .. } | Connection::Greeting { .. } | Connection::Online { .. } => {}
            Connection::Idle
            | Connection::Asleep
            | Connection::Waiting { .. }
            | Connection::Refused { .. } => return,
        }
        self.probe_due_at = None;
        if CloseCode::is_final(code) {
            self.connection = Connection::Refused { code };
            return;
        }
        self.refusals = if was_stable { 1 } else { self.refusals + 1 };
        let pause = self.jitter.up_to(longest_pause_ms(self.refusals));
        self.connection = Connection::Waiting { retry_at: now.plus_ms(pause) };
    }

    /// The server asked to connect again after a while.
    pub(crate) fn moving(&mut self, after_ms: u32, now: UnixMillis) {
        self.drop_socket();
        self.refusals = 0;
        self.connection = Connection::Waiting { retry_at: now.plus_ms(i64::from(after_ms)) };
    }

    /// The way to the server is another one now: it is taken at once, and what was learnt of the old one is forgotten.
    pub(crate) fn reconnect(&mut self, now: UnixMillis) {
        match self.connection {
            Connection::Idle | Connection::Asleep | Connection::Refused { .. } => {}
            Connection::Connecting { .. }
            | Connection::Greeting { .. }
            | Connection::Online { .. }
            | Connection::Waiting { .. } => {
                self.drop_socket();
                self.refusals = 0;
                self.ways.forget();
                self.open(now);
            }
        }
    }

    /// An answer is overdue: the connection may be dead.
    pub(crate) fn doubt(&mut self, now: UnixMillis) {
        if self.is_online() && self.probe_due_at.is_none() {
            self.probe_due_at = Some(now.plus_ms(PROBE_TIMEOUT_MS));
            self.actions.push_back(LinkAction::Probe);
        }
    }

    /// The network, the page or the tab came back: waiting is over, and a connection that looks alive is probed.
    pub(crate) fn wake_up(&mut self, now: UnixMillis) {
        match self.connection {
            Connection::Waiting { .. } | Connection::Asleep => self.open(now),
            Connection::Online { .. } if self.ways.is_worth_a_trial(now) => self.try_socket(now),
            Connection::Online { .. } => self.doubt(now),
            Connection::Connecting { since } | Connection::Greeting { since }
                if now.since_ms(since) >= PROBE_TIMEOUT_MS =>
            {
                self.drop_socket();
                self.open(now);
            }
            Connection::Idle
            | Connection::Connecting { .. }
            | Connection::Greeting { .. }
            | Connection::Refused { .. } => {}
        }
    }

    /// The page is put away; an open socket would keep it out of the back/forward cache.
    pub(crate) fn sleep(&mut self) {
        match self.connection {
            Connection::Idle | Connection::Refused { .. } | Connection::Asleep => {}
            Connection::Connecting { .. }
            | Connection::Greeting { .. }
            | Connection::Online { .. }
            | Connection::Waiting { .. } => {
                self.drop_socket();
                self.connection = Connection::Asleep;
            }
        }
    }

    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        match self.connection {
            Connection::Idle | Connection::Asleep | Connection::Refused { .. } => None,
            Connection::Connecting { since } | Connection::Greeting { since } => {
                let limit_ms = if self.ways.is_trial() { PROBE_TIMEOUT_MS } else { CONNECT_TIMEOUT_MS };
                Some(since.plus_ms(limit_ms))
            }
            Connection::Online { .. } => earliest([Some(self.dead_at()), self.ways.socket_again_at()]),
            Connection::Waiting { retry_at } => Some(retry_at),
        }
    }

    pub(crate) fn tick(&mut self, now: UnixMillis) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match self.connection {
            Connection::Waiting { .. } => self.open(now),
            Connection::Online { .. } if now < self.dead_at() => self.try_socket(now),
            Connection::Connecting { .. } | Connection::Greeting { .. } | Connection::Online { .. } => {
                let before = self.connection;
                self.drop_socket();
                self.connection = before;
                self.closed(ABNORMAL, now);
            }
            Connection::Idle | Connection::Asleep | Connection::Refused { .. } => {}
        }
    }

    /// When a connection that says nothing until then counts as dead.
    fn dead_at(&self) -> UnixMillis {
        let silent_at = self.heard_at.plus_ms(CLIENT_SILENCE_MS);
        self.probe_due_at.map_or(silent_at, |due_at| due_at.min(silent_at))
    }

    /// Polling works; a socket would be better.
    fn try_socket(&mut self, now: UnixMillis) {
        self.drop_socket();
        self.refusals = 0;
        self.ways.try_socket();
        self.open(now);
    }

    fn open(&mut self, now: UnixMillis) {
        self.probe_due_at = None;
        self.connection = Connection::Connecting { since: now };
        let transport = self.ways.choose(now);
        self.actions.push_back(LinkAction::Open(transport));
    }

    fn drop_socket(&mut self) {
        self.probe_due_at = None;
        match self.connection {
            Connection::Connecting { .. } | Connection::Greeting { .. } | Connection::Online { .. } => {
                self.actions.push_back(LinkAction::Close);
            }
            Connection::Idle
            | Connection::Asleep
            | Connection::Waiting { .. }
            | Connection::Refused { .. } => {}
        }
    }
}

/// A connection that ended without a closing handshake (RFC 6455, section 7.4.1).
pub(crate) const ABNORMAL: u16 = 1006;

/// Whether the server itself chose the code: then the way to it works.
fn is_said_by_server(code: u16) -> bool {
    code >= 4000 || code == CloseCode::Restart.number()
}

#[cfg(test)]
mod tests;
