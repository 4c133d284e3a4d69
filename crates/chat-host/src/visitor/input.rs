//! What a visitor's connection asks for, and the answers.

use protocol::close::CloseCode;
use protocol::cobrowse::CobrowseSession;
use protocol::conversation::{ConversationEvent, ConversationHead};
use protocol::id::{CobrowseId, ConversationId, CustomerId, TouchpointId};
use protocol::people::{Identity, Page};
use protocol::survey::SurveyAnswers;
use protocol::time::UnixMillis;
use protocol::visitor::Cursor;

use crate::written::{NewText, Refusal};

/// A visitor whose hello is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitorArrival {
    /// The customer.
    pub customer_id: CustomerId,
    /// The touchpoint they came in by.
    pub touchpoint_id: TouchpointId,
}

/// What has to be found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitorRead {
    /// Whether this token may speak for a customer of this touchpoint.
    Admit {
        /// The touchpoint.
        touchpoint_id: TouchpointId,
        /// The visitor's token.
        token: String,
    },
    /// What the welcome holds.
    Greet {
        /// The customer.
        customer_id: CustomerId,
        /// The tab.
        page_key: String,
    },
    /// Events of a conversation.
    Events {
        /// The conversation.
        conversation_id: ConversationId,
        /// Those after this place.
        after_seq: u64,
        /// At most so many.
        limit: usize,
    },
    /// The heads of a customer's conversations.
    Beat {
        /// The customer.
        customer_id: CustomerId,
    },
    /// The visitor's ticket of a session that is live.
    Ticket {
        /// The session.
        cobrowse_id: CobrowseId,
    },
}

/// What was found out, for the question of the same name.
#[derive(Debug, Clone, PartialEq)]
pub enum VisitorAnswer {
    /// Who it is, or how the connection ends.
    Admitted(Result<Admission, CloseCode>),
    /// What the welcome holds, or how the connection ends.
    Greeted(Result<VisitorGreeting, CloseCode>),
    /// The events in order, or how the connection ends.
    Events(Result<Vec<ConversationEvent>, CloseCode>),
    /// What a heartbeat says.
    Beat(Result<VisitorBeat, Refusal>),
    /// The session with the ticket; none when it is over.
    Ticket(Option<CobrowseSession>),
}

/// A customer who may connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// The customer.
    pub customer_id: CustomerId,
    /// The page they were on last.
    pub page: Page,
}

/// What a welcome holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitorGreeting {
    /// The server's clock.
    pub server_time: UnixMillis,
    /// The customer's conversations, newest first, at most 50.
    pub conversations: Vec<ConversationHead>,
    /// A session that is asked for or live, with the ticket if it is this tab's.
    pub cobrowse: Option<CobrowseSession>,
}

/// What a heartbeat says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitorBeat {
    /// The server's clock.
    pub server_time: UnixMillis,
    /// The heads of the customer's conversations, newest change first, at most 50.
    pub heads: Vec<Cursor>,
}

/// What has to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum VisitorWrite {
    /// Store a message.
    Send(NewText),
    /// Keep how far the visitor has received and read.
    Receipt {
        /// The conversation.
        conversation_id: ConversationId,
        /// Everything up to here is in the browser.
        delivered_seq: u64,
        /// Everything up to here was on the screen.
        read_seq: u64,
    },
    /// Keep the page.
    Page(Page),
    /// Keep what the site says of the visitor.
    Identify(Identity),
    /// Close the conversation.
    End(ConversationId),
    /// Keep the answers of the survey.
    Survey {
        /// The conversation.
        conversation_id: ConversationId,
        /// The answers.
        answers: SurveyAnswers,
    },
    /// Carry out the answer to the question for consent.
    Consent {
        /// The session.
        cobrowse_id: CobrowseId,
        /// The tab that answers.
        page_key: String,
        /// Whether the visitor agreed.
        is_allowed: bool,
    },
    /// End the sharing, if it is this customer's.
    StopSharing(CobrowseId),
}
