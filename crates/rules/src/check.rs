//! Whether rules may be saved: limits and unique ids, with the path to the fault.

use std::collections::BTreeSet;

use protocol::limit::{NAME_CHARS_MAX, RULE_DEPTH_MAX, RULES_MAX};
use protocol::rule::{Condition, Rule};

/// What is wrong with a rule, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFault {
    /// The path to the fault in the list of rules: `rules[3].when.of[0].at_least`.
    pub path: String,
    /// What is wrong there.
    pub detail: String,
}

impl std::fmt::Display for RuleFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.path, self.detail)
    }
}

/// Accepts rules that can be saved.
///
/// # Errors
/// The first fault: too many rules, an id that is empty or stands twice, a name that is empty or too long, a
/// tree deeper than 16, a visit below 1.
pub fn check(rules: &[Rule]) -> Result<(), RuleFault> {
    if rules.len() > RULES_MAX {
        return fault("rules".to_owned(), format!("{} rules, at most {RULES_MAX} are allowed", rules.len()));
    }
    let mut ids = BTreeSet::new();
    for (index, rule) in rules.iter().enumerate() {
        let path = format!("rules[{index}]");
        if rule.id.is_empty() || rule.id.chars().count() > NAME_CHARS_MAX {
            return fault(format!("{path}.id"), format!("must have 1 to {NAME_CHARS_MAX} characters"));
        }
        if !ids.insert(rule.id.as_str()) {
            return fault(format!("{path}.id"), format!("the id `{}` stands twice", rule.id));
        }
        if rule.name.trim().is_empty() || rule.name.chars().count() > NAME_CHARS_MAX {
            return fault(format!("{path}.name"), format!("must have 1 to {NAME_CHARS_MAX} characters"));
        }
        check_condition(&rule.when, &format!("{path}.when"), 1)?;
    }
    Ok(())
}

fn check_condition(condition: &Condition, path: &str, depth: usize) -> Result<(), RuleFault> {
    if depth > RULE_DEPTH_MAX {
        return fault(path.to_owned(), format!("the tree is deeper than {RULE_DEPTH_MAX}"));
    }
    match condition {
        Condition::All { of } | Condition::Any { of } => {
            for (index, part) in of.iter().enumerate() {
                check_condition(part, &format!("{path}.of[{index}]"), depth + 1)?;
            }
            Ok(())
        }
        Condition::Not { of } => check_condition(of, &format!("{path}.of"), depth + 1),
        Condition::VisitCount { at_least: 0 } => {
            fault(format!("{path}.at_least"), "visits are counted from 1".to_owned())
        }
        Condition::VisitCount { .. }
        | Condition::DwellSeconds { .. }
        | Condition::AgentOnline
        | Condition::AgentAvailable
        | Condition::InsideOpeningHours => Ok(()),
    }
}

fn fault(path: String, detail: String) -> Result<(), RuleFault> {
    Err(RuleFault { path, detail })
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::rule::RuleAction;

    fn rule(id: &str, when: Condition) -> Rule {
        Rule { id: id.to_owned(), name: "Name".to_owned(), is_enabled: true, when, action: RuleAction::Show }
    }

    #[test]
    fn a_fault_is_named_with_its_path() {
        let nested =
            Condition::All { of: vec![Condition::AgentOnline, Condition::VisitCount { at_least: 0 }] };
        let found = check(&[rule("a", Condition::AgentOnline), rule("b", nested)]);
        assert_eq!(found.unwrap_err().path, "rules[1].when.of[1].at_least");
        let twice = check(&[rule("a", Condition::AgentOnline), rule("a", Condition::AgentOnline)]);
        assert_eq!(twice.unwrap_err().to_string(), "rules[1].id: the id `a` stands twice");
    }

    #[test]
    fn a_tree_that_is_too_deep_is_refused() {
        let deep = (0..RULE_DEPTH_MAX)
            .fold(Condition::AgentOnline, |inner, _| Condition::Not { of: Box::new(inner) });
        assert!(check(&[rule("a", deep)]).unwrap_err().detail.contains("deeper"));
    }
}
