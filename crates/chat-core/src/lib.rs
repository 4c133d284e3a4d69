//! The chat client as state machines: `VisitorChat` for widgets, `AgentChat` for consoles.
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
mod thread;
mod timeline;
mod typing;
mod visitor;

pub use agent::{AgentChat, AgentInput, AgentOutput};
pub use entry::{Entry, EntryKind, MessageState};
pub use link::Connection;
pub use outbox::{ComposeFault, OutboxMessage};
pub use visitor::{
    Compose, ConversationView, SavedSession, SavedVisitor, VisitorChat, VisitorConfig, VisitorInput,
    VisitorOutput,
};
