//! Where the agent writes. What is written is kept per conversation until it is sent.

use chat_core::ComposeFault;
use protocol::id::ConversationId;
use protocol::limit::MESSAGE_CHARS_MAX;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::{Callback, Component, Context, Html, InputEvent, NodeRef, Properties, TargetCast, html};

use super::icon::{Icon, icon};
use crate::shell::{Keep, now};
use crate::state::action::Action;
use crate::texts::{TEXTS, fill};

/// The id of the field, by which the focus finds it.
pub(crate) const FIELD_ID: &str = "composer-field";

/// A typing sign is renewed after this time at the earliest.
const TYPING_EVERY_MS: i64 = 1_500;

/// What the composer needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The conversation; another one gets another composer.
    pub(crate) conversation_id: ConversationId,
    /// Where drafts are kept.
    pub(crate) keep: Keep,
    /// Takes a text, or says why not.
    pub(crate) on_send: Callback<String, Result<(), ComposeFault>>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The composer.
pub(crate) struct Composer {
    field: NodeRef,
    text: String,
    typing_told_at: Option<i64>,
}

/// What happens in the composer.
pub(crate) enum Message {
    /// The text changed.
    Input(String),
    /// Send was pressed.
    Send,
    /// The field lost the focus.
    Left,
}

impl Component for Composer {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let text = ctx.props().keep.draft(&ctx.props().conversation_id);
        Self { field: NodeRef::default(), text, typing_told_at: None }
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
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, is_first: bool) {
        // On a touch screen the focus would bring up the keyboard before the agent has read anything.
        let has_fine_pointer = browser::page::window()
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
        let on_input = link.callback(|event: InputEvent| {
            Message::Input(event.target_unchecked_into::<HtmlTextAreaElement>().value())
        });
        let on_key = link.batch_callback(|event: KeyboardEvent| {
            let is_send = event.key() == "Enter" && !event.shift_key() && !is_composing(&event);
            is_send.then(|| {
                event.prevent_default();
                Message::Send
            })
        });
        let on_blur = link.callback(|_| Message::Left);
        let on_send = link.callback(|_| Message::Send);
        let left = MESSAGE_CHARS_MAX as i64 - self.text.trim().chars().count() as i64;
        let excess = fill(TEXTS.too_long, &[("count", &left.unsigned_abs().to_string())]);
        html! {
            <div class="composer">
                <textarea class="field composer__field" id={FIELD_ID} ref={self.field.clone()} rows="1" dir="auto"
                    value={self.text.clone()} aria-label={TEXTS.composer} placeholder={TEXTS.composer_hint}
                    oninput={on_input} onkeydown={on_key} onblur={on_blur} data-testid="composer" />
                if left < 0 { <span class="composer__count" role="status">{ excess }</span> }
                <button class="button button--main composer__send" onclick={on_send} data-testid="send"
                    disabled={self.text.trim().is_empty() || left < 0}>
                    { icon(Icon::Send, "") }{ TEXTS.send }
                </button>
            </div>
        }
    }
}

impl Composer {
    fn send(&mut self, ctx: &Context<Self>) {
        let text = self.text.trim().to_owned();
        if ctx.props().on_send.emit(text).is_ok() {
            self.text.clear();
            self.typing_told_at = None;
            ctx.props().keep.save_draft(&ctx.props().conversation_id, "");
        }
        if let Some(field) = self.field.cast::<HtmlTextAreaElement>() {
            let _ = field.focus();
        }
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
fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// Moves the focus to the composer, when there is one.
pub(crate) fn focus() {
    let field = browser::page::document().get_element_by_id(FIELD_ID);
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) {
        let _ = field.focus();
    }
}
