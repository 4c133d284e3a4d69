//! Times as the console writes them.

use browser::intl::DateWriter;
use protocol::time::UnixMillis;

use crate::shell;
use crate::state::when::{Ago, ago};
use crate::texts::{TEXTS, fill};

thread_local! {
    static WRITER: DateWriter = DateWriter::new(&locale());
}

/// Writes the time of day.
pub(crate) fn time(at: UnixMillis) -> String {
    WRITER.with(|writer| writer.time(at.0))
}

/// Writes the day: `today`, `yesterday`, else with weekday and month.
pub(crate) fn day(at: UnixMillis) -> String {
    WRITER.with(|writer| writer.day(at.0, shell::now().0))
}

/// Writes day and time.
pub(crate) fn day_and_time(at: UnixMillis) -> String {
    format!("{}, {}", day(at), time(at))
}

/// Writes how long before `now` it was.
pub(crate) fn ago_text(at: UnixMillis, now: UnixMillis) -> String {
    let (text, count) = match ago(at, now) {
        Ago::Now => return TEXTS.ago_now.to_owned(),
        Ago::Minutes(count) => (TEXTS.ago_minutes, count),
        Ago::Hours(count) => (TEXTS.ago_hours, count),
        Ago::Days(count) => (TEXTS.ago_days, count),
    };
    fill(text, &[("count", &count.to_string())])
}

/// The texts are English; the browser says which English, and with it how times are written.
fn locale() -> String {
    let preferred = browser::page::window().navigator().language().unwrap_or_default();
    if preferred.starts_with("en") { preferred } else { "en-GB".to_owned() }
}
