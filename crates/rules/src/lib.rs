//! Action rules: facts in; a decision, the next moment to look again and an explanation out.
//!
//! A condition whose fact is not known yet is neither true nor false (Kleene's three values), so a rule waits
//! for its facts instead of flashing the launcher.

mod check;
mod condition;
mod decide;

pub use check::{RuleFault, check};
pub use decide::{Facts, PageOverride, decide};

use protocol::rule::{Condition, Rule};

/// Which facts a set of rules asks for, so that nothing else is fetched or stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Presence or opening hours: the server's facts.
    pub server: bool,
    /// The number of the visit: a counter in the page's storage.
    pub visits: bool,
}

/// Returns which facts the rules that are switched on ask for.
#[must_use]
pub fn needs(rules: &[Rule]) -> Needs {
    let mut needs = Needs::default();
    for rule in rules.iter().filter(|rule| rule.is_enabled) {
        collect_needs(&rule.when, &mut needs);
    }
    needs
}

fn collect_needs(condition: &Condition, needs: &mut Needs) {
    match condition {
        Condition::All { of } | Condition::Any { of } => {
            for part in of {
                collect_needs(part, needs);
            }
        }
        Condition::Not { of } => collect_needs(of, needs),
        Condition::AgentOnline | Condition::AgentAvailable | Condition::InsideOpeningHours => {
            needs.server = true
        }
        Condition::VisitCount { .. } => needs.visits = true,
        Condition::DwellSeconds { .. } => {}
    }
}
