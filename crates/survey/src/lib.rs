//! Surveys: whether a definition may be saved, whether answers may be stored, and the visitor's way through.

mod check;
mod flow;
mod score;

pub use check::{SurveyFault, check_answers, check_definition};
pub use flow::Flow;
pub use score::mean_score;
