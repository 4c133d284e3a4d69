//! What the visitor socket and `/client/v1` carry.

use browser::Value;
use protocol::attachment::{Attachment, AttachmentSettings};
use protocol::cobrowse::{CobrowseEnd, CobrowseScope, CobrowseSession, CobrowseStage};
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts, Revision,
};
use protocol::id::{
    AgentId, AttachmentId, CobrowseId, ConversationId, CustomerId, MessageId, TeamId, TouchpointId,
};
use protocol::people::{AgentRef, Identity, Page, TeamRef};
use protocol::problem::ProblemCode;
use protocol::rest::{CustomerToken, EventsPage, NewCustomer};
use protocol::visitor::{Cursor, VisitorCommand, VisitorEvent};

use super::shape::{ids, read_struct, read_words, write_struct, write_words};
use super::{Read, Write, field, field_or_default, tagged};

ids!(AgentId, AttachmentId, CobrowseId, ConversationId, CustomerId, MessageId, TeamId, TouchpointId);
read_struct!(AgentRef { agent_id, name });
read_struct!(TeamRef { team_id, name });
read_struct!(Attachment { attachment_id, name, media_type, bytes });
read_struct!(AttachmentSettings { is_enabled, bytes_max, media_types });
read_struct!(Page { url, title, referrer });
write_struct!(Page { url, title, referrer });
read_struct!(Receipts { customer_delivered_seq, customer_read_seq, agent_delivered_seq, agent_read_seq });
read_struct!(ConversationHead { conversation_id, status, head_seq, receipts, is_survey_done; assignee; team });
write_struct!(AgentRef { agent_id, name });
write_struct!(TeamRef { team_id, name });
write_struct!(Receipts { customer_delivered_seq, customer_read_seq, agent_delivered_seq, agent_read_seq });
write_struct!(ConversationHead {
    conversation_id,
    status,
    head_seq,
    assignee,
    team,
    receipts,
    is_survey_done
});
write_struct!(CobrowseSession { cobrowse_id, conversation_id, agent, scopes, stage, ticket, offer_id });
read_struct!(ConversationEvent { seq, at, author, what });
read_struct!(CobrowseSession { cobrowse_id, conversation_id, agent, scopes, stage; ticket; offer_id });
read_struct!(CustomerToken { customer_id, token });
read_struct!(EventsPage { events, head_seq });
read_struct!(Cursor { conversation_id, seq });
write_struct!(Cursor { conversation_id, seq });
write_struct!(NewCustomer { page });
write_struct!(Identity { external_id, email, firstname, lastname, labels });
read_words!(ConversationStatus { Unread = "UNREAD", Unresolved = "UNRESOLVED", Done = "DONE" });
write_words!(ConversationStatus { Unread = "UNREAD", Unresolved = "UNRESOLVED", Done = "DONE" });
read_words!(Revision { Original = "original", Edited = "edited", Deleted = "deleted" });
read_words!(CobrowseScope {
    View = "view",
    Point = "point",
    Scroll = "scroll",
    Click = "click",
    Type = "type",
    Navigate = "navigate",
    Record = "record"
});
read_words!(CobrowseStage { Asked = "asked", Live = "live" });
write_words!(CobrowseScope {
    View = "view",
    Point = "point",
    Scroll = "scroll",
    Click = "click",
    Type = "type",
    Navigate = "navigate",
    Record = "record"
});
write_words!(CobrowseStage { Asked = "asked", Live = "live" });
read_words!(CobrowseEnd {
    Refused = "refused",
    Withdrawn = "withdrawn",
    Visitor = "visitor",
    Agent = "agent",
    Away = "away",
    Server = "server"
});
read_words!(ProblemCode {
    BadRequest = "bad_request",
    Unauthorised = "unauthorised",
    Forbidden = "forbidden",
    NotFound = "not_found",
    Conflict = "conflict",
    TooLong = "too_long",
    Unsupported = "unsupported",
    Invalid = "invalid",
    TooMany = "too_many",
    Busy = "busy",
    Internal = "internal"
});

impl Read for Author {
    fn read(value: &Value) -> Option<Self> {
        match value.field("kind").as_text()? {
            "customer" => Some(Self::Customer),
            "agent" => Some(Self::Agent { agent_id: field(value, "agent_id")?, name: field(value, "name")? }),
            "system" => Some(Self::System),
            _ => None,
        }
    }
}

impl Read for EventKind {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.field("type").as_text()? {
            "message" => Self::Message {
                message_id: field(value, "message_id")?,
                text: field(value, "text")?,
                attachments: field_or_default(value, "attachments")?,
                revision: field_or_default(value, "revision")?,
            },
            "edited" => Self::Edited { message_id: field(value, "message_id")?, text: field(value, "text")? },
            "deleted" => Self::Deleted { message_id: field(value, "message_id")? },
            "status" => Self::Status { status: field(value, "status")? },
            "assigned" => Self::Assigned {
                agent: field(value, "agent")?,
                team: field(value, "team")?,
                // Visitors never receive one.
                note: None,
            },
            "survey_answered" => Self::SurveyAnswered,
            _ => Self::Unknown,
        })
    }
}

