//! Conversations: their events in order, and where they stand.

use protocol::agent::LastMessage;
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, Receipts, Side, SurveyResult,
};
use protocol::id::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use protocol::people::AgentRef;
use protocol::survey::SurveyAnswers;
use protocol::time::UnixMillis;

use crate::StoreError;

/// A conversation as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Status, head, assignee, receipts.
    pub head: ConversationHead,
    /// The touchpoint it came in by.
    pub touchpoint_id: TouchpointId,
    /// Who writes.
    pub customer_id: CustomerId,
    /// The last message, shortened to 140 characters.
    pub last_message: Option<LastMessage>,
    /// Messages of the customer that no agent has read.
    pub unread_count: u32,
    /// The survey's answers, once there are any; empty when it was skipped.
    pub survey: Option<SurveyResult>,
    /// When it began.
    pub created_at: UnixMillis,
    /// When the last event was stored.
    pub updated_at: UnixMillis,
}

/// Who writes a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageAuthor {
    /// A customer, who begins the conversation when it is not there yet.
    Customer {
        /// Who they are.
        customer_id: CustomerId,
        /// Where they came in.
        touchpoint_id: TouchpointId,
    },
    /// An agent, who gets the conversation when nobody has it.
    Agent(AgentRef),
}

/// A message to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The id its sender made.
    pub message_id: MessageId,
    /// Who wrote it.
    pub author: MessageAuthor,
    /// The text.
    pub text: String,
    /// When it came in.
    pub at: UnixMillis,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Appended {
    /// Its place, now or from the first time it came in.
    pub seq: u64,
    /// When it was stored first.
    pub at: UnixMillis,
    /// Whose conversation it is.
    pub customer_id: CustomerId,
    /// The events stored by this call, the message among them; empty when it was there already.
    pub events: Vec<ConversationEvent>,
}

/// What a change did.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// Whose conversation it is.
    pub customer_id: CustomerId,
    /// The events stored by this call; empty when it stood like this already.
    pub events: Vec<ConversationEvent>,
}

/// Receipts that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedReceipts {
    /// Whose conversation it is.
    pub customer_id: CustomerId,
    /// All of them, as they stand now.
    pub receipts: Receipts,
}

/// Answers to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyToStore {
    /// The conversation they belong to.
    pub conversation_id: ConversationId,
    /// Whose conversation it has to be.
    pub customer_id: CustomerId,
    /// The answers as they are kept, with labels; empty when the survey was skipped.
    pub answers: SurveyAnswers,
    /// When they came in.
    pub at: UnixMillis,
}

/// Which conversations a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConversationFilter {
    /// All of them.
    Any,
    /// Those that are not DONE.
    Open,
    /// Those with this status.
    Status(ConversationStatus),
}

/// The last row of the page before: the next one begins behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageStart {
    /// When that conversation was changed.
    pub updated_at: UnixMillis,
    /// The conversation.
    pub conversation_id: ConversationId,
}

/// Conversations: their events in order, and where they stand.
#[async_trait::async_trait]
pub trait Conversations: Send + Sync {
    /// Stores a message once per id and gives it the next place. A customer's message makes the conversation if
    /// it is new, and sets it UNREAD; an agent's sets it UNRESOLVED and gives it to the sender if nobody has it.
    /// Status and assignment that change are events of their own, before the message.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the id is there with another text or author;
    /// [`StoreError::NoConversation`] when an agent writes to none, or a customer to somebody else's;
    /// [`StoreError::TooManyConversations`] when a customer who has `OPEN_CONVERSATIONS_MAX` that are not DONE
    /// begins another one;
    /// [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn append_message(&self, message: NewMessage) -> Result<Appended, StoreError>;

    /// Sets the status.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn set_status(
        &self,
        conversation_id: &ConversationId,
        status: ConversationStatus,
        author: Author,
        at: UnixMillis,
    ) -> Result<Changed, StoreError>;

    /// Gives the conversation to an agent, or to nobody. With `only_if`, only while that agent (or nobody) has it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else has it; [`StoreError::NoConversation`],
    /// [`StoreError::NoAgent`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn assign(
        &self,
        conversation_id: &ConversationId,
        agent_id: Option<AgentId>,
        only_if: Option<Option<AgentId>>,
        author: Author,
        at: UnixMillis,
    ) -> Result<Changed, StoreError>;

    /// Moves a side's receipts forward, never back and never above the head; `None` when nothing moved.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn save_receipt(
        &self,
        conversation_id: &ConversationId,
        side: Side,
        delivered_seq: u64,
        read_seq: u64,
    ) -> Result<Option<MovedReceipts>, StoreError>;

    /// Keeps the answers of a survey; the first ones stay, whatever comes later.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], also when it is another customer's; [`StoreError::Busy`] and
    /// [`StoreError::Broken`].
    async fn save_survey(&self, survey: SurveyToStore) -> Result<Changed, StoreError>;

    /// Returns one conversation.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn conversation(
        &self,
        conversation_id: &ConversationId,
    ) -> Result<Option<Conversation>, StoreError>;

    /// Returns conversations, newest change first, at most `limit`, after the row `start` names.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn conversations(
        &self,
        filter: ConversationFilter,
        start: Option<PageStart>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError>;

    /// Returns a customer's conversations, newest change first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn conversations_of(
        &self,
        customer_id: &CustomerId,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError>;

    /// Returns the events after `after_seq`, in order, at most `limit`; empty when there is none.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn events(
        &self,
        conversation_id: &ConversationId,
        after_seq: u64,
        limit: usize,
    ) -> Result<Vec<ConversationEvent>, StoreError>;
}
