//! The visitor's chat: from the first word to the last answer of the survey.

mod advance;
mod cobrowse;
mod input;
mod joining;
mod received;
mod view;

pub use input::{Compose, SavedSession, SavedVisitor, VisitorConfig, VisitorInput, VisitorOutput};
pub use view::ConversationView;

use joining::Joining;
use std::collections::VecDeque;

use protocol::cobrowse::CobrowseSession;
use protocol::conversation::{ConversationHead, ConversationStatus, Side};
use protocol::id::{CobrowseId, ConversationId, MessageId};
use protocol::limit::TAB_MESSAGE_MS;
use protocol::people::Identity;
use protocol::survey::SurveyAnswers;
use protocol::time::UnixMillis;
use protocol::visitor::VisitorCommand;

use crate::jitter::Jitter;
use crate::link::Link;
use crate::outbox::{ComposeFault, Outbox, OutboxMessage};
use crate::thread::{Thread, earliest};
use crate::uploads::Uploads;

/// The chat client of one visitor, in one tab.
#[derive(Debug)]
pub struct VisitorChat {
    config: VisitorConfig,
    session: Option<SavedSession>,
    joining: Joining,
    link: Link,
    outbox: Outbox,
    uploads: Uploads,
    threads: Vec<Thread>,
    heads: Vec<ConversationHead>,
    current: Current,
    cobrowse: Option<CobrowseSession>,
    pending: Pending,
    clock_offset_ms: i64,
    jitter: Jitter,
    outputs: VecDeque<VisitorOutput>,
}

/// Which conversation the window shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Current {
    /// The newest one, once the server has named it.
    Newest,
    /// This one.
    Chosen(ConversationId),
    /// None: the next message begins one.
    Fresh,
}

/// Wishes that wait for a connection.
#[derive(Debug, Default)]
struct Pending {
    identity: Option<PendingIdentity>,
    end: Option<PendingEnd>,
    survey: Option<PendingSurvey>,
    consent: Option<PendingConsent>,
    cobrowse_stop: Option<PendingStop>,
}

/// Who the visitor is, sent on every connection until one lives on after it.
#[derive(Debug)]
struct PendingIdentity {
    identity: Identity,
    is_sent: bool,
}

/// The end of a conversation, sent on every connection until it is closed.
#[derive(Debug)]
struct PendingEnd {
    conversation_id: ConversationId,
    is_sent: bool,
}

/// An answer to the question for consent, sent on every connection until the session is live or over.
#[derive(Debug)]
struct PendingConsent {
    cobrowse_id: CobrowseId,
    is_allowed: bool,
    is_sent: bool,
}

/// The end of a sharing, sent on every connection until the server has ended the session.
#[derive(Debug)]
struct PendingStop {
    cobrowse_id: CobrowseId,
    is_sent: bool,
}

/// Answers that are sent on every connection until the server says that they are stored.
#[derive(Debug)]
struct PendingSurvey {
    conversation_id: ConversationId,
    answers: SurveyAnswers,
    is_sent: bool,
}

impl VisitorChat {
    /// Begins with what storage held. Nothing is sent before `Start`.
    #[must_use]
    pub fn new(config: VisitorConfig, saved: SavedVisitor) -> Self {
        let outbox = Outbox::new(saved.outbox);
        let shown_last = saved.session.as_ref().and_then(|session| session.conversation_id.clone());
        let chosen = outbox.last_conversation().cloned().or(shown_last);
        let current = chosen.map_or(Current::Newest, Current::Chosen);
        Self {
            link: Link::by_any_way(config.jitter_seed),
            jitter: Jitter::new(!config.jitter_seed),
            uploads: Uploads::new(config.jitter_seed.rotate_left(32)),
            config,
            session: saved.session,
            joining: Joining::Idle,
            outbox,
            threads: Vec::new(),
            heads: Vec::new(),
            current,
            cobrowse: None,
            pending: Pending {
                cobrowse_stop: saved
                    .cobrowse_stop
                    .map(|cobrowse_id| PendingStop { cobrowse_id, is_sent: false }),
                ..Pending::default()
            },
            clock_offset_ms: 0,
            outputs: VecDeque::new(),
        }
    }

