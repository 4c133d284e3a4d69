//! Whether the launcher is shown: the facts for the pure rules, and what follows from their decision.

use std::rc::Rc;

use browser::{EventStream, Value};
use protocol::rule::{Decision, Rule, ServerFacts};
use protocol::time::UnixMillis;
use protocol::touchpoint::TouchpointState;
use rules::{Facts, Needs, PageOverride};

use super::{Shell, now};
use crate::memory::{LIVE, VISITS};
use crate::page_port::{ToPage, Wish};
use crate::visits::Visits;
use crate::wire::{Read, Write};

/// The facts of this page and the last decision.
pub(super) struct Launcher {
    needs: Needs,
    /// When the page was opened, by this computer's clock.
    opened_at: UnixMillis,
    page_override: Option<PageOverride>,
    visit_count: Option<u32>,
    server: Option<ServerFacts>,
    /// The server's clock minus this computer's.
    clock_offset_ms: i64,
    decision: Option<Decision>,
}

impl Launcher {
    pub(super) fn new(rules: &[Rule], opened_at: UnixMillis, wish: Option<Wish>) -> Self {
        let mut launcher = Self {
            needs: rules::needs(rules),
            opened_at,
            page_override: None,
            visit_count: None,
            server: None,
            clock_offset_ms: 0,
            decision: None,
        };
        if let Some(wish) = wish {
            launcher.override_with(wish);
        }
        launcher
    }

    pub(super) fn override_with(&mut self, wish: Wish) {
        self.page_override = Some(match wish {
            Wish::Show => PageOverride::Show,
            Wish::Hide => PageOverride::Hide,
        });
    }

    pub(super) fn facts(&self) -> Option<&ServerFacts> {
        self.server.as_ref()
    }

    /// When a condition changes by the passing of time alone, by this computer's clock.
    pub(super) fn deadline(&self) -> Option<UnixMillis> {
        let wake_at = self.decision.as_ref()?.wake_at?;
        Some(wake_at.plus_ms(-self.clock_offset_ms))
    }

    fn decide(&self, rules: &[Rule], state: TouchpointState, has_open_conversation: bool) -> Decision {
        let facts = Facts {
            state,
            page_override: self.page_override,
            has_open_conversation,
            page_opened_at: self.opened_at.plus_ms(self.clock_offset_ms),
            visit_count: self.visit_count,
            server: self.server.clone(),
        };
        rules::decide(rules, &facts, now().plus_ms(self.clock_offset_ms))
    }
}

impl Shell {
    /// The visitor is active on a page; counted only when a rule asks for it.
    pub(super) fn count_visit(&self) {
        let mut launcher = self.launcher.borrow_mut();
        if launcher.needs.visits {
            let visits = Visits::active(self.memory.read(VISITS), now());
            self.memory.keep(VISITS, &visits);
            launcher.visit_count = Some(visits.count);
        }
    }

    /// Follows presence and hours while a rule asks for them or the panel shows them.
    pub(super) fn follow_facts(self: &Rc<Self>) {
        let is_wanted = !self.is_asleep.get() && (self.launcher.borrow().needs.server || self.is_open());
        let is_there = self.facts_stream.borrow().is_some();
        if is_wanted == is_there {
            return;
        }
        let stream = is_wanted.then(|| self.open_facts_stream()).flatten();
        drop(self.facts_stream.replace(stream));
    }

    fn open_facts_stream(self: &Rc<Self>) -> Option<EventStream> {
        let url = format!("/client/v1/touchpoints/{}/facts/stream", self.settings.touchpoint_id);
        let shell = Rc::downgrade(self);
        EventStream::open(&url, move |text| {
            let Some(shell) = shell.upgrade() else { return };
            if let Some(facts) = Value::parse(&text).as_ref().and_then(ServerFacts::read) {
                let mut launcher = shell.launcher.borrow_mut();
                launcher.clock_offset_ms = facts.server_time.since_ms(now());
                launcher.server = Some(facts);
                drop(launcher);
                shell.changed();
            }
        })
    }

    /// Decides anew and tells the page and the site what changed.
    pub(super) fn decide(&self) {
        let decision = self.current_decision();
        let mut launcher = self.launcher.borrow_mut();
        let before = launcher.decision.replace(decision.clone());
        drop(launcher);
        if before.as_ref().is_none_or(|before| before.is_visible != decision.is_visible) {
            self.page.send(&ToPage::Launcher { is_visible: decision.is_visible });
        }
        if before.is_none_or(|before| !is_same(&before, &decision)) {
            self.tell_site("rule", decision.write());
        }
    }

    /// The decision at this moment, for `Tandem.explain()`.
    pub(super) fn current_decision(&self) -> Decision {
        // What storage says counts until the server has said how the conversation stands.
        let has_conversation = self.memory.has(LIVE);
        self.launcher.borrow().decide(&self.settings.rules, self.settings.state, has_conversation)
    }
}

/// Whether two decisions say the same, whenever they were made.
fn is_same(one: &Decision, other: &Decision) -> bool {
    let matched =
        |decision: &Decision| -> Vec<bool> { decision.rules.iter().map(|rule| rule.matched).collect() };
    one.is_visible == other.is_visible && one.reason == other.reason && matched(one) == matched(other)
}
