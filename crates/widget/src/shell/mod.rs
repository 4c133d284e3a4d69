//! Carries out what the pure machines wish for: sockets, requests, storage, messages to the page, one timer.

mod calls;
mod carry_out;
mod connection;
mod launcher;
mod line;
mod menu;
mod news;
mod sharing;
mod tabs;
mod uploads;

pub(crate) use sharing::Tools;

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use browser::{EventStream, Listener, Timer, page};
use chat_core::{
    Compose, Connection, OutboxFile, SavedVisitor, TabChat, TabConfig, TabInput, TabOutput, VisitorChat,
    VisitorConfig, VisitorInput,
};
use protocol::rule::ServerFacts;
use protocol::survey::SurveyAnswers;
use protocol::time::UnixMillis;
use protocol::touchpoint::PublicSettings;
use web_sys::{Event, MessagePort};
use yew::Callback;

use crate::init::Init;
use crate::memory::{COBROWSE_STOP, DRAFT, LIVE, Memory, OUTBOX_PREFIX, SESSION, SURVEY_PREFIX, read_text};
use crate::page_port::{FromPage, PagePort, ToPage};
use connection::Wire;
use launcher::Launcher;
use line::Line;
use menu::Menu;
use news::Told;
use sharing::Sharing;
use uploads::Uploads;

/// What the view is told besides that something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redraw {
    /// The views may differ from before.
    Changed,
    /// The panel came onto the screen and has the focus.
    Entered,
}

/// The chat of one frame and its ties to the world.
pub(crate) struct Shell {
    settings: PublicSettings,
    page: Rc<PagePort>,
    memory: Memory,
    tab_id: String,
    chat: RefCell<TabChat>,
    launcher: RefCell<Launcher>,
    sharing: Sharing,
    menu: Menu,
    uploads: Uploads,
    told: RefCell<Told>,
    is_open: Cell<bool>,
    /// Whether the page is put away and may come back as it is.
    is_asleep: Cell<bool>,
    wire: RefCell<Option<Wire>>,
    /// The line to the other tabs.
    tabs: RefCell<Option<Line>>,
    facts_stream: RefCell<Option<EventStream>>,
    timer: RefCell<Option<Timer>>,
    listeners: RefCell<Vec<Listener>>,
    redraw: RefCell<Callback<Redraw>>,
}

/// The computer's clock.
pub(crate) fn now() -> UnixMillis {
    UnixMillis(browser::clock::now_unix_ms())
}

impl Shell {
    pub(crate) fn new(init: Init, port: MessagePort, tools: Tools) -> Rc<Self> {
        let page = Rc::new(PagePort::new(port));
        let memory = Memory::new(init.storage, page.clone());
        let saved = SavedVisitor {
            session: memory.read(SESSION),
            outbox: memory.read_all(OUTBOX_PREFIX),
            cobrowse_stop: memory.read(COBROWSE_STOP),
        };
        let config = VisitorConfig {
            touchpoint_id: init.settings.touchpoint_id.clone(),
            jitter_seed: browser::entropy::seed(),
            page: init.page,
            page_key: init.page_key,
        };
        let tab_id = format!("{:x}", browser::entropy::seed());
        let tab =
            TabConfig { tab_id: tab_id.clone(), is_shown: page::is_visible(), is_sharing: init.is_sharing };
        let opened_at = now().plus_ms(-init.opened_ms_ago);
        Rc::new(Self {
            launcher: RefCell::new(Launcher::new(&init.settings.rules, opened_at, init.override_wish)),
            sharing: Sharing::new(tools),
            menu: Menu::default(),
            uploads: Uploads::default(),
            settings: init.settings,
            page,
            memory,
            chat: RefCell::new(TabChat::new(tab, config, saved)),
            tab_id,
            told: RefCell::new(Told::new(init.is_sharing)),
            is_open: Cell::new(false),
            is_asleep: Cell::new(false),
            wire: RefCell::default(),
            tabs: RefCell::default(),
            facts_stream: RefCell::default(),
            timer: RefCell::default(),
            listeners: RefCell::default(),
            redraw: RefCell::default(),
        })
    }

