//! One connection to the server: when to open it, when to believe it dead, when to try again.

use std::collections::VecDeque;

use protocol::close::CloseCode;
use protocol::limit::{CLIENT_SILENCE_MS, CONNECT_TIMEOUT_MS, PROBE_TIMEOUT_MS, STABLE_AFTER_MS};
use protocol::time::UnixMillis;

use crate::jitter::{Jitter, longest_pause_ms};

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
    Open,
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
    jitter: Jitter,
    actions: VecDeque<LinkAction>,
}

impl Link {
    pub(crate) fn new(jitter_seed: u64) -> Self {
        Self {
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

    /// The network, the page or the tab came back: waiting is over, and a connection that looks alive is probed.
    pub(crate) fn wake_up(&mut self, now: UnixMillis) {
        match self.connection {
            Connection::Waiting { .. } | Connection::Asleep => self.open(now),
            Connection::Online { .. } if self.probe_due_at.is_none() => {
                self.probe_due_at = Some(now.plus_ms(PROBE_TIMEOUT_MS));
                self.actions.push_back(LinkAction::Probe);
            }
            Connection::Connecting { since } | Connection::Greeting { since }
                if now.since_ms(since) >= PROBE_TIMEOUT_MS =>
            {
                self.drop_socket();
                self.open(now);
            }
            Connection::Idle
            | Connection::Online { .. }
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
                Some(since.plus_ms(CONNECT_TIMEOUT_MS))
            }
            Connection::Online { .. } => {
                let silent_at = self.heard_at.plus_ms(CLIENT_SILENCE_MS);
                Some(self.probe_due_at.map_or(silent_at, |due_at| due_at.min(silent_at)))
            }
            Connection::Waiting { retry_at } => Some(retry_at),
        }
    }

    pub(crate) fn tick(&mut self, now: UnixMillis) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match self.connection {
            Connection::Waiting { .. } => self.open(now),
            Connection::Connecting { .. } | Connection::Greeting { .. } | Connection::Online { .. } => {
                let before = self.connection;
                self.drop_socket();
                self.connection = before;
                self.closed(ABNORMAL, now);
            }
            Connection::Idle | Connection::Asleep | Connection::Refused { .. } => {}
        }
    }

    fn open(&mut self, now: UnixMillis) {
        self.probe_due_at = None;
        self.connection = Connection::Connecting { since: now };
        self.actions.push_back(LinkAction::Open);
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
const ABNORMAL: u16 = 1006;

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixMillis = UnixMillis(1_000_000);

    fn actions(link: &mut Link) -> Vec<LinkAction> {
        std::iter::from_fn(|| link.poll_action()).collect()
    }

    fn online() -> Link {
        let mut link = Link::new(1);
        link.want(START);
        link.opened(START);
        link.greeted(START);
        assert_eq!(actions(&mut link), [LinkAction::Open, LinkAction::Greet]);
        link
    }

    #[test]
    fn silence_of_a_minute_ends_the_connection_and_a_new_one_is_tried() {
        let mut link = online();
        link.heard(START.plus_ms(30_000));
        link.tick(START.plus_ms(60_000));
        assert!(link.is_online());
        link.tick(START.plus_ms(90_000));
        assert_eq!(actions(&mut link), [LinkAction::Close]);
        let retry_at = link.deadline().unwrap();
        link.tick(retry_at);
        assert_eq!(actions(&mut link), [LinkAction::Open]);
    }

    #[test]
    fn a_final_code_is_not_tried_again() {
        let mut link = online();
        link.closed(CloseCode::Unauthorised.number(), START);
        assert_eq!((link.connection(), link.deadline()), (Connection::Refused { code: 4401 }, None));
        link.wake_up(START);
        assert_eq!(actions(&mut link), []);
    }

    #[test]
    fn waking_up_ends_the_waiting_and_probes_what_looks_alive() {
        let mut link = online();
        link.wake_up(START);
        link.wake_up(START);
        assert_eq!(actions(&mut link), [LinkAction::Probe]);
        link.tick(START.plus_ms(5_000));
        assert_eq!(actions(&mut link), [LinkAction::Close]);
        link.wake_up(START.plus_ms(5_001));
        assert_eq!(actions(&mut link), [LinkAction::Open]);
    }

    #[test]
    fn a_page_that_is_put_away_closes_and_resumes() {
        let mut link = online();
        link.sleep();
        assert_eq!((actions(&mut link), link.deadline()), (vec![LinkAction::Close], None));
        link.wake_up(START.plus_ms(1));
        assert_eq!(actions(&mut link), [LinkAction::Open]);
    }

    #[test]
    fn moving_waits_as_long_as_the_server_said() {
        let mut link = online();
        link.moving(1_500, START);
        assert_eq!(link.connection(), Connection::Waiting { retry_at: START.plus_ms(1_500) });
    }

    #[test]
    fn refusals_are_forgotten_after_a_stable_minute() {
        let mut link = online();
        for _ in 0..8 {
            link.closed(1006, START);
            link.wake_up(START);
            link.opened(START);
        }
        assert_eq!(link.refusals, 8);
        link.greeted(START);
        link.closed(1006, START.plus_ms(60_000));
        assert_eq!(link.refusals, 1);
    }
}
