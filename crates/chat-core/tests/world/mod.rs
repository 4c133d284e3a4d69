//! The simulated world: one visitor, one agent, one server, and the links between them, in virtual time.

mod link;
mod server;

use std::collections::BTreeMap;

use chat_core::{
    AgentChat, AgentInput, AgentOutput, Compose, Entry, EntryKind, OutboxMessage, SavedSession, SavedVisitor,
    VisitorChat, VisitorConfig, VisitorInput, VisitorOutput,
};
use protocol::agent::{AgentCommand, AgentEvent};
use protocol::id::{ConversationId, MessageId, TouchpointId};
use protocol::people::Page;
use protocol::time::UnixMillis;
use protocol::visitor::{VisitorCommand, VisitorEvent};

use link::{Link, Random};
use server::Server;

/// How bad the links are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    Hostile,
}

/// What travels to a client: frames and answers to requests.
#[derive(Clone)]
enum ToVisitor {
    Opened,
    Frame(Box<VisitorEvent>),
    Closed,
}

#[derive(Clone)]
enum ToAgent {
    Opened,
    Frame(Box<AgentEvent>),
    Closed,
}

pub(crate) struct World {
    now: UnixMillis,
    random: Random,
    trouble: Trouble,
    pub(crate) server: Server,
    visitor: VisitorChat,
    agent: AgentChat,
    storage_session: Option<SavedSession>,
    storage_outbox: BTreeMap<MessageId, OutboxMessage>,
    to_server_from_visitor: Link<VisitorCommand>,
    to_server_from_agent: Link<AgentCommand>,
    to_visitor: Link<ToVisitor>,
    to_agent: Link<ToAgent>,
    /// What was typed, by whom, in order.
    typed: Vec<(&'static str, String)>,
    watched: Vec<ConversationId>,
}

impl World {
    pub(crate) fn new(seed: u64, trouble: Trouble) -> Self {
        let mut world = Self {
            now: UnixMillis(1_795_414_200_000),
            random: Random::new(seed),
            trouble,
            server: Server::default(),
            visitor: new_visitor(seed, SavedVisitor::default()),
            agent: AgentChat::new(seed ^ 0xa5a5, Vec::new()),
            storage_session: None,
            storage_outbox: BTreeMap::new(),
            to_server_from_visitor: Link::default(),
            to_server_from_agent: Link::default(),
            to_visitor: Link::default(),
            to_agent: Link::default(),
            typed: Vec::new(),
            watched: Vec::new(),
        };
        world.visitor.handle(VisitorInput::Start, world.now);
        world.agent.handle(AgentInput::Start, world.now);
        world
    }

    /// Lets people type, links break and time pass.
    pub(crate) fn live_through(&mut self, steps: usize) {
        for _ in 0..steps {
            match self.random.below(20) {
                0..5 => self.visitor_types(),
                5..9 => self.agent_types(),
                9 if self.trouble == Trouble::Hostile => self.cut_visitor(),
                10 if self.trouble == Trouble::Hostile => self.cut_agent(),
                11 if self.trouble == Trouble::Hostile => self.restart_server(),
                12 => self.server.ping(),
                13 => self.visitor.handle(VisitorInput::Seen, self.now),
                _ => {}
            }
            let longest_ms = if self.random.below(8) == 0 { 20_000 } else { 400 };
            let pause_ms = self.random.below(longest_ms);
            self.pass(i64::try_from(pause_ms).expect("small"));
        }
    }

    /// Mends the links and waits until everything has settled.
    pub(crate) fn calm_down(&mut self) {
        self.trouble = Trouble::None;
        for _ in 0..60 {
            self.server.ping();
            self.pass(5_000);
        }
    }

    /// The visitor's page is loaded again: only what storage kept survives.
    pub(crate) fn reload_visitor(&mut self) {
        self.cut_links_of_visitor();
        let saved = SavedVisitor {
            session: self.storage_session.clone(),
            outbox: self.storage_outbox.values().cloned().collect(),
            cobrowse_stop: None,
        };
        self.visitor = new_visitor(self.random.next(), saved);
        self.visitor.handle(VisitorInput::Start, self.now);
    }

