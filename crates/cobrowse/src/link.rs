//! When a connection to the relay is made, tried again, or given up. Both sides of a session use it.

use crate::limit;

/// Close codes from here on up to 4499 are final.
const FINAL_CODES: std::ops::RangeInclusive<u16> = 4400..=4499;
/// The close code of a session that has ended in order.
const NORMAL_CODE: u16 = 1000;

/// The close code of a side that is no longer wanted: another page of the same visitor has taken over, or the ticket
/// is dead.
pub const GONE_CODE: u16 = 4410;

/// Where a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It is being made.
    Connecting,
    /// It stands since then, in milliseconds.
    Up {
        /// The moment.
        since_ms: u64,
    },
    /// It is lost and tried again then.
    Waiting {
        /// The moment.
        retry_at_ms: u64,
    },
    /// It is over for good.
    Over,
}

/// The connection of one side of a session.
#[derive(Clone, Debug)]
pub struct Link {
    state: LinkState,
    failures: u32,
}

impl Default for Link {
    fn default() -> Self {
        Self { state: LinkState::Connecting, failures: 0 }
    }
}

impl Link {
    /// Returns where it stands.
    #[must_use]
    pub fn state(&self) -> LinkState {
        self.state
    }

    /// The server has welcomed this side.
    pub fn handle_welcome(&mut self, now_ms: u64) {
        self.state = LinkState::Up { since_ms: now_ms };
    }

    /// The connection is closed. `random` is any number, spread evenly over `0.0..1.0`.
    pub fn handle_closed(&mut self, code: u16, random: f64, now_ms: u64) {
        if self.state == LinkState::Over || code == NORMAL_CODE || FINAL_CODES.contains(&code) {
            self.state = LinkState::Over;
            return;
        }
        if let LinkState::Up { since_ms } = self.state
            && now_ms.saturating_sub(since_ms) >= limit::STABLE_MS
        {
            self.failures = 0;
        }
        let longest_ms = (limit::RETRY_MS_FIRST << self.failures.min(10)).min(limit::RETRY_MS_MAX);
        self.failures = self.failures.saturating_add(1);
        self.state = LinkState::Waiting { retry_at_ms: now_ms + (longest_ms as f64 * random) as u64 };
    }

    /// Tells what time it is; answers whether the connection has to be made now.
    pub fn handle_tick(&mut self, now_ms: u64) -> bool {
        let is_due = matches!(self.state, LinkState::Waiting { retry_at_ms } if retry_at_ms <= now_ms);
        if is_due {
            self.state = LinkState::Connecting;
        }
        is_due
    }

    /// This side ends the session.
    pub fn end(&mut self) {
        self.state = LinkState::Over;
    }

    /// When [`Self::handle_tick`] is to be called next.
    #[must_use]
    pub fn deadline_ms(&self) -> Option<u64> {
        match self.state {
            LinkState::Waiting { retry_at_ms } => Some(retry_at_ms),
            LinkState::Connecting | LinkState::Up { .. } | LinkState::Over => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_connection_is_tried_again_later_each_time_up_to_the_limit() {
        let mut link = Link::default();
        let waits: Vec<u64> = (0..12)
            .map(|_| {
                link.handle_closed(1006, 0.999, 0);
                let wait_ms = link.deadline_ms().unwrap();
                assert!(!link.handle_tick(wait_ms - 1));
                assert!(link.handle_tick(wait_ms));
                wait_ms
            })
            .collect();
        assert!(waits.is_sorted());
        assert!(waits[0] < limit::RETRY_MS_FIRST && waits[11] <= limit::RETRY_MS_MAX);
    }

    #[test]
    fn stable_connection_makes_former_failures_forgotten() {
        let mut link = Link::default();
        for _ in 0..8 {
            link.handle_closed(1006, 0.5, 0);
        }
        link.handle_welcome(0);
        link.handle_closed(1012, 0.5, limit::STABLE_MS);
        assert_eq!(link.deadline_ms(), Some(limit::STABLE_MS + limit::RETRY_MS_FIRST / 2));
    }

    #[test]
    fn final_codes_end_it_for_good() {
        for code in [NORMAL_CODE, 4401, 4403, GONE_CODE] {
            let mut link = Link::default();
            link.handle_closed(code, 0.5, 0);
            link.handle_closed(1006, 0.5, 0);
            assert_eq!(link.state(), LinkState::Over, "{code}");
        }
    }
}
