//! The console of a logged-in agent: holds what is chosen and shown, carries out actions, draws the columns.

mod act;
mod columns;
mod gifts;
mod keyboard;
mod notes;
mod overlays;
mod place;
mod request;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use browser::{FetchError, Listener, Timer, page};
use chat_core::{AgentInput, Connection};
use protocol::close::CloseCode;
use protocol::cobrowse::{CobrowseEnd, CobrowseSession};
use protocol::id::{AgentId, CobrowseId, ConversationId, MessageId};
use protocol::limit::CURSORS_MAX;
use protocol::people::Role;
use protocol::rest::Session;
use yew::{Callback, Component, Context, Html, Properties};

use self::gifts::Gifts;
use self::place::Place;
use super::toasts::Toast;
use crate::shell::{Report, Shell};
use crate::state::action::{Action, Picture};
use crate::state::cobrowse;
use crate::state::file::shown_name;
use crate::state::inbox::{Filter, Owner, Row, View, is_in_team, owner, page_title, waiting_count};
use crate::state::recordings::{RecordingsPlace, may_watch};
use crate::state::revise::Reviser;
use crate::texts::{TEXTS, fill};
use crate::tools::Tools;

/// "5 min" is written anew after this time.
const REDRAW_MS: i64 = 30_000;

/// What the workspace needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Who is logged in.
    pub(crate) session: Session,
    /// What the page's script does.
    pub(crate) tools: Tools,
    /// Hears that the session is over, and why when the agent did not ask for it.
    pub(crate) on_left: Callback<Option<&'static str>>,
}

/// The workspace.
pub(crate) struct Workspace {
    shell: Shell,
    me: AgentId,
    is_away: bool,
    is_away_pending: bool,
    /// The inbox as it stood at the last change; none until the server has answered.
    rows: Option<Rc<Vec<Row>>>,
    view: View,
    filter: Filter,
    chosen: Option<ConversationId>,
    is_in_teams: bool,
    /// The recordings that are shown instead of the conversations.
    recordings: Option<RecordingsPlace>,
    has_details: bool,
    has_keys: bool,
    /// Whether it is shown where a visitor's code is entered.
    has_code: bool,
    /// Whether it is shown to whom the conversation can be given.
    is_assigning: bool,
    /// The message that is open for editing.
    editing: Option<MessageId>,
    /// The message that may be taken back, while the agent is asked.
    deleting: Option<MessageId>,
    /// The picture that is shown large.
    picture: Option<Picture>,
    gifts: Gifts,
    /// The conversation that was erased while it was shown.
    erased: Option<ConversationId>,
    watched: BTreeSet<ConversationId>,
    endings: BTreeMap<ConversationId, CobrowseEnd>,
    /// The session this agent ended last.
    ended: Option<CobrowseId>,
    /// The live session of this agent, with the ticket its view began with.
    session: Option<CobrowseSession>,
    toasts: Vec<Toast>,
    toast_timers: Vec<(u32, Timer)>,
    toast_number: u32,
    news_timer: Option<Timer>,
    waiting_count: u32,
    announcement: String,
    _redraw: Timer,
    _listeners: [Listener; 3],
}

/// What happens in the workspace.
pub(crate) enum Message {
    /// The chat changed.
    Shell(Report),
    /// The agent asked for something.
    Act(Action),
    /// The agent pressed a key.
    Key(web_sys::KeyboardEvent),
    /// The address names another conversation.
    PlaceChanged,
    /// Time went by.
    Redraw,
    /// The server refused something, or was not reached.
    Failed(FetchError),
    /// The agent may look on at a colleague's session.
    Watching(CobrowseSession),
    /// Somebody else took the conversation.
    TakeRefused(ConversationId),
    /// A timer that has to live until it rings.
    KeepTimer(Timer),
    /// The outbox takes no more.
    OutboxFull,
    /// The server knows whether the agent is away.
    AwayStored(bool),
    /// The agent is logged out.
    LoggedOut,
}

