//! The tabs of one browser share one connection. One of them leads: its chat talks to the server. The chats of the
//! others run as if they had a connection of their own: what they say goes through the leader, what the server says
//! comes from it. Who leads is decided by a lock that passes on when its tab is gone.
//!
//! All of it is an optimisation: a tab that finds no other, or whose leader does not answer, connects by itself, and
//! the ids of messages make it harmless when several tabs do.

mod following;
mod leading;
mod message;

pub use message::{Standing, TabHeard, TabId, TabInput, TabOutput, TabPost};

use std::collections::VecDeque;

use protocol::close::CloseCode;
use protocol::limit::TAB_ANSWER_MS;
use protocol::time::UnixMillis;
use protocol::visitor::VisitorCommand;

use crate::link::Connection;
use crate::thread::earliest;
use crate::transport::Transport;
use crate::visitor::{SavedVisitor, VisitorChat, VisitorConfig, VisitorInput, VisitorOutput};
use following::{Following, Way};

/// What a tab is told when it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabConfig {
    /// Names the tab among the others.
    pub tab_id: TabId,
    /// Whether the page is on the screen.
    pub is_shown: bool,
    /// Whether this tab shared its page before it was loaded again: it needs a connection of its own to go on.
    pub is_sharing: bool,
}

/// The chat of one tab among the tabs of its browser.
#[derive(Debug)]
pub struct TabChat {
    config: TabConfig,
    chat: VisitorChat,
    role: Role,
    /// Whether tabs can find each other here, as far as it was tried.
    can_gather: bool,
    /// Whether this tab's own connection is open or being opened.
    has_socket: bool,
    /// Why this tab's own connection is refused for good.
    final_code: Option<u16>,
    is_changed: bool,
    outputs: VecDeque<TabOutput>,
}

#[derive(Debug, PartialEq)]
enum Role {
    /// The tab speaks for itself.
    Alone,
    /// The lock was asked for. The chat may want a connection already.
    Asking { since: UnixMillis, wish: Option<Transport> },
    /// The tab speaks for all, and has told them where its connection stands.
    Leading { told: Option<Standing> },
    /// Another tab speaks for this one.
    Following(Following),
}

impl TabChat {
    /// Begins with what storage held. Nothing is sent before `Start`.
    #[must_use]
    pub fn new(config: TabConfig, visitor: VisitorConfig, saved: SavedVisitor) -> Self {
        Self {
            config,
            chat: VisitorChat::new(visitor, saved),
            role: Role::Alone,
            can_gather: true,
            has_socket: false,
            final_code: None,
            is_changed: false,
            outputs: VecDeque::new(),
        }
    }

    /// The chat of this tab, for views.
    #[must_use]
    pub fn chat(&self) -> &VisitorChat {
        &self.chat
    }

    /// Whether this tab shall make the sounds and notifications of its browser.
    #[must_use]
    pub fn is_leader(&self) -> bool {
        !matches!(self.role, Role::Following(_))
    }

    /// Whether this tab shares its page, so that it needs a connection of its own, after a reload too.
    #[must_use]
    pub fn is_sharing(&self) -> bool {
        self.config.is_sharing
    }

    /// Takes one input; outputs follow from `poll_output`.
    pub fn handle(&mut self, input: TabInput, now: UnixMillis) {
        match input {
            TabInput::Chat(input) => self.handle_chat(input, now),
            TabInput::Frame { event, text } => {
                let forwarded = self.forwarded(&event, text);
                self.feed(VisitorInput::Received(event), now);
                self.tell_standing();
                if let Some(forwarded) = forwarded {
                    self.post(forwarded);
                }
            }
            TabInput::Leads => self.lead(now),
            TabInput::Follows => self.follow(now),
            TabInput::StaysAlone => {
                self.can_gather = false;
                self.stay_alone(now);
            }
            TabInput::Heard(TabHeard::Join { from, cursors }) => self.answer(&from, &cursors, now),
            TabInput::Heard(TabHeard::Say(text)) => self.relay(text),
            TabInput::Heard(TabHeard::Lead { from, standing }) => self.hear_leader(from, standing, now),
            TabInput::Heard(TabHeard::Said { to, event }) => self.hear_server(to, *event, now),
            TabInput::Shown(is_shown) => {
                self.config.is_shown = is_shown;
                if is_shown {
                    self.feed(VisitorInput::WakeUp, now);
                    self.tell_page(now);
                }
            }
        }
        self.tick(now);
        self.tell_standing();
        if matches!(self.chat.connection(), Connection::Refused { .. }) {
            self.scatter();
        }
        self.share_no_more(now);
        if std::mem::take(&mut self.is_changed) {
            self.outputs.push_back(TabOutput::Chat(VisitorOutput::Changed));
        }
    }

    /// The next thing for the shell to do, oldest first.
    pub fn poll_output(&mut self) -> Option<TabOutput> {
        self.outputs.pop_front()
    }

    /// When `Chat(Tick)` is due.
    #[must_use]
    pub fn deadline(&self) -> Option<UnixMillis> {
        earliest([self.chat.deadline(), self.unanswered_at()])
    }

    fn handle_chat(&mut self, input: VisitorInput, now: UnixMillis) {
        let is_sleep = input == VisitorInput::Sleep;
        if matches!(input, VisitorInput::Consent { is_allowed: true, .. }) {
            self.begin_sharing(now);
        }
        if let VisitorInput::SocketClosed { code } = input {
            self.has_socket = false;
            self.final_code = Some(code).filter(|code| CloseCode::is_final(*code));
        }
        self.feed(input, now);
        if is_sleep {
            self.scatter();
        }
    }