    /// Takes one input; outputs follow from `poll_output`.
    pub fn handle(&mut self, input: VisitorInput, now: UnixMillis) {
        match input {
            VisitorInput::Start => self.start(now),
            VisitorInput::Compose(compose) => self.compose(compose, now),
            VisitorInput::Retry { message_id } => self.retry(&message_id, now),
            VisitorInput::UploadProgressed { file_id, sent_bytes } => {
                self.uploads.progressed(&file_id, sent_bytes);
            }
            VisitorInput::Uploaded { file_id, attachment_id } => {
                self.uploads.ended(&file_id);
                let kept = self.outbox.uploaded(&file_id, attachment_id);
                self.save_if_any(kept);
            }
            VisitorInput::UploadFailed { file_id, is_final } => self.upload_failed(&file_id, is_final, now),
            VisitorInput::RemoveFile { file_id } => self.remove_file(&file_id, now),
            VisitorInput::MessageFound(message) => self.message_found(message, now),
            VisitorInput::Typing { is_typing } => self.type_sign(is_typing, now),
            VisitorInput::Seen => self.see(),
            VisitorInput::SocketOpened => self.link.opened(now),
            VisitorInput::Received(event) => self.receive(event, now),
            VisitorInput::SocketClosed { code } => self.socket_closed(code, now),
            VisitorInput::CustomerCreated(token) => self.customer_created(token),
            VisitorInput::SessionFound(session) => self.session_found(session, now),
            VisitorInput::CustomerRefused { is_final } => self.customer_refused(is_final, now),
            VisitorInput::EventsFetched { conversation_id, page } => {
                self.fetched(&conversation_id, page, now)
            }
            VisitorInput::FetchFailed { conversation_id } => self.fetch_failed(&conversation_id, now),
            VisitorInput::WakeUp => {
                self.fail_old(now);
                self.link.wake_up(now);
                self.uploads.wake_up();
            }
            VisitorInput::Reconnect => self.link.reconnect(now),
            VisitorInput::Sleep => self.link.sleep(),
            VisitorInput::PageChanged(page) => {
                self.config.page = page.clone();
                self.send_if_online(VisitorCommand::Page { page });
            }
            VisitorInput::Identify(identity) => {
                self.pending.identity = Some(PendingIdentity { identity, is_sent: false });
                self.join_if_needed();
            }
            VisitorInput::End => {
                let pending = |conversation_id| PendingEnd { conversation_id, is_sent: false };
                self.pending.end = self.current_id().map(pending);
            }
            VisitorInput::StartNew => self.choose(Current::Fresh),
            VisitorInput::AnswerSurvey(answers) => {
                let pending = |conversation_id| PendingSurvey { conversation_id, answers, is_sent: false };
                self.pending.survey = self.current_id().map(pending);
            }
            VisitorInput::Consent { cobrowse_id, is_allowed } => self.consent(cobrowse_id, is_allowed),
            VisitorInput::StopCobrowse => self.stop_cobrowse(),
            VisitorInput::Tick => {}
        }
        self.advance(now);
        self.outputs.push_back(VisitorOutput::Changed);
    }

    /// The next thing for the shell to do, oldest first.
    pub fn poll_output(&mut self) -> Option<VisitorOutput> {
        let output = self.outputs.pop_front()?;
        // Views are drawn once per round of inputs, however many there were.
        if output == VisitorOutput::Changed {
            self.outputs.retain(|later| *later != VisitorOutput::Changed);
            if !self.outputs.is_empty() {
                self.outputs.push_back(VisitorOutput::Changed);
                return self.outputs.pop_front();
            }
        }
        Some(output)
    }

