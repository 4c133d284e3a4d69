//! When a connection is due for a heartbeat, and when its silence has lasted too long.

use protocol::jitter::Jitter;

use crate::steady::SteadyMs;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// A ping.
    Ping,
    /// The end: nothing was heard for too long.
    Silent,
}

/// The two clocks of a connection.
#[derive(Debug)]
pub struct Pulse {
    heartbeat_ms: i64,
    silence_ms: i64,
    ping_at: SteadyMs,
    heard_at: SteadyMs,
}

impl Pulse {
    /// Begins; something was heard just now.
    #[must_use]
    pub fn new(heartbeat_ms: i64, silence_ms: i64, jitter: &mut Jitter, now: SteadyMs) -> Self {
        let mut pulse = Self { heartbeat_ms, silence_ms, ping_at: now, heard_at: now };
        pulse.plan(jitter, now);
        pulse
    }

    /// The next ping is due a heartbeat later, give or take a fifth, so that the connections of a restarted server do
    /// not all beat at once. Whatever else is sent does not postpone it: only a ping is answered, and a client
    /// that is told much and says nothing would count as silent.
    fn plan(&mut self, jitter: &mut Jitter, now: SteadyMs) {
        let fifth_ms = self.heartbeat_ms / 5;
        self.ping_at = now.plus_ms(self.heartbeat_ms - fifth_ms + jitter.up_to(2 * fifth_ms));
    }

    /// Something was heard.
    pub fn heard(&mut self, now: SteadyMs) {
        self.heard_at = now;
    }

    /// When to look at `due` next.
    #[must_use]
    pub fn look_at(&self) -> SteadyMs {
        self.ping_at.min(self.heard_at.plus_ms(self.silence_ms))
    }

    /// Returns what is due, if anything. A ping is due once: whoever asks sends it.
    pub fn due(&mut self, jitter: &mut Jitter, now: SteadyMs) -> Option<Beat> {
        if self.heard_at.plus_ms(self.silence_ms) <= now {
            return Some(Beat::Silent);
        }
        if self.ping_at <= now {
            self.plan(jitter, now);
            return Some(Beat::Ping);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEAT_MS: i64 = 25_000;
    const START: SteadyMs = SteadyMs(1_000);

    fn pulse() -> (Pulse, Jitter) {
        let mut jitter = Jitter::new(3);
        (Pulse::new(BEAT_MS, 3 * BEAT_MS, &mut jitter, START), jitter)
    }

    #[test]
    fn pings_are_due_every_heartbeat_give_or_take_a_fifth() {
        let (mut pulse, mut jitter) = pulse();
        let mut last = START;
        for _ in 0..100 {
            let at = pulse.look_at();
            let pause_ms = at.since_ms(last);
            assert!((20_000..=30_000).contains(&pause_ms), "{pause_ms}");
            assert_eq!(pulse.due(&mut jitter, SteadyMs(at.0 - 1)), None);
            assert_eq!(pulse.due(&mut jitter, at), Some(Beat::Ping));
            assert_eq!(pulse.due(&mut jitter, at), None);
            pulse.heard(at);
            last = at;
        }
    }

    #[test]
    fn who_says_nothing_is_silent_however_many_pings_were_due() {
        let (mut pulse, mut jitter) = pulse();
        let mut pings = 0;
        while pulse.due(&mut jitter, pulse.look_at()) == Some(Beat::Ping) {
            pings += 1;
        }
        assert!((2..=3).contains(&pings), "{pings}");
        assert_eq!(pulse.look_at(), START.plus_ms(3 * BEAT_MS));
    }
}
