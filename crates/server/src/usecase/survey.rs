//! The answers of a survey are checked against the questions and kept once.

use protocol::id::ConversationId;
use protocol::survey::SurveyAnswers;
use store::{Customer, SurveyToStore};

use super::announce;
use crate::announcer::Concerns;
use crate::app::App;
use crate::clock;
use crate::problem::Problem;

/// Keeps the answers. The first ones stay; whatever comes later is answered as if it had been kept.
///
/// # Errors
/// `not_found`, `invalid` with the path to the fault, `busy` or `internal`.
pub(crate) async fn answer(
    app: &App,
    customer: &Customer,
    conversation_id: &ConversationId,
    answers: SurveyAnswers,
) -> Result<(), Problem> {
    let touchpoint = app.store.touchpoint(&customer.touchpoint_id).await?;
    let definition = touchpoint.and_then(|touchpoint| touchpoint.survey);
    let definition = definition.ok_or_else(|| Problem::invalid("answers", "this touchpoint asks nothing"))?;
    let answers = survey::check_answers(&definition, &answers)
        .map_err(|fault| Problem::invalid(&fault.path, &fault.detail))?;
    let survey = SurveyToStore {
        conversation_id: conversation_id.clone(),
        customer_id: customer.customer_id.clone(),
        answers,
        at: clock::now(),
    };
    let changed = app.store.save_survey(survey).await?;
    if changed.events.is_empty() {
        app.announcer.conversation(conversation_id, Concerns::Assignee);
    }
    announce::events(app, conversation_id, &changed.customer_id, changed.events);
    Ok(())
}