    /// Checks the promise.
    pub(crate) fn check(&self) {
        let seed = self.random.seed();
        let stored = self.server.messages();
        for side in ["customer", "agent"] {
            let typed: Vec<&String> =
                self.typed.iter().filter(|(by, _)| *by == side).map(|(_, text)| text).collect();
            let kept: Vec<&String> =
                stored.iter().filter(|(by, _)| *by == side).map(|(_, text)| text).collect();
            assert_eq!(typed, kept, "seed {seed}: what the {side} typed is stored once and in order");
        }
        let Some(conversation_id) = self.server.conversation_id() else {
            assert!(self.typed.is_empty(), "seed {seed}");
            return;
        };
        let expected = self.server.seqs();
        assert_eq!(
            expected,
            (1..=expected.len() as u64).collect::<Vec<_>>(),
            "seed {seed}: seq without holes"
        );
        let shown = self.visitor.conversation().map(|view| view.entries).unwrap_or_default();
        assert_eq!(log(&shown), stored, "seed {seed}: the visitor's log");
        assert_eq!(log(&self.agent.entries(&conversation_id)), stored, "seed {seed}: the agent's log");
        assert!(self.storage_outbox.is_empty(), "seed {seed}: nothing waits");
    }

    fn visitor_types(&mut self) {
        let text = format!("customer {}", self.typed.len());
        let compose = Compose {
            text: text.clone(),
            conversation_entropy: self.random.entropy(),
            message_entropy: self.random.entropy(),
        };
        self.typed.push(("customer", text));
        // Two messages of one millisecond have no order of their own; people are slower than that.
        self.now = self.now.plus_ms(1);
        self.visitor.handle(VisitorInput::Compose(compose), self.now);
        self.drain();
    }

    fn agent_types(&mut self) {
        let Some(conversation_id) = self.watched.first().cloned() else { return };
        let text = format!("agent {}", self.typed.len());
        self.typed.push(("agent", text.clone()));
        self.now = self.now.plus_ms(1);
        let message_entropy = self.random.entropy();
        self.agent.handle(AgentInput::Compose { conversation_id, text, message_entropy }, self.now);
        self.drain();
    }

    fn cut_links_of_visitor(&mut self) {
        self.server.visitor_gone();
        self.to_server_from_visitor.clear();
        self.to_visitor.clear();
    }

    fn cut_visitor(&mut self) {
        self.cut_links_of_visitor();
        // Half of the cuts are silent: the client finds out by itself.
        if self.random.below(2) == 0 {
            self.to_visitor.push_sure(self.now, ToVisitor::Closed);
        }
    }

    fn cut_agent(&mut self) {
        self.server.agent_gone();
        self.to_server_from_agent.clear();
        self.to_agent.clear();
        if self.random.below(2) == 0 {
            self.to_agent.push_sure(self.now, ToAgent::Closed);
        }
    }

    fn restart_server(&mut self) {
        self.cut_visitor();
        self.cut_agent();
    }

    /// Lets time pass from one moment at which something happens to the next.
    fn pass(&mut self, ms: i64) {
        let end = self.now.plus_ms(ms);
        self.drain();
        while self.now < end {
            self.now = self.next_moment().min(end);
            self.deliver();
            self.fan_out();
            if self.visitor.deadline().is_some_and(|deadline| deadline <= self.now) {
                self.visitor.handle(VisitorInput::Tick, self.now);
            }
            if self.agent.deadline().is_some_and(|deadline| deadline <= self.now) {
                self.agent.handle(AgentInput::Tick, self.now);
            }
            self.drain();
        }
    }

    fn next_moment(&self) -> UnixMillis {
        let moments = [
            self.visitor.deadline(),
            self.agent.deadline(),
            self.to_server_from_visitor.next_at(),
            self.to_server_from_agent.next_at(),
            self.to_visitor.next_at(),
            self.to_agent.next_at(),
        ];
        let next = moments.into_iter().flatten().min().unwrap_or(UnixMillis(i64::MAX));
        next.max(self.now.plus_ms(1))
    }

    fn deliver(&mut self) {
        for command in self.to_server_from_visitor.arrived(self.now) {
            self.server.visitor_says(command, self.now);
        }
        for command in self.to_server_from_agent.arrived(self.now) {
            self.server.agent_says(command, self.now);
        }
        self.fan_out();
        self.deliver_to_clients();
    }

    fn fan_out(&mut self) {
        for event in self.server.take_for_visitor() {
            self.to_visitor.push(self.now, ToVisitor::Frame(Box::new(event)), self.trouble, &mut self.random);
        }
        for event in self.server.take_for_agent() {
            self.to_agent.push(self.now, ToAgent::Frame(Box::new(event)), self.trouble, &mut self.random);
        }
    }

    fn deliver_to_clients(&mut self) {
        for arrival in self.to_visitor.arrived(self.now) {
            let input = match arrival {
                ToVisitor::Opened => VisitorInput::SocketOpened,
                ToVisitor::Frame(event) => VisitorInput::Received(*event),
                ToVisitor::Closed => VisitorInput::SocketClosed { code: 1006 },
            };
            self.visitor.handle(input, self.now);
            self.drain();
        }
        for arrival in self.to_agent.arrived(self.now) {
            let input = match arrival {
                ToAgent::Opened => AgentInput::SocketOpened,
                ToAgent::Frame(event) => AgentInput::Received(*event),
                ToAgent::Closed => AgentInput::SocketClosed { code: 1006 },
            };
            self.agent.handle(input, self.now);
            self.drain();
        }
    }