    /// When `Tick` is due.
    #[must_use]
    pub fn deadline(&self) -> Option<UnixMillis> {
        let outbox = if self.link.is_online() { self.outbox.deadline() } else { None };
        let threads = self.threads.iter().map(Thread::deadline);
        let uploads = self.session.as_ref().and_then(|_| self.uploads.deadline(&self.outbox));
        earliest([self.link.deadline(), self.joining.deadline(), outbox, uploads].into_iter().chain(threads))
    }

    /// Why a text would not be taken, or none when it would.
    #[must_use]
    pub fn compose_fault(&self, text: &str, file_count: usize) -> Option<ComposeFault> {
        self.outbox.fault(text, file_count)
    }

    fn start(&mut self, now: UnixMillis) {
        self.fail_old(now);
        if self.session.is_some() {
            self.link.want(now);
        } else if !self.outbox.is_empty() {
            self.join_if_needed();
        }
    }

    // One function for all callers: a generic one would be in the module once for each of them.
    fn save_messages(&mut self, messages: Vec<OutboxMessage>) {
        for message in messages {
            self.save_message(message);
        }
    }

    fn save_message(&mut self, message: OutboxMessage) {
        self.outputs.push_back(VisitorOutput::SaveMessage(message));
    }

    fn save_if_any(&mut self, message: Option<OutboxMessage>) {
        if let Some(message) = message {
            self.save_message(message);
        }
    }

    fn fail_old(&mut self, now: UnixMillis) {
        let failed = self.outbox.fail_old(now);
        self.save_messages(failed);
    }

    fn message_found(&mut self, message: OutboxMessage, now: UnixMillis) {
        let thread = self.thread(&message.conversation_id);
        // Its event may be quicker than the word of the other tab, which may be gone before it hears of it.
        if thread.is_some_and(|thread| thread.timeline.has_message(&message.message_id)) {
            self.outputs.push_back(VisitorOutput::ForgetMessage(message.message_id));
            return;
        }
        if self.current_id().is_none() {
            self.current = Current::Chosen(message.conversation_id.clone());
        }
        let until = self.adopted_until(now);
        let left = self.outbox.adopt(message, until);
        self.save_if_any(left);
        if !self.outbox.is_empty() {
            self.join_later(now);
        }
    }

    /// Until when a message of another tab is left to that tab. Tabs differ, so that one of them is first.
    fn adopted_until(&mut self, now: UnixMillis) -> UnixMillis {
        now.plus_ms(TAB_MESSAGE_MS / 4 + self.jitter.up_to(TAB_MESSAGE_MS * 3 / 4))
    }

    fn compose(&mut self, compose: Compose, now: UnixMillis) {
        if self.outbox.fault(&compose.text, compose.files.len()).is_some() {
            return;
        }
        // Who goes on writing did not mean the end.
        self.pending.end.take_if(|end| end.is_sent);
        let is_done = |status: Option<ConversationStatus>| status == Some(ConversationStatus::Done);
        let conversation_id = match self.current_id() {
            Some(current) if !is_done(self.status_of(&current)) => current,
            Some(_) | None => ConversationId::new(now, compose.conversation_entropy),
        };
        let message = OutboxMessage {
            message_id: MessageId::new(now, compose.message_entropy),
            conversation_id: conversation_id.clone(),
            text: compose.text,
            files: compose.files,
            created_at: self.outbox.written_at(now),
            is_failed: false,
        };
        self.save_message(message.clone());
        self.outbox.push(message);
        self.thread_mut(&conversation_id).typing_sender.reset();
        if self.current != Current::Chosen(conversation_id.clone()) {
            self.choose(Current::Chosen(conversation_id));
        }
        self.connect_if_needed(now);
    }

    fn connect_if_needed(&mut self, now: UnixMillis) {
        self.join_if_needed();
        if self.session.is_some() {
            self.link.want(now);
        }
    }

