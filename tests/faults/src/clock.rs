//! The one place that reads the clock.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use protocol::time::UnixMillis;

/// The time of day, as client machines want it.
#[expect(clippy::disallowed_methods, reason = "the shell that owns the clock")]
pub(crate) fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A moment to measure from.
#[expect(clippy::disallowed_methods, reason = "the shell that owns the clock")]
pub(crate) fn moment() -> Instant {
    Instant::now()
}
