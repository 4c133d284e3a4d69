//! A message while it gets another text, at its own place.

use browser::FetchError;
use protocol::conversation::Revision;
use protocol::id::MessageId;
use protocol::limit::MESSAGE_CHARS_MAX;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::{Callback, Component, Context, Html, InputEvent, NodeRef, Properties, TargetCast, html};

use super::composer::{self, is_composing};
use crate::shell::Keep;
use crate::state::action::{Action, Request};
use crate::tasks;
use crate::texts::{TEXTS, fill};

/// What the editor needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The message.
    pub(crate) message_id: MessageId,
    /// Its text as it stands.
    pub(crate) text: String,
    /// Whether somebody took it back meanwhile.
    pub(crate) revision: Revision,
    /// Where drafts are kept.
    pub(crate) keep: Keep,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The editor. What was typed is kept until it is saved or given up.
pub(crate) struct MessageEdit {
    field: NodeRef,
    text: String,
    is_saving: bool,
    fault: Option<String>,
}

/// What happens in the editor.
pub(crate) enum Message {
    /// The text changed.
    Input(String),
    /// Save was pressed.
    Save,
    /// The server answered.
    Answered(Result<(), FetchError>),
    /// The agent gives up.
    Cancel,
}

impl Component for MessageEdit {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let draft = ctx.props().keep.edit_draft(&ctx.props().message_id);
        let text = if draft.is_empty() { ctx.props().text.clone() } else { draft };
        Self { field: NodeRef::default(), text, is_saving: false, fault: None }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let Props { message_id, keep, on_action, .. } = ctx.props();
        match message {
            Message::Input(text) => {
                keep.save_edit_draft(message_id, &text);
                self.text = text;
                self.fault = None;
            }
            Message::Save => self.save(ctx),
            Message::Answered(Ok(())) => self.leave(ctx),
            Message::Answered(Err(error)) => {
                self.is_saving = false;
                self.fault = Some(explain(&error));
                if tasks::is_session_over(&error) {
                    on_action.emit(Action::Edit(None));
                }
            }
            Message::Cancel => self.leave(ctx),
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, is_first: bool) {
        if is_first && let Some(field) = self.field.cast::<HtmlTextAreaElement>() {
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
            let message = match event.key().as_str() {
                "Enter" if !event.shift_key() && !is_composing(&event) => Message::Save,
                "Escape" if !is_composing(&event) => Message::Cancel,
                _ => return None,
            };
            event.prevent_default();
            Some(message)
        });
        let on_save = link.callback(|_| Message::Save);
        let on_cancel = link.callback(|_| Message::Cancel);
        let left = MESSAGE_CHARS_MAX as i64 - self.text.trim().chars().count() as i64;
        let is_gone = ctx.props().revision == Revision::Deleted;
        let fault = if is_gone {
            Some(TEXTS.revise.fault_gone.to_owned())
        } else if left < 0 {
            Some(fill(TEXTS.too_long, &[("count", &left.unsigned_abs().to_string())]))
        } else {
            self.fault.clone()
        };
        let is_blocked = self.is_saving || is_gone || left < 0 || self.text.trim().is_empty();
        html! {
            <div class="edit" data-testid="message-editor">
                <textarea class="field edit__field" ref={self.field.clone()} rows="1" dir="auto"
                    value={self.text.clone()} aria-label={TEXTS.revise.editor} oninput={on_input}
                    onkeydown={on_key} data-testid="edit-field" />
                <p class="fault" role="alert">{ fault }</p>
                <div class="edit__buttons">
                    <button class="button" onclick={on_cancel} data-testid="edit-cancel">{ TEXTS.revise.cancel }</button>
                    <button class="button button--main" onclick={on_save} disabled={is_blocked}
                        data-testid="edit-save">
                        { if self.is_saving { TEXTS.revise.saving } else { TEXTS.revise.save } }
                    </button>
                </div>
            </div>
        }
    }
}

impl MessageEdit {
    fn save(&mut self, ctx: &Context<Self>) {
        let text = self.text.trim().to_owned();
        let is_fit = !text.is_empty() && text.chars().count() <= MESSAGE_CHARS_MAX;
        if self.is_saving || !is_fit || ctx.props().revision == Revision::Deleted {
            return;
        }
        if text == ctx.props().text {
            self.leave(ctx);
            return;
        }
        self.is_saving = true;
        let (message_id, on_done) = (ctx.props().message_id.clone(), ctx.link().callback(Message::Answered));
        ctx.props().on_action.emit(Action::Ask(Request::SaveEdit { message_id, text, on_done }));
    }

    fn leave(&self, ctx: &Context<Self>) {
        ctx.props().keep.save_edit_draft(&ctx.props().message_id, "");
        ctx.props().on_action.emit(Action::Edit(None));
        composer::focus();
    }
}

fn explain(error: &FetchError) -> String {
    match error {
        FetchError::Refused { status: 403, .. } => TEXTS.revise.fault_forbidden.to_owned(),
        FetchError::Refused { status: 404 | 409, .. } => TEXTS.revise.fault_gone.to_owned(),
        FetchError::Refused { .. } | FetchError::Network | FetchError::Unreadable => tasks::explain(error),
    }
}
