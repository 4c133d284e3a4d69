//! Bodies of the HTTP interfaces `/client/v1` and `/api/v1`.

use serde::{Deserialize, Serialize};

use crate::agent::ConversationSummary;
use crate::conversation::ConversationEvent;
use crate::id::{AgentId, AttachmentId, CustomerId, MessageId, TeamId};
use crate::people::{AgentProfile, Page, Team};
use crate::time::UnixMillis;

/// `POST /client/v1/touchpoints/{touchpoint_id}/customers`: the visitor's first action that needs storing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    /// The page it happened on.
    #[serde(default)]
    pub page: Page,
}

/// The answer, 201: the only time the token is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerToken {
    /// The customer.
    pub customer_id: CustomerId,
    /// The secret of the visitor's browser: for `Authorization: Bearer` and the socket's hello.
    pub token: String,
}

/// A page of events: `GET …/conversations/{conversation_id}/events?after_seq=0&limit=200`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsPage {
    /// Events in order of seq.
    pub events: Vec<ConversationEvent>,
    /// The last seq given; more pages follow while the last event is below it.
    pub head_seq: u64,
}

/// `POST /api/v1/session`: logs in and sets the cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The log-in.
    pub email: String,
    /// The password.
    pub password: String,
}

/// `GET /api/v1/session` and the answer to a log-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who is logged in.
    pub agent: AgentProfile,
    /// Whether they asked for no new chats.
    pub is_away: bool,
}

/// `PUT /api/v1/session/away`: asks for no new chats, or for them again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Away {
    /// Whether to count as away.
    pub is_away: bool,
}

/// A page of conversations: `GET /api/v1/conversations?status=…&cursor=…&limit=…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationsPage {
    /// Conversations, newest change first.
    pub conversations: Vec<ConversationSummary>,
    /// Where the next page begins; none on the last.
    pub next_cursor: Option<String>,
}

/// `PUT /api/v1/conversations/{conversation_id}/assignee`. To an agent or to a team: both is `invalid`, neither puts
/// it back into the queue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// Who shall answer.
    #[serde(default)]
    pub agent_id: Option<AgentId>,
    /// In whose queue it shall wait; whoever answers it now is done with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<TeamId>,
    /// What the next one has to know, at most 2000 characters; visitors never see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Takes effect only while this agent (or nobody, if null) answers it; left out, it always does. Of two
    /// agents who take one chat at once, one gets 409 `conflict`.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "double_option")]
    pub only_if: Option<Option<AgentId>>,
}

/// Tells a field that is null from one that is left out.
mod double_option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer, T: Serialize>(
        value: &Option<Option<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(deserializer).map(Some)
    }
}

/// `PATCH /api/v1/customers/{customer_id}`: fields that are left out stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerPatch {
    /// First name; empty clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firstname: Option<String>,
    /// Last name; empty clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lastname: Option<String>,
    /// E-mail address; empty clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// All labels, at most 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// What agents wrote down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// `POST /api/v1/conversations/{conversation_id}/messages`: a message of the agent in whose name the caller acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAgentMessage {
    /// The message, made by the client; sending it again is safe.
    pub message_id: MessageId,
    /// The text, at most 4000 characters; empty only beside attachments.
    pub text: String,
    /// Files that were uploaded whole by the sender and belong to no message yet, at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentId>,
}

/// `PATCH /api/v1/conversations/{conversation_id}/messages/{message_id}`: gives a message another text. Agents edit
/// what they wrote themselves. `DELETE` of the same takes a message back: agents their own, supervisors every one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessagePatch {
    /// The text, 1..=4000 characters.
    pub text: String,
}

/// `GET /api/v1/teams`, ordered by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teams {
    /// Every team.
    pub teams: Vec<Team>,
}

/// `POST /api/v1/teams` makes a team, `PUT /api/v1/teams/{team_id}` replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamDocument {
    /// What it is called, 1..=120 characters; unique.
    pub name: String,
    /// Who is in it, at most 200.
    pub agent_ids: Vec<AgentId>,
}

/// The answer, 201: where the message stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMessage {
    /// The message.
    pub message_id: MessageId,
    /// Its place in the conversation.
    pub seq: u64,
    /// When it was stored.
    pub at: UnixMillis,
}
