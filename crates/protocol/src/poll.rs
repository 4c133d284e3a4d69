//! Long-polling, for networks that let no WebSocket through: the same frames as on `/client/v1/socket`, by requests.
//!
//! `POST /client/v1/poll` without an id opens a connection; its first frame is the hello. Later requests name the
//! connection, bring frames, and are answered as soon as there is something to say, at the latest after 25 s. A
//! newer request takes over: the one that waits is answered with what there is. An answer that is lost ends the
//! connection for the client, which opens another and resumes by its cursors.

use serde::{Deserialize, Serialize};

use crate::visitor::{VisitorCommand, VisitorEvent};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollRequest {
    /// The connection; none opens one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll_id: Option<String>,
    /// What the client says, in order.
    #[serde(default)]
    pub frames: Vec<VisitorCommand>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollAnswer {
    /// The connection: a secret, kept in memory only.
    pub poll_id: String,
    /// What the server says, in order.
    pub frames: Vec<VisitorEvent>,
    /// The connection is over, with the code a socket would be closed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close: Option<u16>,
}
