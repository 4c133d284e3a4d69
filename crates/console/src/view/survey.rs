//! What the customer answered to the survey of this conversation.

use protocol::conversation::SurveyResult;
use protocol::survey::{Answer, AnswerValue};
use yew::{Html, html};

use super::dates;
use crate::texts::TEXTS;

/// Draws the answers with their questions.
pub(crate) fn survey(result: &SurveyResult) -> Html {
    html! {
        <section class="panel" data-testid="survey-result">
            <div class="panel__head">
                <h3 class="panel__title">{ TEXTS.survey }</h3>
                <span class="saving">{ dates::day_and_time(result.at) }</span>
            </div>
            <dl>{ for result.answers.iter().map(answer) }</dl>
        </section>
    }
}

fn answer(answer: &Answer) -> Html {
    let question = if answer.label.is_empty() { &answer.question_id } else { &answer.label };
    let value = match &answer.value {
        AnswerValue::Score { score } => html! { <dd class="answer__score">{ score }</dd> },
        AnswerValue::Choice { option } => html! { <dd class="answer__value" dir="auto">{ option }</dd> },
        AnswerValue::Text { text } => html! { <dd class="answer__value" dir="auto">{ text }</dd> },
    };
    html! {
        <div class="answer" key={answer.question_id.clone()}>
            <dt class="answer__question" dir="auto">{ question }</dt>
            { value }
        </div>
    }
}
