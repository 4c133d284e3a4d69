//! Going down without losing anything: not ready, no new sockets, those that are open move over a while.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::random;

/// How much longer the move takes for each socket: few are gone at once, many spread out.
const SPREAD_PER_SOCKET: Duration = Duration::from_millis(20);

/// How long a socket that was told to move may take to close.
const CLOSING: Duration = Duration::from_secs(3);

/// When the move begins and how long it takes.
#[derive(Debug, Clone, Copy)]
struct Move {
    begins_at: Instant,
    spread: Duration,
}

/// Where within the spread of a move one socket's turn is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    per_mille: u32,
}

impl Turn {
    /// Draws a turn.
    pub(crate) fn random() -> Self {
        Self { per_mille: u32::try_from(random::number(1_000)).unwrap_or(0) }
    }
}

/// Whether the server goes down, and how many sockets it has.
#[derive(Debug, Default)]
pub(crate) struct Drain {
    moving: watch::Sender<Option<Move>>,
    sockets: watch::Sender<usize>,
}

/// Counts one socket as long as it lives.
pub(crate) struct SocketGuard<'a>(&'a Drain);

impl Drop for SocketGuard<'_> {
    fn drop(&mut self) {
        self.0.sockets.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl Drain {
    /// Whether the server goes down.
    pub(crate) fn has_begun(&self) -> bool {
        self.moving.borrow().is_some()
    }

    /// Counts a socket.
    pub(crate) fn count_socket(&self) -> SocketGuard<'_> {
        self.sockets.send_modify(|count| *count += 1);
        SocketGuard(self)
    }

    /// Comes back when the server goes down.
    pub(crate) async fn begun(&self) {
        self.begins().await;
    }

    /// Comes back when it is a socket's turn to move. May be dropped and called again.
    pub(crate) async fn turn_of(&self, turn: Turn) {
        let begins = self.begins().await;
        tokio::time::sleep_until(begins.begins_at + begins.spread * turn.per_mille / 1_000).await;
    }

    async fn begins(&self) -> Move {
        let mut moving = self.moving.subscribe();
        let begins = moving.wait_for(Option::is_some).await.ok().and_then(|moving| *moving);
        // The sender lives as long as `self`, so waiting cannot fail.
        begins.unwrap_or(Move { begins_at: Instant::now(), spread: Duration::ZERO })
    }

    /// Begins, and comes back when every socket is gone, or had its time.
    pub(crate) async fn run(&self, spread_max: Duration) {
        let mut sockets = self.sockets.subscribe();
        let count = *sockets.borrow_and_update();
        let spread =
            SPREAD_PER_SOCKET.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX)).min(spread_max);
        self.moving.send_replace(Some(Move { begins_at: Instant::now(), spread }));
        tracing::info!(sockets = count, ?spread, "going down");
        let gone = sockets.wait_for(|count| *count == 0);
        if tokio::time::timeout(spread + CLOSING, gone).await.is_err() {
            tracing::warn!("some sockets did not close in time");
        }
    }
}
