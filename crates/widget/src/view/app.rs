//! The whole chat: panel, or strip while the page is shared and the panel is closed.

use std::ops::Deref;
use std::rc::Rc;

use browser::page;
use chat_core::{ConversationView, VisitorInput};
use protocol::cobrowse::{CobrowseScope, CobrowseSession};
use protocol::conversation::ConversationStatus;
use protocol::id::MessageId;
use ui::Texts;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::{Callback, Component, Context, Html, Properties, html};

use super::banner::{Banner, banner};
use super::composer::{COMPOSER_ID, Composer};
use super::footer::{Ended, ended};
use super::header::{Header, header};
use super::log::Log;
use super::status::{connection_line, presence_text, status_line};
use super::survey::SurveyForm;
use crate::shell::{Redraw, Shell};

/// The one shell of the frame; handles of it are always the same.
#[derive(Clone)]
pub(super) struct Handle(pub(super) Rc<Shell>);

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Handle {
    type Target = Rc<Shell>;

    fn deref(&self) -> &Rc<Shell> {
        &self.0
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    pub(super) shell: Handle,
    pub(super) texts: Rc<Texts>,
}

pub(super) enum Msg {
    Redraw(Redraw),
    AskToEnd(bool),
    End,
}

/// The chat.
pub(super) struct App {
    is_asking_to_end: bool,
    shall_focus: bool,
}

impl Component for App {
    type Message = Msg;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        context.props().shell.on_redraw(context.link().callback(Msg::Redraw));
        Self { is_asking_to_end: false, shall_focus: false }
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let shell = &context.props().shell;
        match message {
            Msg::Redraw(Redraw::Changed) => {}
            Msg::Redraw(Redraw::Entered) => self.shall_focus = true,
            Msg::AskToEnd(is_asking) => self.is_asking_to_end = is_asking,
            Msg::End => {
                self.is_asking_to_end = false;
                shell.feed(VisitorInput::End);
            }
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let Props { shell, texts } = context.props();
        let live = shell.chat().cobrowse().cloned().filter(|_| shell.is_sharing());
        let sharing = shell.clone();
        let stop = Callback::from(move |()| sharing.stop_sharing());
        let of_session = |session: &CobrowseSession, is_strip| {
            let is_recorded = session.scopes.contains(&CobrowseScope::Record);
            banner(&Banner { texts, name: &session.agent.name, is_recorded, is_strip, on_stop: &stop })
        };
        if let Some(live) = live.as_ref().filter(|_| !shell.is_open()) {
            return of_session(live, true);
        }
        let conversation = shell.chat().conversation();
        let is_running =
            conversation.as_ref().is_some_and(|conversation| conversation.status != ConversationStatus::Done);
        let (closing, menu) = (shell.clone(), shell.clone());
        let looks = &shell.settings().settings;
        let assignee = conversation.as_ref().filter(|_| is_running).and_then(|view| view.assignee.as_ref());
        let header_view = Header {
            texts,
            title: &looks.title,
            assignee: assignee.map(|agent| agent.name.as_str()),
            presence: presence_text(texts, shell.facts().as_ref()),
            can_end: is_running,
            is_asking_to_end: self.is_asking_to_end && is_running,
            on_ask_to_end: context.link().callback(Msg::AskToEnd),
            on_end: context.link().callback(|()| Msg::End),
            on_close: Callback::from(move |()| closing.open_panel(false)),
            // What is in it so far is for co-browsing.
            on_menu: shell
                .settings()
                .cobrowse
                .is_enabled
                .then(|| Callback::from(move |()| menu.press_menu())),
        };
        html! {
            <section class="panel" data-testid="panel" role="dialog" tabindex="-1" id="panel"
                aria-label={looks.title.clone()}>
                { header(&header_view) }
                if let Some(live) = live {
                    { of_session(&live, false) }
                }
                { status_line(connection_line(texts, &shell.chat())) }
                { self.log(context, conversation.as_ref()) }
                { self.bottom(context, conversation.as_ref()) }
            </section>
        }
    }

    fn rendered(&mut self, context: &Context<Self>, _is_first: bool) {
        if std::mem::take(&mut self.shall_focus) && context.props().shell.is_open() {
            focus_entry();
        }
    }
}

impl App {
    fn log(&self, context: &Context<Self>, conversation: Option<&ConversationView>) -> Html {
        let Props { shell, texts } = context.props();
        let entries = conversation.map(|view| view.entries.clone()).unwrap_or_default();
        let (seen, retrying, showing) = (shell.clone(), shell.clone(), shell.clone());
        html! {
            <Log
                texts={texts.clone()}
                welcome={shell.settings().settings.welcome.clone()}
                {entries}
                typing={shell.chat().agent_typing().map(str::to_owned)}
                unread_count={shell.chat().unread_count()}
                is_open={shell.is_open()}
                on_seen={move |()| seen.seen()}
                on_retry={move |message_id: MessageId| retrying.feed(VisitorInput::Retry { message_id })}
                on_drawn={move |has_files| showing.show_files(has_files)}
            />
        }
    }

    /// Composer, survey, or the way to a new chat.
    fn bottom(&self, context: &Context<Self>, conversation: Option<&ConversationView>) -> Html {
        let Props { shell, texts } = context.props();
        let is_done = conversation.is_some_and(|view| view.status == ConversationStatus::Done);
        let has_waiting =
            conversation.is_some_and(|view| view.entries.iter().any(|entry| entry.seq.is_none()));
        if !is_done || has_waiting {
            let (sending, drafting, typing) = (shell.clone(), shell.clone(), shell.clone());
            let attachments = &shell.settings().attachments;
            let accept = attachments.is_enabled.then(|| attachments.media_types.join(","));
            return html! {
                <Composer
                    texts={texts.clone()}
                    draft={shell.draft()}
                    {accept}
                    file_count={shell.file_count()}
                    on_send={move |text: String| sending.send_all(text)}
                    on_draft={move |text: String| drafting.keep_draft(&text)}
                    on_typing={move |is_typing| typing.feed(VisitorInput::Typing { is_typing })}
                />
            };
        }
        let due = shell.chat().survey_due().cloned();
        if let (Some(due), Some(survey)) = (due, shell.settings().survey.clone()) {
            let (drafting, answering) = (shell.clone(), shell.clone());
            return html! {
                <SurveyForm
                    key={due.0}
                    texts={texts.clone()}
                    {survey}
                    draft={shell.survey_draft()}
                    is_sending={shell.chat().is_survey_sending()}
                    on_draft={move |answers| drafting.keep_survey_draft(&answers)}
                    on_answer={move |answers| answering.feed(VisitorInput::AnswerSurvey(answers))}
                />
            };
        }
        let starting = shell.clone();
        ended(&Ended { texts, on_start: Callback::from(move |()| starting.feed(VisitorInput::StartNew)) })
    }
}

/// The composer gets the focus, but not where that would draw a keyboard over the screen.
fn focus_entry() {
    let document = page::document();
    let is_fine = page::window()
        .match_media("(pointer: fine)")
        .is_ok_and(|query| query.is_some_and(|query| query.matches()));
    let composer = document.get_element_by_id(COMPOSER_ID).filter(|_| is_fine);
    let entry = composer.or_else(|| document.get_element_by_id("panel"));
    if let Some(element) = entry.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
