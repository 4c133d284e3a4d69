//! A browser with tabs: their lock, their channel and their storage, and a server with one conversation. Everything
//! arrives at once and in order; what is in question is who has a connection and what the tabs make of it.

use std::collections::{BTreeMap, VecDeque};

use chat_core::{
    Compose, EntryKind, OutboxMessage, SavedSession, SavedVisitor, TabChat, TabConfig, TabHeard, TabInput,
    TabOutput, TabPost, VisitorConfig, VisitorInput, VisitorOutput,
};
use protocol::cobrowse::CobrowseSession;
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts, Revision,
};
use protocol::id::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use protocol::people::Page;
use protocol::rest::EventsPage;
use protocol::time::UnixMillis;
use protocol::visitor::{VisitorCommand, VisitorEvent};

pub(crate) const START: UnixMillis = UnixMillis(1_795_414_200_000);

pub(crate) fn cnv() -> ConversationId {
    ConversationId("cnv_1".to_owned())
}

struct Tab {
    chat: TabChat,
    /// Whether it stands still: it takes nothing in, and gives nothing up.
    is_hung: bool,
    has_channel: bool,
}

pub(crate) struct Browser {
    tabs: BTreeMap<&'static str, Tab>,
    pub(crate) has_locks: bool,
    lock: Option<&'static str>,
    lock_queue: VecDeque<&'static str>,
    outbox: BTreeMap<MessageId, OutboxMessage>,
    pub(crate) now: UnixMillis,
    typed: u8,
    pub(crate) server: Server,
    inbox: VecDeque<(&'static str, TabInput)>,
    /// Everything that went over the channel, as text.
    pub(crate) overheard: Vec<String>,
}

/// Where a frame of the server goes.
enum To {
    Tab(&'static str),
    Everybody,
}

#[derive(Default)]
pub(crate) struct Server {
    pub(crate) is_down: bool,
    /// Tabs with an open connection, and whether they were welcomed.
    pub(crate) sockets: BTreeMap<&'static str, bool>,
    /// How often each tab opened a connection.
    pub(crate) opened: BTreeMap<&'static str, usize>,
    pub(crate) events: Vec<ConversationEvent>,
    pub(crate) received: Vec<(&'static str, VisitorCommand)>,
    pub(crate) cobrowse: Option<CobrowseSession>,
    is_done: bool,
}

impl Server {
    fn head(&self) -> ConversationHead {
        ConversationHead {
            conversation_id: cnv(),
            status: if self.is_done { ConversationStatus::Done } else { ConversationStatus::Unresolved },
            head_seq: self.events.len() as u64,
            assignee: None,
            team: None,
            receipts: Receipts::default(),
            is_survey_done: false,
        }
    }

    fn store(&mut self, author: Author, what: EventKind, now: UnixMillis) -> Vec<(To, VisitorEvent)> {
        let event = ConversationEvent { seq: self.events.len() as u64 + 1, at: now, author, what };
        self.events.push(event.clone());
        vec![(To::Everybody, VisitorEvent::Events { conversation_id: cnv(), events: vec![event] })]
    }

