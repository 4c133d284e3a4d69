//! Visitors' pages: what the widget's shell does, with a browser around it.

use chat_core::{
    SavedVisitor, TabChat, TabConfig, TabHeard, TabInput, TabOutput, TabPost, Transport, VisitorConfig,
    VisitorInput, VisitorOutput,
};
use chat_host::VisitorHost;
use protocol::id::{CustomerId, TouchpointId};
use protocol::limit::OUTBOX_AGE_MAX_MS;
use protocol::people::Page as SitePage;
use protocol::time::UnixMillis;
use protocol::visitor::VisitorCommand;

use super::http::Request;
use super::traffic::ABNORMAL;
use super::{Happening, World};
use crate::actor::{Client, Tab};
use crate::browser::{Arrival, BEGINNING, Page, TabPage};
use crate::chance::Chance;
use crate::fault::Fault;

/// Timers of a page that go off within a second; more is a machine that wants to be looked at for ever.
const TICKS_PER_S_MAX: u32 = 200;

impl World {
    fn wall(&self, browser: usize) -> UnixMillis {
        BEGINNING.plus_ms(self.now + self.browsers[browser].clock_ms)
    }

    pub(super) fn page(&mut self, tab: Tab) -> Option<&mut TabPage> {
        self.browsers[tab.browser].tabs.get_mut(&tab.tab)
    }

    pub(super) fn is_awake(&self, tab: Tab) -> bool {
        self.browsers[tab.browser].tabs.get(&tab.tab).is_some_and(|page| page.still_until <= self.now)
    }

    /// Loads the page in a tab.
    pub(super) fn open_tab(&mut self, tab: Tab) {
        let browser = &mut self.browsers[tab.browser];
        let life = browser.lives.entry(tab.tab).or_default();
        *life += 1;
        let life = *life;
        let mut chance = Chance::of(&[self.seed, 4, tab.browser as u64, tab.tab as u64, u64::from(life)]);
        let saved = SavedVisitor {
            session: browser.session.clone(),
            outbox: browser.outbox.values().cloned().collect(),
            cobrowse_stop: None,
        };
        let visitor = VisitorConfig {
            touchpoint_id: TouchpointId("tp_test".to_owned()),
            jitter_seed: chance.next(),
            page: SitePage::default(),
            page_key: format!("{tab}"),
        };
        let config = TabConfig { tab_id: format!("{tab}.{life}"), is_shown: true, is_sharing: false };
        let machine = TabChat::new(config, visitor, saved);
        browser.tabs.insert(tab.tab, Page::new(life, machine, chance));
        self.give_tab(tab, TabInput::Chat(VisitorInput::Start));
    }

    /// The page is gone; the browser closes what it had open.
    pub(super) fn drop_tab(&mut self, tab: Tab) {
        let Some(page) = self.browsers[tab.browser].tabs.remove(&tab.tab) else { return };
        self.release(tab);
        if let Some(id) = page.conn {
            self.hang_up::<VisitorHost>(Client::Tab { tab, life: page.life }, id);
        }
    }

    /// Gives the page's machine an input, if there is a person to give it.
    pub(super) fn tell_tab(&mut self, tab: Tab, input: VisitorInput) {
        if self.is_awake(tab) {
            self.give_tab(tab, TabInput::Chat(input));
        }
    }

    pub(super) fn give_tab(&mut self, tab: Tab, input: TabInput) {
        let wall = self.wall(tab.browser);
        let (now, believes_all) = (self.now, self.fault == Fault::ClocksGoBack);
        self.trace(|| format!("{tab} takes {input:?}"));
        let Some(page) = self.page(tab) else { return };
        let client = Client::Tab { tab, life: page.life };
        let at = if believes_all { wall } else { page.clock.read(wall) };
        page.machine.handle(input, at);
        let outputs: Vec<TabOutput> = std::iter::from_fn(|| page.machine.poll_output()).collect();
        let deadline = page.machine.deadline();
        page.timer_at = deadline.map(|deadline| now + deadline.since_ms(at).max(1));
        for output in outputs {
            self.carry_out_for_tab(tab, client, output);
        }
    }

