//! The simulated world: everybody in it, and virtual time.

mod acts;
mod consoles;
mod http;
pub(crate) mod parties;
mod polling;
mod storing;
mod tabs;
mod taking_out;
mod traffic;
mod watch;

use std::collections::BTreeMap;

use chat_core::{AgentInput, TabInput, VisitorInput};
use chat_host::{AgentHost, SteadyMs, VisitorHost};
use protocol::time::UnixMillis;

use crate::actor::{AGENTS, BROWSERS, Tab};
use crate::browser::{Arrival, BEGINNING, Browser, Console, TabPage};
use crate::chance::Chance;
use crate::fault::Fault;
use crate::plan::Step;
use crate::server::store::Outcome;
use crate::server::{Job, Server};
use crate::truth::Truth;
use http::Request;
use traffic::Net;

/// How the network is when nothing is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Quick and steady.
    Fair,
    /// As it comes.
    Foul,
}

/// Until when each trouble of the server's side lasts.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    pub(crate) busy_until: i64,
    pub(crate) deaf_until: i64,
    pub(crate) lost_answers_until: i64,
    pub(crate) slow_disk_until: i64,
}

/// Something that happens at its time.
enum Happening {
    /// Something reaches a tab.
    Tab { tab: Tab, life: u32, arrival: Arrival<TabInput> },
    /// Something reaches a console.
    Console { agent: usize, life: u32, arrival: Arrival<AgentInput> },
    /// Something happens on a visitor's connection.
    Visitor(Net<VisitorHost>),
    /// Something happens on an agent's connection.
    Agent(Net<AgentHost>),
    /// A write reaches the store.
    Write { run: u32, job: Job },
    /// The store commits what waits.
    Commit { run: u32 },
    /// The answer to a write is seen by whoever asked.
    Stored { run: u32, job: Job, outcome: Box<Outcome> },
    /// A request reaches the server.
    Http(Request),
    /// A tab that was put away is shown again.
    Wake(Tab),
    /// A tab may move on.
    Thaw(Tab),
    /// The server comes back.
    ServerUp,
    /// The server that went down in order is gone.
    ServerGone { run: u32, down_ms: i64 },
}

/// Everybody, and virtual time.
pub(crate) struct World {
    pub(crate) now: i64,
    agenda: BTreeMap<(i64, u64), Happening>,
    order: u64,
    pub(crate) chance: Chance,
    pub(crate) seed: u64,
    pub(crate) fault: Fault,
    pub(crate) weather: Weather,
    pub(crate) is_traced: bool,
    pub(crate) server: Server,
    pub(crate) browsers: Vec<Browser>,
    pub(crate) consoles: Vec<Console>,
    pub(crate) troubles: Troubles,
    pub(crate) truth: Truth,
}

impl World {
    pub(crate) fn new(seed: u64, fault: Fault, weather: Weather) -> Self {
        let mut world = Self {
            now: 0,
            agenda: BTreeMap::new(),
            order: 0,
            chance: Chance::of(&[seed, 2]),
            seed,
            fault,
            weather,
            is_traced: false,
            server: Server::new(),
            browsers: (0..BROWSERS).map(|_| Browser::default()).collect(),
            consoles: Vec::new(),
            troubles: Troubles::default(),
            truth: Truth::default(),
        };
        world.server.store.takes_are_blind = fault == Fault::TakesAreBlind;
        world.server.store.places_have_holes = fault == Fault::PlacesHaveHoles;
        for (number, browser) in world.browsers.iter_mut().enumerate() {
            browser.has_locks = !Chance::of(&[seed, 6, number as u64]).one_in(5);
        }
        for agent in 0..AGENTS {
            world.open_console(agent);
        }
        for tab in 0..2 {
            world.open_tab(Tab { browser: 0, tab });
        }
        world.open_tab(Tab { browser: 1, tab: 0 });
        world
    }

    /// Lives through one step of a history.
    pub(crate) fn live(&mut self, step: &Step) {
        self.pass(step.pause_ms);
        self.trace(|| step.act.to_string());
        self.act(&step.act);
        self.look_at_views();
    }