    fn choose(&mut self, current: Current) {
        self.current = current;
        let conversation_id = self.current_id();
        if let Some(session) = &mut self.session {
            session.conversation_id = conversation_id;
            self.save_session();
        }
    }

    fn save_session(&mut self) {
        if let Some(session) = &self.session {
            self.outputs.push_back(VisitorOutput::SaveSession(session.clone()));
        }
    }

    fn retry(&mut self, message_id: &MessageId, now: UnixMillis) {
        if let Some(message) = self.outbox.retry(message_id, now) {
            self.save_message(message);
            self.connect_if_needed(now);
        }
    }

    fn upload_failed(&mut self, file_id: &str, is_final: bool, now: UnixMillis) {
        if is_final {
            self.uploads.ended(file_id);
            let failed = self.outbox.upload_refused(file_id);
            self.save_if_any(failed);
        } else {
            self.uploads.cut(now);
        }
    }

    fn remove_file(&mut self, file_id: &str, now: UnixMillis) {
        let Some(left) = self.outbox.remove_file(file_id, now) else { return };
        self.uploads.removed(file_id);
        self.save_message(left);
    }

    fn type_sign(&mut self, is_typing: bool, now: UnixMillis) {
        let Some(conversation_id) = self.current_id() else { return };
        let is_online = self.link.is_online();
        if self.thread_mut(&conversation_id).typing_sender.shall_send(is_typing, now) && is_online {
            self.send_if_online(VisitorCommand::Typing { conversation_id, is_typing });
        }
    }

    fn see(&mut self) {
        if let Some(conversation_id) = self.current_id() {
            self.thread_mut(&conversation_id).see();
        }
    }

    fn socket_closed(&mut self, code: u16, now: UnixMillis) {
        self.link.closed(code, now);
        self.connection_lost();
        if code == protocol::close::CloseCode::Unauthorised.number() {
            self.forget_session(now);
        }
    }

    fn connection_lost(&mut self) {
        self.outbox.connection_lost();
        if let Some(identity) = &mut self.pending.identity {
            identity.is_sent = false;
        }
        if let Some(end) = &mut self.pending.end {
            end.is_sent = false;
        }
        if let Some(survey) = &mut self.pending.survey {
            survey.is_sent = false;
        }
        if let Some(consent) = &mut self.pending.consent {
            consent.is_sent = false;
        }
        if let Some(stop) = &mut self.pending.cobrowse_stop {
            stop.is_sent = false;
        }
        for thread in &mut self.threads {
            thread.connection_lost();
        }
    }

    fn send_if_online(&mut self, command: VisitorCommand) {
        if self.link.is_online() {
            self.outputs.push_back(VisitorOutput::Send(command));
        }
    }

    fn current_id(&self) -> Option<ConversationId> {
        match &self.current {
            Current::Chosen(conversation_id) => Some(conversation_id.clone()),
            Current::Newest => self.heads.first().map(|head| head.conversation_id.clone()),
            Current::Fresh => None,
        }
    }

    fn status_of(&self, conversation_id: &ConversationId) -> Option<ConversationStatus> {
        self.head(conversation_id).map(|head| head.status)
    }

    fn head(&self, conversation_id: &ConversationId) -> Option<&ConversationHead> {
        self.heads.iter().find(|head| head.conversation_id == *conversation_id)
    }

    fn thread(&self, conversation_id: &ConversationId) -> Option<&Thread> {
        self.threads.iter().find(|thread| thread.conversation_id == *conversation_id)
    }

    fn thread_mut(&mut self, conversation_id: &ConversationId) -> &mut Thread {
        let at = self.threads.iter().position(|thread| thread.conversation_id == *conversation_id);
        let at = at.unwrap_or_else(|| {
            self.threads.push(Thread::new(conversation_id.clone(), Side::Customer));
            self.threads.len() - 1
        });
        &mut self.threads[at]
    }
}
