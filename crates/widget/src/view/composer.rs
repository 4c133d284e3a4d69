//! Where the visitor writes and chooses files: Enter sends, Shift and Enter begin a new line, and what stands here is
//! kept.

use std::rc::Rc;

use protocol::limit::MESSAGE_CHARS_MAX;
use ui::Texts;
use web_sys::{HtmlTextAreaElement, InputEvent, KeyboardEvent};
use yew::prelude::{Callback, Component, Context, Html, NodeRef, Properties, TargetCast, html};

use super::icon::{Icon, icon};

/// The id of the text field, for the focus.
pub(super) const COMPOSER_ID: &str = "composer";

/// The counter shows up when fewer characters than this are left.
const COUNTED_CHARS: usize = 400;

/// The key code of a key that an input method takes for itself (UI Events, section 8.3.4).
const INPUT_METHOD_KEY: u32 = 229;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) texts: Rc<Texts>,
    /// What stood here before a reload; read once.
    pub(super) draft: String,
    /// What the picker offers; none when files are not taken.
    pub(super) accept: Option<String>,
    /// How many files are chosen.
    pub(super) file_count: usize,
    /// Called with what is to be sent, beside the files; says whether it was taken.
    pub(super) on_send: Callback<String, bool>,
    pub(super) on_draft: Callback<String>,
    pub(super) on_typing: Callback<bool>,
}

pub(super) enum Msg {
    Input(String),
    Left,
    Send,
}

/// The composer.
pub(super) struct Composer {
    field: NodeRef,
    text: String,
    /// Whether the text was not taken because too much waits already.
    is_full: bool,
}

impl Component for Composer {
    type Message = Msg;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        Self { field: NodeRef::default(), text: context.props().draft.clone(), is_full: false }
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let props = context.props();
        match message {
            Msg::Input(text) => {
                props.on_typing.emit(!text.trim().is_empty());
                props.on_draft.emit(text.clone());
                self.text = text;
            }
            Msg::Left => props.on_typing.emit(false),
            Msg::Send => {
                if !self.is_sendable(props) {
                    return false;
                }
                self.send(props);
                if let Some(field) = self.field.cast::<HtmlTextAreaElement>() {
                    let _ = field.focus();
                }
            }
        }
        true
    }

    fn changed(&mut self, _: &Context<Self>, _: &Props) -> bool {
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let texts = &context.props().texts;
        let link = context.link();
        let input = link.callback(|event: InputEvent| {
            Msg::Input(event.target_unchecked_into::<HtmlTextAreaElement>().value())
        });
        let keydown = link.batch_callback(|event: KeyboardEvent| {
            let is_composing = event.is_composing() || event.key_code() == INPUT_METHOD_KEY;
            let sends = event.key() == "Enter" && !event.shift_key() && !is_composing;
            if sends {
                event.prevent_default();
            }
            sends.then_some(Msg::Send)
        });
        let lines = self.text.split('\n').count().min(6);
        html! {
            <form class="composer" onsubmit={link.callback(|event: yew::SubmitEvent| {
                event.prevent_default();
                Msg::Send
            })}>
                <div id="chosen" />
                if let Some(accept) = &context.props().accept {
                    { clip(accept, texts) }
                }
                <textarea ref={self.field.clone()} id={COMPOSER_ID} data-testid="composer" dir="auto"
                    rows={lines.to_string()} value={self.text.clone()} enterkeyhint="send" autocomplete="off"
                    aria-label={texts.text("write")} placeholder={texts.text("write")}
                    oninput={input} onkeydown={keydown} onblur={link.callback(|_: yew::FocusEvent| Msg::Left)} />
                <button class="send" data-testid="send" type="submit" disabled={!self.is_sendable(context.props())}
                    aria-label={texts.text("send")} title={texts.text("send")}>
                    { icon(Icon::Send) }
                </button>
                { self.counter(texts) }
            </form>
        }
    }
}

impl Composer {
    fn is_sendable(&self, props: &Props) -> bool {
        let has_something = !self.text.trim().is_empty() || props.file_count > 0;
        has_something && self.text.chars().count() <= MESSAGE_CHARS_MAX
    }

    /// What cannot be taken stays where it is.
    fn send(&mut self, props: &Props) {
        self.is_full = !props.on_send.emit(self.text.trim().to_owned());
        if !self.is_full {
            self.text.clear();
            props.on_draft.emit(String::new());
        }
    }

    fn counter(&self, texts: &Texts) -> Html {
        if self.is_full {
            return html! { <output class="counter over">{ texts.text("outbox_full") }</output> };
        }
        let count = self.text.chars().count();
        if count + COUNTED_CHARS < MESSAGE_CHARS_MAX {
            return Html::default();
        }
        let class = if count > MESSAGE_CHARS_MAX { "counter over" } else { "counter" };
        html! { <output ~className={class}>{ format!("{count} / {MESSAGE_CHARS_MAX}") }</output> }
    }
}

/// The way to the browser's own picker, which offers the camera where there is one. A script hears what is chosen.
fn clip(accept: &str, texts: &Texts) -> Html {
    let label = texts.text("attach");
    html! {
        <label class="attach" title={label.clone()}>
            <input type="file" id="attach" class="unseen" data-testid="attach" multiple=true
                accept={accept.to_owned()} aria-label={label} />
            { icon(Icon::Clip) }
        </label>
    }
}
