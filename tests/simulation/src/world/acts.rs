//! What people do and what goes wrong, carried out.

use chat_core::{AgentInput, Compose, OutboxFile, TabInput, VisitorInput};
use chat_host::{AgentHost, VisitorHost};
use protocol::id::{ConversationId, MessageId};
use protocol::limit::RESUME_EVENTS_MAX;

use super::http::Request;
use super::traffic::NetEvent;
use super::{Happening, World};
use crate::actor::{AGENTS, Sender, TABS, Tab};
use crate::fault::Fault;
use crate::plan::Act;
use crate::server::Presence;
use crate::server::conn::ConnId;
use crate::server::store::Write;
use crate::truth::Typed;

/// Sockets are told to move within this time when the server goes down in order, and it goes after that.
const DRAIN_SPREAD_MS: u64 = 20_000;
const DRAIN_MS: i64 = 25_000;

/// More edits than a resume brings.
const EDITED_OFTEN: usize = RESUME_EVENTS_MAX + 100;

pub(crate) fn text_of(number: usize) -> String {
    format!("text {number}")
}

impl World {
    pub(super) fn act(&mut self, act: &Act) {
        match act {
            Act::Write { sender, number, files } => self.somebody_writes(*sender, *number, *files),
            Act::TakeOut(tab) => self.take_out(*tab),
            Act::See(Sender::Tab(tab)) => self.tell_tab(*tab, VisitorInput::Seen),
            Act::See(Sender::Agent(agent)) => self.agent_looks(*agent),
            Act::End(tab) => self.tell_tab(*tab, VisitorInput::End),
            Act::Edit { .. }
            | Act::EditOften { .. }
            | Act::TakeBack { .. }
            | Act::TakeBoth
            | Act::GiveBack { .. }
            | Act::Close { .. } => self.work(act),
            Act::Reload(Sender::Tab(tab)) => self.reload_tab(*tab),
            Act::Reload(Sender::Agent(agent)) => self.reload_console(*agent),
            Act::Kill(tab) => self.kill_tab(*tab),
            Act::Sleep { tab, for_ms } => self.put_away(*tab, *for_ms),
            Act::Freeze { tab, for_ms } => self.freeze(*tab, *for_ms),
            Act::Lid { browser, for_ms } => {
                for tab in 0..TABS {
                    self.freeze(Tab { browser: *browser, tab }, *for_ms);
                }
            }
            Act::Clock { browser, by_ms } => {
                self.browsers[*browser].clock_ms += by_ms;
                self.browsers[*browser].clock_moved_ms += by_ms.abs();
            }
            Act::Cut { sender, tells_client, tells_server } => {
                self.cut(*sender, *tells_client, *tells_server)
            }
            Act::Offline { browser, for_ms } => self.go_offline(*browser, *for_ms),
            Act::NoSockets { browser, for_ms } => self.lose_sockets(*browser, *for_ms),
            Act::Crash { down_ms, tells_clients } => self.crash(*down_ms, *tells_clients),
            Act::Drain { down_ms } => self.drain(*down_ms),
            Act::Busy { for_ms } => self.troubles.busy_until = self.now + for_ms,
            Act::Deaf { for_ms } => self.troubles.deaf_until = self.now + for_ms,
            Act::LostAnswers { for_ms } => self.troubles.lost_answers_until = self.now + for_ms,
            Act::SlowDisk { for_ms } => self.troubles.slow_disk_until = self.now + for_ms,
            Act::Lag(sender) => self.lag(*sender),
        }
    }

    fn somebody_writes(&mut self, sender: Sender, number: usize, file_count: usize) {
        let text = text_of(number);
        let files = |count: usize| -> Vec<OutboxFile> {
            let file = |index: usize| OutboxFile {
                file_id: format!("file {number}.{index}"),
                name: format!("file {number}.{index}"),
                media_type: "text/plain".to_owned(),
                bytes: 1_000 * (1 + index as u64),
                attachment_id: None,
            };
            (0..count).map(file).collect()
        };
        let files = files(file_count);
        let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
        let kept = match sender {
            Sender::Tab(tab) => self.visitor_writes(tab, &text, files),
            Sender::Agent(agent) => self.agent_writes(agent, &text, files),
        };
        if let Some(message_id) = kept {
            self.look_for_own(sender, &message_id);
            self.truth.typed.push(Typed { sender, text, files: names, message_id });
        }
    }

