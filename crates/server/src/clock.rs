//! The one place where the server reads the time.

use std::time::{SystemTime, UNIX_EPOCH};

use protocol::time::UnixMillis;

/// Returns the time of this machine.
#[expect(clippy::disallowed_methods, reason = "the one place where the server reads the time")]
pub(crate) fn now() -> UnixMillis {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}
