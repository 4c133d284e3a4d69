//! The questions after a chat. The pure flow says what is answered and what is missing; this draws it.

use std::rc::Rc;

use protocol::limit::SURVEY_TEXT_CHARS_MAX;
use protocol::survey::{AnswerKind, AnswerValue, Question, SurveyAnswers, SurveyDefinition};
use survey::Flow;
use ui::Texts;
use web_sys::{HtmlTextAreaElement, InputEvent};
use yew::prelude::{Callback, Component, Context, Html, Properties, TargetCast, html};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) texts: Rc<Texts>,
    pub(super) survey: SurveyDefinition,
    /// What was answered before a reload; read once.
    pub(super) draft: SurveyAnswers,
    /// Whether answers are on their way.
    pub(super) is_sending: bool,
    pub(super) on_draft: Callback<SurveyAnswers>,
    /// Called with the answers; with none when the survey is skipped.
    pub(super) on_answer: Callback<SurveyAnswers>,
}

pub(super) enum Msg {
    Answer(String, AnswerValue),
    Submit,
    Skip,
}

/// The survey of one conversation.
pub(super) struct SurveyForm {
    flow: Flow,
    shows_missing: bool,
}

impl Component for SurveyForm {
    type Message = Msg;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        let props = context.props();
        Self { flow: Flow::new(props.survey.clone(), props.draft.clone()), shows_missing: false }
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let props = context.props();
        match message {
            Msg::Answer(question_id, value) => {
                if self.flow.answer(&question_id, value) {
                    props.on_draft.emit(self.flow.draft().clone());
                }
            }
            Msg::Submit => match self.flow.sendable() {
                Some(answers) => props.on_answer.emit(answers),
                None => self.shows_missing = true,
            },
            Msg::Skip => props.on_answer.emit(SurveyAnswers::new()),
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let Props { texts, survey, is_sending, .. } = context.props();
        let link = context.link();
        let submit = link.callback(|event: yew::SubmitEvent| {
            event.prevent_default();
            Msg::Submit
        });
        html! {
            <form class="survey" data-testid="survey" onsubmit={submit} novalidate=true>
                <h2>{ &survey.title }</h2>
                { for survey.questions.iter().map(|question| self.question(context, question)) }
                if self.shows_missing && self.flow.sendable().is_none() {
                    <p class="fault" role="alert">{ texts.text("survey_missing") }</p>
                }
                <div class="choices">
                    <button type="button" class="quiet" disabled={*is_sending}
                        onclick={link.callback(|_| Msg::Skip)}>
                        { texts.text("survey_skip") }
                    </button>
                    <button type="submit" class="strong" data-testid="survey-submit" disabled={*is_sending}>
                        { texts.text(if *is_sending { "state_sending" } else { "survey_send" }) }
                    </button>
                </div>
            </form>
        }
    }
}

impl SurveyForm {
    fn question(&self, context: &Context<Self>, question: &Question) -> Html {
        let is_missing = self.shows_missing && self.flow.missing().contains(&question.id.as_str());
        let label = html! {
            <>
                { &question.label }
                if !question.is_required {
                    <small>{ context.props().texts.text("optional") }</small>
                }
            </>
        };
        let answer = match &question.answer {
            AnswerKind::Score { min, max, min_label, max_label } => {
                let scores = (*min..=*max).map(|score| (score.to_string(), AnswerValue::Score { score }));
                html! {
                    <>
                        <div class="scores">{ for scores.map(|(text, value)| self.option(context, question, text, value)) }</div>
                        <div class="ends"><span>{ min_label }</span><span>{ max_label }</span></div>
                    </>
                }
            }
            AnswerKind::Choice { options } => {
                let options = options
                    .iter()
                    .map(|option| (option.clone(), AnswerValue::Choice { option: option.clone() }));
                html! { <div class="options">{ for options.map(|(text, value)| self.option(context, question, text, value)) }</div> }
            }
            AnswerKind::Text { placeholder } => self.text(context, question, placeholder),
        };
        let class = if is_missing { "missing" } else { "" };
        html! { <fieldset ~className={class} key={question.id.clone()}><legend>{ label }</legend>{ answer }</fieldset> }
    }

    fn option(&self, context: &Context<Self>, question: &Question, text: String, value: AnswerValue) -> Html {
        let is_chosen = self.flow.value(&question.id) == Some(&value);
        let id = question.id.clone();
        let choose = context.link().callback(move |_: yew::Event| Msg::Answer(id.clone(), value.clone()));
        html! {
            <label ~className={if is_chosen { "option chosen" } else { "option" }} data-testid="survey-option">
                <input type="radio" name={question.id.clone()} value={text.clone()} checked={is_chosen}
                    onchange={choose} />
                <span>{ text }</span>
            </label>
        }
    }

    fn text(&self, context: &Context<Self>, question: &Question, placeholder: &str) -> Html {
        let id = question.id.clone();
        let input = context.link().callback(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            Msg::Answer(id.clone(), AnswerValue::Text { text })
        });
        let text = match self.flow.value(&question.id) {
            Some(AnswerValue::Text { text }) => text.clone(),
            Some(AnswerValue::Score { .. } | AnswerValue::Choice { .. }) | None => String::new(),
        };
        html! {
            <textarea data-testid="survey-text" dir="auto" rows="2" value={text}
                maxlength={SURVEY_TEXT_CHARS_MAX.to_string()} aria-label={question.label.clone()}
                placeholder={placeholder.to_owned()} oninput={input} />
        }
    }
}