    /// Something reaches the page, or waits until it moves again.
    pub(super) fn arrive_at_tab(&mut self, tab: Tab, life: u32, arrival: Arrival<TabInput>) {
        let now = self.now;
        let Some(page) = self.page(tab).filter(|page| page.life == life) else {
            if let Arrival::Over(id, _) = arrival {
                self.taken::<VisitorHost>(id);
            }
            return;
        };
        if page.still_until > now || !page.held.is_empty() {
            page.held.push_back(arrival);
            return;
        }
        self.take_in(tab, arrival);
    }

    fn take_in(&mut self, tab: Tab, arrival: Arrival<TabInput>) {
        match arrival {
            Arrival::Input(TabInput::Chat(VisitorInput::SessionFound(found))) => {
                let is_news =
                    self.page(tab).is_some_and(|page| page.machine.chat().session() != Some(&found));
                if is_news {
                    self.give_tab(tab, TabInput::Chat(VisitorInput::SessionFound(found)));
                }
            }
            Arrival::Input(TabInput::Heard(heard)) => {
                if self.page(tab).is_some_and(|page| page.channel.is_some()) {
                    self.give_tab(tab, TabInput::Heard(heard));
                }
            }
            Arrival::Input(TabInput::Chat(input)) if self.is_over(tab, &input) => {}
            Arrival::Input(input) => self.give_tab(tab, input),
            Arrival::Over(id, input) => {
                self.taken::<VisitorHost>(id);
                let Some(page) = self.page(tab).filter(|page| page.conn == Some(id)) else { return };
                if matches!(input, TabInput::Chat(VisitorInput::SocketClosed { .. })) {
                    page.conn = None;
                }
                if let TabInput::Frame { event, .. } = &input {
                    self.note_ack(event);
                }
                self.give_tab(tab, input);
            }
        }
    }

    /// The page moves on with what came meanwhile.
    pub(super) fn thaw(&mut self, tab: Tab) {
        let now = self.now;
        while let Some(page) = self.page(tab).filter(|page| page.still_until <= now) {
            let Some(arrival) = page.held.pop_front() else { return };
            self.take_in(tab, arrival);
        }
    }

    /// The page is shown again, or the network is back.
    pub(super) fn wake(&mut self, tab: Tab) {
        self.thaw(tab);
        let Some(life) = self.page(tab).map(|page| page.life) else { return };
        self.arrive_at_tab(tab, life, Arrival::Input(TabInput::Chat(VisitorInput::WakeUp)));
    }

    pub(super) fn end_troubles_of_browsers(&mut self) {
        for browser in 0..self.browsers.len() {
            self.browsers[browser].offline_until = 0;
            self.browsers[browser].no_sockets_until = 0;
            let tabs: Vec<usize> = self.browsers[browser].tabs.keys().copied().collect();
            for tab in tabs {
                let tab = Tab { browser, tab };
                if let Some(page) = self.page(tab) {
                    page.still_until = 0;
                }
                self.thaw(tab);
            }
        }
    }

    pub(super) fn ring_tabs(&mut self) {
        let now = self.now;
        let mut due = Vec::new();
        for (browser, tabs) in self.browsers.iter_mut().enumerate() {
            for (tab, page) in &mut tabs.tabs {
                if page.still_until <= now && page.timer_at.is_some_and(|at| at <= now) {
                    page.timer_at = None;
                    if page.ticks.0 != now / 1_000 {
                        page.ticks = (now / 1_000, 0);
                    }
                    page.ticks.1 += 1;
                    due.push((Tab { browser, tab: *tab }, page.ticks.1));
                }
            }
        }
        for (tab, ticks) in due {
            if ticks == TICKS_PER_S_MAX {
                self.truth.break_promise(format!("the timer of {tab} goes off without end"));
            }
            self.give_tab(tab, TabInput::Chat(VisitorInput::Tick));
        }
    }

    fn carry_out_for_tab(&mut self, tab: Tab, client: Client, output: TabOutput) {
        self.trace(|| format!("    {tab} gives {output:?}"));
        match output {
            TabOutput::Chat(output) => self.carry_out_for_chat(tab, client, output),
            TabOutput::Relay(text) => {
                self.truth.met.insert("a tab that speaks for another");
                let command = serde_json::from_str(&text).expect("a frame as it was written");
                self.say_for_tab(tab, client, command);
            }
            TabOutput::Gather(customer_id) => self.gather(tab, customer_id),
            TabOutput::Scatter => self.release(tab),
            TabOutput::Post(post) => self.post(tab, post),
        }
    }