    /// Tells the view from now on when to draw.
    pub(crate) fn on_redraw(&self, redraw: Callback<Redraw>) {
        *self.redraw.borrow_mut() = redraw;
    }

    /// Begins to listen, and goes on with a conversation that was running.
    pub(crate) fn start(self: &Rc<Self>) {
        let shell = Rc::downgrade(self);
        let from_page = self.page.listen(move |message| {
            if let Some(shell) = shell.upgrade() {
                shell.hear(message);
            }
        });
        let window = page::window();
        let document = page::document();
        let listeners = vec![
            from_page,
            self.on_event(&window, "online", Self::wake_up),
            self.on_event(&window, "pageshow", Self::wake_up),
            self.on_event(&window, "pagehide", Self::sleep),
            self.on_event(&document, "resume", Self::wake_up),
            self.on_event(&document, "freeze", Self::sleep),
            self.on_event(&document, "visibilitychange", Self::follow_visibility),
        ];
        *self.listeners.borrow_mut() = listeners;
        self.count_visit();
        self.hear_files();
        self.sweep_files();
        if self.memory.has(LIVE) {
            self.feed(VisitorInput::Start);
        } else {
            self.changed();
        }
        self.page.send(&ToPage::Ready);
    }

    fn on_event(
        self: &Rc<Self>,
        target: &web_sys::EventTarget,
        name: &'static str,
        act: impl Fn(&Rc<Self>) + 'static,
    ) -> Listener {
        let shell = Rc::downgrade(self);
        Listener::new(target, name, move |_: Event| {
            if let Some(shell) = shell.upgrade() {
                act(&shell);
            }
        })
    }

    fn wake_up(self: &Rc<Self>) {
        self.is_asleep.set(false);
        self.count_visit();
        self.feed(VisitorInput::WakeUp);
    }

    fn follow_visibility(self: &Rc<Self>) {
        let is_shown = page::is_visible();
        if is_shown {
            self.is_asleep.set(false);
            self.count_visit();
        }
        self.take(TabInput::Shown(is_shown));
    }

    /// The page is put away or stands still. An open stream would keep it out of the back/forward cache, as an open
    /// socket would; and a tab that stands still must not lead the others.
    fn sleep(self: &Rc<Self>) {
        self.is_asleep.set(true);
        self.feed(VisitorInput::Sleep);
    }

    fn hear(self: &Rc<Self>, message: FromPage) {
        match message {
            FromPage::Open { is_entered } => {
                self.is_open.set(true);
                self.feed(VisitorInput::Start);
                if is_entered {
                    self.tell_view(Redraw::Entered);
                }
            }
            FromPage::Close => {
                self.is_open.set(false);
                self.changed();
            }
            FromPage::Page { page } => {
                self.count_visit();
                self.feed(VisitorInput::PageChanged(page));
            }
            FromPage::Stored { key, value } => self.note_stored(key, value),
            FromPage::Override { wish } => {
                self.launcher.borrow_mut().override_with(wish);
                self.changed();
            }
            FromPage::Call { call, what } => self.answer_call(call, what),
            FromPage::ReaderFailed => self.stop_sharing(),
        }
    }

    /// Another tab kept or forgot something: who the visitor is, or a message. One that it forgets is stored, and
    /// its event says so here as well.
    fn note_stored(self: &Rc<Self>, key: String, value: Option<String>) {
        let text = value.as_deref();
        let input = if key == SESSION {
            self.session_kept(text)
        } else if key.starts_with(OUTBOX_PREFIX) {
            text.and_then(read_text).map(VisitorInput::MessageFound)
        } else {
            None
        };
        self.memory.note(key, value);
        if let Some(input) = input {
            self.feed(input);
        }
    }

    /// What the session that is kept now means to the chat; what cannot be read gives way to the next claim.
    fn session_kept(&self, text: Option<&str>) -> Option<VisitorInput> {
        match read_text(text?) {
            Some(found) => {
                (self.chat().session() != Some(&found)).then_some(VisitorInput::SessionFound(found))
            }
            None => Some(VisitorInput::CustomerRefused { is_final: false }),
        }
    }

