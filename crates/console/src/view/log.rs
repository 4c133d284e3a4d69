//! The log of a conversation. It stays at its end while the agent reads there, and says so to the server.

use browser::intl::local_day;
use browser::{Listener, page};
use chat_core::{Entry, EntryKind};
use ui::{Row, log_rows};
use web_sys::HtmlElement;
use yew::{Callback, Component, Context, Html, NodeRef, Properties, html};

use super::dates;
use super::message::Message as MessageLine;
use super::resize::ResizeWatch;
use crate::state::action::Action;
use crate::state::notice;
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
                    aria-busy={(!props.is_loaded).to_string()} onscroll={on_scroll}>
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
            html! { <MessageLine {key} {row} on_action={props.on_action.clone()} /> }
        }
        Row::Notice { at, author, event, .. } => {
            let key = format!("notice {at} {event:?}");
            let title = dates::day_and_time(at);
            html! {
                <p class="log__notice" {key} {title} data-testid="notice" data-author="system">
                    { notice::line(&event, &author) }
                </p>
            }
        }
    }
}
