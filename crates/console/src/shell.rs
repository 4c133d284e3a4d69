//! Feeds the chat machine with sockets, answers, time and page events, and carries out what it asks for.

mod keep;
mod uploads;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use browser::{Listener, Socket, SocketEvent, Timer, clock, entropy, json, page};
use chat_core::{AgentChat, AgentInput, AgentOutput, ComposeFault, OutboxFile};
use protocol::CHAT_SUBPROTOCOL;
use protocol::agent::AgentEvent;
use protocol::cobrowse::CobrowseEnd;
use protocol::id::{AgentId, CobrowseId, ConversationId, MessageId};
use protocol::time::UnixMillis;
use yew::Callback;

use crate::tasks;
use crate::tools::{Files, Tools};

pub(crate) use keep::Keep;

/// What the workspace hears from the shell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Report {
    /// The views of the chat may differ from before.
    Changed,
    /// A co-browse session is over.
    SharingEnded {
        /// Its conversation.
        conversation_id: ConversationId,
        /// The session.
        cobrowse_id: CobrowseId,
        /// How it ended.
        end: CobrowseEnd,
    },
    /// Conversations were erased for good.
    Erased(Vec<ConversationId>),
    /// The server takes a file for good not.
    FileRefused {
        /// Its name, as its sender wrote it.
        name: String,
        /// Why, in the server's words; may be empty.
        detail: String,
    },
}

/// A file that was chosen, with its bytes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChosenFile {
    /// What the outbox keeps of it.
    pub(crate) file: OutboxFile,
    /// The bytes.
    pub(crate) blob: web_sys::File,
}

/// A handle on the running chat; clones share it.
#[derive(Clone)]
pub(crate) struct Shell(Rc<Running>);

struct Running {
    core: Rc<RefCell<Core>>,
    _listeners: [Listener; 4],
}

struct Core {
    chat: AgentChat,
    socket: Option<Socket>,
    timer: Option<Timer>,
    keep: Keep,
    files: Files,
    report: Callback<Report>,
}

/// Returns the time as the wire types have it.
pub(crate) fn now() -> UnixMillis {
    UnixMillis(clock::now_unix_ms())
}

impl Shell {
    /// Connects, with the messages that an earlier page could not send.
    pub(crate) fn start(agent_id: &AgentId, tools: &Tools, report: Callback<Report>) -> Self {
        let keep = Keep::of(agent_id);
        let files = tools.files(agent_id.as_str());
        let messages = keep.messages();
        uploads::sweep(files.clone(), &messages);
        let chat = AgentChat::new(entropy::seed(), messages);
        let core = Rc::new(RefCell::new(Core { chat, socket: None, timer: None, keep, files, report }));
        let listeners = listen(&core);
        feed(&core, AgentInput::Start);
        Self(Rc::new(Running { core, _listeners: listeners }))
    }

    /// Hands an input to the machine.
    pub(crate) fn tell(&self, input: AgentInput) {
        feed(&self.0.core, input);
    }

    /// Looks at the machine's views.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&AgentChat) -> T) -> T {
        look(&self.0.core.borrow().chat)
    }

    /// Sends a message, or says why it is not taken.
    pub(crate) fn compose(
        &self,
        conversation_id: &ConversationId,
        text: &str,
        chosen: Vec<ChosenFile>,
    ) -> Result<(), ComposeFault> {
        if let Some(fault) = self.read(|chat| chat.compose_fault(text, chosen.len())) {
            return Err(fault);
        }
        let input = AgentInput::Compose {
            conversation_id: conversation_id.clone(),
            text: text.to_owned(),
            files: chosen.iter().map(|chosen| chosen.file.clone()).collect(),
            message_entropy: entropy::entropy(),
        };
        // The machine asks for the bytes as soon as it has the message.
        for chosen in &chosen {
            self.0.core.borrow().files.keep(&chosen.file.file_id, &chosen.blob);
        }
        self.tell(input);
        Ok(())
    }

    /// Gives the place for drafts.
    pub(crate) fn keep(&self) -> Keep {
        self.0.core.borrow().keep.clone()
    }
}

fn listen(core: &Rc<RefCell<Core>>) -> [Listener; 4] {
    let wake = |core: &Rc<RefCell<Core>>| {
        let core = Rc::downgrade(core);
        move |_| {
            if page::is_visible() {
                feed_weak(&core, AgentInput::WakeUp);
            }
        }
    };
    let hidden = Rc::downgrade(core);
    let window = page::window();
    [
        Listener::new(&window, "online", wake(core)),
        Listener::new(&window, "pageshow", wake(core)),
        Listener::new(&page::document(), "visibilitychange", wake(core)),
        Listener::new(&window, "pagehide", move |_| feed_weak(&hidden, AgentInput::Sleep)),
    ]
}

