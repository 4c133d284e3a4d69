//! Action rules as they travel: condition trees and actions, the facts the server adds, and opening hours.

use serde::{Deserialize, Serialize};

use crate::time::UnixMillis;

/// A rule: when the condition holds, the action applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Unique within the touchpoint.
    pub id: String,
    /// What the owner calls it.
    pub name: String,
    /// A rule that is switched off is kept and not evaluated.
    #[serde(default = "yes")]
    pub is_enabled: bool,
    /// When it applies.
    pub when: Condition,
    /// What it does.
    pub action: RuleAction,
}

fn yes() -> bool {
    true
}

/// What a rule does to the launcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleAction {
    /// Shows the launcher.
    Show,
    /// Hides it; wins over `show`.
    Hide,
}

/// A condition over the facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Every one of them holds; true when there is none.
    All {
        /// The parts.
        of: Vec<Condition>,
    },
    /// At least one of them holds; false when there is none.
    Any {
        /// The parts.
        of: Vec<Condition>,
    },
    /// It does not hold.
    Not {
        /// The part.
        of: Box<Condition>,
    },
    /// At least one agent is online.
    AgentOnline,
    /// At least one agent is available.
    AgentAvailable,
    /// The opening hours are running.
    InsideOpeningHours,
    /// The page has been open for this time.
    DwellSeconds {
        /// Seconds on the page, from 0.
        at_least: u32,
    },
    /// This is at least the visitor's n-th visit to the site.
    VisitCount {
        /// The number of the visit, from 1.
        at_least: u32,
    },
}

/// What the server knows for rules, given to every frame that needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerFacts {
    /// The server's clock when it answered; the visitor's own is not trusted.
    pub server_time: UnixMillis,
    /// Agents online for this touchpoint.
    pub agents_online: u32,
    /// Agents available for this touchpoint.
    pub agents_available: u32,
    /// When it is open, for the next 14 days, in order, not overlapping; `None` when no hours are set,
    /// which counts as always open.
    pub open_intervals: Option<Vec<OpenInterval>>,
    /// The version of the settings; a higher one than the widget's asks it to fetch them again.
    pub config_version: u64,
}

/// A time the touchpoint is open: from `opens_at`, included, to `closes_at`, excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInterval {
    /// The first moment it is open.
    pub opens_at: UnixMillis,
    /// The first moment it is closed again.
    pub closes_at: UnixMillis,
}

/// Opening hours as the owner sets them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// IANA time zone, `Europe/Berlin`.
    pub time_zone: String,
    /// Intervals of a week; several a day are allowed.
    pub weekly: Vec<WeeklyInterval>,
}

/// One interval that comes back every week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeeklyInterval {
    /// The day on which it begins.
    pub day: Weekday,
    /// Local time it begins, `HH:MM`, 00:00..=23:59.
    pub opens: String,
    /// Local time it ends, `HH:MM`, 00:01..=24:00; not after `opens` means on the next day.
    pub closes: String,
}

/// A day of the week (ISO 8601 order).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// What was decided about the launcher and why; the answer of `Tandem.explain()`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether the launcher is shown.
    pub is_visible: bool,
    /// What decided.
    pub reason: DecisionReason,
    /// When a condition changes by the passing of time alone; `None` when none does.
    pub wake_at: Option<UnixMillis>,
    /// The server-aligned time the decision was made at.
    pub decided_at: UnixMillis,
    /// Every rule that is switched on, in order.
    pub rules: Vec<RuleExplanation>,
}

/// What decided whether the launcher is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionReason {
    /// The touchpoint is INACTIVE.
    Inactive,
    /// `Tandem.show()` or `Tandem.hide()` on this page.
    Page,
    /// A matching hide rule.
    HideRule,
    /// A matching show rule.
    ShowRule,
    /// There are show rules and none of them matches.
    NoShowRule,
    /// A conversation is open and is not torn away.
    OpenConversation,
    /// There are no rules that decide.
    Default,
}

/// What one rule said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleExplanation {
    /// The rule.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it would do.
    pub action: RuleAction,
    /// Whether its condition holds.
    pub matched: bool,
    /// The condition tree with facts and results.
    pub when: ConditionExplanation,
}

/// What one condition said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionExplanation {
    /// The condition in words: `page open for at least 5 s`.
    pub text: String,
    /// Whether it holds.
    pub holds: bool,
    /// The fact it looked at: `3 s`; empty for all, any and not.
    pub fact: String,
    /// When it changes by the passing of time alone.
    pub wake_at: Option<UnixMillis>,
    /// Its parts.
    pub of: Vec<ConditionExplanation>,
}
