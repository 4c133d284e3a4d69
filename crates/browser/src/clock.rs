//! The one place in the browser that reads the time.

/// Returns milliseconds since 1970-01-01 UTC by the computer's clock, which may be wrong.
#[must_use]
pub fn now_unix_ms() -> i64 {
    js_sys::Date::now() as i64
}
