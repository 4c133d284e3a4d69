//! Co-browse sessions as the chat protocol sees them: who asks, what is granted, how they end.
//! The frames themselves are the `cobrowse` crate's.

use serde::{Deserialize, Serialize};

use crate::id::{CobrowseId, ConversationId};
use crate::people::AgentRef;

/// What a grant allows; each is asked for by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CobrowseScope {
    /// Seeing the page.
    View,
    /// Pointing at things on it.
    Point,
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CobrowseStage {
    /// The visitor has been asked.
    Asked,
    /// The visitor agreed; the page is shared.
    Live,
}

/// A session that is asked for or live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CobrowseSession {
    /// The session.
    pub cobrowse_id: CobrowseId,
    /// The conversation it belongs to.
    pub conversation_id: ConversationId,
    /// The agent who asked.
    pub agent: AgentRef,
    /// What was asked for, or granted.
    pub scopes: Vec<CobrowseScope>,
    /// Where it stands.
    pub stage: CobrowseStage,
    /// The receiver's own ticket for the co-browse socket while the session is live; never anybody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CobrowseEnd {
    /// The visitor said no.
    Refused,
    /// Nobody answered the question in time, or the agent took it back.
    Withdrawn,
    /// The visitor stopped it.
    Visitor,
    /// The agent stopped it.
    Agent,
    /// The visitor's page was away too long.
    Away,
    /// The server or the conversation ended.
    Server,
}