fn feed_weak(core: &Weak<RefCell<Core>>, input: AgentInput) {
    if let Some(core) = core.upgrade() {
        feed(&core, input);
    }
}

fn feed(core: &Rc<RefCell<Core>>, input: AgentInput) {
    let mut outputs = Vec::new();
    {
        let mut core = core.borrow_mut();
        core.chat.handle(input, now());
        while let Some(output) = core.chat.poll_output() {
            outputs.push(output);
        }
    }
    for output in outputs {
        carry_out(core, output);
    }
    set_timer(core);
}

fn set_timer(core: &Rc<RefCell<Core>>) {
    let weak = Rc::downgrade(core);
    let mut core = core.borrow_mut();
    core.timer = core.chat.deadline().map(|deadline| {
        Timer::after_ms(deadline.since_ms(now()), move || feed_weak(&weak, AgentInput::Tick))
    });
}

fn carry_out(core: &Rc<RefCell<Core>>, output: AgentOutput) {
    match output {
        AgentOutput::OpenSocket => open_socket(core),
        AgentOutput::CloseSocket => {
            let closed = core.borrow_mut().socket.take();
            drop(closed);
        }
        AgentOutput::Send(command) => {
            if let Some(socket) = &core.borrow().socket {
                socket.send_text(&json::to_string(&command));
            }
        }
        AgentOutput::FetchEvents { conversation_id, after_seq } => {
            browser::spawn(fetch_events(Rc::downgrade(core), conversation_id, after_seq));
        }
        AgentOutput::Upload(file) => {
            let files = core.borrow().files.clone();
            browser::spawn(uploads::upload(Rc::downgrade(core), files, file));
        }
        AgentOutput::SaveMessage(message) => core.borrow().keep.save_message(&message),
        AgentOutput::ForgetMessage(message_id) => forget(core, &message_id),
        // The log and the inbox show it; there is no sound to play.
        AgentOutput::MessageArrived { .. } => {}
        AgentOutput::Changed => report(core, Report::Changed),
    }
}

fn forget(core: &Rc<RefCell<Core>>, message_id: &MessageId) {
    let core = core.borrow();
    let file_ids = core.keep.forget_message(message_id);
    if !file_ids.is_empty() {
        uploads::forget(core.files.clone(), file_ids);
    }
}

fn open_socket(core: &Rc<RefCell<Core>>) {
    let weak = Rc::downgrade(core);
    let url = page::socket_url("/api/v1/socket");
    let socket = Socket::open(&url, CHAT_SUBPROTOCOL, move |event| {
        if let Some(core) = weak.upgrade() {
            receive(&core, event);
        }
    });
    let is_open = socket.is_some();
    core.borrow_mut().socket = socket;
    if !is_open {
        feed(core, AgentInput::SocketClosed { code: 1006 });
    }
}

fn receive(core: &Rc<RefCell<Core>>, event: SocketEvent) {
    match event {
        SocketEvent::Opened => feed(core, AgentInput::SocketOpened),
        SocketEvent::Text(text) => {
            // A newer server may send types that this build does not know; they are passed over.
            let Some(event) = json::from_str::<AgentEvent>(&text) else { return };
            let news = news(&event);
            feed(core, AgentInput::Received(event));
            if let Some(news) = news {
                report(core, news);
            }
        }
        SocketEvent::Binary(_) => {}
        SocketEvent::Closed { code } => {
            core.borrow_mut().socket = None;
            feed(core, AgentInput::SocketClosed { code });
        }
    }
}

/// The machine's views only say that something is gone; how it went is told to the agent once.
fn news(event: &AgentEvent) -> Option<Report> {
    if let AgentEvent::CobrowseEnded { conversation_id, cobrowse_id, end } = event {
        let (conversation_id, cobrowse_id) = (conversation_id.clone(), cobrowse_id.clone());
        return Some(Report::SharingEnded { conversation_id, cobrowse_id, end: *end });
    }
    if let AgentEvent::Erased { conversation_ids } = event {
        return Some(Report::Erased(conversation_ids.clone()));
    }
    None
}

async fn fetch_events(core: Weak<RefCell<Core>>, conversation_id: ConversationId, after_seq: u64) {
    let input = match tasks::conversation::events(&conversation_id, after_seq).await {
        Ok(page) => AgentInput::EventsFetched { conversation_id, page },
        Err(_) => AgentInput::FetchFailed { conversation_id },
    };
    feed_weak(&core, input);
}

fn report(core: &Rc<RefCell<Core>>, report: Report) {
    let callback = core.borrow().report.clone();
    callback.emit(report);
}
