//! Where the agent writes. What is written is kept per conversation until it is sent.

use browser::{Listener, page};
use chat_core::ComposeFault;
use protocol::id::ConversationId;
use protocol::limit::MESSAGE_CHARS_MAX;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, File, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};
use yew::{
    Callback, Component, Context, Event, Html, InputEvent, NodeRef, Properties, TargetCast, classes, html,
};

use super::chosen_files::{ChosenFiles, brings_files, files_of};
use super::icon::{Icon, icon};
use crate::shell::{ChosenFile, Keep, now};
use crate::state::action::Action;
use crate::texts::{TEXTS, fill};

/// The id of the field, by which the focus finds it.
pub(crate) const FIELD_ID: &str = "composer-field";

/// A typing sign is renewed after this time at the earliest.
const TYPING_EVERY_MS: i64 = 1_500;

/// A text and its files to send.
pub(crate) type Draft = (String, Vec<ChosenFile>);

/// What the composer needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The conversation; another one gets another composer.
    pub(crate) conversation_id: ConversationId,
    /// Where drafts are kept.
    pub(crate) keep: Keep,
    /// Takes a text with files, or says why not.
    pub(crate) on_send: Callback<Draft, Result<(), ComposeFault>>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The composer.
pub(crate) struct Composer {
    field: NodeRef,
    picker: NodeRef,
    text: String,
    files: ChosenFiles,
    /// Why a file was not taken.
    notice: Option<String>,
    is_dragged_over: bool,
    typing_told_at: Option<i64>,
    _drag: [Listener; 3],
}

/// What happens in the composer.
pub(crate) enum Message {
    /// The text changed.
    Input(String),
    /// Send was pressed.
    Send,
    /// The field lost the focus.
    Left,
    /// The agent wants to choose files.
    Pick,
    /// Files were chosen.
    Files(Vec<File>),
    /// A file shall not be sent.
    Remove(String),
    /// Files are dragged over the page, or away.
    Drag(bool),
}

impl Component for Composer {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let Props { keep, conversation_id, .. } = ctx.props();
        Self {
            field: NodeRef::default(),
            picker: NodeRef::default(),
            text: keep.draft(conversation_id),
            files: ChosenFiles::new(keep.chosen(conversation_id)),
            notice: None,
            is_dragged_over: false,
            typing_told_at: None,
            _drag: listen_for_drags(ctx.link().callback(|message| message)),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Input(text) => {
                ctx.props().keep.save_draft(&ctx.props().conversation_id, &text);
                self.text = text;
                self.tell_typing(ctx, !self.text.trim().is_empty());
            }
            Message::Send => self.send(ctx),
            Message::Left => self.tell_typing(ctx, false),
            Message::Pick => {
                if let Some(picker) = self.picker.cast::<HtmlInputElement>() {
                    picker.click();
                }
            }
            Message::Files(files) => {
                self.is_dragged_over = false;
                self.notice = self.files.add(files);
                self.keep_files(ctx);
                self.focus();
            }
            Message::Remove(file_id) => {
                self.notice = None;
                self.files.remove(&file_id);
                self.keep_files(ctx);
                self.focus();
            }
            Message::Drag(is_over) => {
                let was_over = std::mem::replace(&mut self.is_dragged_over, is_over);
                return was_over != is_over;
            }
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, is_first: bool) {
        // On a touch screen the focus would bring up the keyboard before the agent has read anything.
        let has_fine_pointer = page::window()
            .match_media("(pointer: fine)")
            .is_ok_and(|media| media.is_some_and(|media| media.matches()));
        if is_first
            && has_fine_pointer
            && let Some(field) = self.field.cast::<HtmlTextAreaElement>()
        {
            let _ = field.focus();
            let end = u32::try_from(self.text.encode_utf16().count()).unwrap_or_default();
            let _ = field.set_selection_range(end, end);
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let on_send = link.callback(|_| Message::Send);
        let on_pick = link.callback(|_| Message::Pick);
        let on_remove = link.callback(Message::Remove);
        let left = self.chars_left();
        let excess = fill(TEXTS.too_long, &[("count", &left.unsigned_abs().to_string())]);
        let is_empty = self.text.trim().is_empty() && self.files.is_empty();
        html! {
            <div class={classes!("composer", self.is_dragged_over.then_some("composer--drop"))}>
                { self.files.draw(&on_remove) }
                if let Some(notice) = &self.notice {
                    <p class="fault composer__notice" role="alert" data-testid="file-fault">{ notice }</p>
                }
                <div class="composer__row">
                    { self.picker(ctx) }
                    <button class="button button--plain button--icon composer__attach" type="button"
                        onclick={on_pick} aria-label={TEXTS.files.attach} title={TEXTS.files.attach}
                        data-testid="attach">{ icon(Icon::Clip, "") }</button>
                    { self.field(ctx) }
                    if left < 0 { <span class="composer__count" role="status">{ excess }</span> }
                    <button class="button button--main composer__send" onclick={on_send} data-testid="send"
                        disabled={is_empty || left < 0}>
                        { icon(Icon::Send, "") }<span class="composer__word">{ TEXTS.send }</span>
                    </button>
                </div>
                if self.is_dragged_over {
                    <p class="drop" aria-hidden="true">{ icon(Icon::Clip, "") }{ TEXTS.files.drop }</p>
                }
            </div>
        }
    }
}

impl Composer {
    fn field(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let on_input = link.callback(|event: InputEvent| {
            Message::Input(event.target_unchecked_into::<HtmlTextAreaElement>().value())
        });
        let on_blur = link.callback(|_| Message::Left);
        let on_paste = link.batch_callback(|event: Event| {
            let event = event.unchecked_into::<ClipboardEvent>();
            let files = files_of(event.clipboard_data().and_then(|data| data.files()));
            // Text from an office program comes with a picture of itself: the text is meant.
            let has_text = event
                .clipboard_data()
                .is_some_and(|data| data.get_data("text/plain").is_ok_and(|it| !it.is_empty()));
            (!files.is_empty() && !has_text).then(|| {
                event.prevent_default();
                Message::Files(files)
            })
        });
        html! {
            <textarea class="field composer__field" id={FIELD_ID} ref={self.field.clone()} rows="1" dir="auto"
                value={self.text.clone()} aria-label={TEXTS.composer} placeholder={TEXTS.composer_hint}
                oninput={on_input} onkeydown={self.on_key(ctx)} onblur={on_blur} onpaste={on_paste}
                data-testid="composer" />
        }
    }

