//! Which way the next connection takes: a socket, or long-polling where the network lets no socket through.

use protocol::limit::{SOCKET_AGAIN_MS, SOCKET_AGAIN_SOON_MS, STABLE_AFTER_MS};
use protocol::time::UnixMillis;

/// Sockets that fail in a row before their welcome, until long-polling is tried.
const SOCKETS_REFUSED_MAX: u32 = 2;

/// How frames travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// One WebSocket.
    Socket,
    /// Requests that wait for their answers.
    Poll,
}

/// What is known of the network's ways.
#[derive(Debug)]
pub(crate) struct Ways {
    can_poll: bool,
    current: Transport,
    /// Sockets that failed in a row.
    sockets_refused: u32,
    /// Whether a poll failed as well: then it may have been the server rather than the way.
    is_doubtful: bool,
    /// Whether the socket under way was opened although polling works.
    is_trial: bool,
    socket_tried_at: UnixMillis,
}

impl Ways {
    pub(crate) fn new(can_poll: bool) -> Self {
        Self {
            can_poll,
            current: Transport::Socket,
            sockets_refused: 0,
            is_doubtful: false,
            is_trial: false,
            socket_tried_at: UnixMillis(0),
        }
    }

    /// Returns the way of a connection that begins now.
    pub(crate) fn choose(&mut self, now: UnixMillis) -> Transport {
        let is_blocked = self.can_poll && self.sockets_refused >= SOCKETS_REFUSED_MAX;
        self.current = if is_blocked { Transport::Poll } else { Transport::Socket };
        if self.current == Transport::Socket {
            self.socket_tried_at = now;
        }
        self.current
    }

    /// The connection failed before its welcome. After a poll that failed too, sockets and polls take turns.
    pub(crate) fn refused(&mut self) {
        self.is_trial = false;
        match self.current {
            Transport::Socket => self.sockets_refused += 1,
            Transport::Poll => {
                self.sockets_refused = SOCKETS_REFUSED_MAX - 1;
                self.is_doubtful = true;
            }
        }
    }

    /// The connection was welcomed.
    pub(crate) fn welcomed(&mut self) {
        self.is_trial = false;
        if self.current == Transport::Socket {
            self.forget();
        }
    }

    /// What was learnt counts no more.
    pub(crate) fn forget(&mut self) {
        self.sockets_refused = 0;
        self.is_doubtful = false;
    }

    /// When a connection that polls shall try a socket again.
    pub(crate) fn socket_again_at(&self) -> Option<UnixMillis> {
        let pause_ms = if self.is_doubtful { SOCKET_AGAIN_SOON_MS } else { SOCKET_AGAIN_MS };
        (self.current == Transport::Poll).then(|| self.socket_tried_at.plus_ms(pause_ms))
    }

    /// Whether it is worth trying a socket when the page is shown again.
    pub(crate) fn is_worth_a_trial(&self, now: UnixMillis) -> bool {
        self.current == Transport::Poll && now.since_ms(self.socket_tried_at) >= STABLE_AFTER_MS
    }

    /// The next connection is a socket; one failure leads back to polling.
    pub(crate) fn try_socket(&mut self) {
        self.sockets_refused = SOCKETS_REFUSED_MAX - 1;
        self.is_doubtful = false;
        self.is_trial = true;
    }

    /// Whether the socket under way was opened although polling works.
    pub(crate) fn is_trial(&self) -> bool {
        self.is_trial
    }
}
