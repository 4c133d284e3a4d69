//! When a socket is due for a heartbeat, and when its silence has lasted too long.

use std::time::Duration;

use tokio::time::Instant;

use crate::config::Timing;
use crate::random;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beat {
    /// A ping.
    Ping,
    /// The end: nothing was heard for too long.
    Silent,
}

/// The two clocks of a socket.
#[derive(Debug)]
pub(super) struct Pulse {
    timing: Timing,
    ping_at: Instant,
    heard_at: Instant,
}

impl Pulse {
    pub(super) fn new(timing: Timing) -> Self {
        let now = Instant::now();
        let mut pulse = Self { timing, ping_at: now, heard_at: now };
        pulse.said(now);
        pulse
    }

    /// Something was sent: the next ping is due a heartbeat later, give or take a fifth, so that the sockets of
    /// a restarted server do not all beat at once.
    pub(super) fn said(&mut self, now: Instant) {
        let fifth_ms = u64::try_from(self.timing.heartbeat.as_millis() / 5).unwrap_or(0);
        let shift = Duration::from_millis(random::number(2 * fifth_ms));
        self.ping_at = now + self.timing.heartbeat - Duration::from_millis(fifth_ms) + shift;
    }

    /// Something was heard.
    pub(super) fn heard(&mut self, now: Instant) {
        self.heard_at = now;
    }

    /// When to look at `due` next.
    pub(super) fn look_at(&self) -> Instant {
        self.ping_at.min(self.heard_at + self.timing.silence)
    }

    /// Returns what is due; `None` when something was heard or said meanwhile.
    pub(super) fn due(&self, now: Instant) -> Option<Beat> {
        if self.heard_at + self.timing.silence <= now {
            return Some(Beat::Silent);
        }
        (self.ping_at <= now).then_some(Beat::Ping)
    }
}
