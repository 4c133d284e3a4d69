//! What goes into the visitor's chat, what comes out, and what storage keeps of it.

use protocol::conversation::Author;
use protocol::id::{AttachmentId, CobrowseId, ConversationId, CustomerId, Entropy, MessageId, TouchpointId};
use protocol::people::{Identity, Page};
use protocol::rest::{CustomerToken, EventsPage, NewCustomer};
use protocol::survey::SurveyAnswers;
use protocol::visitor::{VisitorCommand, VisitorEvent};
use serde::{Deserialize, Serialize};

use crate::outbox::{OutboxFile, OutboxMessage};
use crate::transport::Transport;

/// What the chat is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitorConfig {
    /// The touchpoint.
    pub touchpoint_id: TouchpointId,
    /// Randomness for pauses; every tab has its own.
    pub jitter_seed: u64,
    /// The page the visitor is on.
    pub page: Page,
    /// Names the tab across reloads; empty when it has no name.
    pub page_key: String,
}

/// What storage held.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedVisitor {
    /// Who the visitor is, once they have acted.
    pub session: Option<SavedSession>,
    /// Messages the server may not have.
    pub outbox: Vec<OutboxMessage>,
    /// A co-browse session that the visitor stopped and the server may still believe in.
    pub cobrowse_stop: Option<CobrowseId>,
}

/// Who the visitor is to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSession {
    /// The customer.
    pub customer_id: CustomerId,
    /// The secret of this browser.
    pub token: String,
    /// The conversation that was shown last, so that a word typed right after a reload goes on there.
    #[serde(default)]
    pub conversation_id: Option<ConversationId>,
}

/// A text to send, with randomness for the ids it may need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compose {
    /// The text.
    pub text: String,
    /// Its files; the shell holds their bytes.
    pub files: Vec<OutboxFile>,
    /// For a conversation, should this be the first message of one.
    pub conversation_entropy: Entropy,
    /// For the message.
    pub message_entropy: Entropy,
}

/// What goes in.
#[derive(Debug, Clone, PartialEq)]
pub enum VisitorInput {
    /// Connect if there is something to connect for: a session or a message that waits.
    Start,
    /// Send was pressed. A text with a `compose_fault` is not taken.
    Compose(Compose),
    /// Try a failed message again.
    Retry {
        /// The message.
        message_id: MessageId,
    },
    /// The server has this many bytes of a file.
    UploadProgressed {
        /// The file.
        file_id: String,
        /// Bytes from its start.
        sent_bytes: u64,
    },
    /// The answer to `Upload`: the server has it whole.
    Uploaded {
        /// The file.
        file_id: String,
        /// The server's name for it.
        attachment_id: AttachmentId,
    },
    /// `Upload` failed.
    UploadFailed {
        /// The file.
        file_id: String,
        /// Whether trying again is of no use: it is not taken, or its bytes are gone.
        is_final: bool,
    },
    /// The visitor takes a file out of a message that was not sent yet; the shell has ended its upload.
    RemoveFile {
        /// The file.
        file_id: String,
    },
    /// Another tab of this browser keeps a message that waits, or has changed it. That tab sends it; this one does
    /// when it is not there in time.
    MessageFound(OutboxMessage),
    /// The visitor types, or stopped.
    Typing {
        /// Whether they type.
        is_typing: bool,
    },
    /// The end of the log is on the screen.
    Seen,
    /// The socket is open.
    SocketOpened,
    /// A frame came in.
    Received(VisitorEvent),
    /// The socket closed, or could not be opened (1006).
    SocketClosed {
        /// The close code.
        code: u16,
    },
    /// The answer to `CreateCustomer`.
    CustomerCreated(CustomerToken),
    /// Another tab of this browser has a session, or went on to another conversation; or the answer to
    /// `ClaimSession` or `ForgetSession`.
    SessionFound(SavedSession),
    /// `CreateCustomer` failed; or what this browser keeps in the place of a session cannot be read.
    CustomerRefused {
        /// Whether trying again is of no use (4xx but 429).
        is_final: bool,
    },
    /// The answer to `FetchEvents`.
    EventsFetched {
        /// The conversation.
        conversation_id: ConversationId,
        /// The events.
        page: EventsPage,
    },
    /// `FetchEvents` failed.
    FetchFailed {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// The page became visible, was shown again, or the network is back.
    WakeUp,
    /// The page is put away (`pagehide`), or stands still (`freeze`).
    Sleep,
    /// Frames go another way from now on: connect anew, at once.
    Reconnect,
    /// The visitor is on another page.
    PageChanged(Page),
    /// The site says who the visitor is.
    Identify(Identity),
    /// The visitor ends the chat.
    End,
    /// The next message begins a new conversation.
    StartNew,
    /// The survey's answers; empty when it was skipped.
    AnswerSurvey(SurveyAnswers),
    /// The visitor answered the question for consent.
    Consent {
        /// The session that was asked for.
        cobrowse_id: CobrowseId,
        /// Whether they agreed.
        is_allowed: bool,
    },
    /// The visitor ends the sharing.
    StopCobrowse,
    /// The deadline is over.
    Tick,
}

/// What comes out.
#[derive(Debug, Clone, PartialEq)]
pub enum VisitorOutput {
    /// `POST …/customers`; answer with `CustomerCreated` or `CustomerRefused`.
    CreateCustomer(NewCustomer),
    /// Open a socket, or what stands for one.
    OpenSocket {
        /// How frames shall travel.
        transport: Transport,
    },
    /// Close the socket and forget it.
    CloseSocket,
    /// Send a frame.
    Send(VisitorCommand),
    /// `GET …/events`; answer with `EventsFetched` or `FetchFailed`.
    FetchEvents {
        /// The conversation.
        conversation_id: ConversationId,
        /// The last seq we have.
        after_seq: u64,
    },
    /// Upload a file, going on where an earlier try was cut; answer with `Uploaded` or `UploadFailed`.
    Upload(OutboxFile),
    /// Keep who the visitor is.
    SaveSession(SavedSession),
    /// Keep who the visitor became, unless this browser keeps somebody already: of two tabs that ask at once, one is
    /// second. What cannot be read is nobody. Answer with `SessionFound`: whoever is kept now.
    ClaimSession(SavedSession),
    /// Forget who the visitor was, to whom the server gave this token. When this browser keeps somebody else by now, who
    /// became a customer in another tab, answer with `SessionFound`.
    ForgetSession(String),
    /// Keep a message, under its own key.
    SaveMessage(OutboxMessage),
    /// The server has the message, or nobody sends it any more.
    ForgetMessage(MessageId),
    /// Keep that a co-browse session was stopped, over a reload too.
    SaveCobrowseStop(CobrowseId),
    /// The server knows that it was stopped.
    ForgetCobrowseStop,
    /// A message of the other side came to this browser for the first time.
    MessageArrived {
        /// The conversation.
        conversation_id: ConversationId,
        /// Its place.
        seq: u64,
        /// Who wrote it.
        author: Author,
        /// The text.
        text: String,
    },
    /// The views may differ from before.
    Changed,
}
