//! What is read of the store.

use protocol::agent::{ConversationSummary, LastMessage};
use protocol::conversation::{Author, ConversationEvent, ConversationHead, EventKind, Revision};
use protocol::id::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use protocol::people::{CustomerProfile, Identity, Page};
use protocol::visitor::Cursor;

use super::Store;

impl Store {
    /// The events after a place, at most so many.
    pub(crate) fn events(
        &self,
        conversation_id: &ConversationId,
        after_seq: u64,
        limit: usize,
    ) -> Vec<ConversationEvent> {
        let row = self.rows.get(conversation_id);
        let all = row.into_iter().flat_map(|row| row.events.iter());
        all.filter(|event| event.seq > after_seq).take(limit).cloned().collect()
    }

    pub(crate) fn cursor(&self, conversation_id: &ConversationId) -> Option<Cursor> {
        let seq = self.rows.get(conversation_id)?.head_seq();
        Some(Cursor { conversation_id: conversation_id.clone(), seq })
    }

    /// A customer's conversations, newest change first, at most 50.
    pub(crate) fn heads_of(&self, customer_id: &CustomerId) -> Vec<ConversationHead> {
        let mut own: Vec<_> = self.rows.iter().filter(|(_, row)| row.customer_id == *customer_id).collect();
        own.sort_by_key(|(_, row)| std::cmp::Reverse(row.change));
        own.into_iter().take(50).map(|(conversation_id, row)| row.head(conversation_id)).collect()
    }

    /// Every conversation, newest change first.
    pub(crate) fn newest(&self) -> Vec<&ConversationId> {
        let mut all: Vec<_> = self.rows.iter().collect();
        all.sort_by_key(|(_, row)| std::cmp::Reverse(row.change));
        all.into_iter().map(|(conversation_id, _)| conversation_id).collect()
    }

    pub(crate) fn summary(&self, conversation_id: &ConversationId) -> Option<ConversationSummary> {
        let row = self.rows.get(conversation_id)?;
        let last = row.events.iter().rev().find_map(|event| match &event.what {
            EventKind::Message { text, revision, .. } => Some(LastMessage {
                side: event.author.side().to_owned(),
                text: text.clone(),
                revision: *revision,
                at: event.at,
            }),
            EventKind::Edited { .. }
            | EventKind::Deleted { .. }
            | EventKind::Status { .. }
            | EventKind::Assigned { .. }
            | EventKind::SurveyAnswered
            | EventKind::Unknown => None,
        });
        Some(ConversationSummary {
            head: row.head(conversation_id),
            touchpoint_id: TouchpointId("tp_test".to_owned()),
            touchpoint_name: "Test".to_owned(),
            customer: CustomerProfile {
                customer_id: row.customer_id.clone(),
                identity: Identity::default(),
                notes: String::new(),
                page: Page::default(),
                created_at: row.created_at,
                is_online: true,
            },
            last_message: last,
            unread_count: 0,
            survey: None,
            cobrowse: None,
            may_cobrowse: false,
            is_page_offered: false,
            created_at: row.created_at,
            waiting_since: None,
            updated_at: row.updated_at,
        })
    }

    /// A message of this agent that was not taken back, the newest one.
    pub(crate) fn own_message(&self, agent_id: &AgentId) -> Option<(ConversationId, MessageId)> {
        let messages = self
            .rows
            .iter()
            .flat_map(|(conversation_id, row)| row.events.iter().map(move |event| (conversation_id, event)));
        let own = messages.filter(
            |(_, event)| matches!(&event.author, Author::Agent { agent_id: by, .. } if by == agent_id),
        );
        let own = own.filter_map(|(conversation_id, event)| match &event.what {
            EventKind::Message { message_id, revision, .. } if *revision != Revision::Deleted => {
                Some((event.at, conversation_id.clone(), message_id.clone()))
            }
            EventKind::Message { .. }
            | EventKind::Edited { .. }
            | EventKind::Deleted { .. }
            | EventKind::Status { .. }
            | EventKind::Assigned { .. }
            | EventKind::SurveyAnswered
            | EventKind::Unknown => None,
        });
        own.max().map(|(_, conversation_id, message_id)| (conversation_id, message_id))
    }
}