impl Read for VisitorEvent {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.field("type").as_text()? {
            "welcome" => Self::Welcome {
                customer_id: field(value, "customer_id")?,
                server_time: field(value, "server_time")?,
                conversations: field(value, "conversations")?,
                cobrowse: field(value, "cobrowse")?,
            },
            "events" => Self::Events {
                conversation_id: field(value, "conversation_id")?,
                events: field(value, "events")?,
            },
            "reset" => Self::Reset {
                conversation_id: field(value, "conversation_id")?,
                after_seq: field(value, "after_seq")?,
            },
            "ack" => Self::Ack {
                conversation_id: field(value, "conversation_id")?,
                message_id: field(value, "message_id")?,
                seq: field(value, "seq")?,
                at: field(value, "at")?,
            },
            "refused" => Self::Refused {
                message_id: field(value, "message_id")?,
                code: field(value, "code")?,
                retry_after_ms: field(value, "retry_after_ms")?,
            },
            "receipts" => Self::Receipts {
                conversation_id: field(value, "conversation_id")?,
                receipts: field(value, "receipts")?,
            },
            "typing" => Self::Typing {
                conversation_id: field(value, "conversation_id")?,
                name: field(value, "name")?,
                is_typing: field(value, "is_typing")?,
            },
            "survey_stored" => Self::SurveyStored { conversation_id: field(value, "conversation_id")? },
            "cobrowse" => Self::Cobrowse { session: field(value, "session")? },
            "cobrowse_ended" => {
                Self::CobrowseEnded { cobrowse_id: field(value, "cobrowse_id")?, end: field(value, "end")? }
            }
            "ping" => Self::Ping { server_time: field(value, "server_time")?, heads: field(value, "heads")? },
            "moving" => Self::Moving { reconnect_after_ms: field(value, "reconnect_after_ms")? },
            "error" => {
                Self::Error { code: field(value, "code")?, detail: field_or_default(value, "detail")? }
            }
            _ => return None,
        })
    }
}

/// What the tab that leads tells the others itself; the rest goes on as it came from the server.
impl Write for VisitorEvent {
    #[expect(clippy::wildcard_enum_match_arm, reason = "what the server alone says is read here only")]
    fn write(&self) -> Value {
        match self {
            Self::Welcome { customer_id, server_time, conversations, cobrowse } => tagged(
                "type",
                "welcome",
                &mut [
                    ("customer_id", customer_id.write()),
                    ("server_time", server_time.write()),
                    ("conversations", conversations.write()),
                    ("cobrowse", cobrowse.write()),
                ],
            ),
            Self::Reset { conversation_id, after_seq } => tagged(
                "type",
                "reset",
                &mut [("conversation_id", conversation_id.write()), ("after_seq", after_seq.write())],
            ),
            Self::Cobrowse { session } => tagged("type", "cobrowse", &mut [("session", session.write())]),
            _ => Value::Null,
        }
    }
}

impl Write for VisitorCommand {
    fn write(&self) -> Value {
        match self {
            Self::Hello { protocol, touchpoint_id, token, cursors, page, page_key } => tagged(
                "type",
                "hello",
                &mut [
                    ("protocol", protocol.write()),
                    ("touchpoint_id", touchpoint_id.write()),
                    ("token", token.write()),
                    ("cursors", cursors.write()),
                    ("page", page.write()),
                    ("page_key", page_key.write()),
                ],
            ),
            Self::Send { conversation_id, message_id, text, attachments } => tagged(
                "type",
                "send",
                &mut [
                    ("conversation_id", conversation_id.write()),
                    ("message_id", message_id.write()),
                    ("text", text.write()),
                    ("attachments", attachments.write()),
                ],
            ),
            Self::Typing { conversation_id, is_typing } => tagged(
                "type",
                "typing",
                &mut [("conversation_id", conversation_id.write()), ("is_typing", is_typing.write())],
            ),
            Self::Receipt { conversation_id, delivered_seq, read_seq } => tagged(
                "type",
                "receipt",
                &mut [
                    ("conversation_id", conversation_id.write()),
                    ("delivered_seq", delivered_seq.write()),
                    ("read_seq", read_seq.write()),
                ],
            ),
            Self::Page { page } => tagged("type", "page", &mut [("page", page.write())]),
            Self::Identify { identity } => tagged("type", "identify", &mut [("identity", identity.write())]),
            Self::End { conversation_id } => {
                tagged("type", "end", &mut [("conversation_id", conversation_id.write())])
            }
            Self::Survey { conversation_id, answers } => tagged(
                "type",
                "survey",
                &mut [("conversation_id", conversation_id.write()), ("answers", answers.write())],
            ),
            Self::CobrowseConsent { cobrowse_id, is_allowed } => tagged(
                "type",
                "cobrowse_consent",
                &mut [("cobrowse_id", cobrowse_id.write()), ("is_allowed", is_allowed.write())],
            ),
            Self::CobrowseStop { cobrowse_id } => {
                tagged("type", "cobrowse_stop", &mut [("cobrowse_id", cobrowse_id.write())])
            }
            Self::Pong { is_probe } => tagged("type", "pong", &mut [("is_probe", is_probe.write())]),
        }
    }
}
