//! A field that is saved when it is left, and says whether it was.

use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};
use yew::{Callback, Component, Context, Html, InputEvent, Properties, TargetCast, html};

use crate::texts::TEXTS;

/// What kind of field it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// One line.
    Line,
    /// An e-mail address.
    Email,
    /// Many lines; the field is a panel of its own, with a title and the test id `notes`.
    Notes,
}

/// A text to save, and who hears whether it is saved.
pub(crate) type Save = (String, Callback<bool>);

/// What the field needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Its kind.
    pub(crate) kind: FieldKind,
    /// Its name.
    pub(crate) label: &'static str,
    /// What stands in it when it is empty.
    #[prop_or_default]
    pub(crate) placeholder: &'static str,
    /// What is stored.
    pub(crate) value: String,
    /// The longest text, in characters.
    pub(crate) chars_max: usize,
    /// For tests.
    #[prop_or_default]
    pub(crate) testid: Option<&'static str>,
    /// Saves.
    pub(crate) on_save: Callback<Save>,
}

/// The field. What is typed stays until it is stored, whatever the server sends meanwhile.
pub(crate) struct SavedField {
    draft: Option<String>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Saving,
    Saved,
    Failed,
}

/// What happens in the field.
pub(crate) enum Message {
    /// The text changed.
    Input(String),
    /// The field was left.
    Left,
    /// The server answered.
    Answered(bool),
}

impl Component for SavedField {
    type Message = Message;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self { draft: None, state: State::Idle }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Input(text) => {
                self.draft = Some(text);
                self.state = State::Idle;
            }
            Message::Left => {
                if let Some(text) = self.unsaved(ctx.props()) {
                    self.state = State::Saving;
                    let on_done = ctx.link().callback(Message::Answered);
                    ctx.props().on_save.emit((text, on_done));
                }
            }
            Message::Answered(is_saved) if self.state == State::Saving => {
                self.state = if is_saved { State::Saved } else { State::Failed };
                self.drop_stored_draft(ctx.props());
            }
            Message::Answered(_) => {}
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &Props) -> bool {
        self.drop_stored_draft(ctx.props());
        true
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        // Another conversation was opened by keyboard, so the field went without being left.
        if self.state != State::Saving
            && let Some(text) = self.unsaved(ctx.props())
        {
            ctx.props().on_save.emit((text, Callback::noop()));
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        match ctx.props().kind {
            FieldKind::Line => self.line(ctx, "text"),
            FieldKind::Email => self.line(ctx, "email"),
            FieldKind::Notes => self.notes(ctx),
        }
    }
}

impl SavedField {
    fn text(&self, props: &Props) -> String {
        self.draft.clone().unwrap_or_else(|| props.value.clone())
    }

    fn unsaved(&self, props: &Props) -> Option<String> {
        self.draft.as_ref().map(|draft| draft.trim().to_owned()).filter(|draft| *draft != props.value)
    }

    fn drop_stored_draft(&mut self, props: &Props) {
        if self.state == State::Saved && self.unsaved(props).is_none() {
            self.draft = None;
        }
    }

    fn line(&self, ctx: &Context<Self>, kind: &'static str) -> Html {
        let props = ctx.props();
        let on_input = ctx.link().callback(|event: InputEvent| {
            Message::Input(event.target_unchecked_into::<HtmlInputElement>().value())
        });
        let on_blur = ctx.link().callback(|_| Message::Left);
        let is_email = props.kind == FieldKind::Email;
        html! {
            <label class={yew::classes!("names__label", is_email.then_some("names__email"))}>
                <span>{ props.label }{ " " }{ self.state_html() }</span>
                <input class="field" type={kind} value={self.text(props)} autocomplete="off"
                    maxlength={props.chars_max.to_string()} placeholder={props.placeholder} oninput={on_input}
                    onblur={on_blur} onkeydown={Callback::from(leave_on_enter)} data-testid={props.testid} />
            </label>
        }
    }

    fn notes(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let on_input = ctx.link().callback(|event: InputEvent| {
            Message::Input(event.target_unchecked_into::<HtmlTextAreaElement>().value())
        });
        let on_blur = ctx.link().callback(|_| Message::Left);
        html! {
            <section class="panel">
                <div class="panel__head">
                    <h3 class="panel__title">{ props.label }</h3>
                    { self.state_html() }
                </div>
                <textarea class="field notes" dir="auto" value={self.text(props)} aria-label={props.label}
                    maxlength={props.chars_max.to_string()} placeholder={props.placeholder} oninput={on_input}
                    onblur={on_blur} data-testid={props.testid} />
            </section>
        }
    }

    fn state_html(&self) -> Html {
        let (classes, text) = match self.state {
            State::Idle => ("saving", ""),
            State::Saving => ("saving", TEXTS.saving),
            State::Saved => ("saving", TEXTS.saved),
            State::Failed => ("saving saving--failed", TEXTS.not_saved),
        };
        html! { <span class={classes} role="status">{ text }</span> }
    }
}

fn leave_on_enter(event: KeyboardEvent) {
    if event.key() == "Enter" && !event.is_composing() {
        let _ = event.target_unchecked_into::<HtmlElement>().blur();
    }
}