    /// Hands an input to the chat and does what it asks for.
    pub(crate) fn feed(self: &Rc<Self>, input: VisitorInput) {
        self.take(TabInput::Chat(input));
    }

    fn take(self: &Rc<Self>, input: TabInput) {
        self.chat.borrow_mut().handle(input, now());
        loop {
            let output = self.chat.borrow_mut().poll_output();
            match output {
                Some(TabOutput::Chat(output)) => self.carry_out(output),
                Some(TabOutput::Relay(frame)) => self.send(&frame),
                Some(TabOutput::Gather(customer_id)) => self.gather(&customer_id),
                Some(TabOutput::Scatter) => self.scatter(),
                Some(TabOutput::Post(post)) => self.post(&post),
                None => break,
            }
        }
        self.set_timer();
    }

    /// Sends a text with its files, if it can be taken.
    pub(crate) fn compose(self: &Rc<Self>, text: String, files: Vec<OutboxFile>) {
        self.feed(VisitorInput::Compose(Compose {
            text,
            files,
            conversation_entropy: browser::entropy::entropy(),
            message_entropy: browser::entropy::entropy(),
        }));
    }

    /// The visitor has the end of the log on the screen.
    pub(crate) fn seen(self: &Rc<Self>) {
        let is_news = self.chat().unread_count() > 0;
        if is_news && self.is_open.get() && page::is_visible() {
            self.feed(VisitorInput::Seen);
        }
    }

    /// One timer for the earliest of all deadlines.
    fn set_timer(self: &Rc<Self>) {
        let deadlines = [self.chat.borrow().deadline(), self.launcher.borrow().deadline()];
        let timer = deadlines.into_iter().flatten().min().map(|deadline| {
            let shell = Rc::downgrade(self);
            Timer::after_ms(deadline.since_ms(now()), move || {
                if let Some(shell) = shell.upgrade() {
                    shell.feed(VisitorInput::Tick);
                }
            })
        });
        self.timer.replace(timer);
    }

    fn tell_view(&self, redraw: Redraw) {
        let callback = self.redraw.borrow().clone();
        callback.emit(redraw);
    }

    /// Opens the panel or puts it away.
    pub(crate) fn open_panel(&self, is_open: bool) {
        self.page.send(&ToPage::Panel { is_open });
    }

    pub(crate) fn settings(&self) -> &PublicSettings {
        &self.settings
    }

    pub(crate) fn chat(&self) -> Ref<'_, VisitorChat> {
        Ref::map(self.chat.borrow(), TabChat::chat)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.is_open.get()
    }

    /// Presence and hours, once the server told them.
    pub(crate) fn facts(&self) -> Option<ServerFacts> {
        self.launcher.borrow().facts().cloned()
    }

    pub(crate) fn draft(&self) -> String {
        self.memory.text(DRAFT).unwrap_or_default()
    }

    /// Keeps what stands in the composer over a reload.
    pub(crate) fn keep_draft(&self, text: &str) {
        if text.is_empty() {
            self.memory.forget(DRAFT);
        } else {
            self.memory.keep_text(DRAFT, text);
        }
    }

    /// The answers so far to the survey that is due.
    pub(crate) fn survey_draft(&self) -> SurveyAnswers {
        self.survey_key().and_then(|key| self.memory.read(&key)).unwrap_or_default()
    }

    /// Keeps the answers so far over a reload.
    pub(crate) fn keep_survey_draft(&self, answers: &SurveyAnswers) {
        if let Some(key) = self.survey_key() {
            self.memory.keep(&key, answers);
        }
    }

    /// A draft is of use until its survey is done or another chat began, which is known once the server said so.
    fn forget_survey_drafts(&self) {
        if matches!(self.chat().connection(), Connection::Online { .. }) {
            self.memory.forget_others(SURVEY_PREFIX, self.survey_key().as_deref());
        }
    }

    fn survey_key(&self) -> Option<String> {
        self.chat().survey_due().map(|id| format!("{SURVEY_PREFIX}{id}"))
    }
}
