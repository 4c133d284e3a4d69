//! A conversation is given to an agent, or back to the queue.

use protocol::conversation::Author;
use protocol::id::ConversationId;
use protocol::problem::ProblemCode;
use protocol::rest::Assign;
use store::StoreError;

use super::announce;
use crate::app::App;
use crate::clock;
use crate::problem::Problem;

/// Gives the conversation away.
///
/// # Errors
/// `conflict` when somebody else was quicker; `not_found`, `busy` or `internal`.
pub(crate) async fn assign(
    app: &App,
    conversation_id: &ConversationId,
    assign: Assign,
    author: Author,
) -> Result<(), Problem> {
    let changed = app
        .store
        .assign(conversation_id, assign.agent_id, assign.only_if, author, clock::now())
        .await
        .map_err(|error| match error {
            StoreError::Conflict => {
                Problem::new(ProblemCode::Conflict, "somebody else has the conversation meanwhile")
            }
            StoreError::Busy
            | StoreError::NoConversation
            | StoreError::NoCustomer
            | StoreError::NoAgent
            | StoreError::NoTouchpoint
            | StoreError::TooManyConversations
            | StoreError::Broken(_) => Problem::from(error),
        })?;
    announce::events(app, conversation_id, &changed.customer_id, changed.events);
    Ok(())
}
