//! The decision: precedence of state, page, conversation and rules.

use protocol::rule::{Decision, DecisionReason, Rule, RuleAction, RuleExplanation, ServerFacts};
use protocol::time::UnixMillis;
use protocol::touchpoint::TouchpointState;

use crate::condition::evaluate;

/// What the page's own script asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageOverride {
    /// `Tandem.show()`.
    Show,
    /// `Tandem.hide()`.
    Hide,
}

/// What rules look at. Times are on the server's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Whether the touchpoint offers chat.
    pub state: TouchpointState,
    /// What the page's script asked for on this page.
    pub page_override: Option<PageOverride>,
    /// Whether a conversation is open.
    pub has_open_conversation: bool,
    /// When the page was opened.
    pub page_opened_at: UnixMillis,
    /// The number of the visit, from 1; `None` while it is not known.
    pub visit_count: Option<u32>,
    /// Presence and hours; `None` while they are not known.
    pub server: Option<ServerFacts>,
}

/// Decides whether the launcher is shown.
///
/// Precedence: INACTIVE, then the page's own script, then an open conversation, then hide rules, then show rules
/// (hidden when there is one and none matches), else visible. `wake_at` is later than `now`, or `None`.
#[must_use]
pub fn decide(rules: &[Rule], facts: &Facts, now: UnixMillis) -> Decision {
    let rules: Vec<RuleExplanation> =
        rules.iter().filter(|rule| rule.is_enabled).map(|rule| explain(rule, facts, now)).collect();
    let matches = |action: RuleAction| rules.iter().any(|rule| rule.action == action && rule.matched);
    let has_show_rule = rules.iter().any(|rule| rule.action == RuleAction::Show);
    let (is_visible, reason) = if facts.state == TouchpointState::Inactive {
        (false, DecisionReason::Inactive)
    } else if let Some(wish) = facts.page_override {
        (wish == PageOverride::Show, DecisionReason::Page)
    } else if facts.has_open_conversation {
        (true, DecisionReason::OpenConversation)
    } else if matches(RuleAction::Hide) {
        (false, DecisionReason::HideRule)
    } else if matches(RuleAction::Show) {
        (true, DecisionReason::ShowRule)
    } else if has_show_rule {
        (false, DecisionReason::NoShowRule)
    } else {
        (true, DecisionReason::Default)
    };
    let wake_at = rules.iter().filter_map(|rule| rule.when.wake_at).min();
    Decision { is_visible, reason, wake_at, decided_at: now, rules }
}

fn explain(rule: &Rule, facts: &Facts, now: UnixMillis) -> RuleExplanation {
    let verdict = evaluate(&rule.when, facts, now);
    RuleExplanation {
        id: rule.id.clone(),
        name: rule.name.clone(),
        action: rule.action,
        matched: verdict.holds == Some(true),
        when: verdict.explanation,
    }
}