    /// Returns the message's id, if the page could take it.
    fn visitor_writes(&mut self, tab: Tab, text: &str, files: Vec<OutboxFile>) -> Option<MessageId> {
        if !self.browsers[tab.browser].tabs.contains_key(&tab.tab) {
            self.open_tab(tab);
        }
        let now = self.now;
        let page = self.browsers[tab.browser].tabs.get_mut(&tab.tab)?;
        if page.still_until > now || page.machine.chat().compose_fault(text, files.len()).is_some() {
            return None;
        }
        let compose = Compose {
            text: text.to_owned(),
            files,
            conversation_entropy: page.chance.entropy(),
            message_entropy: page.chance.entropy(),
        };
        self.give_tab(tab, TabInput::Chat(VisitorInput::Compose(compose)));
        let mut kept = self.browsers[tab.browser].outbox.values();
        let kept = kept.find(|message| message.text == text).map(|message| message.message_id.clone());
        if kept.is_none() {
            self.truth.break_promise(format!("{tab} did not keep `{text}` before it was sent"));
        }
        kept
    }

    fn agent_writes(&mut self, agent: usize, text: &str, files: Vec<OutboxFile>) -> Option<MessageId> {
        let console = &mut self.consoles[agent];
        let conversation_id = console.page.machine.inbox().first()?.head.conversation_id.clone();
        if console.page.machine.compose_fault(text, files.len()).is_some() {
            return None;
        }
        let message_entropy = console.page.chance.entropy();
        let text = text.to_owned();
        self.give_console(
            agent,
            AgentInput::Compose { conversation_id, text: text.clone(), files, message_entropy },
        );
        let mut kept = self.consoles[agent].outbox.values();
        let kept = kept.find(|message| message.text == text).map(|message| message.message_id.clone());
        if kept.is_none() {
            self.truth.break_promise(format!("agent {} did not keep `{text}` before it was sent", agent + 1));
        }
        kept
    }

    fn agent_looks(&mut self, agent: usize) {
        for conversation_id in self.consoles[agent].watched.clone() {
            self.give_console(agent, AgentInput::Seen { conversation_id });
        }
    }

    /// What agents do by requests.
    fn work(&mut self, act: &Act) {
        let newest: Option<ConversationId> = self.server.store.newest().first().map(|id| (*id).clone());
        let note = "a note for agents".to_owned();
        let wish =
            |world: &mut Self, agent: usize, write: Write| world.request(Request::Rest { agent, write });
        match (act, newest) {
            (Act::Edit { agent, number } | Act::EditOften { agent, number }, _) => {
                let own = self.server.store.own_message(&super::parties::agent_ref(*agent).agent_id);
                let Some((conversation_id, message_id)) = own else { return };
                let text = text_of(*number);
                self.truth.edits.entry(message_id.clone()).or_default().push(text.clone());
                let times = if matches!(act, Act::EditOften { .. }) { EDITED_OFTEN } else { 1 };
                wish(self, *agent, Write::Edit { conversation_id, message_id, text, times });
            }
            (Act::TakeBack { agent }, _) => {
                let own = self.server.store.own_message(&super::parties::agent_ref(*agent).agent_id);
                let Some((conversation_id, message_id)) = own else { return };
                self.truth.taken_back.insert(message_id.clone());
                wish(self, *agent, Write::TakeBack { conversation_id, message_id });
            }
            (Act::TakeBoth, Some(conversation_id)) => {
                for agent in 0..AGENTS {
                    let (conversation_id, note) = (conversation_id.clone(), note.clone());
                    wish(self, agent, Write::Take { conversation_id, note });
                }
            }
            (Act::GiveBack { agent }, Some(conversation_id)) => {
                wish(self, *agent, Write::GiveBack { conversation_id, note });
            }
            (Act::Close { agent }, Some(conversation_id)) => {
                wish(self, *agent, Write::Close(conversation_id))
            }
            _ => {}
        }
    }

    fn reload_tab(&mut self, tab: Tab) {
        let was_told = self.chance.one_in(2);
        if self.is_awake(tab) && was_told {
            self.give_tab(tab, TabInput::Chat(VisitorInput::Sleep));
        }
        self.close_tab(tab);
        self.open_tab(tab);
    }

    fn kill_tab(&mut self, tab: Tab) {
        self.close_tab(tab);
    }

    fn close_tab(&mut self, tab: Tab) {
        if self.fault == Fault::OutboxDiesWithThePage {
            self.browsers[tab.browser].outbox.clear();
        }
        self.drop_tab(tab);
    }

