//! Filling a gap over HTTP: one request at a time, tried again after a pause when it failed.

use protocol::time::UnixMillis;

const RETRY_MS: i64 = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Fetching {
    #[default]
    Idle,
    Running,
    Waiting {
        retry_at: UnixMillis,
    },
}

impl Fetching {
    /// Whether a request may start now.
    pub(crate) fn may_start(self, now: UnixMillis) -> bool {
        match self {
            Self::Idle => true,
            Self::Running => false,
            Self::Waiting { retry_at } => retry_at <= now,
        }
    }

    pub(crate) fn failed(now: UnixMillis) -> Self {
        Self::Waiting { retry_at: now.plus_ms(RETRY_MS) }
    }

    pub(crate) fn deadline(self) -> Option<UnixMillis> {
        match self {
            Self::Idle | Self::Running => None,
            Self::Waiting { retry_at } => Some(retry_at),
        }
    }
}
