//! Messages that get another text or are taken back.

use protocol::id::{ConversationId, MessageId};
use protocol::people::Role;
use store::Reach;

use super::announce;
use super::message::check_length;
use crate::app::App;
use crate::auth::guard::Caller;
use crate::clock;
use crate::problem::Problem;

/// Gives a message another text; agents change what they wrote themselves.
///
/// # Errors
/// `invalid` or `too_long` for the text; `forbidden` for somebody else's message; `not_found`, `busy` or `internal`.
pub(crate) async fn edit(
    app: &App,
    caller: &Caller,
    conversation_id: &ConversationId,
    message_id: &MessageId,
    text: String,
) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Problem::invalid("text", "is empty"));
    }
    check_length(&text)?;
    let reach = Reach::Own(caller.agent_ref().agent_id);
    let edited = app
        .store
        .edit_message(conversation_id, message_id, text, reach, caller.author(), clock::now())
        .await?;
    announce::events(app, conversation_id, &edited.customer_id, edited.events);
    Ok(())
}

/// Takes a message back with its files: agents their own, supervisors and admins every one.
///
/// # Errors
/// `forbidden` for somebody else's message; `not_found`, `busy` or `internal`.
pub(crate) async fn take_back(
    app: &App,
    caller: &Caller,
    conversation_id: &ConversationId,
    message_id: &MessageId,
) -> Result<(), Problem> {
    let reach = match caller.agent.profile.role {
        Role::Agent => Reach::Own(caller.agent_ref().agent_id),
        Role::Supervisor | Role::Admin => Reach::All,
    };
    let taken = app
        .store
        .take_back_message(conversation_id, message_id, reach, caller.author(), clock::now())
        .await?;
    app.files.forget(&taken.attachment_ids).await;
    announce::events(app, conversation_id, &taken.changed.customer_id, taken.changed.events);
    Ok(())
}
