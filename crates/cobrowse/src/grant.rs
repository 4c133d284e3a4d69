//! Who may act on the visitor's page, and for how long: at most one agent at a time, asked for and answered, and gone
//! with the page it was given on. `A` is whatever the server knows an agent by.

use crate::control::{Scope, Scopes};
use crate::limit;

/// An agent who asked, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask<A> {
    /// Counts the questions of a session, so that a late answer is no answer to the next.
    pub number: u32,
    /// Who asked.
    pub agent: A,
    /// What for.
    pub scopes: Scopes,
}

/// What the visitor has given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant<A> {
    /// To whom.
    pub agent: A,
    /// What they may do.
    pub scopes: Scopes,
    /// When it lapses by itself, in milliseconds of the caller's clock.
    pub until_ms: u64,
}

/// The question and the grant of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants<A> {
    asked: Option<Ask<A>>,
    given: Option<Grant<A>>,
    asks: u32,
}

impl<A> Default for Grants<A> {
    fn default() -> Self {
        Self { asked: None, given: None, asks: 0 }
    }
}

impl<A: Clone + PartialEq> Grants<A> {
    /// Takes an agent's question; answers whether it is one. A later one of the same agent takes its place, so that
    /// nobody answers what they have not read; a colleague's waits its turn, and the same again is no question.
    /// Nothing that is asked for takes an earlier one back. Whoever has the page keeps it until the visitor has
    /// answered.
    pub fn ask(&mut self, agent: A, scopes: Scopes) -> bool {
        let askable: Scopes = Scope::ASKED.into_iter().collect();
        let scopes = scopes.and(askable);
        if scopes.is_empty() {
            return self.asked.take_if(|asked| asked.agent == agent).is_some();
        }
        if self.asked.as_ref().is_some_and(|asked| asked.agent != agent || asked.scopes == scopes) {
            return false;
        }
        self.asks += 1;
        self.asked = Some(Ask { number: self.asks, agent, scopes });
        true
    }

    /// Takes the visitor's answer to a question: what of it they allow. Answers whether it was the question that
    /// stands.
    pub fn answer(&mut self, number: u32, allowed: Scopes, now_ms: u64) -> bool {
        let Some(asked) = self.asked.take_if(|asked| asked.number == number) else { return false };
        let scopes = asked.scopes.and(allowed);
        if !scopes.is_empty() {
            self.given = Some(Grant { agent: asked.agent, scopes, until_ms: now_ms + limit::GRANT_MS });
        }
        true
    }

    /// An agent gives back what they were given, and takes back what they asked.
    pub fn release(&mut self, agent: &A) {
        self.asked.take_if(|asked| asked.agent == *agent);
        self.given.take_if(|given| given.agent == *agent);
    }

    /// The visitor takes everything back, or the page is another one: both are asked for again.
    pub fn revoke(&mut self) {
        self.asked = None;
        self.given = None;
    }

    /// Whether an agent may do what needs this scope. Pointing needs no grant of its own.
    #[must_use]
    pub fn allows(&self, agent: &A, scope: Scope, now_ms: u64) -> bool {
        scope == Scope::Point
            || self.given(now_ms).is_some_and(|given| given.agent == *agent && given.scopes.contains(scope))
    }

    /// Returns the question that stands.
    #[must_use]
    pub fn asked(&self) -> Option<&Ask<A>> {
        self.asked.as_ref()
    }

    /// Returns what is given at this moment.
    #[must_use]
    pub fn given(&self, now_ms: u64) -> Option<&Grant<A>> {
        self.given.as_ref().filter(|given| now_ms < given.until_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes() -> Scopes {
        Scopes::NONE.with(Scope::Click).with(Scope::Type)
    }

    fn granted() -> Grants<&'static str> {
        let mut grants = Grants::default();
        grants.ask("ana", scopes());
        assert!(grants.answer(1, scopes(), 0));
        grants
    }

    #[test]
    fn nothing_is_allowed_but_pointing_before_the_visitor_has_said_so() {
        let mut grants = Grants::default();
        grants.ask("ana", scopes());
        assert!(grants.allows(&"ana", Scope::Point, 0));
        for scope in Scope::ASKED {
            assert!(!grants.allows(&"ana", scope, 0), "{scope:?}");
        }
    }

    #[test]
    fn a_grant_holds_for_its_agent_its_scopes_and_its_time() {
        let grants = granted();
        assert!(grants.allows(&"ana", Scope::Click, limit::GRANT_MS - 1));
        assert!(!grants.allows(&"ana", Scope::Scroll, 0), "another scope");
        assert!(!grants.allows(&"ben", Scope::Click, 0), "another agent");
        assert!(!grants.allows(&"ana", Scope::Click, limit::GRANT_MS), "too late");
    }

    #[test]
    fn the_visitor_may_allow_a_part_and_no_more_than_was_asked() {
        let mut grants = Grants::default();
        grants.ask("ana", scopes());
        let allowed = Scopes::NONE.with(Scope::Click).with(Scope::Navigate);
        assert!(grants.answer(1, allowed, 0));
        assert_eq!(grants.given(0).unwrap().scopes, Scopes::NONE.with(Scope::Click));
    }

    #[test]
    fn an_answer_to_another_question_gives_nothing() {
        let mut grants = Grants::default();
        assert!(grants.ask("ana", scopes()));
        assert!(grants.ask("ana", scopes().with(Scope::Navigate)));
        assert!(!grants.answer(1, scopes(), 0));
        assert!(grants.answer(2, scopes(), 0));
        assert!(!grants.answer(2, scopes(), 0), "twice");
        assert!(grants.allows(&"ana", Scope::Click, 0));
    }

    #[test]
    fn a_question_stands_until_it_is_answered_and_the_same_again_is_none() {
        let mut grants = Grants::default();
        assert!(grants.ask("ana", scopes()));
        assert!(!grants.ask("ben", scopes()), "a colleague waits");
        assert!(!grants.ask("ana", scopes()), "the same again");
        assert_eq!(grants.asked().map(|asked| (asked.number, asked.agent)), Some((1, "ana")));
        assert!(grants.answer(1, Scopes::NONE, 0));
        assert!(grants.ask("ben", scopes()));
    }

    #[test]
    fn a_refusal_leaves_the_page_with_whoever_has_it() {
        let mut grants = granted();
        grants.ask("ben", scopes());
        assert!(grants.answer(2, Scopes::NONE, 0));
        assert!(grants.allows(&"ana", Scope::Click, 0) && !grants.allows(&"ben", Scope::Click, 0));
    }

    #[test]
    fn whoever_gives_back_takes_nothing_from_a_colleague() {
        let mut grants = granted();
        grants.release(&"ben");
        assert!(grants.allows(&"ana", Scope::Click, 0));
        grants.release(&"ana");
        assert!(!grants.allows(&"ana", Scope::Click, 0));
    }

    #[test]
    fn what_the_visitor_takes_back_is_gone_with_the_question_that_stands() {
        let mut grants = granted();
        grants.ask("ana", scopes());
        grants.revoke();
        assert!(!grants.allows(&"ana", Scope::Click, 0));
        assert!(!grants.answer(2, scopes(), 0));
    }

    #[test]
    fn asking_for_nothing_takes_the_question_back() {
        let mut grants = Grants::default();
        grants.ask("ana", scopes());
        assert!(grants.ask("ana", Scopes::NONE.with(Scope::Point)));
        assert_eq!(grants.asked(), None);
    }
}
