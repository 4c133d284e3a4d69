//! Who looks on and who may act on a shared page, as both sides are told it, and the record of what was done.

use std::collections::VecDeque;
use std::time::Duration;

use cobrowse::control::{Command, Report, Scope, Scopes};
use cobrowse::grant::Grants;
use protocol::cobrowse::CobrowseScope;
use protocol::id::AgentId;
use protocol::people::AgentRef;
use protocol::time::UnixMillis;
use serde::Serialize;
use store::CobrowseStep;
use tokio::sync::watch;

/// Actions whose outcome has not come yet; an older one is forgotten.
const UNDER_WAY_MAX: usize = 256;

/// A question as the visitor's page is told it, and whoever looks on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Asked {
    number: u32,
    agent: String,
    scopes: Vec<CobrowseScope>,
}

/// A grant as both sides are told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Given {
    agent: String,
    scopes: Vec<CobrowseScope>,
    /// How long it still holds.
    for_ms: u64,
}

/// Where control stands, for one side: always all of it, so that whoever missed one message misses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Standing {
    asked: Option<Asked>,
    given: Option<Given>,
    /// Whether it is this viewer's agent who may act.
    is_mine: bool,
    /// Whether the visitor holds the sharing for a moment.
    is_held: bool,
    /// The names of those who look on, each once.
    watchers: Vec<String>,
}

#[derive(Debug, Default)]
struct State {
    grants: Grants<AgentRef>,
    is_held: bool,
    watchers: Vec<AgentRef>,
    /// Agents whose log-in is over: their viewers are closed.
    expelled: Vec<AgentId>,
    under_way: VecDeque<(u32, &'static str, AgentRef)>,
    /// The last step, while more of the same may come.
    last: Option<CobrowseStep>,
}

/// Who may act on one shared page.
#[derive(Debug, Default)]
pub(crate) struct Control {
    state: watch::Sender<State>,
}

impl Control {
    /// Wakes whenever [`Self::standing`] may be another.
    pub(crate) fn news(&self) -> News {
        News(self.state.subscribe())
    }

    /// Returns where it stands; for a viewer, by its agent.
    pub(crate) fn standing(&self, viewer: Option<&AgentRef>, now: UnixMillis) -> Standing {
        let state = self.state.borrow();
        let given = state.grants.given(ms(now));
        let mut watchers: Vec<String> = state.watchers.iter().map(|agent| agent.name.clone()).collect();
        watchers.sort();
        watchers.dedup();
        Standing {
            asked: state.grants.asked().map(|asked| Asked {
                number: asked.number,
                agent: asked.agent.name.clone(),
                scopes: names(asked.scopes),
            }),
            given: given.map(|given| Given {
                agent: given.agent.name.clone(),
                scopes: names(given.scopes),
                for_ms: given.until_ms.saturating_sub(ms(now)),
            }),
            is_mine: given.is_some_and(|given| viewer == Some(&given.agent)),
            is_held: state.is_held,
            watchers,
        }
    }

    /// A viewer of this agent looks on.
    pub(crate) fn join(&self, agent: &AgentRef) {
        self.state.send_modify(|state| {
            state.expelled.retain(|agent_id| *agent_id != agent.agent_id);
            state.watchers.push(agent.clone());
        });
    }

    /// The viewers of this agent are to be closed, if they have any.
    pub(crate) fn expel(&self, agent_id: &AgentId) {
        self.state.send_if_modified(|state| {
            let looks_on = state.watchers.iter().any(|watcher| watcher.agent_id == *agent_id);
            if looks_on {
                state.expelled.push(agent_id.clone());
            }
            looks_on
        });
    }

    /// Whether the viewers of this agent are to be closed.
    pub(crate) fn is_expelled(&self, agent: &AgentRef) -> bool {
        self.state.borrow().expelled.contains(&agent.agent_id)
    }

    /// One of this agent's viewers is gone; with the last of them goes what they were given.
    pub(crate) fn leave(&self, agent: &AgentRef) {
        self.state.send_modify(|state| {
            if let Some(place) = state.watchers.iter().position(|watcher| watcher == agent) {
                state.watchers.swap_remove(place);
            }
            if !state.watchers.contains(agent) {
                state.grants.release(agent);
            }
        });
    }

    /// An agent asks; answers what is to be recorded, if it is a question.
    pub(crate) fn ask(
        &self,
        agent: &AgentRef,
        scopes: &[CobrowseScope],
        now: UnixMillis,
    ) -> Option<CobrowseStep> {
        let scopes: Scopes = scopes.iter().filter_map(|&scope| to_scope(scope)).collect();
        let is_news = self.state.send_if_modified(|state| state.grants.ask(agent.clone(), scopes));
        is_news.then(|| step(agent, "ask", scopes, now))
    }

    /// Returns how long what is given still holds, if anything is given.
    pub(crate) fn given_for(&self, now: UnixMillis) -> Option<Duration> {
        let state = self.state.borrow();
        let given = state.grants.given(ms(now))?;
        Some(Duration::from_millis(given.until_ms.saturating_sub(ms(now))))
    }

