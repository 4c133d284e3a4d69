//! Opening hours: checked when they are set, and told as absolute intervals, so that no browser needs a time zone.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};
use protocol::limit::HOURS_AHEAD_MS;
use protocol::rule::{OpenInterval, OpeningHours, Weekday, WeeklyInterval};
use protocol::time::UnixMillis;

use crate::problem::Problem;

/// Accepts hours that can be kept.
///
/// # Errors
/// `invalid` with the path to the first fault.
pub(crate) fn check(hours: &OpeningHours) -> Result<(), Problem> {
    if TimeZone::get(&hours.time_zone).is_err() {
        return Err(Problem::invalid(
            "hours.time_zone",
            "is not the name of a time zone, such as Europe/Berlin",
        ));
    }
    for (index, interval) in hours.weekly.iter().enumerate() {
        let path = |field: &str| format!("hours.weekly[{index}].{field}");
        if clock_time(&interval.opens).is_none_or(|minutes| minutes == MINUTES_OF_DAY) {
            return Err(Problem::invalid(&path("opens"), "must be HH:MM, 00:00 to 23:59"));
        }
        if clock_time(&interval.closes).is_none_or(|minutes| minutes == 0) {
            return Err(Problem::invalid(&path("closes"), "must be HH:MM, 00:01 to 24:00"));
        }
    }
    Ok(())
}

/// Returns when it is open from `now` on for 14 days, in order, not overlapping. An interval that runs already
/// keeps its beginning.
pub(crate) fn intervals(hours: &OpeningHours, now: UnixMillis) -> Vec<OpenInterval> {
    let (Ok(zone), Ok(instant)) = (TimeZone::get(&hours.time_zone), Timestamp::from_millisecond(now.0))
    else {
        return Vec::new();
    };
    let until = now.plus_ms(HOURS_AHEAD_MS);
    let today = instant.to_zoned(zone.clone()).date();
    let mut found = Vec::new();
    // An interval may have begun yesterday and run past midnight.
    for day in -1..=15i64 {
        let Ok(date) = today.checked_add(day.days()) else { continue };
        for interval in hours.weekly.iter().filter(|interval| iso_day(interval.day) == date.weekday()) {
            if let Some(open) = on_date(interval, date, &zone)
                && open.closes_at > now
                && open.opens_at < until
            {
                found.push(open);
            }
        }
    }
    merged(found)
}

const MINUTES_OF_DAY: i64 = 24 * 60;

fn clock_time(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| -> Option<i64> {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= MINUTES_OF_DAY).then_some(minutes)
}

fn iso_day(day: Weekday) -> jiff::civil::Weekday {
    match day {
        Weekday::Monday => jiff::civil::Weekday::Monday,
        Weekday::Tuesday => jiff::civil::Weekday::Tuesday,
        Weekday::Wednesday => jiff::civil::Weekday::Wednesday,
        Weekday::Thursday => jiff::civil::Weekday::Thursday,
        Weekday::Friday => jiff::civil::Weekday::Friday,
        Weekday::Saturday => jiff::civil::Weekday::Saturday,
        Weekday::Sunday => jiff::civil::Weekday::Sunday,
    }
}

fn on_date(interval: &WeeklyInterval, date: Date, zone: &TimeZone) -> Option<OpenInterval> {
    let opens = clock_time(&interval.opens)?;
    let mut closes = clock_time(&interval.closes)?;
    if closes <= opens {
        closes += MINUTES_OF_DAY;
    }
    let (opens_at, closes_at) = (wall_clock(date, opens, zone)?, wall_clock(date, closes, zone)?);
    (opens_at < closes_at).then_some(OpenInterval { opens_at, closes_at })
}

/// The moment a clock on the wall shows these minutes of the date. When clocks change, jiff's `compatible` rule
/// holds: the earlier of two, and after a gap the time moved by the gap (RFC 5545, section 3.3.5).
fn wall_clock(date: Date, minutes: i64, zone: &TimeZone) -> Option<UnixMillis> {
    let date = date.checked_add((minutes / MINUTES_OF_DAY).days()).ok()?;
    let of_day = minutes % MINUTES_OF_DAY;
    let time = Time::new(i8::try_from(of_day / 60).ok()?, i8::try_from(of_day % 60).ok()?, 0, 0).ok()?;
    let zoned: Zoned = date.to_datetime(time).to_zoned(zone.clone()).ok()?;
    Some(UnixMillis(zoned.timestamp().as_millisecond()))
}

fn merged(mut intervals: Vec<OpenInterval>) -> Vec<OpenInterval> {
    intervals.sort_by_key(|interval| (interval.opens_at, interval.closes_at));
    let mut merged: Vec<OpenInterval> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        match merged.last_mut() {
            Some(last) if interval.opens_at <= last.closes_at => {
                last.closes_at = last.closes_at.max(interval.closes_at);
            }
            Some(_) | None => merged.push(interval),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UnixMillis {
        UnixMillis::parse_rfc3339(text).unwrap()
    }

    fn weekly(day: Weekday, opens: &str, closes: &str) -> WeeklyInterval {
        WeeklyInterval { day, opens: opens.to_owned(), closes: closes.to_owned() }
    }

    fn berlin(weekly: Vec<WeeklyInterval>) -> OpeningHours {
        OpeningHours { time_zone: "Europe/Berlin".to_owned(), weekly }
    }

    fn check_first(hours: &OpeningHours, now: &str, opens: &str, closes: &str) {
        let expected = OpenInterval { opens_at: at(opens), closes_at: at(closes) };
        assert_eq!(intervals(hours, at(now)).first(), Some(&expected), "{now}");
    }

    #[test]
    fn wall_clock_hours_follow_the_change_of_clocks() {
        let hours = berlin(vec![weekly(Weekday::Monday, "09:00", "17:00")]);
        check_first(&hours, "2026-10-19T12:00:00Z", "2026-10-19T07:00:00Z", "2026-10-19T15:00:00Z");
        check_first(&hours, "2026-10-19T15:00:00Z", "2026-10-26T08:00:00Z", "2026-10-26T16:00:00Z");
    }

    #[test]
    fn an_interval_past_midnight_still_runs_the_next_day() {
        let hours = berlin(vec![weekly(Weekday::Saturday, "22:00", "02:00")]);
        check_first(&hours, "2026-11-22T00:30:00Z", "2026-11-21T21:00:00Z", "2026-11-22T01:00:00Z");
    }

    #[test]
    fn neighbours_and_overlaps_become_one() {
        let hours = berlin(vec![
            weekly(Weekday::Monday, "00:00", "24:00"),
            weekly(Weekday::Tuesday, "00:00", "12:00"),
            weekly(Weekday::Tuesday, "08:00", "10:00"),
        ]);
        check_first(&hours, "2026-11-23T06:00:00Z", "2026-11-22T23:00:00Z", "2026-11-24T11:00:00Z");
        // This week, the next, and the beginning of the one after.
        assert_eq!(intervals(&hours, at("2026-11-23T06:00:00Z")).len(), 3);
    }

    #[test]
    fn hours_that_cannot_be_are_named() {
        let mut hours = berlin(vec![weekly(Weekday::Monday, "9:00", "17:00")]);
        assert!(check(&hours).unwrap_err().detail.starts_with("hours.weekly[0].opens"));
        hours.weekly = vec![weekly(Weekday::Monday, "09:00", "24:01")];
        assert!(check(&hours).unwrap_err().detail.starts_with("hours.weekly[0].closes"));
        hours.time_zone = "Europe/Atlantis".to_owned();
        assert!(check(&hours).unwrap_err().detail.starts_with("hours.time_zone"));
    }
}
