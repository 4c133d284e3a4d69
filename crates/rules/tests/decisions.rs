//! Decisions as owners expect them, one behaviour each, and the law of wake-ups.

use proptest::prelude::*;
use protocol::rule::{Condition, DecisionReason, OpenInterval, Rule, RuleAction, ServerFacts};
use protocol::time::UnixMillis;
use protocol::touchpoint::TouchpointState;
use rules::{Facts, PageOverride, decide, needs};

const NOON: UnixMillis = UnixMillis(1_795_428_000_000);

fn facts() -> Facts {
    Facts {
        state: TouchpointState::Active,
        page_override: None,
        has_open_conversation: false,
        page_opened_at: NOON,
        visit_count: Some(1),
        server: Some(server(0, 0)),
    }
}

fn server(agents_online: u32, agents_available: u32) -> ServerFacts {
    ServerFacts {
        server_time: NOON,
        agents_online,
        agents_available,
        open_intervals: None,
        config_version: 1,
    }
}

fn rule(action: RuleAction, when: Condition) -> Rule {
    Rule { id: "r".to_owned(), name: "Rule".to_owned(), is_enabled: true, when, action }
}

fn check(rules: &[Rule], facts: &Facts, now: UnixMillis, expected: (bool, DecisionReason)) {
    let decision = decide(rules, facts, now);
    assert_eq!((decision.is_visible, decision.reason), expected, "{decision:?}");
}

#[test]
fn without_rules_the_launcher_is_visible() {
    check(&[], &facts(), NOON, (true, DecisionReason::Default));
}

#[test]
fn a_show_rule_makes_hidden_the_default() {
    let rules = [rule(RuleAction::Show, Condition::AgentOnline)];
    check(&rules, &facts(), NOON, (false, DecisionReason::NoShowRule));
    check(&rules, &Facts { server: Some(server(1, 0)), ..facts() }, NOON, (true, DecisionReason::ShowRule));
}

#[test]
fn available_asks_for_more_than_online() {
    let rules = [rule(RuleAction::Show, Condition::AgentAvailable)];
    check(
        &rules,
        &Facts { server: Some(server(1, 0)), ..facts() },
        NOON,
        (false, DecisionReason::NoShowRule),
    );
    check(&rules, &Facts { server: Some(server(1, 1)), ..facts() }, NOON, (true, DecisionReason::ShowRule));
}

#[test]
fn a_matching_hide_rule_wins_over_a_matching_show_rule() {
    let dwell = Condition::DwellSeconds { at_least: 0 };
    let rules = [rule(RuleAction::Show, dwell.clone()), rule(RuleAction::Hide, dwell)];
    check(&rules, &facts(), NOON, (false, DecisionReason::HideRule));
}

#[test]
fn precedence_is_inactive_then_page_then_open_conversation_then_rules() {
    let rules = [rule(RuleAction::Hide, Condition::DwellSeconds { at_least: 0 })];
    let mut facts = Facts { has_open_conversation: true, ..facts() };
    check(&rules, &facts, NOON, (true, DecisionReason::OpenConversation));
    facts.page_override = Some(PageOverride::Hide);
    check(&rules, &facts, NOON, (false, DecisionReason::Page));
    facts.page_override = Some(PageOverride::Show);
    facts.state = TouchpointState::Inactive;
    check(&rules, &facts, NOON, (false, DecisionReason::Inactive));
}

#[test]
fn dwell_holds_after_the_seconds_and_names_the_moment() {
    let rules = [rule(RuleAction::Show, Condition::DwellSeconds { at_least: 5 })];
    let early = decide(&rules, &facts(), NOON.plus_ms(4_999));
    assert_eq!((early.is_visible, early.wake_at), (false, Some(NOON.plus_ms(5_000))));
    let due = decide(&rules, &facts(), NOON.plus_ms(5_000));
    assert_eq!((due.is_visible, due.wake_at), (true, None));
    assert_eq!(early.rules[0].when.fact, "4 s");
}

#[test]
fn the_second_visit_is_told_from_the_first() {
    let rules = [rule(RuleAction::Show, Condition::VisitCount { at_least: 2 })];
    check(&rules, &facts(), NOON, (false, DecisionReason::NoShowRule));
    check(&rules, &Facts { visit_count: Some(2), ..facts() }, NOON, (true, DecisionReason::ShowRule));
}

