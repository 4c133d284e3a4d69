//! A message is checked, stored, and told to those who listen.

use protocol::limit::MESSAGE_CHARS_MAX;
use protocol::problem::ProblemCode;
use store::{Appended, NewMessage};

use super::announce;
use crate::app::App;
use crate::problem::Problem;

/// Stores a message once per id.
///
/// # Errors
/// `invalid`, `too_long`, `conflict`, `not_found`, `busy` or `internal`.
pub(crate) async fn send(app: &App, message: NewMessage) -> Result<Appended, Problem> {
    if !message.conversation_id.is_well_formed() {
        return Err(Problem::invalid("conversation_id", "must be cnv_ and 32 hexadecimal digits"));
    }
    if !message.message_id.is_well_formed() {
        return Err(Problem::invalid("message_id", "must be msg_ and 32 hexadecimal digits"));
    }
    if message.text.trim().is_empty() {
        return Err(Problem::invalid("text", "is empty"));
    }
    if message.text.chars().count() > MESSAGE_CHARS_MAX {
        return Err(Problem::new(
            ProblemCode::TooLong,
            format!("text: has more than {MESSAGE_CHARS_MAX} characters"),
        ));
    }
    let conversation_id = message.conversation_id.clone();
    let appended = app.store.append_message(message).await?;
    announce::events(app, &conversation_id, &appended.customer_id, appended.events.clone());
    Ok(appended)
}
