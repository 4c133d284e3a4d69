//! Surveys and their answers.

use browser::Value;
use protocol::survey::{Answer, AnswerKind, AnswerValue, Question, SurveyDefinition};

use super::shape::{read_struct, write_struct};
use super::{Read, Write, field, field_or_default, tagged};

read_struct!(SurveyDefinition { title, questions });
read_struct!(Question { id, label, answer; is_required });
read_struct!(Answer { question_id, value; label });
write_struct!(Answer { question_id, label, value });

impl Read for AnswerKind {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.field("kind").as_text()? {
            "score" => Self::Score {
                min: field(value, "min")?,
                max: field(value, "max")?,
                min_label: field_or_default(value, "min_label")?,
                max_label: field_or_default(value, "max_label")?,
            },
            "choice" => Self::Choice { options: field(value, "options")? },
            "text" => Self::Text { placeholder: field_or_default(value, "placeholder")? },
            _ => return None,
        })
    }
}

impl Read for AnswerValue {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.field("kind").as_text()? {
            "score" => Self::Score { score: field(value, "score")? },
            "choice" => Self::Choice { option: field(value, "option")? },
            "text" => Self::Text { text: field(value, "text")? },
            _ => return None,
        })
    }
}

impl Write for AnswerValue {
    fn write(&self) -> Value {
        match self {
            Self::Score { score } => tagged("kind", "score", &mut [("score", score.write())]),
            Self::Choice { option } => tagged("kind", "choice", &mut [("option", option.write())]),
            Self::Text { text } => tagged("kind", "text", &mut [("text", text.write())]),
        }
    }
}
