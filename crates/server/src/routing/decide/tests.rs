//! The law of routing: examples of each rule, and properties over random offices.

use proptest::prelude::*;
use protocol::routing::{LabelRoute, RoutingFallback};

use super::*;

const NOW: UnixMillis = UnixMillis(1_000_000);

/// Everything a decision goes by, owned.
#[derive(Debug, Clone, Default)]
struct Office {
    waiting: Vec<WaitingConversation>,
    agents: Vec<AgentPresence>,
    teams: BTreeMap<TeamId, BTreeSet<AgentId>>,
    routing: BTreeMap<TouchpointId, RoutingSettings>,
}

impl Office {
    /// An office where everybody is there and each takes three.
    fn of(agents: &[&str], settings: RoutingSettings) -> Self {
        let agents = agents.iter().map(|name| present(name)).collect();
        Self { agents, routing: BTreeMap::from([(touchpoint(), settings)]), ..Self::default() }
    }

    fn with_team(mut self, name: &str, members: &[&str]) -> Self {
        self.teams.insert(team(name), members.iter().map(|name| agent(name)).collect());
        self
    }

    fn with_waiting(mut self, name: &str, labels: &[&str]) -> Self {
        self.waiting.push(WaitingConversation {
            conversation_id: conversation(name),
            touchpoint_id: touchpoint(),
            team_id: None,
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            since: NOW,
        });
        self
    }

    fn decide_at(&self, router: &mut Router, now: UnixMillis) -> Decision {
        let Self { waiting, agents, teams, routing } = self;
        router.decide(Situation { now, waiting, agents, teams, routing })
    }

    fn decide(&self) -> Decision {
        self.decide_at(&mut Router::default(), NOW)
    }

    /// Does what was decided.
    fn carry_out(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Queue(conversation_id, team_id) => {
                    let mut waiting = self.waiting.iter_mut();
                    let found = waiting.find(|found| found.conversation_id == *conversation_id).unwrap();
                    found.team_id.clone_from(team_id);
                }
                Step::Give(conversation_id, agent_id) => {
                    self.waiting.retain(|found| found.conversation_id != *conversation_id);
                    let mut agents = self.agents.iter_mut();
                    agents.find(|found| found.agent_id == *agent_id).unwrap().open_chats += 1;
                }
            }
        }
    }
}

fn agent(name: &str) -> AgentId {
    AgentId(format!("agt_{name}"))
}

fn present(name: &str) -> AgentPresence {
    AgentPresence {
        agent_id: agent(name),
        name: name.to_owned(),
        is_online: true,
        is_away: false,
        open_chats: 0,
        max_concurrent: 3,
    }
}

fn team(name: &str) -> TeamId {
    TeamId(format!("team_{name}"))
}

fn conversation(name: &str) -> ConversationId {
    ConversationId(format!("cnv_{name}"))
}

fn touchpoint() -> TouchpointId {
    TouchpointId("tp_shop".to_owned())
}

fn settings(strategy: RoutingStrategy) -> RoutingSettings {
    RoutingSettings { strategy, ..RoutingSettings::default() }
}

fn give(conversation_name: &str, agent_name: &str) -> Step {
    Step::Give(conversation(conversation_name), agent(agent_name))
}

fn queue(conversation_name: &str, team_name: Option<&str>) -> Step {
    Step::Queue(conversation(conversation_name), team_name.map(team))
}

#[test]
fn manual_routing_leaves_everything_to_the_agents() {
    let office = Office::of(&["ana"], settings(RoutingStrategy::Manual)).with_waiting("1", &[]);
    assert_eq!(office.decide(), Decision::default());
}

#[test]
fn each_gets_one_in_turn() {
    let mut office = Office::of(&["ana", "ben"], settings(RoutingStrategy::RoundRobin));
    for name in ["1", "2", "3", "4"] {
        office = office.with_waiting(name, &[]);
    }
    let expected = [give("1", "ana"), give("2", "ben"), give("3", "ana"), give("4", "ben")];
    assert_eq!(office.decide().steps, expected);
}

#[test]
fn the_least_busy_for_their_maximum_comes_first() {
    let mut office = Office::of(&["ana", "ben"], settings(RoutingStrategy::LeastBusy));
    (office.agents[0].open_chats, office.agents[0].max_concurrent) = (2, 10);
    (office.agents[1].open_chats, office.agents[1].max_concurrent) = (1, 3);
    let office = office.with_waiting("1", &[]).with_waiting("2", &[]).with_waiting("3", &[]);
    assert_eq!(office.decide().steps, [give("1", "ana"), give("2", "ana"), give("3", "ben")]);
}

#[test]
fn who_is_away_offline_or_full_gets_none() {
    let mut office = Office::of(&["ana", "ben", "cem"], settings(RoutingStrategy::RoundRobin));
    office.agents[0].is_away = true;
    office.agents[1].is_online = false;
    office.agents[2].open_chats = 3;
    assert_eq!(office.with_waiting("1", &[]).decide(), Decision::default());
}

