//! Tells those who listen what was stored. Nothing is announced before it is on disk.

use broker::{Notice, Topic};
use protocol::agent::ConversationSummary;
use protocol::conversation::{ConversationEvent, EventKind};
use protocol::id::{ConversationId, CustomerId};
use protocol::people::CustomerProfile;
use store::{Conversation, Customer, StoreError};

use crate::app::App;

/// Sends stored events to the customer's browsers and the consoles that watch at once, and the new summary to all
/// consoles soon.
pub(crate) fn events(
    app: &App,
    conversation_id: &ConversationId,
    customer_id: &CustomerId,
    events: Vec<ConversationEvent>,
) {
    if events.is_empty() {
        return;
    }
    let changes_load = events
        .iter()
        .any(|event| matches!(event.what, EventKind::Status { .. } | EventKind::Assigned { .. }));
    let notice = Notice::Events { conversation_id: conversation_id.clone(), events };
    app.broker.publish(&Topic::Customer(customer_id.clone()), notice.clone());
    app.broker.publish(&Topic::Conversation(conversation_id.clone()), notice);
    if changes_load {
        app.presence.look_again();
    }
    app.announcer.conversation(conversation_id);
}

/// Returns a conversation as the inbox shows it.
///
/// # Errors
/// [`StoreError::Broken`], and [`StoreError::NoCustomer`] or [`StoreError::NoTouchpoint`] for a conversation that
/// belongs to nobody.
pub(crate) async fn summary(app: &App, found: Conversation) -> Result<ConversationSummary, StoreError> {
    let customer = app.store.customer(&found.customer_id).await?.ok_or(StoreError::NoCustomer)?;
    let touchpoint = app.store.touchpoint(&found.touchpoint_id).await?.ok_or(StoreError::NoTouchpoint)?;
    Ok(ConversationSummary {
        cobrowse: app.cobrowse.of_conversation(&found.head.conversation_id),
        head: found.head,
        touchpoint_id: touchpoint.touchpoint_id,
        touchpoint_name: touchpoint.name,
        customer: profile(app, customer),
        last_message: found.last_message,
        unread_count: found.unread_count,
        survey: found.survey,
        may_cobrowse: touchpoint.cobrowse.is_enabled,
        created_at: found.created_at,
        updated_at: found.updated_at,
    })
}

/// Returns the summaries of several conversations, in their order.
///
/// # Errors
/// As [`summary`].
pub(crate) async fn summaries(
    app: &App,
    found: Vec<Conversation>,
) -> Result<Vec<ConversationSummary>, StoreError> {
    let mut summaries = Vec::with_capacity(found.len());
    for conversation in found {
        summaries.push(summary(app, conversation).await?);
    }
    Ok(summaries)
}

/// Returns a customer as agents see them.
pub(crate) fn profile(app: &App, customer: Customer) -> CustomerProfile {
    CustomerProfile {
        is_online: app.visitors.is_online(&customer.customer_id),
        customer_id: customer.customer_id,
        identity: customer.identity,
        notes: customer.notes,
        page: customer.page,
        created_at: customer.created_at,
    }
}