    fn hear(
        &mut self,
        tab: &'static str,
        command: VisitorCommand,
        now: UnixMillis,
    ) -> Vec<(To, VisitorEvent)> {
        self.received.push((tab, command.clone()));
        match command {
            VisitorCommand::Hello { cursors, .. } => {
                self.sockets.insert(tab, true);
                let after = cursors.first().map_or(0, |cursor| cursor.seq);
                let missed: Vec<_> = self.events.iter().filter(|event| event.seq > after).cloned().collect();
                let welcome = VisitorEvent::Welcome {
                    customer_id: CustomerId("cus_1".to_owned()),
                    server_time: now.plus_ms(777),
                    conversations: vec![self.head()],
                    cobrowse: self.cobrowse.clone(),
                };
                let mut answers = vec![(To::Tab(tab), welcome)];
                if !missed.is_empty() {
                    let missed = VisitorEvent::Events { conversation_id: cnv(), events: missed };
                    answers.push((To::Tab(tab), missed));
                }
                answers
            }
            VisitorCommand::Send { message_id, text, .. } => {
                let is_it = |event: &&ConversationEvent| matches!(&event.what, EventKind::Message { message_id: stored, .. } if *stored == message_id);
                let known = self.events.iter().find(is_it).map(|event| event.seq);
                let seq = known.unwrap_or(self.events.len() as u64 + 1);
                let ack = VisitorEvent::Ack {
                    conversation_id: cnv(),
                    message_id: message_id.clone(),
                    seq,
                    at: now,
                };
                let mut answers = vec![(To::Tab(tab), ack)];
                if known.is_none() {
                    answers.extend(self.store(Author::Customer, message(message_id, text), now));
                }
                answers
            }
            VisitorCommand::Pong { is_probe: true } => {
                vec![(To::Tab(tab), VisitorEvent::Ping { server_time: now, heads: Vec::new() })]
            }
            VisitorCommand::Typing { .. }
            | VisitorCommand::Receipt { .. }
            | VisitorCommand::Page { .. }
            | VisitorCommand::Identify { .. }
            | VisitorCommand::End { .. }
            | VisitorCommand::Survey { .. }
            | VisitorCommand::CobrowseConsent { .. }
            | VisitorCommand::CobrowseStop { .. }
            | VisitorCommand::Pong { is_probe: false } => Vec::new(),
        }
    }
}

fn message(message_id: MessageId, text: String) -> EventKind {
    EventKind::Message { message_id, text, attachments: Vec::new(), revision: Revision::Original }
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self {
            tabs: BTreeMap::new(),
            has_locks: true,
            lock: None,
            lock_queue: VecDeque::new(),
            outbox: BTreeMap::new(),
            now: START,
            typed: 0,
            server: Server::default(),
            inbox: VecDeque::new(),
            overheard: Vec::new(),
        }
    }