    /// An agent gives back what they were given; answers what is to be recorded, if they were given anything.
    pub(crate) fn release(&self, agent: &AgentRef, now: UnixMillis) -> Option<CobrowseStep> {
        let given = self.given_scopes(agent, now);
        self.state.send_modify(|state| state.grants.release(agent));
        given.map(|scopes| step(agent, "release", scopes, now))
    }

    /// The visitor's answer; answers what is to be recorded, if it was the question that stands.
    pub(crate) fn answer(
        &self,
        number: u32,
        scopes: &[CobrowseScope],
        now: UnixMillis,
    ) -> Option<CobrowseStep> {
        let scopes: Scopes = scopes.iter().filter_map(|&scope| to_scope(scope)).collect();
        let mut recorded = None;
        self.state.send_modify(|state| {
            let Some(asked) = state.grants.asked().cloned() else { return };
            if state.grants.answer(number, scopes, ms(now)) {
                let allowed = asked.scopes.and(scopes);
                let what = if allowed.is_empty() { "refuse" } else { "grant" };
                recorded = Some(step(&asked.agent, what, allowed, now));
            }
        });
        recorded
    }

    /// The visitor takes everything back; answers what is to be recorded, if anything was given.
    pub(crate) fn revoke(&self, now: UnixMillis) -> Option<CobrowseStep> {
        let mut recorded = None;
        self.state.send_modify(|state| {
            let given = state.grants.given(ms(now));
            recorded = given.map(|given| step(&given.agent, "revoke", given.scopes, now));
            state.grants.revoke();
        });
        recorded
    }

    /// The page is gone, or another one: whatever was given was given on that page.
    pub(crate) fn page_left(&self) {
        self.state.send_modify(|state| {
            state.grants.revoke();
            state.is_held = false;
            state.under_way.clear();
        });
    }

    /// The visitor holds the sharing for a moment, or goes on.
    pub(crate) fn hold(&self, is_held: bool) {
        self.state.send_modify(|state| state.is_held = is_held);
    }

    /// Whether an agent's action may go to the page.
    pub(crate) fn admits(&self, agent: &AgentRef, command: &Command, now: UnixMillis) -> bool {
        let scope = command.action.scope();
        let mut is_allowed = false;
        // Nothing that anybody is told of changes.
        self.state.send_if_modified(|state| {
            is_allowed = !state.is_held && state.grants.allows(agent, scope, ms(now));
            if is_allowed && scope != Scope::Point {
                state.under_way.push_back((command.number, command.action.name(), agent.clone()));
                if state.under_way.len() > UNDER_WAY_MAX {
                    state.under_way.pop_front();
                }
            }
            false
        });
        is_allowed
    }

    /// Takes the outcome of an action; answers the step before it when that is finished and is to be recorded.
    pub(crate) fn done(&self, report: Report, now: UnixMillis) -> Option<CobrowseStep> {
        let mut finished = None;
        self.state.send_if_modified(|state| {
            let place = state.under_way.iter().position(|(number, ..)| *number == report.number);
            let Some((_, what, agent)) = place.and_then(|place| state.under_way.remove(place)) else {
                return false;
            };
            let outcome = report.outcome.name();
            match &mut state.last {
                Some(last) if last.what == what && last.outcome == outcome && last.agent == agent => {
                    last.times += 1;
                }
                Some(_) | None => {
                    let step = CobrowseStep {
                        agent,
                        at: now,
                        what: what.to_owned(),
                        outcome: outcome.to_owned(),
                        times: 1,
                    };
                    finished = state.last.replace(step);
                }
            }
            false
        });
        finished
    }

    /// Returns the step that is not recorded yet.
    pub(crate) fn take_last(&self) -> Option<CobrowseStep> {
        let mut last = None;
        self.state.send_if_modified(|state| {
            last = state.last.take();
            false
        });
        last
    }

    fn given_scopes(&self, agent: &AgentRef, now: UnixMillis) -> Option<Scopes> {
        let state = self.state.borrow();
        state.grants.given(ms(now)).filter(|given| given.agent == *agent).map(|given| given.scopes)
    }
}

/// Tells when control stands otherwise.
#[derive(Debug)]
pub(crate) struct News(watch::Receiver<State>);

impl News {
    /// Comes back with every change; may be dropped and called again.
    pub(crate) async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            // The session is gone, and its sockets hear of that in another way.
            std::future::pending::<()>().await;
        }
    }
}

fn step(agent: &AgentRef, what: &str, scopes: Scopes, now: UnixMillis) -> CobrowseStep {
    let words: Vec<&str> = names(scopes).into_iter().map(CobrowseScope::word).collect();
    CobrowseStep { agent: agent.clone(), at: now, what: what.to_owned(), outcome: words.join(" "), times: 1 }
}

fn names(scopes: Scopes) -> Vec<CobrowseScope> {
    Scope::ASKED.into_iter().filter(|&scope| scopes.contains(scope)).map(to_name).collect()
}

