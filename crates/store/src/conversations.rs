//! Conversations: their events in order, and where they stand.

use protocol::agent::LastMessage;
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, Receipts, Side, SurveyResult,
};
use protocol::id::{AgentId, AttachmentId, ConversationId, CustomerId, MessageId, TeamId, TouchpointId};
use protocol::people::AgentRef;
use protocol::survey::SurveyAnswers;
use protocol::time::UnixMillis;

use crate::{Customer, StoreError};

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
    /// Since when it waits for an agent; none while somebody has it, or it is closed.
    pub waiting_since: Option<UnixMillis>,
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
    /// Its files: whole, the author's own, and of no message yet.
    pub attachments: Vec<AttachmentId>,
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

/// Whose messages somebody may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Those this agent wrote.
    Own(AgentId),
    /// Everybody's.
    All,
}

/// What taking a message back did.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenBack {
    /// The change.
    pub changed: Changed,
    /// Files that belong to nothing any more: their bytes are to be removed.
    pub attachment_ids: Vec<AttachmentId>,
}

/// Who shall answer a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignee {
    /// This agent; the conversation keeps its team.
    Agent(AgentId),
    /// Whoever of this team takes it.
    Team(TeamId),
    /// Whoever takes it; it has no team any more.
    Nobody,
}

/// A conversation given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssignment {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Who shall answer.
    pub to: Assignee,
    /// Only while this agent (or nobody) has it.
    pub only_if: Option<Option<AgentId>>,
    /// What the next one has to know.
    pub note: Option<String>,
    /// Who gives it.
    pub author: Author,
    /// When.
    pub at: UnixMillis,
}

/// An open conversation that nobody answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingConversation {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The touchpoint it came in by.
    pub touchpoint_id: TouchpointId,
    /// In whose queue it waits.
    pub team_id: Option<TeamId>,
    /// The customer's labels.
    pub labels: Vec<String>,
    /// Since when.
    pub since: UnixMillis,
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
    /// [`StoreError::Conflict`] when the id is there with another text, other files or another author, unless it was
    /// edited or taken back since; [`StoreError::NoAttachment`] when a file is not whole, not the author's, or of
    /// another message;
    /// [`StoreError::NoConversation`] when an agent writes to none, or a customer to somebody else's;
    /// [`StoreError::TooManyConversations`] when a customer who has `OPEN_CONVERSATIONS_MAX` that are not DONE
    /// begins another one;
    /// [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn append_message(&self, message: NewMessage) -> Result<Appended, StoreError>;

    /// Sets the status. With an `owner`, only of a conversation of this customer.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], also when it is another customer's; [`StoreError::Busy`] and
    /// [`StoreError::Broken`].
    async fn set_status(
        &self,
        conversation_id: &ConversationId,
        owner: Option<&CustomerId>,
        status: ConversationStatus,
        author: Author,
        at: UnixMillis,
    ) -> Result<Changed, StoreError>;

    /// Gives a message another text, with an event. The message's event carries the new text from then on, and so
    /// does no earlier edit of it; the same text again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoMessage`] when it is not there or was taken back; [`StoreError::Forbidden`] when it is not
    /// within reach; [`StoreError::NoConversation`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn edit_message(
        &self,
        conversation_id: &ConversationId,
        message_id: &MessageId,
        text: String,
        reach: Reach,
        author: Author,
        at: UnixMillis,
    ) -> Result<Changed, StoreError>;

    /// Takes a message back, with an event: no byte of its text stays, its place does. Again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoMessage`], [`StoreError::Forbidden`] when it is not within reach;
    /// [`StoreError::NoConversation`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn take_back_message(
        &self,
        conversation_id: &ConversationId,
        message_id: &MessageId,
        reach: Reach,
        author: Author,
        at: UnixMillis,
    ) -> Result<TakenBack, StoreError>;

    /// Gives the conversation to somebody. With `only_if`, only while that agent (or nobody) has it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else has it; [`StoreError::NoConversation`],
    /// [`StoreError::NoAgent`], [`StoreError::NoTeam`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn assign(&self, assignment: NewAssignment) -> Result<Changed, StoreError>;

    /// Returns open conversations that nobody answers, those that wait longest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn waiting(&self, limit: usize) -> Result<Vec<WaitingConversation>, StoreError>;

    /// Returns the open conversations of an agent, in no particular order, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn open_of(&self, agent_id: &AgentId, limit: usize) -> Result<Vec<ConversationId>, StoreError>;

    /// Moves a side's receipts forward, never back and never above the head; `None` when nothing moved. With an
    /// `owner`, only of a conversation of this customer.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], also when it is another customer's; [`StoreError::Busy`] and
    /// [`StoreError::Broken`].
    async fn save_receipt(
        &self,
        conversation_id: &ConversationId,
        owner: Option<&CustomerId>,
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

    /// Returns these conversations with their customers, in their order, as they stand at one moment; those that are not
    /// there are left out.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn conversations_with_customers(
        &self,
        conversation_ids: &[ConversationId],
    ) -> Result<Vec<(Conversation, Customer)>, StoreError>;

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

    /// Returns the head seq of each of these conversations; those that are not there are left out.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn heads(
        &self,
        conversation_ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, u64)>, StoreError>;

    /// Returns the head seq of each conversation of a customer, newest change first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn heads_of(
        &self,
        customer_id: &CustomerId,
        limit: usize,
    ) -> Result<Vec<(ConversationId, u64)>, StoreError>;

    /// Returns the head seq of each of the conversations that were changed last, newest change first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn newest_heads(&self, limit: usize) -> Result<Vec<(ConversationId, u64)>, StoreError>;

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
