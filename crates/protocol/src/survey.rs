//! Surveys as they travel: the questions a touchpoint asks after a chat, and the answers.

use serde::{Deserialize, Serialize};

/// The questions asked when a chat has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyDefinition {
    /// What stands above the questions.
    pub title: String,
    /// The questions in their order, 1..=20; ids are unique.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Unique within the survey, 1..=40 of `a-z 0-9 _`.
    pub id: String,
    /// The question as the visitor reads it.
    pub label: String,
    /// Whether it must be answered before the survey can be sent.
    #[serde(default)]
    pub is_required: bool,
    /// How it is answered.
    pub answer: AnswerKind,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AnswerKind {
    /// A whole number on a scale, ends included: CSAT 1..=5, NPS 0..=10, CES 1..=7.
    Score {
        /// The lowest score.
        min: u8,
        /// The highest score, above `min`, at most 10.
        max: u8,
        /// What the lowest score means.
        #[serde(default)]
        min_label: String,
        /// What the highest score means.
        #[serde(default)]
        max_label: String,
    },
    /// One of several options.
    Choice {
        /// The options as the visitor reads them, 2..=20, unique.
        options: Vec<String>,
    },
    /// Free text.
    Text {
        /// What stands in the empty field.
        #[serde(default)]
        placeholder: String,
    },
}

/// The answers to a survey, in the order of the questions; skipped questions are left out.
pub type SurveyAnswers = Vec<Answer>;

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The question's id.
    pub question_id: String,
    /// The question as it was shown; filled in by the server, ignored from clients.
    #[serde(default)]
    pub label: String,
    /// What was answered.
    pub value: AnswerValue,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AnswerValue {
    /// A score within its scale.
    Score {
        /// The score.
        score: u8,
    },
    /// One of the options, by its text.
    Choice {
        /// The option.
        option: String,
    },
    /// Free text, 1..=2000 characters.
    Text {
        /// The text.
        text: String,
    },
}