    fn carry_out_for_chat(&mut self, tab: Tab, client: Client, output: VisitorOutput) {
        let token =
            self.page(tab).and_then(|page| page.machine.chat().session()).map(|own| own.token.clone());
        match output {
            VisitorOutput::CreateCustomer(_) => match self.browsers[tab.browser].session.clone() {
                Some(found) => {
                    self.answer_tab(client, 0, VisitorInput::SessionFound(found));
                }
                None => self.request(Request::Customer { client }),
            },
            VisitorOutput::OpenSocket { transport } => self.connect_tab(tab, client, transport),
            VisitorOutput::CloseSocket => {
                if let Some(id) = self.page(tab).and_then(|page| page.conn.take()) {
                    self.hang_up::<VisitorHost>(client, id);
                }
            }
            VisitorOutput::Send(command) => self.say_for_tab(tab, client, command),
            VisitorOutput::FetchEvents { conversation_id, after_seq } => {
                self.request(Request::Events { client, token, conversation_id, after_seq });
            }
            VisitorOutput::Upload(file) if self.browsers[tab.browser].gone.contains_key(&file.file_id) => {
                self.miss(client, file.file_id);
            }
            VisitorOutput::Upload(file) => {
                let attachment_id = self.browsers[tab.browser].uploads.get(&file.file_id).cloned();
                self.request(Request::Upload { client, token, file, attachment_id });
            }
            VisitorOutput::SaveSession(session) => {
                self.browsers[tab.browser].session = Some(session.clone());
                self.tell_others(tab, &VisitorInput::SessionFound(session));
            }
            VisitorOutput::ClaimSession(session) => {
                let kept = self.browsers[tab.browser].session.clone();
                if kept.is_none() {
                    self.browsers[tab.browser].session = Some(session.clone());
                    self.tell_others(tab, &VisitorInput::SessionFound(session.clone()));
                }
                if kept.is_some() {
                    self.truth.met.insert("two tabs that become a customer at once");
                }
                self.answer_tab(client, 0, VisitorInput::SessionFound(kept.unwrap_or(session)));
            }
            VisitorOutput::ForgetSession(token) => {
                let kept = &mut self.browsers[tab.browser].session;
                kept.take_if(|kept| kept.token == token);
                if let Some(other) = kept.clone() {
                    self.answer_tab(client, 0, VisitorInput::SessionFound(other));
                }
            }
            VisitorOutput::SaveMessage(message) => {
                let moved_ms = self.browsers[tab.browser].clock_moved_ms + self.now;
                let is_long_ago = moved_ms >= OUTBOX_AGE_MAX_MS;
                self.note_failure(&message, is_long_ago);
                self.browsers[tab.browser].outbox.insert(message.message_id.clone(), message.clone());
                self.tell_others(tab, &VisitorInput::MessageFound(message));
            }
            VisitorOutput::ForgetMessage(message_id) => {
                self.browsers[tab.browser].outbox.remove(&message_id);
            }
            VisitorOutput::SaveCobrowseStop(_)
            | VisitorOutput::ForgetCobrowseStop
            | VisitorOutput::MessageArrived { .. }
            | VisitorOutput::Changed => {}
        }
    }

    pub(super) fn answer_tab(&mut self, client: Client, after_ms: i64, input: VisitorInput) {
        if let Client::Tab { tab, life } = client {
            let arrival = Arrival::Input(TabInput::Chat(input));
            self.plan(after_ms, Happening::Tab { tab, life, arrival });
        }
    }

    fn connect_tab(&mut self, tab: Tab, client: Client, transport: Transport) {
        let id = self.server.new_conn();
        let (now, browser) = (self.now, &self.browsers[tab.browser]);
        let is_blocked = transport == Transport::Socket && browser.no_sockets_until > now;
        let is_refused = browser.offline_until > now || is_blocked;
        let Some(page) = self.page(tab) else { return };
        let before = page.conn.replace(id);
        let seed = page.chance.next();
        if let Some(before) = before {
            self.hang_up::<VisitorHost>(client, before);
        }
        if is_refused {
            self.plan_closed::<VisitorHost>(5, client, id, ABNORMAL);
        } else {
            self.knock::<VisitorHost>(client, id, seed, transport == Transport::Poll);
        }
    }

