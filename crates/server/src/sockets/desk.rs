//! What carries out a machine's wishes, and how outcomes are told to machines.

use std::sync::Arc;

use chat_host::{Host, Refusal, Written};
use futures_util::future::BoxFuture;
use protocol::close::CloseCode;
use protocol::id::ConversationId;
use protocol::people::AgentPresence;
use protocol::visitor::Cursor;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Appended, StoreError};
use tokio::sync::watch;

use crate::problem::Problem;

/// Carries out what one side's machine wants.
pub(super) trait Desk: Send {
    /// The machine.
    type Host: Host<
            Command: DeserializeOwned + Send,
            Event: Serialize + Send,
            Arrival: Send,
            Read: Send,
            Answer: Send,
            Write: Send,
        > + Send;

    /// The hello was accepted.
    fn arrived(&mut self, arrival: <Self::Host as Host>::Arrival);

    /// Finds something out.
    fn read(&mut self, read: <Self::Host as Host>::Read) -> BoxFuture<'static, <Self::Host as Host>::Answer>;

    /// Does something. Once begun it is brought to its end, whatever becomes of the client.
    fn write(&mut self, write: <Self::Host as Host>::Write) -> BoxFuture<'static, Written>;

    /// Everybody's presence, for those who are told of it.
    fn presence(&mut self) -> Option<&mut watch::Receiver<Arc<Vec<AgentPresence>>>>;
}

/// A store that refuses for a moment is a reason to come again.
pub(super) fn come_again(_: StoreError) -> CloseCode {
    CloseCode::Restart
}

/// Tells a machine how far conversations go.
pub(super) fn cursors(heads: Vec<(ConversationId, u64)>) -> Vec<Cursor> {
    heads.into_iter().map(|(conversation_id, seq)| Cursor { conversation_id, seq }).collect()
}

/// Tells a machine why something was not done.
pub(super) fn refusal(problem: Problem) -> Refusal {
    let Problem { code, detail, retry_after_s, .. } = problem;
    Refusal { code, detail, retry_after_ms: retry_after_s.map(|seconds| seconds.saturating_mul(1_000)) }
}

/// Tells a machine what became of a message.
pub(super) fn stored(outcome: Result<Appended, Problem>) -> Written {
    match outcome {
        Ok(Appended { seq, at, events, .. }) => Written::Stored { seq, at, events },
        Err(problem) => Written::Refused(refusal(problem)),
    }
}

/// Tells a machine what became of something else.
pub(super) fn done(outcome: Result<(), Problem>) -> Written {
    match outcome {
        Ok(()) => Written::Done,
        Err(problem) => Written::Refused(refusal(problem)),
    }
}
