//! What goes into the agent's chat and what comes out.

use protocol::agent::{AgentCommand, AgentEvent};
use protocol::id::{AttachmentId, ConversationId, Entropy, MessageId};
use protocol::rest::EventsPage;

use crate::outbox::{OutboxFile, OutboxMessage};

/// What goes in.
#[derive(Debug, Clone, PartialEq)]
pub enum AgentInput {
    /// Connect.
    Start,
    /// Log-out: let go of everything.
    Stop,
    /// Show a conversation.
    Watch {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// Show it no more.
    Unwatch {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// Send was pressed. A text with a `compose_fault` is not taken.
    Compose {
        /// The conversation.
        conversation_id: ConversationId,
        /// The text.
        text: String,
        /// Its files; the shell holds their bytes.
        files: Vec<OutboxFile>,
        /// Randomness for the message's id.
        message_entropy: Entropy,
    },
    /// Try a failed message again.
    Retry {
        /// The message.
        message_id: MessageId,
    },
    /// Give a failed message up.
    Discard {
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
    /// The agent types, or stopped.
    Typing {
        /// The conversation.
        conversation_id: ConversationId,
        /// Whether they type.
        is_typing: bool,
    },
    /// The end of the log is on the screen.
    Seen {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// The socket is open.
    SocketOpened,
    /// A frame came in.
    Received(AgentEvent),
    /// The socket closed, or could not be opened (1006).
    SocketClosed {
        /// The close code.
        code: u16,
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
    /// The page became visible or the network is back.
    WakeUp,
    /// The page is put away (`pagehide`).
    Sleep,
    /// The deadline is over.
    Tick,
}

/// What comes out.
#[derive(Debug, Clone, PartialEq)]
pub enum AgentOutput {
    /// Open a socket.
    OpenSocket,
    /// Close the socket and forget it.
    CloseSocket,
    /// Send a frame.
    Send(AgentCommand),
    /// `GET …/events`; answer with `EventsFetched` or `FetchFailed`.
    FetchEvents {
        /// The conversation.
        conversation_id: ConversationId,
        /// The last seq we have.
        after_seq: u64,
    },
    /// Upload a file, going on where an earlier try was cut; answer with `Uploaded` or `UploadFailed`.
    Upload(OutboxFile),
    /// Keep a message, under its own key.
    SaveMessage(OutboxMessage),
    /// The server has the message.
    ForgetMessage(MessageId),
    /// A customer's message came into a watched conversation.
    MessageArrived {
        /// The conversation.
        conversation_id: ConversationId,
        /// Its place.
        seq: u64,
        /// The text.
        text: String,
    },
    /// The views may differ from before.
    Changed,
}
