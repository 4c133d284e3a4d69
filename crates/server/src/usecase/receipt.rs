//! How far a side has received and read.

use std::sync::Arc;

use broker::{Notice, Topic};
use protocol::conversation::Side;
use protocol::id::{ConversationId, CustomerId};

use crate::announcer::Concerns;
use crate::app::App;
use crate::problem::Problem;

/// Keeps the receipt, with an `owner` only in a conversation of this customer, and tells both sides, if it moved anything.
///
/// # Errors
/// `not_found`, `busy` or `internal`.
pub(crate) async fn save(
    app: &App,
    conversation_id: &ConversationId,
    owner: Option<&CustomerId>,
    side: Side,
    delivered_seq: u64,
    read_seq: u64,
) -> Result<(), Problem> {
    let moved = app.store.save_receipt(conversation_id, owner, side, delivered_seq, read_seq).await?;
    let Some(moved) = moved else { return Ok(()) };
    let notice =
        Arc::new(Notice::Receipts { conversation_id: conversation_id.clone(), receipts: moved.receipts });
    app.broker.publish(&Topic::Customer(moved.customer_id), Arc::clone(&notice));
    app.broker.publish(&Topic::Conversation(conversation_id.clone()), notice);
    if side == Side::Agent {
        // What an agent has read is unread for no agent any more.
        app.announcer.conversation(conversation_id, Concerns::Assignee);
    }
    Ok(())
}
