//! A message is checked, stored, and told to those who listen.

use protocol::limit::{ATTACHMENTS_MAX, MESSAGE_CHARS_MAX};
use protocol::problem::ProblemCode;
use store::{Appended, NewMessage, StoreError};

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
    if message.text.trim().is_empty() && message.attachments.is_empty() {
        return Err(Problem::invalid("text", "is empty"));
    }
    check_length(&message.text)?;
    if message.attachments.len() > ATTACHMENTS_MAX {
        return Err(Problem::invalid("attachments", &format!("are more than {ATTACHMENTS_MAX}")));
    }
    let conversation_id = message.conversation_id.clone();
    let appended = app.store.append_message(message).await.map_err(|error| {
        if error == StoreError::NoAttachment {
            return Problem::invalid(
                "attachments",
                "one is not whole, not the sender's, or of another message",
            );
        }
        Problem::from(error)
    })?;
    announce::events(app, &conversation_id, &appended.customer_id, appended.events.clone());
    Ok(appended)
}

/// Refuses a text that is too long for a message.
///
/// # Errors
/// `too_long`.
pub(crate) fn check_length(text: &str) -> Result<(), Problem> {
    if text.chars().count() > MESSAGE_CHARS_MAX {
        let detail = format!("text: has more than {MESSAGE_CHARS_MAX} characters");
        return Err(Problem::new(ProblemCode::TooLong, detail));
    }
    Ok(())
}