impl Component for Workspace {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let session = &ctx.props().session;
        let me = session.agent.agent_id.clone();
        let shell = Shell::start(&me, &ctx.props().tools, ctx.link().callback(Message::Shell));
        let view = shell.keep().view_name().and_then(|name| View::named(&name)).unwrap_or(View::All);
        let mut workspace = Self {
            shell,
            me,
            is_away: session.is_away,
            is_away_pending: false,
            rows: None,
            view,
            filter: Filter::default(),
            chosen: None,
            is_in_teams: false,
            recordings: None,
            has_details: false,
            has_keys: false,
            has_code: false,
            is_assigning: false,
            editing: None,
            deleting: None,
            picture: None,
            gifts: Gifts::default(),
            erased: None,
            watched: BTreeSet::new(),
            endings: BTreeMap::new(),
            ended: None,
            session: None,
            toasts: Vec::new(),
            toast_timers: Vec::new(),
            toast_number: 0,
            news_timer: None,
            waiting_count: 0,
            announcement: String::new(),
            _redraw: redraw_timer(ctx),
            _listeners: [
                keyboard::listen(ctx.link().callback(Message::Key)),
                place::listen(ctx.link().callback(|()| Message::PlaceChanged)),
                drop_guard(),
            ],
        };
        workspace.go(ctx, place::read());
        workspace
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Shell(Report::Changed) => self.chat_changed(ctx),
            Message::Shell(Report::SharingEnded { conversation_id, cobrowse_id, end }) => {
                self.session = self.session.take().filter(|session| session.cobrowse_id != cobrowse_id);
                let is_own_doing = self.ended.as_ref() == Some(&cobrowse_id);
                if !is_own_doing && cobrowse::is_news(end) {
                    self.endings.insert(conversation_id, end);
                }
            }
            Message::Shell(Report::Erased(conversation_ids)) => self.forget_erased(ctx, &conversation_ids),
            Message::Shell(Report::FileRefused { name, detail }) => self.tell_refused(ctx, &name, &detail),
            Message::Act(action) => self.act(ctx, action),
            Message::Key(event) => self.press(ctx, &event),
            Message::PlaceChanged => self.go(ctx, place::read()),
            Message::Redraw => self._redraw = redraw_timer(ctx),
            Message::Failed(error) => self.fail(ctx, &error),
            Message::Watching(session) => self.session = Some(session),
            Message::TakeRefused(conversation_id) => self.tell_taken(ctx, &conversation_id),
            Message::KeepTimer(timer) => self.news_timer = Some(timer),
            Message::OutboxFull => self.toast(ctx, TEXTS.fault_outbox_full.to_owned()),
            Message::AwayStored(is_away) => {
                self.is_away = is_away;
                self.is_away_pending = false;
            }
            Message::LoggedOut => {
                self.shell.keep().forget_drafts();
                self.shell.tell(AgentInput::Stop);
                place::write(&Place::Inbox);
                page::document().set_title(TEXTS.product);
                ctx.props().on_left.emit(None);
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.draw(ctx)
    }
}

impl Workspace {
    /// Every conversation as the inbox shows it; none until the server has answered.
    fn read_rows(&self) -> Option<Vec<Row>> {
        self.shell.read(|chat| {
            chat.agent()?;
            let row = |summary: &protocol::agent::ConversationSummary| Row {
                owner: owner(summary.head.assignee.as_ref(), &self.me),
                is_my_team: is_in_team(summary.head.team.as_ref(), chat.teams(), &self.me),
                is_given: self.gifts.is_unopened(&summary.head.conversation_id),
                is_typing: chat.customer_typing(&summary.head.conversation_id),
                summary: summary.clone(),
            };
            Some(chat.inbox().into_iter().map(row).collect())
        })
    }

    fn chat_changed(&mut self, ctx: &Context<Self>) {
        if let Connection::Refused { code } = self.shell.read(chat_core::AgentChat::connection)
            && code == CloseCode::Unauthorised.number()
        {
            ctx.props().on_left.emit(Some(TEXTS.session_over));
            return;
        }
        if let Some(rows) = self.read_rows() {
            self.tell_gifts(ctx, &rows);
        }
        self.rows = self.read_rows().map(Rc::new);
        let rows = self.rows.clone().unwrap_or_default();
        let own =
            self.shell.read(|chat| chat.agents().iter().find(|agent| agent.agent_id == self.me).cloned());
        if let Some(own) = own.filter(|_| !self.is_away_pending) {
            self.is_away = own.is_away;
        }
        self.count_waiting(&rows);
        self.watch(&rows);
        self.follow_session(&rows);
        // A question that is asked again makes the last ending old news.
        self.endings.retain(|conversation_id, _| {
            rows.iter().any(|row| row.conversation_id() == conversation_id && row.summary.cobrowse.is_none())
        });
    }

    fn count_waiting(&mut self, rows: &[Row]) {
        let count = waiting_count(rows);
        if count == self.waiting_count {
            return;
        }
        if count > self.waiting_count {
            self.announcement = fill(TEXTS.waiting, &[("count", &count.to_string())]);
        }
        self.waiting_count = count;
        page::document().set_title(&page_title(TEXTS.product, count));
    }

