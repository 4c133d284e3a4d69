//! Conversations: what is asked of them, by whom it is answered.

mod append;
mod change;
mod event;
mod read;
mod standing;

use protocol::conversation::{Author, ConversationEvent, ConversationStatus, Side};
use protocol::id::{AgentId, ConversationId, CustomerId};
use protocol::time::UnixMillis;
use store::{
    Appended, Changed, Conversation, ConversationFilter, Conversations, MovedReceipts, NewMessage, PageStart,
    StoreError, SurveyToStore,
};

use crate::SqliteStore;

#[async_trait::async_trait]
impl Conversations for SqliteStore {
    async fn append_message(&self, message: NewMessage) -> Result<Appended, StoreError> {
        self.write(move |connection| append::message(connection, message)).await
    }

    async fn set_status(
        &self,
        conversation_id: &ConversationId,
        status: ConversationStatus,
        author: Author,
        at: UnixMillis,
    ) -> Result<Changed, StoreError> {
        let conversation_id = conversation_id.clone();
        self.write(move |connection| change::status(connection, &conversation_id, status, &author, at)).await
    }

    async fn assign(
        &self,
        conversation_id: &ConversationId,
        agent_id: Option<AgentId>,
        only_if: Option<Option<AgentId>>,
        author: Author,
        at: UnixMillis,
    ) -> Result<Changed, StoreError> {
        let conversation_id = conversation_id.clone();
        self.write(move |connection| {
            change::assignee(connection, &conversation_id, agent_id, only_if, &author, at)
        })
        .await
    }

    async fn save_receipt(
        &self,
        conversation_id: &ConversationId,
        side: Side,
        delivered_seq: u64,
        read_seq: u64,
    ) -> Result<Option<MovedReceipts>, StoreError> {
        let conversation_id = conversation_id.clone();
        self.write(move |connection| {
            change::receipt(connection, &conversation_id, side, delivered_seq, read_seq)
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