    fn on_key(&self, ctx: &Context<Self>) -> Callback<KeyboardEvent> {
        let is_empty = self.text.is_empty() && self.files.is_empty();
        let (on_message, on_action) = (ctx.link().callback(|message| message), ctx.props().on_action.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if !event.shift_key() && !is_composing(&event) => {
                event.prevent_default();
                on_message.emit(Message::Send);
            }
            "ArrowUp" if is_empty && !event.shift_key() => {
                event.prevent_default();
                on_action.emit(Action::EditLast);
            }
            _ => {}
        })
    }

    fn picker(&self, ctx: &Context<Self>) -> Html {
        let on_change = ctx.link().callback(|event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let files = files_of(input.files());
            // The same file can be chosen again.
            input.set_value("");
            Message::Files(files)
        });
        html! {
            <input class="visually-hidden" type="file" multiple=true ref={self.picker.clone()} tabindex="-1"
                aria-hidden="true" onchange={on_change} data-testid="file-picker" />
        }
    }

    fn chars_left(&self) -> i64 {
        MESSAGE_CHARS_MAX as i64 - self.text.trim().chars().count() as i64
    }

    fn keep_files(&self, ctx: &Context<Self>) {
        ctx.props().keep.save_chosen(&ctx.props().conversation_id, self.files.all());
    }

    fn focus(&self) {
        if let Some(field) = self.field.cast::<HtmlTextAreaElement>() {
            let _ = field.focus();
        }
    }

    fn send(&mut self, ctx: &Context<Self>) {
        let text = self.text.trim().to_owned();
        if self.chars_left() >= 0 && ctx.props().on_send.emit((text, self.files.all())).is_ok() {
            self.files = ChosenFiles::default();
            self.notice = None;
            self.keep_files(ctx);
            self.text.clear();
            self.typing_told_at = None;
            ctx.props().keep.save_draft(&ctx.props().conversation_id, "");
        }
        self.focus();
    }

    fn tell_typing(&mut self, ctx: &Context<Self>, is_typing: bool) {
        let now_ms = now().0;
        let is_due = match self.typing_told_at {
            Some(told_at) => !is_typing || now_ms - told_at >= TYPING_EVERY_MS,
            None => is_typing,
        };
        if is_due {
            self.typing_told_at = is_typing.then_some(now_ms);
            ctx.props().on_action.emit(Action::Typing(is_typing));
        }
    }
}

/// Whether Enter belongs to an input method that is putting a character together. Safari ends the composition
/// before the key event, and marks the event with the code 229.
pub(crate) fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// Hears files that are dragged over the page, wherever they are dropped: a browser that opened one instead would put
/// the console away.
fn listen_for_drags(on_message: Callback<Message>) -> [Listener; 3] {
    let listen = |name: &'static str, hear: fn(&DragEvent) -> Message| {
        let on_message = on_message.clone();
        Listener::new(&page::document(), name, move |event| {
            let Ok(event) = event.dyn_into::<DragEvent>() else { return };
            if brings_files(event.data_transfer().as_ref()) {
                event.prevent_default();
                on_message.emit(hear(&event));
            }
        })
    };
    [
        listen("dragover", |_| Message::Drag(true)),
        // Only leaving the page has nowhere to go to.
        listen("dragleave", |event| Message::Drag(event.related_target().is_some())),
        listen("drop", |event| Message::Files(files_of(event.data_transfer().and_then(|data| data.files())))),
    ]
}

/// Moves the focus to the composer, when there is one.
pub(crate) fn focus() {
    let field = browser::page::document().get_element_by_id(FIELD_ID);
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) {
        let _ = field.focus();
    }
}
