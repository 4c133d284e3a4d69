//! Conversations: what is asked of them, by whom it is answered.

mod append;
mod assign;
mod change;
mod event;
mod read;
mod revise;
mod standing;
mod waiting;

use std::sync::Arc;

use protocol::conversation::{Author, ConversationEvent, ConversationStatus, Side};
use protocol::id::{AgentId, ConversationId, CustomerId, MessageId};
use protocol::time::UnixMillis;
use rusqlite::Connection;
use store::{
    Appended, Changed, Conversation, ConversationFilter, Conversations, Customer, MovedReceipts,
    NewAssignment, NewMessage, PageStart, Reach, StoreError, SurveyToStore, TakenBack, WaitingConversation,
};

use self::revise::Target;
use crate::SqliteStore;

/// Returns all conversations of a customer, oldest first.
pub(crate) fn all_of_customer(
    connection: &Connection,
    customer_id: &CustomerId,
) -> rusqlite::Result<Vec<Conversation>> {
    let mut conversations = read::of_customer(connection, customer_id, usize::MAX)?;
    conversations.sort_by_key(|conversation| conversation.created_at);
    Ok(conversations)
}

#[async_trait::async_trait]
impl Conversations for SqliteStore {
    async fn append_message(&self, message: NewMessage) -> Result<Appended, StoreError> {
        self.writer.run_sure(move |connection| append::message(connection, message)).await
    }

    async fn set_status(
        &self,
        conversation_id: &ConversationId,
        owner: Option<&CustomerId>,
        status: ConversationStatus,
        author: Author,
        at: UnixMillis,
    ) -> Result<Changed, StoreError> {
        let (conversation_id, owner) = (conversation_id.clone(), owner.cloned());
        self.write(move |connection| {
            let present = standing::of_owner(connection, &conversation_id, owner.as_ref())?;
            change::status(connection, present, status, &author, at)
        })
        .await
    }

    async fn edit_message(
        &self,
        conversation_id: &ConversationId,
        message_id: &MessageId,
        text: String,
        reach: Reach,
        author: Author,
        at: UnixMillis,
    ) -> Result<Changed, StoreError> {
        let (conversation_id, message_id) = (conversation_id.clone(), message_id.clone());
        let target = Target { conversation_id, message_id, reach, author, at };
        self.write(move |connection| revise::edit(connection, target, text)).await
    }

    async fn take_back_message(
        &self,
        conversation_id: &ConversationId,
        message_id: &MessageId,
        reach: Reach,
        author: Author,
        at: UnixMillis,
    ) -> Result<TakenBack, StoreError> {
        let (conversation_id, message_id) = (conversation_id.clone(), message_id.clone());
        let target = Target { conversation_id, message_id, reach, author, at };
        let taken = self.write(move |connection| revise::take_back(connection, target)).await?;
        if !taken.changed.events.is_empty() {
            let scrubber = Arc::clone(&self.scrubber);
            let scrubbed = tokio::spawn(async move { scrubber.scrub().await }).await;
            // The message is taken back whatever comes of this; what could not be done is still due.
            drop(scrubbed);
        }
        Ok(taken)
    }

    async fn assign(&self, assignment: NewAssignment) -> Result<Changed, StoreError> {
        self.write(move |connection| assign::assign(connection, assignment)).await
    }

    async fn waiting(&self, limit: usize) -> Result<Vec<WaitingConversation>, StoreError> {
        self.read(move |connection| waiting::longest(connection, limit)).await
    }

    async fn open_of(&self, agent_id: &AgentId, limit: usize) -> Result<Vec<ConversationId>, StoreError> {
        let agent_id = agent_id.clone();
        self.read(move |connection| waiting::open_of(connection, &agent_id, limit)).await
    }

    async fn save_receipt(
        &self,
        conversation_id: &ConversationId,
        owner: Option<&CustomerId>,
        side: Side,
        delivered_seq: u64,
        read_seq: u64,
    ) -> Result<Option<MovedReceipts>, StoreError> {
        let (conversation_id, owner) = (conversation_id.clone(), owner.cloned());
        self.write(move |connection| {
            let present = standing::of_owner(connection, &conversation_id, owner.as_ref())?;
            change::receipt(connection, present, side, delivered_seq, read_seq)
        })
        .await
    }

    async fn save_survey(&self, survey: SurveyToStore) -> Result<Changed, StoreError> {
        self.write(move |connection| change::survey(connection, &survey)).await
    }

    async fn conversation(
        &self,
        conversation_id: &ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let conversation_id = conversation_id.clone();
        self.read(move |connection| read::one(connection, &conversation_id)).await
    }

    async fn conversations_with_customers(
        &self,
        conversation_ids: &[ConversationId],
    ) -> Result<Vec<(Conversation, Customer)>, StoreError> {
        let conversation_ids = conversation_ids.to_vec();
        self.read(move |connection| read::with_customers(connection, &conversation_ids)).await
    }

    async fn conversations(
        &self,
        filter: ConversationFilter,
        start: Option<PageStart>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        self.read(move |connection| read::page(connection, filter, start, limit)).await
    }

    async fn conversations_of(
        &self,
        customer_id: &CustomerId,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        let customer_id = customer_id.clone();
        self.read(move |connection| read::of_customer(connection, &customer_id, limit)).await
    }

    async fn heads(
        &self,
        conversation_ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, u64)>, StoreError> {
        let conversation_ids = conversation_ids.to_vec();
        self.read(move |connection| read::heads(connection, &conversation_ids)).await
    }

    async fn heads_of(
        &self,
        customer_id: &CustomerId,
        limit: usize,
    ) -> Result<Vec<(ConversationId, u64)>, StoreError> {
        let customer_id = customer_id.clone();
        self.read(move |connection| read::heads_of(connection, &customer_id, limit)).await
    }

    async fn newest_heads(&self, limit: usize) -> Result<Vec<(ConversationId, u64)>, StoreError> {
        self.read(move |connection| read::newest_heads(connection, limit)).await
    }

    async fn events(
        &self,
        conversation_id: &ConversationId,
        after_seq: u64,
        limit: usize,
    ) -> Result<Vec<ConversationEvent>, StoreError> {
        let conversation_id = conversation_id.clone();
        self.read(move |connection| event::after(connection, &conversation_id, after_seq, limit)).await
    }
}
