//! The log of a conversation. It stays at its end while the agent reads there, and says so to the server.

use browser::intl::local_day;
use browser::{Listener, page};
use chat_core::{Entry, EntryKind};
use protocol::id::MessageId;
use ui::{MessageRow, Row, log_rows};
use web_sys::{HtmlElement, KeyboardEvent};
use yew::{Callback, Component, Context, Html, NodeRef, Properties, TargetCast, html};

use super::dates;
use super::message::Message as MessageLine;
use super::note::internal_note;
use super::resize::ResizeWatch;
use super::steps::{Step, focus_neighbour};
use crate::shell::Keep;
use crate::state::action::Action;
use crate::state::notice;
use crate::state::revise::{Reviser, Rights, Subject, rights};
use crate::texts::TEXTS;

/// Nearer to the end than this counts as being there.
const END_PX: i32 = 48;

/// What the log needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The events and what is on its way, oldest first.
    pub(crate) entries: Vec<Entry>,
    /// Whether everything the inbox knows of is here.
    pub(crate) is_loaded: bool,
    /// Who looks at it.
    pub(crate) reviser: Reviser,
    /// The message that is open for editing.
    pub(crate) editing: Option<MessageId>,
    /// Where drafts are kept.
    pub(crate) keep: Keep,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The log of one conversation; another conversation gets another log.
pub(crate) struct Log {
    element: NodeRef,
    is_at_end: bool,
    seen_seq: u64,
    _visibility: Listener,
    resize: Option<ResizeWatch>,
}

/// What happens in the log.
pub(crate) enum Message {
    /// It was scrolled.
    Scrolled,
    /// Its room became larger or smaller.
    Resized,
    /// The tab came to the front or went.
    VisibilityChanged,
    /// The agent wants to see the end.
    ToEnd,
}

impl Component for Log {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let on_change = ctx.link().callback(|()| Message::VisibilityChanged);
        let visibility = Listener::new(&page::document(), "visibilitychange", move |_| on_change.emit(()));
        Self {
            element: NodeRef::default(),
            is_at_end: true,
            seen_seq: 0,
            _visibility: visibility,
            resize: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Scrolled => {
                let was_at_end = self.is_at_end;
                self.is_at_end = self.distance_to_end() < END_PX;
                self.tell_seen(ctx);
                was_at_end != self.is_at_end
            }
            Message::Resized => {
                self.keep_at_end();
                false
            }
            Message::VisibilityChanged => {
                self.tell_seen(ctx);
                false
            }
            Message::ToEnd => {
                self.is_at_end = true;
                true
            }
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, before: &Props) -> bool {
        // What the agent sends brings them to the end, wherever they were reading.
        let is_sending = |props: &Props| props.entries.last().is_some_and(|entry| entry.seq.is_none());
        if is_sending(ctx.props()) && ctx.props().entries.len() > before.entries.len() {
            self.is_at_end = true;
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, is_first: bool) {
        if is_first && let Some(element) = self.element.cast::<HtmlElement>() {
            self.resize = ResizeWatch::new(&element, ctx.link().callback(|()| Message::Resized));
        }
        self.keep_at_end();
        self.tell_seen(ctx);
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let on_scroll = ctx.link().callback(|_| Message::Scrolled);
        let on_latest = ctx.link().callback(|_| Message::ToEnd);
        html! {
            <>
                <div class="log" ref={self.element.clone()} role="log" aria-label={TEXTS.log} tabindex="0"
                    aria-busy={(!props.is_loaded).to_string()} onscroll={on_scroll}
                    onkeydown={Callback::from(step)}>
                    { rows(props) }
                </div>
                if !self.is_at_end {
                    <button class="button latest" onclick={on_latest}>{ TEXTS.latest }</button>
                }
            </>
        }
    }
}

impl Log {
    fn keep_at_end(&self) {
        if self.is_at_end
            && let Some(element) = self.element.cast::<HtmlElement>()
        {
            element.set_scroll_top(element.scroll_height());
        }
    }

    fn distance_to_end(&self) -> i32 {
        let Some(element) = self.element.cast::<HtmlElement>() else { return 0 };
        element.scroll_height() - element.scroll_top() - element.client_height()
    }

    /// Tells once what is on the screen by now.
    fn tell_seen(&mut self, ctx: &Context<Self>) {
        let last_seq = ctx.props().entries.iter().rev().find_map(|entry| entry.seq).unwrap_or_default();
        if self.is_at_end && page::is_visible() && last_seq > self.seen_seq {
            self.seen_seq = last_seq;
            ctx.props().on_action.emit(Action::Seen);
        }
    }
}

fn rows(props: &Props) -> Html {
    if props.entries.is_empty() && !props.is_loaded {
        return html! { <p class="boot">{ TEXTS.loading }{ " …" }</p> };
    }
    let shown: Vec<Entry> = props.entries.iter().filter(|entry| is_shown(entry)).cloned().collect();
    log_rows(&shown, |at| local_day(at.0)).into_iter().map(|row| row_html(row, props)).collect()
}

fn is_shown(entry: &Entry) -> bool {
    match &entry.kind {
        EntryKind::Message { .. } => true,
        EntryKind::Notice(event) => notice::line(event, &entry.author).is_some(),
    }
}

fn row_html(row: Row, props: &Props) -> Html {
    match row {
        Row::Day(at) => {
            let key = format!("day {}", local_day(at.0));
            html! { <p class="log__day" {key}>{ dates::day(at) }</p> }
        }
        Row::Message(row) => {
            let key = row.message_id.0.clone();
            let is_editing = props.editing.as_ref() == Some(&row.message_id);
            let rights = rights_on(&row, &props.reviser);
            html! {
                <MessageLine {key} {row} {rights} {is_editing} keep={props.keep.clone()}
                    on_action={props.on_action.clone()} />
            }
        }
        Row::Notice { seq, at, author, event } => {
            let key = format!("notice {seq:?}");
            let title = dates::day_and_time(at);
            html! {
                <div class="log__event" {key}>
                    <p class="log__notice" {title} data-testid="notice" data-author="system">
                        { notice::line(&event, &author) }
                    </p>
                    if let Some(note) = notice::note(&event, &author) { { internal_note(note, at) } }
                </div>
            }
        }
    }
}

fn rights_on(row: &MessageRow, reviser: &Reviser) -> Rights {
    let MessageRow { author, text, revision, seq, state, .. } = row;
    rights(Subject { author, text, revision: *revision, seq: *seq, state: *state }, reviser)
}

/// The arrows go from message to message, unless something in a message has its own use for them.
fn step(event: KeyboardEvent) {
    let Some(target) = event.target_dyn_into::<HtmlElement>() else { return };
    let step = match event.key().as_str() {
        "ArrowUp" => Step::Back,
        "ArrowDown" => Step::On,
        _ => return,
    };
    if !target.matches(".log, .message, .tool").unwrap_or(false) || event.ctrl_key() || event.meta_key() {
        return;
    }
    if focus_neighbour(".log .message", step) {
        event.prevent_default();
    }
}
