//! One condition against the facts: holds, does not hold, or not known yet; and when time alone changes it.

use protocol::rule::{Condition, ConditionExplanation, OpenInterval};
use protocol::time::UnixMillis;

use crate::Facts;

/// What a condition said, before it is written down for people.
pub(crate) struct Verdict {
    /// `None` while a fact is missing.
    pub(crate) holds: Option<bool>,
    pub(crate) explanation: ConditionExplanation,
}

/// Evaluates a tree; every part is evaluated, so that the explanation is whole.
pub(crate) fn evaluate(condition: &Condition, facts: &Facts, now: UnixMillis) -> Verdict {
    match condition {
        Condition::All { of } => combine("all of", of, facts, now, |parts| {
            if parts.contains(&Some(false)) {
                Some(false)
            } else if parts.contains(&None) {
                None
            } else {
                Some(true)
            }
        }),
        Condition::Any { of } => combine("any of", of, facts, now, |parts| {
            if parts.contains(&Some(true)) {
                Some(true)
            } else if parts.contains(&None) {
                None
            } else {
                Some(false)
            }
        }),
        Condition::Not { of } => combine("not", std::slice::from_ref(of.as_ref()), facts, now, |parts| {
            parts[0].map(|holds| !holds)
        }),
        Condition::AgentOnline => {
            let count = facts.server.as_ref().map(|server| server.agents_online);
            presence("an agent is online", count, "online")
        }
        Condition::AgentAvailable => {
            let count = facts.server.as_ref().map(|server| server.agents_available);
            presence("an agent is available", count, "available")
        }
        Condition::InsideOpeningHours => opening_hours(facts, now),
        Condition::DwellSeconds { at_least } => dwell(*at_least, facts, now),
        Condition::VisitCount { at_least } => {
            let holds = facts.visit_count.map(|count| count >= *at_least);
            let fact = facts.visit_count.map_or_else(unknown, |count| format!("visit {count}"));
            leaf(format!("visit {at_least} or later"), holds, fact, None)
        }
    }
}

fn combine(
    text: &str,
    of: &[Condition],
    facts: &Facts,
    now: UnixMillis,
    join: impl Fn(&[Option<bool>]) -> Option<bool>,
) -> Verdict {
    let parts: Vec<Verdict> = of.iter().map(|part| evaluate(part, facts, now)).collect();
    let values: Vec<Option<bool>> = parts.iter().map(|part| part.holds).collect();
    let holds = join(&values);
    let of: Vec<ConditionExplanation> = parts.into_iter().map(|part| part.explanation).collect();
    let wake_at = of.iter().filter_map(|part| part.wake_at).min();
    let explanation = ConditionExplanation {
        text: text.to_owned(),
        holds: holds == Some(true),
        fact: if holds.is_none() { unknown() } else { String::new() },
        wake_at,
        of,
    };
    Verdict { holds, explanation }
}

fn leaf(text: String, holds: Option<bool>, fact: String, wake_at: Option<UnixMillis>) -> Verdict {
    let explanation =
        ConditionExplanation { text, holds: holds == Some(true), fact, wake_at, of: Vec::new() };
    Verdict { holds, explanation }
}

fn unknown() -> String {
    "not known yet".to_owned()
}

fn presence(text: &str, count: Option<u32>, word: &str) -> Verdict {
    let fact = count.map_or_else(unknown, |count| format!("{count} {word}"));
    leaf(text.to_owned(), count.map(|count| count > 0), fact, None)
}

fn dwell(at_least: u32, facts: &Facts, now: UnixMillis) -> Verdict {
    let due_at = facts.page_opened_at.plus_ms(i64::from(at_least) * 1000);
    let holds = now >= due_at;
    let seconds = now.since_ms(facts.page_opened_at).max(0) / 1000;
    let wake_at = (!holds).then_some(due_at);
    leaf(format!("page open for at least {at_least} s"), Some(holds), format!("{seconds} s"), wake_at)
}

fn opening_hours(facts: &Facts, now: UnixMillis) -> Verdict {
    let text = "inside opening hours".to_owned();
    let Some(server) = &facts.server else {
        return leaf(text, None, unknown(), None);
    };
    let Some(intervals) = &server.open_intervals else {
        return leaf(text, Some(true), "no hours are set".to_owned(), None);
    };
    match next_interval(intervals, now) {
        Some(open) if open.opens_at <= now => {
            leaf(text, Some(true), format!("open until {}", open.closes_at), Some(open.closes_at))
        }
        Some(later) => {
            leaf(text, Some(false), format!("closed until {}", later.opens_at), Some(later.opens_at))
        }
        None => leaf(text, Some(false), "closed".to_owned(), None),
    }
}

/// The interval that runs now, else the next one.
fn next_interval(intervals: &[OpenInterval], now: UnixMillis) -> Option<&OpenInterval> {
    intervals.iter().find(|interval| now < interval.closes_at)
}
