//! Co-browse sessions as the chat protocol sees them: who asks, what is granted, how they end.
//! The frames themselves are the `cobrowse` crate's.

use serde::{Deserialize, Serialize};

use crate::id::{CobrowseId, ConversationId};
use crate::people::AgentRef;
use crate::time::UnixMillis;

/// What a grant allows; each is asked for by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CobrowseScope {
    /// Seeing the page.
    View,
    /// Pointing at things on it, drawing and marking.
    Point,
    /// Scrolling it.
    Scroll,
    /// Clicking and hovering.
    Click,
    /// Typing and choosing.
    Type,
    /// Going to other pages of the site.
    Navigate,
    /// Keeping what is seen, for supervisors and admins to watch again. A page that does not know this word cannot
    /// tell the visitor, and asks nothing.
    Record,
}

impl CobrowseScope {
    /// Returns the word that stands for it on every wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Point => "point",
            Self::Scroll => "scroll",
            Self::Click => "click",
            Self::Type => "type",
            Self::Navigate => "navigate",
            Self::Record => "record",
        }
    }
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
    /// The visitor's offer that was taken up by this: the page that made it has the answer, and only that page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_id: Option<String>,
}

/// `GET /client/v1/conversations/{id}/cobrowse`: what a visitor has to know before they offer to show their page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CobrowseTerms {
    /// Whether a session would be recorded.
    pub is_recorded: bool,
}

/// `POST /client/v1/conversations/{id}/cobrowse/offers`: the visitor offers to show their page. `PUT …/offers/{offer_id}`:
/// they still do, and get the same answer; 404 when the offer is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferStands {
    /// The offer, which stands in the session that comes of it.
    pub offer_id: String,
    /// For how long it stands at most, in milliseconds; it has to be said again every half minute.
    pub for_ms: u32,
}

/// `POST /client/v1/conversations/{id}/cobrowse/code`: what the visitor reads out. It is good once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CobrowseCode {
    /// Six digits.
    pub code: String,
    /// For how long it is good, in milliseconds.
    pub for_ms: u32,
}

/// `POST /api/v1/cobrowse/redeem`: asks the visitor whose code this is; the answer is the session that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedeemCode {
    /// Six digits; blanks between them are fine.
    pub code: String,
}

/// What is kept of a session: who asked, what was given and done, how it ended. Nothing of the page, and nothing that
/// was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CobrowseRecord {
    /// The session.
    pub cobrowse_id: CobrowseId,
    /// The agent who asked.
    pub agent: AgentRef,
    /// When they asked.
    pub asked_at: UnixMillis,
    /// When the visitor allowed it; none when they did not.
    pub granted_at: Option<UnixMillis>,
    /// When it was over; none while it is not.
    pub ended_at: Option<UnixMillis>,
    /// How it ended.
    pub end: Option<CobrowseEnd>,
    /// What was asked, given and done, in order.
    pub steps: Vec<CobrowseStepRecord>,
}

/// One step of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CobrowseStepRecord {
    /// The agent it is about.
    pub agent: AgentRef,
    /// When it was done, or first of several times in a row.
    pub at: UnixMillis,
    /// `offer` or `code` when the visitor began, `watch`, `ask`, `grant`, `refuse`, `release`, `revoke`, or the name of an action: `scroll`, `hover`, `click`,
    /// `insert`, `key`, `choose`, `navigate`.
    pub what: String,
    /// The scopes it is about, with blanks between; of an action its outcome: `done`, `gone`, `hidden`, `covered`,
    /// `masked`, `forbidden`, `not_granted`, `visitor_active`, `native`, `not_editable`.
    pub outcome: String,
    /// How many times in a row.
    pub times: u32,
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