fn to_name(scope: Scope) -> CobrowseScope {
    match scope {
        Scope::Point => CobrowseScope::Point,
        Scope::Scroll => CobrowseScope::Scroll,
        Scope::Click => CobrowseScope::Click,
        Scope::Type => CobrowseScope::Type,
        Scope::Navigate => CobrowseScope::Navigate,
    }
}

fn to_scope(scope: CobrowseScope) -> Option<Scope> {
    match scope {
        CobrowseScope::View | CobrowseScope::Record => None,
        CobrowseScope::Point => Some(Scope::Point),
        CobrowseScope::Scroll => Some(Scope::Scroll),
        CobrowseScope::Click => Some(Scope::Click),
        CobrowseScope::Type => Some(Scope::Type),
        CobrowseScope::Navigate => Some(Scope::Navigate),
    }
}

fn ms(now: UnixMillis) -> u64 {
    now.0.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cobrowse::control::{Action, Outcome};
    use cobrowse::node::NodeId;

    const NOW: UnixMillis = UnixMillis(1_000);

    fn agent(name: &str) -> AgentRef {
        AgentRef { agent_id: AgentId(format!("agt_{name}")), name: name.to_owned() }
    }

    fn command(number: u32, action: Action) -> Command {
        Command { number, epoch: 1, action }
    }

    fn choose() -> Action {
        Action::Choose { node_id: NodeId(9) }
    }

    fn granted() -> Control {
        let control = Control::default();
        control.join(&agent("Ana"));
        control.ask(&agent("Ana"), &[CobrowseScope::Type], NOW);
        assert_eq!(control.answer(1, &[CobrowseScope::Type], NOW).unwrap().what, "grant");
        control
    }

    #[test]
    fn an_action_passes_only_with_a_grant_of_this_agent_for_its_scope() {
        let control = granted();
        let click =
            Action::Click { node_id: NodeId(9), offset: cobrowse::control::Offset::default(), count: 1 };
        assert!(control.admits(&agent("Ana"), &command(1, choose()), NOW));
        assert!(!control.admits(&agent("Ana"), &command(2, click), NOW));
        assert!(!control.admits(&agent("Ben"), &command(3, choose()), NOW));
        assert!(control.admits(&agent("Ben"), &command(4, Action::Mark { node_id: NodeId(9) }), NOW));
    }

    #[test]
    fn nothing_passes_while_the_visitor_holds_the_sharing() {
        let control = granted();
        control.hold(true);
        assert!(!control.admits(&agent("Ana"), &command(1, choose()), NOW));
        control.hold(false);
        assert!(control.admits(&agent("Ana"), &command(2, choose()), NOW));
    }

    #[test]
    fn a_grant_ends_with_the_page_the_last_viewer_of_its_agent_and_the_visitors_word() {
        for end in [
            (|control| control.page_left()) as fn(&Control),
            |control| control.leave(&agent("Ana")),
            |control| drop(control.revoke(NOW)),
            |control| drop(control.release(&agent("Ana"), NOW)),
        ] {
            let control = granted();
            end(&control);
            assert!(!control.admits(&agent("Ana"), &command(1, choose()), NOW));
            assert_eq!(control.standing(Some(&agent("Ana")), NOW).given, None);
        }
    }

    #[test]
    fn an_agent_with_two_windows_keeps_the_grant_when_one_is_closed() {
        let control = granted();
        control.join(&agent("Ana"));
        control.leave(&agent("Ana"));
        assert!(control.standing(Some(&agent("Ana")), NOW).is_mine);
        assert!(!control.standing(Some(&agent("Ben")), NOW).is_mine);
    }

    #[test]
    fn equal_actions_in_a_row_are_one_step_that_is_recorded_when_another_comes() {
        let control = granted();
        for number in 1..=3 {
            assert!(control.admits(&agent("Ana"), &command(number, choose()), NOW));
            assert_eq!(control.done(Report { number, outcome: Outcome::Done }, NOW), None);
        }
        assert!(control.admits(&agent("Ana"), &command(4, choose()), NOW));
        let step = control.done(Report { number: 4, outcome: Outcome::Masked }, NOW).unwrap();
        assert_eq!((step.what.as_str(), step.outcome.as_str(), step.times), ("choose", "done", 3));
        assert_eq!(control.take_last().unwrap().outcome, "masked");
        assert_eq!(
            control.done(Report { number: 4, outcome: Outcome::Done }, NOW),
            None,
            "a report nobody waits for"
        );
        assert_eq!(control.take_last(), None);
    }

    #[tokio::test]
    async fn whoever_listens_hears_of_a_question() {
        let control = Control::default();
        let mut news = control.news();
        control.ask(&agent("Ana"), &[CobrowseScope::Click, CobrowseScope::View], NOW);
        news.next().await;
        let asked = control.standing(None, NOW).asked.unwrap();
        assert_eq!((asked.agent.as_str(), asked.scopes), ("Ana", vec![CobrowseScope::Click]));
    }
}