    /// Gives the chat an input and carries out what it asks of its connection; the rest is the shell's.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is not about the connection passes through")]
    fn feed(&mut self, input: VisitorInput, now: UnixMillis) {
        self.chat.handle(input, now);
        while let Some(output) = self.chat.poll_output() {
            match output {
                VisitorOutput::OpenSocket { transport } => self.open(transport, now),
                VisitorOutput::CloseSocket => self.close(),
                VisitorOutput::Send(command) => self.say(command),
                VisitorOutput::Changed => self.is_changed = true,
                VisitorOutput::ForgetSession(token) => {
                    self.tell_standing();
                    self.scatter();
                    self.outputs.push_back(TabOutput::Chat(VisitorOutput::ForgetSession(token)));
                }
                other => self.outputs.push_back(TabOutput::Chat(other)),
            }
        }
    }

    fn open(&mut self, transport: Transport, now: UnixMillis) {
        match &mut self.role {
            Role::Alone if self.can_gather && !self.config.is_sharing => self.gather(Some(transport), now),
            Role::Asking { wish, .. } => *wish = Some(transport),
            Role::Following(following) if following.way != Way::Direct => {
                following.way = Way::Joining { since: now, is_answered: false };
                self.feed(VisitorInput::SocketOpened, now);
            }
            Role::Alone | Role::Leading { .. } | Role::Following(_) => self.open_own(transport),
        }
    }

    fn open_own(&mut self, transport: Transport) {
        self.has_socket = true;
        self.final_code = None;
        self.outputs.push_back(TabOutput::Chat(VisitorOutput::OpenSocket { transport }));
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.has_socket) {
            self.outputs.push_back(TabOutput::Chat(VisitorOutput::CloseSocket));
        }
        match &mut self.role {
            Role::Asking { wish, .. } => *wish = None,
            Role::Following(following) if following.way != Way::Direct => following.way = Way::Closed,
            Role::Alone | Role::Leading { .. } | Role::Following(_) => {}
        }
    }

    fn say(&mut self, command: VisitorCommand) {
        if self.has_socket {
            self.outputs.push_back(TabOutput::Chat(VisitorOutput::Send(command)));
        } else if let Role::Following(following) = &self.role
            && let Some(post) = following.post(command)
        {
            self.post(post);
        }
    }

    fn post(&mut self, post: TabPost) {
        self.outputs.push_back(TabOutput::Post(post));
    }

    fn gather(&mut self, wish: Option<Transport>, now: UnixMillis) {
        // A chat that wants a connection has a session.
        if let Some(session) = self.chat.session() {
            self.outputs.push_back(TabOutput::Gather(session.customer_id.clone()));
            self.role = Role::Asking { since: now, wish };
        }
    }

    fn scatter(&mut self) {
        if self.role != Role::Alone {
            self.role = Role::Alone;
            self.outputs.push_back(TabOutput::Scatter);
        }
    }

    /// There are no other tabs to be found: the chat gets a connection of its own.
    fn stay_alone(&mut self, now: UnixMillis) {
        let role = std::mem::replace(&mut self.role, Role::Alone);
        match role {
            Role::Asking { wish: Some(transport), .. } => self.open_own(transport),
            Role::Following(_) if !self.has_socket => self.feed(VisitorInput::Reconnect, now),
            Role::Alone | Role::Asking { .. } | Role::Leading { .. } | Role::Following(_) => {}
        }
    }

    /// A shared page belongs to one tab, and the server knows that tab by its own connection.
    fn begin_sharing(&mut self, now: UnixMillis) {
        self.config.is_sharing = true;
        if matches!(self.role, Role::Asking { .. } | Role::Following(_)) {
            self.outputs.push_back(TabOutput::Scatter);
            self.stay_alone(now);
        }
    }

    /// The sharing is over: the tab is one of several again.
    fn share_no_more(&mut self, now: UnixMillis) {
        if self.config.is_sharing && self.is_online() && self.chat.cobrowse().is_none() {
            self.config.is_sharing = false;
            if self.role == Role::Alone && self.can_gather {
                self.gather(None, now);
            }
        }
    }

    /// The server hears on which page the visitor is, from the tab that is on the screen.
    fn tell_page(&mut self, now: UnixMillis) {
        if self.config.is_shown && self.is_online() && self.role != Role::Alone {
            let page = self.chat.page().clone();
            self.feed(VisitorInput::PageChanged(page), now);
        }
    }

    fn tick(&mut self, now: UnixMillis) {
        if self.unanswered_at().is_none_or(|due_at| now < due_at) {
            return;
        }
        match &mut self.role {
            Role::Asking { .. } => {
                self.outputs.push_back(TabOutput::Scatter);
                self.stay_alone(now);
            }
            Role::Following(following) => {
                following.way = Way::Direct;
                self.feed(VisitorInput::Reconnect, now);
            }
            Role::Alone | Role::Leading { .. } => {}
        }
    }

    /// When a question to the browser or to the leader counts as not heard.
    fn unanswered_at(&self) -> Option<UnixMillis> {
        let since = match &self.role {
            Role::Asking { since, .. } => *since,
            Role::Following(following) => following.unanswered_since()?,
            Role::Alone | Role::Leading { .. } => return None,
        };
        Some(since.plus_ms(TAB_ANSWER_MS))
    }

    fn is_online(&self) -> bool {
        matches!(self.chat.connection(), Connection::Online { .. })
    }
}
