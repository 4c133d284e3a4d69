//! What may be saved: definitions by owners, answers by visitors. Faults carry the path to the culprit.

use std::collections::BTreeSet;

use protocol::limit::{NAME_CHARS_MAX, SURVEY_QUESTIONS_MAX, SURVEY_TEXT_CHARS_MAX};
use protocol::survey::{Answer, AnswerKind, AnswerValue, Question, SurveyAnswers, SurveyDefinition};

const LABEL_CHARS_MAX: usize = 300;
const OPTIONS_MAX: usize = 20;
const SCORE_MAX: u8 = 10;

/// What is wrong with a survey or its answers, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyFault {
    /// The path to the fault: `survey.questions[1].answer.max`.
    pub path: String,
    /// What is wrong there.
    pub detail: String,
}

impl std::fmt::Display for SurveyFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.path, self.detail)
    }
}

/// Accepts a definition that can be saved.
///
/// # Errors
/// The first fault: no or too many questions, a bad or repeated id, an empty label, a scale or a list of options
/// that cannot be answered.
pub fn check_definition(survey: &SurveyDefinition) -> Result<(), SurveyFault> {
    if survey.title.trim().is_empty() || survey.title.chars().count() > LABEL_CHARS_MAX {
        return fault("survey.title", format!("must have 1 to {LABEL_CHARS_MAX} characters"));
    }
    if survey.questions.is_empty() || survey.questions.len() > SURVEY_QUESTIONS_MAX {
        return fault("survey.questions", format!("must be 1 to {SURVEY_QUESTIONS_MAX} questions"));
    }
    let mut ids = BTreeSet::new();
    for (index, question) in survey.questions.iter().enumerate() {
        let path = format!("survey.questions[{index}]");
        check_question(question, &path)?;
        if !ids.insert(question.id.as_str()) {
            return fault(&format!("{path}.id"), format!("the id `{}` stands twice", question.id));
        }
    }
    Ok(())
}

fn check_question(question: &Question, path: &str) -> Result<(), SurveyFault> {
    let is_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !(1..=40).contains(&question.id.len()) || !question.id.bytes().all(is_id) {
        return fault(&format!("{path}.id"), "must be 1 to 40 of a-z, 0-9 and _".to_owned());
    }
    if question.label.trim().is_empty() || question.label.chars().count() > LABEL_CHARS_MAX {
        return fault(&format!("{path}.label"), format!("must have 1 to {LABEL_CHARS_MAX} characters"));
    }
    match &question.answer {
        AnswerKind::Score { min, max, .. } if min >= max || *max > SCORE_MAX => {
            fault(&format!("{path}.answer.max"), format!("must be above min and at most {SCORE_MAX}"))
        }
        AnswerKind::Choice { options } => {
            let unique: BTreeSet<&str> = options.iter().map(|option| option.trim()).collect();
            if !(2..=OPTIONS_MAX).contains(&options.len())
                || unique.len() != options.len()
                || unique.contains("")
            {
                return fault(
                    &format!("{path}.answer.options"),
                    format!("must be 2 to {OPTIONS_MAX} different texts"),
                );
            }
            if options.iter().any(|option| option.chars().count() > NAME_CHARS_MAX) {
                return fault(
                    &format!("{path}.answer.options"),
                    format!("an option has at most {NAME_CHARS_MAX} characters"),
                );
            }
            Ok(())
        }
        AnswerKind::Score { .. } | AnswerKind::Text { .. } => Ok(()),
    }
}

/// Returns the answers as they are stored: in the order of the questions, with the labels as they were shown.
/// An empty list means that the survey was skipped.
///
/// # Errors
/// The first fault: a question that is not in the survey or stands twice, an answer of another kind, outside
/// its scale or options, or too long; or a required question that is missing while another is answered.
pub fn check_answers(survey: &SurveyDefinition, answers: &[Answer]) -> Result<SurveyAnswers, SurveyFault> {
    for (index, answer) in answers.iter().enumerate() {
        let path = format!("answers[{index}]");
        let Some(question) = survey.questions.iter().find(|question| question.id == answer.question_id)
        else {
            return fault(&format!("{path}.question_id"), "is not a question of this survey".to_owned());
        };
        if answers[..index].iter().any(|earlier| earlier.question_id == answer.question_id) {
            return fault(&format!("{path}.question_id"), "is answered twice".to_owned());
        }
        check_value(&question.answer, &answer.value, &format!("{path}.value"))?;
    }
    if answers.is_empty() {
        return Ok(Vec::new());
    }
    let mut stored = Vec::with_capacity(answers.len());
    for question in &survey.questions {
        match answers.iter().find(|answer| answer.question_id == question.id) {
            Some(answer) => stored.push(Answer { label: question.label.clone(), ..answer.clone() }),
            None if question.is_required => {
                return fault("answers", format!("the question `{}` must be answered", question.id));
            }
            None => {}
        }
    }
    Ok(stored)
}

fn check_value(kind: &AnswerKind, value: &AnswerValue, path: &str) -> Result<(), SurveyFault> {
    match (kind, value) {
        (AnswerKind::Score { min, max, .. }, AnswerValue::Score { score }) => {
            if (min..=max).contains(&score) {
                return Ok(());
            }
            fault(&format!("{path}.score"), format!("must be {min} to {max}"))
        }
        (AnswerKind::Choice { options }, AnswerValue::Choice { option }) => {
            if options.contains(option) {
                return Ok(());
            }
            fault(&format!("{path}.option"), "is not one of the options".to_owned())
        }
        (AnswerKind::Text { .. }, AnswerValue::Text { text }) => {
            if (1..=SURVEY_TEXT_CHARS_MAX).contains(&text.chars().count()) && !text.trim().is_empty() {
                return Ok(());
            }
            fault(&format!("{path}.text"), format!("must have 1 to {SURVEY_TEXT_CHARS_MAX} characters"))
        }
        (AnswerKind::Score { .. } | AnswerKind::Choice { .. } | AnswerKind::Text { .. }, _) => {
            fault(&format!("{path}.kind"), "is not how this question is answered".to_owned())
        }
    }
}

fn fault<T>(path: &str, detail: String) -> Result<T, SurveyFault> {
    Err(SurveyFault { path: path.to_owned(), detail })
}
