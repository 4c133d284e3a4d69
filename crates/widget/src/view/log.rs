//! The log: days, messages, what happened, who writes; it stays at its end unless the visitor scrolled up.

use std::rc::Rc;

use browser::intl::{DateWriter, local_day};
use browser::{Listener, page};
use chat_core::{Entry, EntryKind};
use protocol::conversation::{Author, ConversationStatus, EventKind};
use protocol::id::MessageId;
use ui::{Row, Texts, log_rows, rich_text};
use web_sys::HtmlElement;
use yew::prelude::{Callback, Component, Context, Html, NodeRef, Properties, html};

use super::button::button;
use super::message::{Common, message};

/// The last pixels of the log need not be on the screen for it to count as being at its end.
const END_PX: i32 = 24;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) texts: Rc<Texts>,
    /// What stands above the first message.
    pub(super) welcome: String,
    pub(super) entries: Vec<Entry>,
    /// Who writes at the moment.
    pub(super) typing: Option<String>,
    pub(super) unread_count: usize,
    pub(super) is_open: bool,
    /// Called when the end of the log may be on the screen.
    pub(super) on_seen: Callback<()>,
    pub(super) on_retry: Callback<MessageId>,
    /// Called when the log was drawn, with whether there are files on the screen.
    pub(super) on_drawn: Callback<bool>,
}

pub(super) enum Msg {
    Scrolled,
    ToEnd,
    PageShown,
}

/// The log.
pub(super) struct Log {
    element: NodeRef,
    dates: DateWriter,
    is_at_end: bool,
    _on_visible: Listener,
}

impl Component for Log {
    type Message = Msg;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        let shown = context.link().callback(|_| Msg::PageShown);
        Self {
            element: NodeRef::default(),
            dates: DateWriter::new(context.props().texts.locale()),
            is_at_end: true,
            _on_visible: Listener::new(&page::document(), "visibilitychange", move |event| shown.emit(event)),
        }
    }

    fn update(&mut self, _: &Context<Self>, message: Msg) -> bool {
        match message {
            Msg::Scrolled => {
                let is_at_end = self
                    .element
                    .cast::<HtmlElement>()
                    .is_none_or(|log| log.scroll_height() - log.scroll_top() - log.client_height() <= END_PX);
                let is_news = self.is_at_end != is_at_end;
                self.is_at_end = is_at_end;
                is_news
            }
            Msg::ToEnd => {
                self.is_at_end = true;
                true
            }
            Msg::PageShown => true,
        }
    }

    fn changed(&mut self, context: &Context<Self>, before: &Props) -> bool {
        // What the visitor writes is always shown to them.
        let own =
            |props: &Props| props.entries.iter().filter(|entry| entry.author == Author::Customer).count();
        if own(context.props()) > own(before) || (context.props().is_open && !before.is_open) {
            self.is_at_end = true;
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let props = context.props();
        let now = crate::shell::now();
        let rows = log_rows(&props.entries, |at| local_day(at.0));
        let turn_seq = last_turn(&props.entries);
        let to_end = context.link().callback(|_| Msg::ToEnd);
        let unread_count = u32::try_from(props.unread_count).unwrap_or(u32::MAX);
        html! {
            <div class="log-frame">
                <div ref={self.element.clone()} class="log" data-testid="log" role="log" tabindex="0"
                    aria-label={props.texts.text("log")} onscroll={context.link().callback(|_| Msg::Scrolled)}>
                    if !props.welcome.is_empty() {
                        <div class="welcome" dir="auto">{ rich_text(&props.welcome) }</div>
                    }
                    { for rows.iter().map(|row| self.row(row, props, now.0, turn_seq)) }
                    if let Some(name) = &props.typing {
                        <div class="typing">
                            <span class="dots" aria-hidden="true"><i /><i /><i /></span>
                            { props.texts.with_name("typing", name) }
                        </div>
                    }
                </div>
                if unread_count > 0 && !self.is_at_end {
                    { button("pill", "new-messages", props.texts.count("new_messages", unread_count), to_end) }
                }
            </div>
        }
    }

    fn rendered(&mut self, context: &Context<Self>, _: bool) {
        let Props { entries, is_open, on_drawn, .. } = context.props();
        let has_files =
            |entry: &Entry| matches!(&entry.kind, EntryKind::Message { files, .. } if !files.is_empty());
        on_drawn.emit(*is_open && entries.iter().any(has_files));
        if !self.is_at_end {
            return;
        }
        if let Some(log) = self.element.cast::<HtmlElement>() {
            log.set_scroll_top(log.scroll_height());
        }
        context.props().on_seen.emit(());
    }
}

impl Log {
    fn row(&self, row: &Row, props: &Props, now_unix_ms: i64, turn_seq: Option<u64>) -> Html {
        match row {
            Row::Day(at) => html! {
                <div class="day" key={at.0}><span>{ self.dates.day(at.0, now_unix_ms) }</span></div>
            },
            Row::Message(row) => {
                let Props { texts, on_retry, .. } = props;
                message(row, &Common { texts, dates: &self.dates, on_retry })
            }
            Row::Notice { seq, author, event, .. } => {
                match notice_text(&props.texts, author, event, *seq == turn_seq) {
                    Some(text) => {
                        let seq = seq.map(|seq| seq.to_string()).unwrap_or_default();
                        html! {
                            <p class="notice" key={format!("notice {seq}")} data-seq={seq} data-author="system">
                                { text }
                            </p>
                        }
                    }
                    None => Html::default(),
                }
            }
        }
    }
}

/// The last time that it changed who answers, or that nobody does any more.
fn last_turn(entries: &[Entry]) -> Option<u64> {
    let is_turn = |entry: &&Entry| {
        matches!(
            &entry.kind,
            EntryKind::Notice(
                EventKind::Assigned { .. } | EventKind::Status { status: ConversationStatus::Done }
            )
        )
    };
    entries.iter().rev().find(is_turn)?.seq
}

/// What the visitor is told of an event; much of it is the agents' own business. Waiting is told only while it lasts.
fn notice_text(texts: &Texts, author: &Author, event: &EventKind, is_last_turn: bool) -> Option<String> {
    match event {
        EventKind::Assigned { agent: Some(agent), .. } => Some(texts.with_name("joined", &agent.name)),
        EventKind::Assigned { agent: None, team: Some(team), .. } if is_last_turn => {
            Some(texts.with_name("queued", &team.name))
        }
        EventKind::Status { status: ConversationStatus::Done } => Some(match author {
            Author::Agent { name, .. } => texts.with_name("ended_by", name),
            Author::Customer => texts.text("ended_by_you"),
            Author::System => texts.text("ended"),
        }),
        EventKind::SurveyAnswered => Some(texts.text("survey_thanks")),
        EventKind::Assigned { agent: None, .. }
        | EventKind::Status { status: ConversationStatus::Unread | ConversationStatus::Unresolved }
        | EventKind::Message { .. }
        | EventKind::Edited { .. }
        | EventKind::Deleted { .. }
        | EventKind::Unknown => None,
    }
}