    fn freeze(&mut self, tab: Tab, for_ms: i64) {
        let until = self.now + for_ms;
        if let Some(page) = self.browsers[tab.browser].tabs.get_mut(&tab.tab) {
            page.still_until = page.still_until.max(until);
            self.plan_at(until, Happening::Thaw(tab));
        }
    }

    fn put_away(&mut self, tab: Tab, for_ms: i64) {
        if self.is_awake(tab) {
            self.give_tab(tab, TabInput::Chat(VisitorInput::Sleep));
            self.freeze(tab, for_ms);
            self.plan(for_ms, Happening::Wake(tab));
        }
    }

    fn go_offline(&mut self, browser: usize, for_ms: i64) {
        self.browsers[browser].offline_until = self.now + for_ms;
        for tab in 0..TABS {
            let tab = Tab { browser, tab };
            let is_told = self.chance.one_in(2);
            self.cut(Sender::Tab(tab), is_told, false);
            self.plan(for_ms, Happening::Wake(tab));
        }
    }

    /// A proxy from now on lets no sockets through, and cuts those that are there.
    fn lose_sockets(&mut self, browser: usize, for_ms: i64) {
        self.browsers[browser].no_sockets_until = self.now + for_ms;
        for tab in 0..TABS {
            self.cut(Sender::Tab(Tab { browser, tab }), true, false);
        }
    }

    pub(super) fn conn_of(&self, sender: Sender) -> Option<ConnId> {
        match sender {
            Sender::Tab(tab) => self.browsers[tab.browser].tabs.get(&tab.tab)?.conn,
            Sender::Agent(agent) => self.consoles[agent].page.conn,
        }
    }

    fn cut(&mut self, sender: Sender, tells_client: bool, tells_server: bool) {
        let Some(id) = self.conn_of(sender) else { return };
        match sender {
            Sender::Tab(_) => self.cut_conn::<VisitorHost>(id, tells_client, tells_server),
            Sender::Agent(_) => self.cut_conn::<AgentHost>(id, tells_client, tells_server),
        }
    }

    fn lag(&mut self, sender: Sender) {
        let Some(id) = self.conn_of(sender) else { return };
        match sender {
            Sender::Tab(_) => self.net::<VisitorHost>(0, id, NetEvent::Lag),
            Sender::Agent(_) => self.net::<AgentHost>(0, id, NetEvent::Lag),
        }
    }

    /// The server dies: what was not committed is gone, and with it every connection.
    fn crash(&mut self, down_ms: i64, tells_clients: bool) {
        if self.server.presence != Presence::Down {
            self.end_run(tells_clients);
            self.plan(down_ms, Happening::ServerUp);
        }
    }

    /// The server goes down in order: nobody new, everybody moves, what was said is done.
    fn drain(&mut self, down_ms: i64) {
        if self.server.presence != Presence::Up {
            return;
        }
        self.server.presence = Presence::Draining;
        let visitors: Vec<ConnId> = self.server.visitors.keys().copied().collect();
        for id in visitors {
            let turn_ms = self.chance.pause(DRAIN_SPREAD_MS);
            self.net::<VisitorHost>(turn_ms, id, NetEvent::Move);
        }
        let agents: Vec<ConnId> = self.server.agents.keys().copied().collect();
        for id in agents {
            let turn_ms = self.chance.pause(DRAIN_SPREAD_MS);
            self.net::<AgentHost>(turn_ms, id, NetEvent::Move);
        }
        self.plan(DRAIN_MS, Happening::ServerGone { run: self.server.run, down_ms });
    }

    pub(super) fn server_gone(&mut self, run: u32, down_ms: i64) {
        if run == self.server.run {
            self.commit(run);
            self.end_run(true);
            self.plan(down_ms, Happening::ServerUp);
        }
    }

    fn end_run(&mut self, tells_clients: bool) {
        if self.server.queue.iter().any(|job| matches!(job.write, Write::Message(_))) {
            self.truth.met.insert("a message that is lost with the server before its commit");
        }
        self.server.run += 1;
        self.server.presence = Presence::Down;
        self.server.queue.clear();
        self.lose_conns::<VisitorHost>(tells_clients);
        self.lose_conns::<AgentHost>(tells_clients);
    }

    pub(super) fn server_up(&mut self) {
        if self.server.presence == Presence::Down {
            self.server.presence = Presence::Up;
        }
    }
}