    /// Follows the conversation that is shown and the agent's own open ones, so that what comes in counts as
    /// delivered and the list shows who writes.
    fn watch(&mut self, rows: &[Row]) {
        let is_own = |row: &&Row| row.owner == Owner::Me && row.is_open();
        let own = rows.iter().filter(is_own).map(|row| row.conversation_id().clone());
        let known =
            self.chosen.iter().filter(|chosen| rows.iter().any(|row| row.conversation_id() == *chosen));
        let wanted: BTreeSet<ConversationId> = known.cloned().chain(own).take(CURSORS_MAX).collect();
        let gone: Vec<ConversationId> = self.watched.difference(&wanted).cloned().collect();
        let new: Vec<ConversationId> = wanted.difference(&self.watched).cloned().collect();
        self.watched = wanted;
        for conversation_id in gone {
            self.shell.tell(AgentInput::Unwatch { conversation_id });
        }
        for conversation_id in new {
            self.shell.tell(AgentInput::Watch { conversation_id });
        }
    }

    /// A session that was begun is followed as long as the inbox knows it: after a reconnect the server gives a new
    /// ticket for it, and the view that stands needs none.
    fn follow_session(&mut self, rows: &[Row]) {
        let ticketed =
            rows.iter().find_map(|row| self.shell.read(|chat| chat.cobrowse(row.conversation_id()).cloned()));
        let is_followed = |session: &CobrowseSession| cobrowse::is_live(rows, &session.cobrowse_id);
        let is_same = |news: &CobrowseSession| {
            self.session.as_ref().is_some_and(|session| session.cobrowse_id == news.cobrowse_id)
        };
        match ticketed.filter(|news| news.ticket.is_some()) {
            Some(news) if !is_same(&news) => self.session = Some(news),
            Some(_) => {}
            None => self.session = self.session.take().filter(is_followed),
        }
    }

    /// Shows what the address names. Only admins have a screen of teams, only they and supervisors one of recordings.
    fn go(&mut self, ctx: &Context<Self>, place: Place) {
        let role = ctx.props().session.agent.role;
        self.is_in_teams = role == Role::Admin && place == Place::Teams;
        self.recordings = None;
        let chosen = match place {
            Place::Conversation(conversation_id) => Some(conversation_id),
            Place::Recordings(recordings) => {
                self.recordings = Some(recordings).filter(|_| may_watch(role));
                None
            }
            Place::Inbox | Place::Teams => None,
        };
        self.choose(chosen);
    }

    fn choose(&mut self, chosen: Option<ConversationId>) {
        if self.chosen != chosen {
            self.chosen = chosen;
            self.has_details = false;
            self.is_assigning = false;
            self.editing = None;
            self.deleting = None;
            self.erased = None;
        }
        if let Some(chosen) = &self.chosen {
            self.gifts.opened(chosen);
        }
        self.rows = self.read_rows().map(Rc::new);
        let rows = self.rows.clone().unwrap_or_default();
        self.count_waiting(&rows);
        self.watch(&rows);
    }

    fn forget_erased(&mut self, ctx: &Context<Self>, conversation_ids: &[ConversationId]) {
        for conversation_id in conversation_ids {
            self.shell.keep().forget_conversation(conversation_id);
        }
        let shown = self.chosen.as_ref().filter(|chosen| conversation_ids.contains(chosen));
        if let Some(shown) = shown {
            self.erased = Some(shown.clone());
            self.picture = None;
            self.is_assigning = false;
            self.editing = None;
            self.deleting = None;
            self.toast(ctx, TEXTS.views.erased.to_owned());
        }
    }

    fn tell_refused(&mut self, ctx: &Context<Self>, name: &str, detail: &str) {
        let name = shown_name(name);
        let name = format!("{}{}", name.stem, name.ending);
        let text = if detail.is_empty() { TEXTS.files.bytes_gone } else { TEXTS.files.refused };
        self.toast(ctx, fill(text, &[("name", &name), ("detail", detail)]));
    }

    /// This agent, with what they may do.
    fn reviser(&self, ctx: &Context<Self>) -> Reviser {
        let role = self.shell.read(|chat| chat.agent().map(|agent| agent.role));
        Reviser { agent_id: self.me.clone(), role: role.unwrap_or(ctx.props().session.agent.role) }
    }
}

/// A file that is dropped where nothing takes it would be opened by the browser in the console's place.
fn drop_guard() -> Listener {
    Listener::new(&page::document(), "drop", |event| event.prevent_default())
}

fn redraw_timer(ctx: &Context<Workspace>) -> Timer {
    let on_time = ctx.link().callback(|()| Message::Redraw);
    Timer::after_ms(REDRAW_MS, move || on_time.emit(()))
}
