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
        pulse.plan(now);
        pulse
    }

    /// The next ping is due a heartbeat later, give or take a fifth, so that the sockets of a restarted server do
    /// not all beat at once. Whatever else is sent does not postpone it: only a ping is answered, and a client
    /// that is told much and says nothing would count as silent.
    fn plan(&mut self, now: Instant) {
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

    /// Returns what is due; `None` when something was heard meanwhile. A ping is due once: whoever asks sends it.
    pub(super) fn due(&mut self, now: Instant) -> Option<Beat> {
        if self.heard_at + self.timing.silence <= now {
            return Some(Beat::Silent);
        }
        if self.ping_at <= now {
            self.plan(now);
            return Some(Beat::Ping);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEAT: Duration = Duration::from_secs(25);

    fn pulse() -> (Pulse, Instant) {
        let timing = Timing { heartbeat: BEAT, silence: 3 * BEAT, ..Timing::default() };
        let pulse = Pulse::new(timing);
        let start = pulse.heard_at;
        (pulse, start)
    }

    #[tokio::test]
    async fn pings_are_due_every_heartbeat_give_or_take_a_fifth() {
        let (mut pulse, mut last) = pulse();
        for _ in 0..100 {
            let at = pulse.look_at();
            let pause = at - last;
            assert!(BEAT * 4 / 5 <= pause && pause <= BEAT * 6 / 5, "{pause:?}");
            assert_eq!(pulse.due(at - Duration::from_millis(1)), None);
            assert_eq!(pulse.due(at), Some(Beat::Ping));
            assert_eq!(pulse.due(at), None);
            pulse.heard(at);
            last = at;
        }
    }

    #[tokio::test]
    async fn who_says_nothing_is_silent_however_many_pings_were_due() {
        let (mut pulse, start) = pulse();
        let mut pings = 0;
        while pulse.due(pulse.look_at()) == Some(Beat::Ping) {
            pings += 1;
        }
        assert!((2..=3).contains(&pings), "{pings}");
        assert_eq!(pulse.look_at(), start + 3 * BEAT);
    }
}
