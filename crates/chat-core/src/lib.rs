//! The chat client as state machines: `VisitorChat` for widgets, `AgentChat` for consoles, and `TabChat`, which lets
//! the visitor's chats in several tabs of one browser share a connection.
//!
//! Each has three verbs: `handle(input, now)`, `poll_output()` and `deadline()`. The shell feeds a machine, drains
//! its outputs, and sets one timer for the deadline, at which it hands over `Tick`. After an output `CloseSocket` or
//! `OpenSocket` the shell hands over nothing more from an earlier socket.

mod agent;
mod entry;
mod fetching;
mod jitter;
mod link;
pub mod markup;
mod outbox;
mod tabs;
mod thread;
mod timeline;
mod transport;
mod typing;
mod uploads;
mod visitor;

pub use agent::{AgentChat, AgentInput, AgentOutput};
pub use entry::{Entry, EntryFile, EntryKind, MessageState};
pub use link::Connection;
pub use outbox::{ComposeFault, OutboxFile, OutboxMessage};
pub use tabs::{Standing, TabChat, TabConfig, TabHeard, TabId, TabInput, TabOutput, TabPost};
pub use transport::Transport;
pub use visitor::{
    Compose, ConversationView, SavedSession, SavedVisitor, VisitorChat, VisitorConfig, VisitorInput,
    VisitorOutput,
};