#[test]
fn a_label_leads_to_its_team_and_the_first_that_matches_counts() {
    let route = |label: &str, name: &str| LabelRoute { label: label.to_owned(), team_id: team(name) };
    let by_label = vec![route("VIP", "gold"), route("new", "sales")];
    let settings =
        RoutingSettings { by_label, team_id: Some(team("support")), ..settings(RoutingStrategy::RoundRobin) };
    let office = Office::of(&["ana", "ben", "cem"], settings)
        .with_team("gold", &["cem"])
        .with_team("sales", &["ben"])
        .with_team("support", &["ana"])
        .with_waiting("1", &["new", "vip"])
        .with_waiting("2", &["New"])
        .with_waiting("3", &["old"]);
    let expected = [
        queue("1", Some("gold")),
        give("1", "cem"),
        queue("2", Some("sales")),
        give("2", "ben"),
        queue("3", Some("support")),
        give("3", "ana"),
    ];
    assert_eq!(office.decide().steps, expected);
}

#[test]
fn a_conversation_waits_for_its_team_and_then_falls_back() {
    let fallback = Some(RoutingFallback { after_s: 30, team_id: Some(team("sales")) });
    let settings =
        RoutingSettings { team_id: Some(team("support")), fallback, ..settings(RoutingStrategy::RoundRobin) };
    let mut office = Office::of(&["ana", "ben"], settings)
        .with_team("support", &["ana"])
        .with_team("sales", &["ben"])
        .with_waiting("1", &[]);
    office.agents[0].is_away = true;
    let mut router = Router::default();
    let first = office.decide_at(&mut router, NOW);
    let due_at = NOW.plus_ms(30_000);
    assert_eq!(
        (first.steps.as_slice(), first.look_again_at),
        (&[queue("1", Some("support"))][..], Some(due_at))
    );
    office.carry_out(&first.steps);
    assert_eq!(office.decide_at(&mut router, due_at.plus_ms(-1)).steps, []);
    let later = office.decide_at(&mut router, due_at);
    assert_eq!(later.steps, [queue("1", Some("sales")), give("1", "ben")]);
}

#[test]
fn a_fallback_without_a_team_is_for_everybody_and_is_not_undone() {
    let fallback = Some(RoutingFallback { after_s: 0, team_id: None });
    let settings =
        RoutingSettings { team_id: Some(team("support")), fallback, ..settings(RoutingStrategy::Manual) };
    let mut office = Office::of(&["ana"], settings)
        .with_team("support", &[])
        .with_team("gold", &[])
        .with_waiting("1", &[]);
    let mut router = Router::default();
    office.waiting[0].team_id = Some(team("support"));
    let decided = office.decide_at(&mut router, NOW);
    assert_eq!(decided.steps, [queue("1", None)]);
    office.carry_out(&decided.steps);
    assert_eq!(office.decide_at(&mut router, NOW), Decision::default());
    // Somebody put it into another queue by hand.
    office.waiting[0].team_id = Some(team("gold"));
    assert_eq!(office.decide_at(&mut router, NOW), Decision::default());
}

#[test]
fn a_fallback_that_could_not_be_stored_is_decided_again() {
    let fallback = Some(RoutingFallback { after_s: 0, team_id: None });
    let settings =
        RoutingSettings { team_id: Some(team("support")), fallback, ..settings(RoutingStrategy::Manual) };
    let mut office = Office::of(&["ana"], settings).with_team("support", &[]).with_waiting("1", &[]);
    let mut router = Router::default();
    office.waiting[0].team_id = Some(team("support"));
    let decided = office.decide_at(&mut router, NOW);
    router.forget_fallbacks([office.waiting[0].conversation_id.clone()].into_iter());
    assert_eq!(office.decide_at(&mut router, NOW), decided);
    assert_eq!(decided.steps, [queue("1", None)]);
}

#[test]
fn after_a_restart_a_conversation_that_fell_back_stays_where_it_is() {
    let fallback = Some(RoutingFallback { after_s: 0, team_id: None });
    let settings =
        RoutingSettings { team_id: Some(team("support")), fallback, ..settings(RoutingStrategy::Manual) };
    let office = Office::of(&["ana"], settings).with_team("support", &[]).with_waiting("1", &[]);
    assert_eq!(office.decide(), Decision::default());
}

#[test]
fn a_team_that_is_gone_is_no_reason_to_wait() {
    let settings = RoutingSettings { team_id: Some(team("gone")), ..settings(RoutingStrategy::RoundRobin) };
    let office = Office::of(&["ana"], settings).with_waiting("1", &[]);
    assert_eq!(office.decide().steps, [give("1", "ana")]);
}

fn agents() -> impl Strategy<Value = Vec<AgentPresence>> {
    let one = (any::<bool>(), any::<bool>(), 0u32..4, 0u32..5);
    prop::collection::vec(one, 0..6).prop_map(|drawn| {
        let named = drawn.into_iter().enumerate();
        named
            .map(|(number, (is_online, is_away, open_chats, max_concurrent))| AgentPresence {
                is_online,
                is_away,
                open_chats,
                max_concurrent,
                ..present(&number.to_string())
            })
            .collect()
    })
}

