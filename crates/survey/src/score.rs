//! Scores over several answers.

use protocol::survey::{AnswerValue, SurveyAnswers};

/// Returns the mean of all scores given to a question, or `None` when nobody gave one.
#[must_use]
pub fn mean_score<'a>(
    results: impl IntoIterator<Item = &'a SurveyAnswers>,
    question_id: &str,
) -> Option<f64> {
    let scores: Vec<f64> = results
        .into_iter()
        .flatten()
        .filter(|answer| answer.question_id == question_id)
        .filter_map(|answer| match answer.value {
            AnswerValue::Score { score } => Some(f64::from(score)),
            AnswerValue::Choice { .. } | AnswerValue::Text { .. } => None,
        })
        .collect();
    let count = u32::try_from(scores.len()).ok().filter(|count| *count > 0)?;
    Some(scores.iter().sum::<f64>() / f64::from(count))
}
