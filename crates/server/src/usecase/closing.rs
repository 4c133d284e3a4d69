//! A conversation is closed, and with it what was shared in it.

use protocol::cobrowse::CobrowseEnd;
use protocol::conversation::{Author, ConversationStatus};
use protocol::id::{ConversationId, CustomerId};

use super::announce;
use crate::app::App;
use crate::clock;
use crate::cobrowse;
use crate::problem::Problem;

/// Closes the conversation, with an `owner` only one of this customer; closing it again is fine.
///
/// # Errors
/// `not_found`, `busy` or `internal`.
pub(crate) async fn close(
    app: &App,
    conversation_id: &ConversationId,
    owner: Option<&CustomerId>,
    author: Author,
) -> Result<(), Problem> {
    let done = ConversationStatus::Done;
    let changed = app.store.set_status(conversation_id, owner, done, author, clock::now()).await?;
    app.starts.forget(conversation_id);
    if let Some(session) = app.cobrowse.of_conversation(conversation_id) {
        cobrowse::end(app, &session.cobrowse_id, CobrowseEnd::Server).await;
    }
    announce::events(app, conversation_id, &changed.customer_id, changed.events);
    Ok(())
}
