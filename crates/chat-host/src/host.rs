//! What a machine for one side of a connection takes and gives, whichever side it is.

use std::sync::Arc;

use protocol::close::CloseCode;
use protocol::notice::{Notice, Shared, Topic};
use protocol::people::AgentPresence;

use crate::heard::Frame;
use crate::steady::SteadyMs;
use crate::written::Written;

/// The server's side of one connection.
pub trait Host {
    /// What the client says.
    type Command;
    /// What the client hears.
    type Event;
    /// Who arrived, once the hello is accepted.
    type Arrival;
    /// What has to be found out.
    type Read;
    /// What was found out.
    type Answer;
    /// What has to be done.
    type Write;

    /// Takes one input; outputs and frames follow.
    fn handle(&mut self, input: HostInput<Self::Command, Self::Answer>, now: SteadyMs);

    /// The next thing for the shell to do, oldest first.
    fn poll_output(&mut self) -> Option<HostOutput<Self::Arrival, Self::Read, Self::Write>>;

    /// The next frame. To be asked for when the connection has room for it; outputs may follow.
    fn poll_frame(&mut self, now: SteadyMs) -> Option<Outgoing<Self::Event>>;

    /// The end, once nothing waits before it. It needs no room: a client that takes nothing in is let go as well.
    fn poll_close(&mut self) -> Option<CloseCode>;

    /// Whether the next frame of the client may be read. What is not read waits in the network, not in memory.
    fn wants_frame(&self) -> bool;

    /// Whether everything the client said is done. A client that is gone is served to here.
    fn is_settled(&self) -> bool;

    /// When `Tick` is due.
    fn deadline(&self) -> Option<SteadyMs>;

    /// How much waits to be sent: frames and bytes.
    fn load(&self) -> (usize, usize);
}

/// What goes in: commands `C` and answers `A`.
#[derive(Debug, Clone, PartialEq)]
pub enum HostInput<C, A> {
    /// A frame came in.
    Frame(Frame<C>),
    /// The answer to the read under way.
    Read(A),
    /// The answer to the write under way.
    Written(Written),
    /// Something happened elsewhere.
    Notice(Arc<Notice>),
    /// Somebody's presence changed: every agent. Latest wins; visitors are not told.
    Presence(Arc<Vec<AgentPresence>>),
    /// Notices were lost.
    Lagged,
    /// The server goes down and it is this connection's turn to move.
    Move,
    /// The client is gone.
    Gone,
    /// The deadline is over.
    Tick,
}

/// What comes out: arrivals `A`, reads `R` and writes `W`.
#[derive(Debug, Clone, PartialEq)]
pub enum HostOutput<A, R, W> {
    /// The hello is accepted: somebody counts as connected.
    Arrived(A),
    /// Listen to a topic from now on.
    Listen(Topic),
    /// Listen to a topic no longer.
    Ignore(Topic),
    /// Tell those who listen. It may get lost.
    Publish(Topic, Notice),
    /// Find something out; one at a time.
    Read(R),
    /// Do something; one at a time.
    Write(W),
}

/// What leaves over the connection.
#[derive(Debug, Clone, PartialEq)]
pub enum Outgoing<E> {
    /// A frame.
    Event(E),
    /// A frame that others get as well.
    Shared(Arc<Shared<E>>),
    /// The end, with its code; nothing follows.
    Close(CloseCode),
}