    pub(crate) fn with_tabs(names: &[&'static str]) -> Self {
        let mut browser = Self::new();
        for name in names {
            browser.open(name, false);
        }
        browser
    }

    /// Opens a page in a tab, or loads it anew.
    pub(crate) fn open(&mut self, name: &'static str, is_sharing: bool) {
        let session = SavedSession {
            customer_id: CustomerId("cus_1".to_owned()),
            token: "the secret".to_owned(),
            conversation_id: Some(cnv()),
        };
        let saved = SavedVisitor {
            session: Some(session),
            outbox: self.outbox.values().cloned().collect(),
            cobrowse_stop: None,
        };
        let visitor = VisitorConfig {
            touchpoint_id: TouchpointId("tp_test".to_owned()),
            jitter_seed: u64::from(name.as_bytes()[0]),
            page: Page { url: format!("https://shop.test/{name}"), ..Page::default() },
            page_key: format!("key of {name}"),
        };
        let config = TabConfig { tab_id: name.to_owned(), is_shown: true, is_sharing };
        let chat = TabChat::new(config, visitor, saved);
        self.tabs.insert(name, Tab { chat, is_hung: false, has_channel: false });
        self.give(name, VisitorInput::Start);
    }

    /// The tab is closed or crashes: nothing of it is left but what it stored.
    pub(crate) fn kill(&mut self, name: &'static str) {
        self.tabs.remove(name);
        self.server.sockets.remove(name);
        self.release(name);
        self.run();
    }

    /// The tab stands still without a word, and keeps what it holds.
    pub(crate) fn hang(&mut self, name: &'static str) {
        self.tab(name).is_hung = true;
    }

    pub(crate) fn unhang(&mut self, name: &'static str) {
        self.tab(name).is_hung = false;
    }

    pub(crate) fn chat(&self, name: &str) -> &TabChat {
        &self.tabs[name].chat
    }

    pub(crate) fn give(&mut self, name: &'static str, input: VisitorInput) {
        self.push(name, TabInput::Chat(input));
    }

    pub(crate) fn push(&mut self, name: &'static str, input: TabInput) {
        self.inbox.push_back((name, input));
        self.run();
    }

    pub(crate) fn write(&mut self, name: &'static str, text: &str) {
        self.typed += 1;
        self.now = self.now.plus_ms(1);
        let entropy = [self.typed; 10];
        let (text, files) = (text.to_owned(), Vec::new());
        self.give(
            name,
            VisitorInput::Compose(Compose {
                text,
                files,
                conversation_entropy: entropy,
                message_entropy: entropy,
            }),
        );
    }

    pub(crate) fn agent_writes(&mut self, text: &str) {
        self.typed += 1;
        let author = Author::Agent { agent_id: AgentId("agt_1".to_owned()), name: "Ana".to_owned() };
        let message_id = MessageId(format!("msg_of_ana_{}", self.typed));
        let frames = self.server.store(author, message(message_id, text.to_owned()), self.now);
        self.deliver(frames);
        self.run();
    }

    pub(crate) fn agent_closes(&mut self) {
        self.server.is_done = true;
        let what = EventKind::Status { status: ConversationStatus::Done };
        let frames = self.server.store(Author::System, what, self.now);
        self.deliver(frames);
        self.run();
    }

    pub(crate) fn server_says(&mut self, event: &VisitorEvent) {
        self.deliver(vec![(To::Everybody, event.clone())]);
        self.run();
    }

    /// Every connection ends; new ones are refused until `server_returns`.
    pub(crate) fn server_fails(&mut self) {
        self.server.is_down = true;
        self.close_all(1006);
    }

    pub(crate) fn close_all(&mut self, code: u16) {
        for name in std::mem::take(&mut self.server.sockets).into_keys() {
            self.inbox.push_back((name, TabInput::Chat(VisitorInput::SocketClosed { code })));
        }
        self.run();
    }

    /// Time passes, with every deadline on the way.
    pub(crate) fn wait(&mut self, ms: i64) {
        let until = self.now.plus_ms(ms);
        loop {
            let awake = self.tabs.iter().filter(|(_, tab)| !tab.is_hung);
            let next = awake.filter_map(|(name, tab)| Some((tab.chat.deadline()?, *name))).min();
            match next {
                Some((due_at, name)) if due_at <= until => {
                    self.now = self.now.max(due_at);
                    self.give(name, VisitorInput::Tick);
                }
                _ => break,
            }
        }
        self.now = until;
    }

    /// What stands in the log of a tab: text and whether it has its place.
    pub(crate) fn log(&self, name: &str) -> Vec<(String, bool)> {
        let entries = self.chat(name).chat().conversation().map(|view| view.entries).unwrap_or_default();
        let line = |entry: chat_core::Entry| match entry.kind {
            EntryKind::Message { text, .. } => Some((text, entry.seq.is_some())),
            EntryKind::Notice(_) => None,
        };
        entries.into_iter().filter_map(line).collect()
    }

    /// Asserts that every tab shows exactly these texts, stored, in this order, and that the server has each once.
    pub(crate) fn assert_all_show(&self, texts: &[&str]) {
        let wanted: Vec<(String, bool)> = texts.iter().map(|text| ((*text).to_owned(), true)).collect();
        for name in self.tabs.keys() {
            assert_eq!(self.log(name), wanted, "in tab {name}");
        }
        let stored = self.server.events.iter();
        let stored = stored.filter(|event| matches!(event.what, EventKind::Message { .. }));
        assert_eq!(stored.count(), texts.len());
        assert!(self.outbox.is_empty(), "{:?}", self.outbox);
    }

    pub(crate) fn connected(&self) -> Vec<&'static str> {
        self.server.sockets.keys().copied().collect()
    }

    fn tab(&mut self, name: &str) -> &mut Tab {
        self.tabs.get_mut(name).expect("the tab is open")
    }

    /// Carries everything to its end.
    fn run(&mut self) {
        let mut held = VecDeque::new();
        while let Some((name, input)) = self.inbox.pop_front() {
            let Some(tab) = self.tabs.get_mut(name) else { continue };
            if tab.is_hung {
                held.push_back((name, input));
                continue;
            }
            tab.chat.handle(input, self.now);
            let outputs: Vec<TabOutput> = std::iter::from_fn(|| tab.chat.poll_output()).collect();
            for output in outputs {
                self.carry_out(name, output);
            }
        }
        self.inbox = held;
    }

    fn carry_out(&mut self, name: &'static str, output: TabOutput) {
        match output {
            TabOutput::Gather(_) => self.gather(name),
            TabOutput::Scatter => {
                self.tab(name).has_channel = false;
                self.release(name);
            }
            TabOutput::Post(post) => self.post(name, post),
            TabOutput::Relay(text) => {
                let command = parse(&text);
                self.command(name, command);
            }
            TabOutput::Chat(output) => self.carry_out_for_chat(name, output),
        }
    }

