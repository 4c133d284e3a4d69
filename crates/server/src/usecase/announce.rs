//! Tells those who listen what was stored. Nothing is announced before it is on disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use broker::{Notice, Topic};
use protocol::agent::ConversationSummary;
use protocol::conversation::{ConversationEvent, ConversationStatus, EventKind};
use protocol::id::{ConversationId, CustomerId, TouchpointId};
use protocol::people::CustomerProfile;
use protocol::touchpoint::Touchpoint;
use store::{Conversation, Customer, StoreError};

use crate::announcer::Concerns;
use crate::app::App;

/// Sends stored events to the customer's browsers and the consoles that watch at once, and the new summary to the
/// other consoles soon.
pub(crate) fn events(
    app: &App,
    conversation_id: &ConversationId,
    customer_id: &CustomerId,
    events: Vec<ConversationEvent>,
) {
    if events.is_empty() {
        return;
    }
    let is_new = events.iter().any(|event| event.seq == 1);
    let has_assignment = events.iter().any(|event| matches!(event.what, EventKind::Assigned { .. }));
    let status = events
        .iter()
        .find_map(|event| if let EventKind::Status { status } = event.what { Some(status) } else { None });
    let changes_load = has_assignment || status.is_some();
    let changes_hands = has_assignment || status == Some(ConversationStatus::Done);
    let notice = Arc::new(Notice::Events { conversation_id: conversation_id.clone(), events });
    app.broker.publish(&Topic::Customer(customer_id.clone()), Arc::clone(&notice));
    app.broker.publish(&Topic::Conversation(conversation_id.clone()), notice);
    if changes_load {
        app.presence.look_again();
    }
    if changes_load || is_new {
        app.routing.look_again();
    }
    let concerns = if changes_hands || is_new { Concerns::Everybody } else { Concerns::Assignee };
    app.announcer.conversation(conversation_id, concerns);
}

/// Conversations that are read in one look.
const CONVERSATIONS_PER_READ: usize = 100;

/// Puts conversations together as the inbox shows them. A touchpoint is read once, however many came in by it.
struct Summaries<'a> {
    app: &'a App,
    touchpoints: BTreeMap<TouchpointId, Touchpoint>,
}

impl<'a> Summaries<'a> {
    fn new(app: &'a App) -> Self {
        Self { app, touchpoints: BTreeMap::new() }
    }

    async fn put_together(
        &mut self,
        found: Conversation,
        customer: Customer,
    ) -> Result<Option<ConversationSummary>, StoreError> {
        let Some(touchpoint) = self.touchpoint(&found.touchpoint_id).await? else { return Ok(None) };
        let (touchpoint_name, may_cobrowse) = (touchpoint.name.clone(), touchpoint.cobrowse.is_enabled);
        Ok(Some(ConversationSummary {
            cobrowse: self.app.cobrowse.of_conversation(&found.head.conversation_id),
            is_page_offered: self.app.starts.offer_of(&found.head.conversation_id).is_some(),
            head: found.head,
            touchpoint_id: found.touchpoint_id,
            touchpoint_name,
            customer: profile(self.app, customer),
            last_message: found.last_message,
            unread_count: found.unread_count,
            survey: found.survey,
            may_cobrowse,
            created_at: found.created_at,
            waiting_since: found.waiting_since,
            updated_at: found.updated_at,
        }))
    }

    async fn touchpoint(&mut self, touchpoint_id: &TouchpointId) -> Result<Option<&Touchpoint>, StoreError> {
        if !self.touchpoints.contains_key(touchpoint_id)
            && let Some(found) = self.app.store.touchpoint(touchpoint_id).await?
        {
            self.touchpoints.insert(touchpoint_id.clone(), found);
        }
        Ok(self.touchpoints.get(touchpoint_id))
    }
}

/// Returns conversations as the inbox shows them, in their order, without those that are not there.
///
/// # Errors
/// [`StoreError::Broken`].
pub(crate) async fn summaries(
    app: &App,
    conversation_ids: &[ConversationId],
) -> Result<Vec<ConversationSummary>, StoreError> {
    let mut read = Summaries::new(app);
    let mut summaries = Vec::with_capacity(conversation_ids.len());
    for conversation_ids in conversation_ids.chunks(CONVERSATIONS_PER_READ) {
        for (found, customer) in app.store.conversations_with_customers(conversation_ids).await? {
            summaries.extend(read.put_together(found, customer).await?);
        }
    }
    Ok(summaries)
}

/// Returns the ids of conversations, in their order.
pub(crate) fn ids_of(found: Vec<Conversation>) -> Vec<ConversationId> {
    found.into_iter().map(|conversation| conversation.head.conversation_id).collect()
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