    /// Ends every trouble and lets people come back.
    pub(crate) fn calm(&mut self) {
        self.troubles = Troubles::default();
        self.end_troubles_of_browsers();
        self.server_up();
        for browser in 0..self.browsers.len() {
            let tab = Tab { browser, tab: 0 };
            if !self.browsers[browser].tabs.contains_key(&0) {
                self.open_tab(tab);
            }
        }
    }

    /// People try again what failed for good; whether there was any.
    pub(crate) fn try_again(&mut self) -> bool {
        let mut failed = Vec::new();
        for (browser, own) in self.browsers.iter().enumerate() {
            let messages = own.outbox.values().filter(|message| message.is_failed);
            failed.extend(messages.map(|message| (browser, message.message_id.clone())));
        }
        for (browser, message_id) in &failed {
            if !self.truth.failed.contains(message_id) {
                self.truth.break_promise(format!("{message_id} failed for a file that was taken out"));
            }
            self.truth.met.insert("a message that waited for a week");
            let tab = self.browsers[*browser].tabs.keys().next().copied().unwrap_or(0);
            let message_id = message_id.clone();
            self.tell_tab(Tab { browser: *browser, tab }, VisitorInput::Retry { message_id });
        }
        !failed.is_empty()
    }

    /// Every tab that is open, by its name.
    pub(crate) fn open_tabs(&self) -> impl Iterator<Item = (String, &TabPage)> {
        self.browsers.iter().enumerate().flat_map(|(browser, own)| {
            own.tabs.iter().map(move |(tab, page)| (Tab { browser, tab: *tab }.to_string(), page))
        })
    }

    /// The server's steady clock.
    pub(crate) fn steady(&self) -> SteadyMs {
        SteadyMs(u64::try_from(self.now).unwrap_or(0))
    }

    /// The server's time of day.
    pub(crate) fn server_time(&self) -> UnixMillis {
        BEGINNING.plus_ms(self.now)
    }

    fn plan(&mut self, after_ms: i64, happening: Happening) {
        self.plan_at(self.now + after_ms, happening);
    }

    fn plan_at(&mut self, at: i64, happening: Happening) {
        self.order += 1;
        self.agenda.insert((at.max(self.now), self.order), happening);
    }

    /// Lets time pass from one moment at which something happens to the next.
    pub(crate) fn pass(&mut self, ms: i64) {
        let end = self.now + ms;
        loop {
            let next = [self.agenda.keys().next().map(|(at, _)| *at), self.next_deadline()];
            let Some(next) = next.into_iter().flatten().min().filter(|next| *next <= end) else { break };
            self.now = next.max(self.now);
            while let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 <= self.now) {
                let happening = entry.remove();
                self.happen(happening);
            }
            self.ring_timers();
        }
        self.now = end;
    }

    fn next_deadline(&self) -> Option<i64> {
        let tabs = self.browsers.iter().flat_map(|browser| browser.tabs.values());
        let tabs = tabs.filter_map(|page| page.timer_at.map(|at| at.max(page.still_until)));
        let consoles = self.consoles.iter().filter_map(|console| console.page.timer_at);
        tabs.chain(consoles).chain(self.next_host_deadline()).min()
    }

    fn ring_timers(&mut self) {
        self.ring_tabs();
        self.ring_consoles();
        self.ring_hosts();
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Tab { tab, life, arrival } => self.arrive_at_tab(tab, life, arrival),
            Happening::Console { agent, life, arrival } => self.arrive_at_console(agent, life, arrival),
            Happening::Visitor(net) => self.traffic(net),
            Happening::Agent(net) => self.traffic(net),
            Happening::Write { run, job } => self.write(run, job),
            Happening::Commit { run } => self.commit(run),
            Happening::Stored { run, job, outcome } => self.stored(run, &job, *outcome),
            Happening::Http(request) => self.serve_request(request),
            Happening::Wake(tab) => self.wake(tab),
            Happening::Thaw(tab) => self.thaw(tab),
            Happening::ServerUp => self.server_up(),
            Happening::ServerGone { run, down_ms } => self.server_gone(run, down_ms),
        }
    }
}
