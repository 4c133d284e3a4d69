//! Agents' consoles: what their shell does.

use chat_core::{AgentChat, AgentInput, AgentOutput, OutboxMessage};
use chat_host::AgentHost;
use protocol::agent::AgentEvent;
use protocol::id::{ConversationId, MessageId};

use super::http::Request;
use super::{Happening, World};
use crate::actor::Client;
use crate::browser::{Arrival, BEGINNING, Console, Page};
use crate::chance::Chance;
use std::collections::BTreeMap;

impl World {
    pub(super) fn open_console(&mut self, agent: usize) {
        self.load_console(agent, 1, BTreeMap::new(), BTreeMap::new());
    }

    fn load_console(
        &mut self,
        agent: usize,
        life: u32,
        outbox: BTreeMap<MessageId, OutboxMessage>,
        uploads: BTreeMap<String, protocol::id::AttachmentId>,
    ) {
        let mut chance = Chance::of(&[self.seed, 5, agent as u64, u64::from(life)]);
        let machine = AgentChat::new(chance.next(), outbox.values().cloned().collect());
        let console =
            Console { page: Page::new(life, machine, chance), outbox, uploads, watched: Vec::new() };
        if agent < self.consoles.len() {
            self.consoles[agent] = console;
        } else {
            self.consoles.push(console);
        }
        self.give_console(agent, AgentInput::Start);
    }

    pub(super) fn reload_console(&mut self, agent: usize) {
        let console = &mut self.consoles[agent];
        let life = console.page.life;
        let mut outbox = std::mem::take(&mut console.outbox);
        let uploads = std::mem::take(&mut console.uploads);
        if let Some(id) = console.page.conn.take() {
            self.hang_up::<AgentHost>(Client::Console { agent, life }, id);
        }
        if self.fault == crate::fault::Fault::OutboxDiesWithThePage {
            outbox.clear();
        }
        self.load_console(agent, life + 1, outbox, uploads);
    }

    pub(super) fn give_console(&mut self, agent: usize, input: AgentInput) {
        self.trace(|| format!("agent {} takes {input:?}", agent + 1));
        let wall = BEGINNING.plus_ms(self.now);
        let now = self.now;
        let page = &mut self.consoles[agent].page;
        let client = Client::Console { agent, life: page.life };
        let at = page.clock.read(wall);
        page.machine.handle(input, at);
        let outputs: Vec<AgentOutput> = std::iter::from_fn(|| page.machine.poll_output()).collect();
        let deadline = page.machine.deadline();
        page.timer_at = deadline.map(|deadline| now + deadline.since_ms(at).max(1));
        for output in outputs {
            self.carry_out_for_console(agent, client, output);
        }
        self.watch_new(agent);
    }

    /// An agent opens whatever conversation is new in the inbox.
    fn watch_new(&mut self, agent: usize) {
        let console = &mut self.consoles[agent];
        let is_new = |id: &ConversationId| !console.watched.contains(id);
        let inbox = console.page.machine.inbox();
        let new = inbox.iter().map(|summary| summary.head.conversation_id.clone()).find(is_new);
        if let Some(conversation_id) = new {
            console.watched.push(conversation_id.clone());
            self.give_console(agent, AgentInput::Watch { conversation_id });
        }
    }

    pub(super) fn arrive_at_console(&mut self, agent: usize, life: u32, arrival: Arrival<AgentInput>) {
        if let Arrival::Over(id, _) = &arrival {
            self.taken::<AgentHost>(*id);
        }
        let page = &mut self.consoles[agent].page;
        if page.life != life {
            return;
        }
        match arrival {
            Arrival::Input(input) => self.give_console(agent, input),
            Arrival::Over(id, input) if page.conn == Some(id) => {
                if matches!(input, AgentInput::SocketClosed { .. }) {
                    page.conn = None;
                }
                if let AgentInput::Received(AgentEvent::Ack { message_id, .. }) = &input {
                    self.truth.acknowledged.insert(message_id.clone());
                }
                self.give_console(agent, input);
            }
            Arrival::Over(..) => {}
        }
    }

    pub(super) fn ring_consoles(&mut self) {
        for agent in 0..self.consoles.len() {
            let page = &mut self.consoles[agent].page;
            if page.timer_at.is_some_and(|at| at <= self.now) {
                page.timer_at = None;
                if page.ticks.0 != self.now / 1_000 {
                    page.ticks = (self.now / 1_000, 0);
                }
                page.ticks.1 += 1;
                if page.ticks.1 == 200 {
                    self.truth
                        .break_promise(format!("the timer of agent {} goes off without end", agent + 1));
                }
                self.give_console(agent, AgentInput::Tick);
            }
        }
    }

    fn carry_out_for_console(&mut self, agent: usize, client: Client, output: AgentOutput) {
        self.trace(|| format!("    agent {} gives {output:?}", agent + 1));
        let console = &mut self.consoles[agent];
        match output {
            AgentOutput::OpenSocket => {
                let seed = console.page.chance.next();
                let id = self.server.new_conn();
                if let Some(before) = self.consoles[agent].page.conn.replace(id) {
                    self.hang_up::<AgentHost>(client, before);
                }
                self.knock::<AgentHost>(client, id, seed, false);
            }
            AgentOutput::CloseSocket => {
                if let Some(id) = console.page.conn.take() {
                    self.hang_up::<AgentHost>(client, id);
                }
            }
            AgentOutput::Send(command) => {
                if let Some(id) = console.page.conn {
                    self.say::<AgentHost>(client, id, command);
                }
            }
            AgentOutput::FetchEvents { conversation_id, after_seq } => {
                self.request(Request::Events { client, token: None, conversation_id, after_seq });
            }
            AgentOutput::Upload(file) => {
                let attachment_id = console.uploads.get(&file.file_id).cloned();
                self.request(Request::Upload { client, token: None, file, attachment_id });
            }
            AgentOutput::SaveMessage(message) => {
                console.outbox.insert(message.message_id.clone(), message.clone());
                self.note_failure(&message, false);
            }
            AgentOutput::ForgetMessage(message_id) => {
                console.outbox.remove(&message_id);
            }
            AgentOutput::MessageArrived { .. } | AgentOutput::Changed => {}
        }
    }

    pub(super) fn answer_console(&mut self, client: Client, after_ms: i64, input: AgentInput) {
        if let Client::Console { agent, life } = client {
            self.plan(after_ms, Happening::Console { agent, life, arrival: Arrival::Input(input) });
        }
    }
}