#[test]
fn hours_open_and_close_at_their_moments() {
    let open = OpenInterval { opens_at: NOON.plus_ms(1000), closes_at: NOON.plus_ms(2000) };
    let facts =
        Facts { server: Some(ServerFacts { open_intervals: Some(vec![open]), ..server(0, 0) }), ..facts() };
    let rules = [rule(RuleAction::Show, Condition::InsideOpeningHours)];
    for (after_ms, is_visible, wake_at) in [
        (0, false, Some(open.opens_at)),
        (1000, true, Some(open.closes_at)),
        (1999, true, Some(open.closes_at)),
        (2000, false, None),
    ] {
        let decision = decide(&rules, &facts, NOON.plus_ms(after_ms));
        assert_eq!((decision.is_visible, decision.wake_at), (is_visible, wake_at), "after {after_ms} ms");
    }
}

#[test]
fn a_fact_that_is_not_known_matches_neither_a_condition_nor_its_opposite() {
    let facts = Facts { server: None, ..facts() };
    let not_online = Condition::Not { of: Box::new(Condition::AgentOnline) };
    check(
        &[rule(RuleAction::Show, Condition::AgentOnline)],
        &facts,
        NOON,
        (false, DecisionReason::NoShowRule),
    );
    check(&[rule(RuleAction::Show, not_online.clone())], &facts, NOON, (false, DecisionReason::NoShowRule));
    let either = Condition::Any { of: vec![not_online, Condition::DwellSeconds { at_least: 0 }] };
    check(&[rule(RuleAction::Show, either)], &facts, NOON, (true, DecisionReason::ShowRule));
}

#[test]
fn a_rule_that_is_switched_off_neither_decides_nor_asks_for_facts() {
    let off = Rule { is_enabled: false, ..rule(RuleAction::Show, Condition::AgentOnline) };
    check(std::slice::from_ref(&off), &facts(), NOON, (true, DecisionReason::Default));
    assert!(!needs(&[off]).server);
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        Just(Condition::AgentOnline),
        Just(Condition::AgentAvailable),
        Just(Condition::InsideOpeningHours),
        (0u32..90).prop_map(|at_least| Condition::DwellSeconds { at_least }),
        (1u32..4).prop_map(|at_least| Condition::VisitCount { at_least }),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|of| Condition::All { of }),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|of| Condition::Any { of }),
            inner.prop_map(|of| Condition::Not { of: Box::new(of) }),
        ]
    })
}

fn intervals() -> impl Strategy<Value = Option<Vec<OpenInterval>>> {
    prop::option::of(prop::collection::vec((1i64..20, 1i64..20), 0..4).prop_map(|gaps| {
        let mut at = NOON;
        gaps.into_iter()
            .map(|(gap, length)| {
                let opens_at = at.plus_ms(gap * 1000);
                at = opens_at.plus_ms(length * 1000);
                OpenInterval { opens_at, closes_at: at }
            })
            .collect()
    }))
}

proptest! {
    /// Looking only at the wake-ups gives, at every second, what looking every second gives.
    #[test]
    fn wake_ups_see_every_change(
        conditions in prop::collection::vec((condition(), any::<bool>()), 0..4),
        open_intervals in intervals(),
        online in 0u32..2,
        visit in prop::option::of(1u32..4),
    ) {
        let rules: Vec<Rule> = conditions
            .into_iter()
            .map(|(when, is_show)| rule(if is_show { RuleAction::Show } else { RuleAction::Hide }, when))
            .collect();
        let facts = Facts { visit_count: visit, server: Some(ServerFacts { open_intervals, ..server(online, 0) }), ..facts() };
        let mut seen = decide(&rules, &facts, NOON);
        for second in 0..100 {
            let now = NOON.plus_ms(second * 1000);
            if seen.wake_at.is_some_and(|wake_at| wake_at <= now) {
                seen = decide(&rules, &facts, now);
            }
            let fresh = decide(&rules, &facts, now);
            prop_assert_eq!(seen.is_visible, fresh.is_visible, "second {}", second);
            prop_assert!(fresh.wake_at.is_none_or(|wake_at| wake_at > now));
        }
    }
}
