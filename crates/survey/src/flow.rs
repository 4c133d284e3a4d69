//! The visitor's way through a survey: answers so far, what is missing, what is sent. Values in, values out; the
//! shell keeps the draft over a reload.

use protocol::survey::{Answer, AnswerKind, AnswerValue, SurveyAnswers, SurveyDefinition};

use crate::check::check_answers;

/// The answers so far to one survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    survey: SurveyDefinition,
    draft: SurveyAnswers,
}

impl Flow {
    /// Begins with a draft; drafted answers that the survey does not accept (any more) are dropped.
    #[must_use]
    pub fn new(survey: SurveyDefinition, draft: SurveyAnswers) -> Self {
        let mut flow = Self { survey, draft: Vec::new() };
        for answer in draft {
            flow.answer(&answer.question_id, answer.value);
        }
        flow
    }

    /// The survey.
    #[must_use]
    pub fn survey(&self) -> &SurveyDefinition {
        &self.survey
    }

    /// The answers so far, for keeping over a reload.
    #[must_use]
    pub fn draft(&self) -> &SurveyAnswers {
        &self.draft
    }

    /// The answer to a question so far.
    #[must_use]
    pub fn value(&self, question_id: &str) -> Option<&AnswerValue> {
        self.draft.iter().find(|answer| answer.question_id == question_id).map(|answer| &answer.value)
    }

    /// Answers a question, or answers it again; blank text takes the answer back. An answer of a kind the
    /// question does not have is not taken. Returns whether anything changed.
    pub fn answer(&mut self, question_id: &str, value: AnswerValue) -> bool {
        let Some(question) = self.survey.questions.iter().find(|question| question.id == question_id) else {
            return false;
        };
        let fits = match (&question.answer, &value) {
            (AnswerKind::Score { min, max, .. }, AnswerValue::Score { score }) => {
                (min..=max).contains(&score)
            }
            (AnswerKind::Choice { options }, AnswerValue::Choice { option }) => options.contains(option),
            (AnswerKind::Text { .. }, AnswerValue::Text { .. }) => true,
            (AnswerKind::Score { .. } | AnswerKind::Choice { .. } | AnswerKind::Text { .. }, _) => false,
        };
        if !fits || self.value(question_id) == Some(&value) {
            return false;
        }
        self.draft.retain(|answer| answer.question_id != question_id);
        let is_blank = matches!(&value, AnswerValue::Text { text } if text.trim().is_empty());
        if !is_blank {
            self.draft.push(Answer { question_id: question_id.to_owned(), label: String::new(), value });
        }
        true
    }

    /// The ids of required questions that have no answer, in order.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let is_missing = |id: &str| self.value(id).is_none();
        self.survey
            .questions
            .iter()
            .filter(|question| question.is_required && is_missing(&question.id))
            .map(|question| question.id.as_str())
            .collect()
    }

    /// The answers as they may be sent; `None` while nothing is answered or something required is missing or
    /// too long.
    #[must_use]
    pub fn sendable(&self) -> Option<SurveyAnswers> {
        if self.draft.is_empty() {
            return None;
        }
        check_answers(&self.survey, &self.draft).ok()
    }
}
