//! The clock of connections: it never jumps, whatever happens to the time of day.

use std::sync::LazyLock;
use std::time::Duration;

use chat_host::SteadyMs;
use tokio::time::Instant;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Returns the moment.
pub(super) fn now() -> SteadyMs {
    let since_start = Instant::now().saturating_duration_since(*START);
    SteadyMs(u64::try_from(since_start.as_millis()).unwrap_or(u64::MAX))
}

/// Returns when a moment is, for timers.
pub(super) fn instant(at: SteadyMs) -> Instant {
    *START + Duration::from_millis(at.0)
}

/// Returns a pause in milliseconds, as machines take it.
pub(super) fn ms(pause: Duration) -> i64 {
    i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)
}