    /// Carries out what the machines ask for, as the shells do.
    fn drain(&mut self) {
        self.watch_new_conversations();
        loop {
            let (for_visitor, for_agent) = (self.visitor.poll_output(), self.agent.poll_output());
            if for_visitor.is_none() && for_agent.is_none() {
                return;
            }
            if let Some(output) = for_visitor {
                self.carry_out_for_visitor(output);
            }
            if let Some(output) = for_agent {
                self.carry_out_for_agent(output);
            }
        }
    }

    fn carry_out_for_visitor(&mut self, output: VisitorOutput) {
        let fails = self.trouble == Trouble::Hostile && self.random.below(3) == 0;
        match output {
            VisitorOutput::CreateCustomer(_) if fails => {
                self.visitor.handle(VisitorInput::CustomerRefused { is_final: false }, self.now);
            }
            VisitorOutput::CreateCustomer(_) => {
                let token = self.server.create_customer(self.now, self.random.entropy());
                self.visitor.handle(VisitorInput::CustomerCreated(token), self.now);
            }
            VisitorOutput::OpenSocket => {
                self.cut_links_of_visitor();
                self.to_visitor.push_sure(self.now, ToVisitor::Opened);
            }
            VisitorOutput::CloseSocket => self.cut_links_of_visitor(),
            VisitorOutput::Send(command) => {
                self.to_server_from_visitor.push(self.now, command, self.trouble, &mut self.random);
            }
            VisitorOutput::FetchEvents { conversation_id, .. } if fails => {
                self.visitor.handle(VisitorInput::FetchFailed { conversation_id }, self.now);
            }
            VisitorOutput::FetchEvents { conversation_id, after_seq } => {
                let page = self.server.events_page(after_seq);
                self.visitor.handle(VisitorInput::EventsFetched { conversation_id, page }, self.now);
            }
            VisitorOutput::SaveSession(session) => self.storage_session = Some(session),
            VisitorOutput::ForgetSession => self.storage_session = None,
            VisitorOutput::SaveMessage(message) => {
                assert!(!message.is_failed, "nothing is refused for good here");
                self.storage_outbox.insert(message.message_id.clone(), message);
            }
            VisitorOutput::ForgetMessage(message_id) => {
                self.storage_outbox.remove(&message_id);
            }
            VisitorOutput::SaveCobrowseStop(_)
            | VisitorOutput::ForgetCobrowseStop
            | VisitorOutput::MessageArrived { .. }
            | VisitorOutput::Changed => {}
        }
    }

    fn carry_out_for_agent(&mut self, output: AgentOutput) {
        match output {
            AgentOutput::OpenSocket => {
                self.cut_agent();
                self.to_agent.clear();
                self.to_agent.push_sure(self.now, ToAgent::Opened);
            }
            AgentOutput::CloseSocket => {
                self.server.agent_gone();
                self.to_server_from_agent.clear();
                self.to_agent.clear();
            }
            AgentOutput::Send(command) => {
                self.to_server_from_agent.push(self.now, command, self.trouble, &mut self.random);
            }
            AgentOutput::FetchEvents { conversation_id, after_seq } => {
                let page = self.server.events_page(after_seq);
                self.agent.handle(AgentInput::EventsFetched { conversation_id, page }, self.now);
            }
            AgentOutput::SaveMessage(_)
            | AgentOutput::ForgetMessage(_)
            | AgentOutput::MessageArrived { .. }
            | AgentOutput::Changed => {}
        }
    }

    fn watch_new_conversations(&mut self) {
        let Some(conversation_id) = self.server.conversation_id() else { return };
        if !self.watched.contains(&conversation_id) {
            self.watched.push(conversation_id.clone());
            self.agent.handle(AgentInput::Watch { conversation_id }, self.now);
        }
    }
}

fn new_visitor(seed: u64, saved: SavedVisitor) -> VisitorChat {
    let config = VisitorConfig {
        touchpoint_id: TouchpointId("tp_test".to_owned()),
        jitter_seed: seed,
        page: Page::default(),
        page_key: String::new(),
    };
    VisitorChat::new(config, saved)
}

fn log(entries: &[Entry]) -> Vec<(&'static str, String)> {
    let message = |entry: &Entry| match &entry.kind {
        EntryKind::Message { text, .. } => Some((entry.author.side(), text.clone())),
        EntryKind::Notice(_) => None,
    };
    entries.iter().filter_map(message).collect()
}