    fn carry_out_for_chat(&mut self, name: &'static str, output: VisitorOutput) {
        match output {
            VisitorOutput::OpenSocket { .. } => {
                *self.server.opened.entry(name).or_default() += 1;
                let input = if self.server.is_down {
                    VisitorInput::SocketClosed { code: 1006 }
                } else {
                    self.server.sockets.insert(name, false);
                    VisitorInput::SocketOpened
                };
                self.inbox.push_back((name, TabInput::Chat(input)));
            }
            VisitorOutput::CloseSocket => {
                self.server.sockets.remove(name);
                let is_frame =
                    |(to, input): &(&str, TabInput)| *to == name && matches!(input, TabInput::Frame { .. });
                self.inbox.retain(|waiting| !is_frame(waiting));
            }
            VisitorOutput::Send(command) => self.command(name, command),
            VisitorOutput::FetchEvents { conversation_id, after_seq } => {
                let events =
                    self.server.events.iter().filter(|event| event.seq > after_seq).cloned().collect();
                let page = EventsPage { events, head_seq: self.server.events.len() as u64 };
                let input = VisitorInput::EventsFetched { conversation_id, page };
                self.inbox.push_back((name, TabInput::Chat(input)));
            }
            VisitorOutput::SaveMessage(message) => {
                self.outbox.insert(message.message_id.clone(), message.clone());
                for other in self.tabs.keys().filter(|other| **other != name) {
                    let found = VisitorInput::MessageFound(message.clone());
                    self.inbox.push_back((other, TabInput::Chat(found)));
                }
            }
            VisitorOutput::ForgetMessage(message_id) => {
                self.outbox.remove(&message_id);
            }
            VisitorOutput::CreateCustomer(_)
            | VisitorOutput::Upload(_)
            | VisitorOutput::SaveSession(_)
            | VisitorOutput::ClaimSession(_)
            | VisitorOutput::ForgetSession(_)
            | VisitorOutput::SaveCobrowseStop(_)
            | VisitorOutput::ForgetCobrowseStop
            | VisitorOutput::MessageArrived { .. }
            | VisitorOutput::Changed => {}
        }
    }

    fn gather(&mut self, name: &'static str) {
        let answer = if !self.has_locks {
            TabInput::StaysAlone
        } else if self.lock.is_none() {
            self.lock = Some(name);
            TabInput::Leads
        } else {
            self.lock_queue.push_back(name);
            TabInput::Follows
        };
        self.tab(name).has_channel = self.has_locks;
        self.inbox.push_back((name, answer));
    }

    fn release(&mut self, name: &'static str) {
        self.lock_queue.retain(|waiting| *waiting != name);
        if self.lock == Some(name) {
            self.lock = self.lock_queue.pop_front();
            self.inbox.extend(self.lock.map(|next| (next, TabInput::Leads)));
        }
    }

    fn post(&mut self, name: &'static str, post: TabPost) {
        let from = name.to_owned();
        let heard = match post {
            TabPost::Join(cursors) => TabHeard::Join { from, cursors },
            TabPost::Say(command) => TabHeard::Say(write(&command)),
            TabPost::Lead(standing) => TabHeard::Lead { from, standing },
            TabPost::Forward(text) => TabHeard::Said { to: None, event: Box::new(parse(&text)) },
            TabPost::Tell { to, event } => TabHeard::Said { to, event: Box::new(event) },
        };
        self.overheard.push(format!("{heard:?}"));
        let listeners = self.tabs.iter().filter(|(other, tab)| **other != name && tab.has_channel);
        self.inbox.extend(listeners.map(|(other, _)| (*other, TabInput::Heard(heard.clone()))));
    }

    fn command(&mut self, name: &'static str, command: VisitorCommand) {
        if self.server.sockets.contains_key(name) {
            let answers = self.server.hear(name, command, self.now);
            self.deliver(answers);
        }
    }

    fn deliver(&mut self, frames: Vec<(To, VisitorEvent)>) {
        for (to, event) in frames {
            let receivers: Vec<&'static str> = match to {
                To::Tab(name) => vec![name],
                To::Everybody => {
                    let greeted = self.server.sockets.iter().filter(|(_, is_greeted)| **is_greeted);
                    greeted.map(|(name, _)| *name).collect()
                }
            };
            for name in receivers {
                let text = write(&event);
                self.inbox.push_back((name, TabInput::Frame { event: event.clone(), text }));
            }
        }
    }
}

fn write<T: serde::Serialize>(frame: &T) -> String {
    serde_json::to_string(frame).expect("frames have a shape")
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("a frame as it was written")
}
