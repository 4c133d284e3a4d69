//! The server's side of a chat connection as pure machines: one for a visitor, one for an agent.
//!
//! A machine takes inputs (`handle`), gives outputs (`poll_output`), frames when the connection has room for one
//! (`poll_frame`), and says when it wants to be looked at again (`deadline`). It knows no socket, store, clock or
//! randomness: what it needs to know it asks for, and the shell answers. At most one write and one read are under
//! way at a time, so that nothing a client said overtakes what it said before.
//!
//! What a client misses is never kept in memory for it. The machine remembers how far each conversation was sent and
//! how far it is known to go; while the two differ it reads from the store, a piece at a time, as the client takes
//! them.

mod agent;
mod flood;
mod heard;
mod host;
mod lane;
mod line;
mod outbound;
mod pulse;
mod steady;
mod tracks;
mod visitor;
mod written;

pub use agent::{
    AgentAnswer, AgentBeat, AgentGreeting, AgentHost, AgentRead, AgentWrite, OpenedConversation,
};
pub use flood::Flood;
pub use heard::{Frame, Heard};
pub use host::{Host, HostInput, HostOutput, Outgoing};
pub use line::HostTiming;
pub use pulse::{Beat, Pulse};
pub use steady::SteadyMs;
pub use visitor::{
    Admission, VisitorAnswer, VisitorArrival, VisitorBeat, VisitorGreeting, VisitorHost, VisitorRead,
    VisitorWrite,
};
pub use written::{NewText, Refusal, Written};