fn strategy() -> impl Strategy<Value = RoutingStrategy> {
    let all = vec![RoutingStrategy::Manual, RoutingStrategy::RoundRobin, RoutingStrategy::LeastBusy];
    prop::sample::select(all)
}

fn office() -> impl Strategy<Value = Office> {
    let some_team = || prop::option::of(prop::sample::select(vec![team("a"), team("b"), team("gone")]));
    let routing = (strategy(), some_team(), some_team(), prop::option::of(0u32..60));
    let waiting = prop::collection::vec((some_team(), any::<bool>(), 0i64..60_000), 0..12);
    let members =
        || prop::collection::btree_set((0u32..6).prop_map(|number| agent(&number.to_string())), 0..5);
    (agents(), routing, waiting, members(), members()).prop_map(|(agents, routing, waiting, in_a, in_b)| {
        let (strategy, team_id, fallback_team_id, after_s) = routing;
        let by_label = vec![LabelRoute { label: "vip".to_owned(), team_id: team("b") }];
        let fallback = after_s.map(|after_s| RoutingFallback { after_s, team_id: fallback_team_id });
        let settings =
            RoutingSettings { strategy, by_label, team_id, fallback, ..RoutingSettings::default() };
        let waiting = waiting.into_iter().enumerate().map(|(number, (team_id, is_vip, waited_ms))| {
            WaitingConversation {
                conversation_id: conversation(&number.to_string()),
                touchpoint_id: touchpoint(),
                team_id,
                labels: if is_vip { vec!["VIP".to_owned()] } else { Vec::new() },
                since: NOW.plus_ms(-waited_ms),
            }
        });
        Office {
            waiting: waiting.collect(),
            agents,
            teams: BTreeMap::from([(team("a"), in_a), (team("b"), in_b)]),
            routing: BTreeMap::from([(touchpoint(), settings)]),
        }
    })
}

proptest! {
    #[test]
    fn only_agents_with_room_who_are_there_get_conversations_of_their_own_queue(office in office()) {
        let mut before = office.clone();
        for step in office.decide().steps {
            if let Step::Give(conversation_id, agent_id) = &step {
                let taker = before.agents.iter().find(|found| found.agent_id == *agent_id).unwrap();
                prop_assert!(taker.is_available(), "{taker:?}");
                let given = before.waiting.iter().find(|found| found.conversation_id == *conversation_id);
                let members = given.unwrap().team_id.as_ref().and_then(|team_id| before.teams.get(team_id));
                prop_assert!(members.is_none_or(|members| members.contains(agent_id)));
            }
            before.carry_out(std::slice::from_ref(&step));
        }
    }

    #[test]
    fn nobody_waits_while_somebody_could_take_it(office in office()) {
        let strategy = office.routing[&touchpoint()].strategy;
        let mut after = office.clone();
        after.carry_out(&office.decide().steps);
        for left in &after.waiting {
            let members = left.team_id.as_ref().and_then(|team_id| after.teams.get(team_id));
            let could = after.agents.iter().any(|agent| {
                agent.is_available() && members.is_none_or(|members| members.contains(&agent.agent_id))
            });
            prop_assert!(!could || strategy == RoutingStrategy::Manual, "{left:?}");
        }
    }

    #[test]
    fn what_was_decided_once_is_decided_the_same_way_again(office in office()) {
        prop_assert_eq!(office.decide(), office.decide());
    }

    #[test]
    fn once_carried_out_nothing_more_is_to_be_done(office in office()) {
        let (mut router, mut after) = (Router::default(), office.clone());
        let decided = office.decide_at(&mut router, NOW);
        after.carry_out(&decided.steps);
        prop_assert_eq!(after.decide_at(&mut router, NOW).steps, []);
    }

    #[test]
    fn time_changes_nothing_before_it_was_said_to(office in office(), later_ms in 0i64..120_000) {
        let (mut router, mut after) = (Router::default(), office.clone());
        let decided = office.decide_at(&mut router, NOW);
        after.carry_out(&decided.steps);
        let later = NOW.plus_ms(later_ms);
        if decided.look_again_at.is_none_or(|at| later < at) {
            prop_assert_eq!(after.decide_at(&mut router, later).steps, []);
        }
    }

    #[test]
    fn turns_are_fair_among_agents_who_stay(count in 1usize..40, names in 1usize..6) {
        let agents = (0..names).map(|number| present(&number.to_string())).collect();
        let mut office = Office { agents, ..Office::default() };
        office.agents.iter_mut().for_each(|agent| agent.max_concurrent = 1_000);
        office.routing.insert(touchpoint(), settings(RoutingStrategy::RoundRobin));
        let mut router = Router::default();
        for number in 0..count {
            let next = office.clone().with_waiting(&number.to_string(), &[]);
            let steps = next.decide_at(&mut router, NOW).steps;
            office.waiting = next.waiting;
            office.carry_out(&steps);
        }
        let counts: Vec<u32> = office.agents.iter().map(|agent| agent.open_chats).collect();
        let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
        prop_assert!(most - least <= 1, "{counts:?}");
        prop_assert_eq!(counts.iter().sum::<u32>() as usize, count);
    }
}