    fn say_for_tab(&mut self, tab: Tab, client: Client, command: VisitorCommand) {
        if let Some(id) = self.page(tab).and_then(|page| page.conn) {
            self.say::<VisitorHost>(client, id, command);
        }
    }

    /// Storage changed: the other tabs hear of it, in order.
    fn tell_others(&mut self, tab: Tab, input: &VisitorInput) {
        let at = self.now + 1 + self.chance.pause(12);
        let browser = &mut self.browsers[tab.browser];
        browser.word_at = browser.word_at.max(at);
        let at = browser.word_at;
        let others = browser.tabs.iter().filter(|(other, _)| **other != tab.tab);
        let others: Vec<(usize, u32)> = others.map(|(other, page)| (*other, page.life)).collect();
        for (other, life) in others {
            let tab = Tab { browser: tab.browser, tab: other };
            let arrival = Arrival::Input(TabInput::Chat(input.clone()));
            self.plan_at(at, Happening::Tab { tab, life, arrival });
        }
    }

    fn gather(&mut self, tab: Tab, customer_id: CustomerId) {
        let browser = &mut self.browsers[tab.browser];
        let lock = browser.locks.entry(customer_id.clone()).or_default();
        let answer = if !browser.has_locks {
            TabInput::StaysAlone
        } else if lock.holder.is_none() {
            lock.holder = Some(tab.tab);
            TabInput::Leads
        } else {
            lock.queue.push_back(tab.tab);
            TabInput::Follows
        };
        if answer == TabInput::StaysAlone {
            self.truth.met.insert("tabs that cannot find each other");
        }
        let Some(page) = self.page(tab) else { return };
        page.channel = Some(customer_id).filter(|_| answer != TabInput::StaysAlone);
        let life = page.life;
        let after_ms = self.chance.pause(8);
        self.plan(after_ms, Happening::Tab { tab, life, arrival: Arrival::Input(answer) });
    }

    /// Gives up the lock or the wish for it; whoever waits longest has it then.
    fn release(&mut self, tab: Tab) {
        let browser = &mut self.browsers[tab.browser];
        if let Some(page) = browser.tabs.get_mut(&tab.tab) {
            page.channel = None;
        }
        let mut next = Vec::new();
        for lock in browser.locks.values_mut() {
            lock.queue.retain(|waiting| *waiting != tab.tab);
            if lock.holder == Some(tab.tab) {
                lock.holder = lock.queue.pop_front();
                next.extend(lock.holder);
            }
        }
        for other in next {
            let other = Tab { browser: tab.browser, tab: other };
            let after_ms = self.chance.pause(8);
            let Some(life) = self.page(other).map(|page| page.life) else { continue };
            self.plan(
                after_ms,
                Happening::Tab { tab: other, life, arrival: Arrival::Input(TabInput::Leads) },
            );
        }
    }

    fn post(&mut self, tab: Tab, post: TabPost) {
        let Some(page) = self.page(tab) else { return };
        let (channel, from) = (page.channel.clone(), format!("{tab}.{}", page.life));
        let heard = match post {
            TabPost::Join(cursors) => TabHeard::Join { from, cursors },
            TabPost::Say(command) => TabHeard::Say(serde_json::to_string(&command).unwrap_or_default()),
            TabPost::Lead(standing) => TabHeard::Lead { from, standing },
            TabPost::Forward(text) => {
                TabHeard::Said { to: None, event: serde_json::from_str(&text).expect("a frame as it came") }
            }
            TabPost::Tell { to, event } => TabHeard::Said { to, event: Box::new(event) },
        };
        let at = self.now + 1 + self.chance.pause(4);
        let browser = &mut self.browsers[tab.browser];
        browser.channel_at = browser.channel_at.max(at);
        let at = browser.channel_at;
        let others = browser
            .tabs
            .iter()
            .filter(|(other, page)| **other != tab.tab && channel.is_some() && page.channel == channel);
        let others: Vec<(usize, u32)> = others.map(|(other, page)| (*other, page.life)).collect();
        for (other, life) in others {
            let other = Tab { browser: tab.browser, tab: other };
            let arrival = Arrival::Input(TabInput::Heard(heard.clone()));
            self.plan_at(at, Happening::Tab { tab: other, life, arrival });
        }
    }
}
