//! The agent's side of a co-browse session: the pure replica's page, built node by node in a sandboxed frame, and
//! the socket that the frames come from. The SDK uses the same stage without the socket.

mod address;
mod aspects;
mod builder;
mod choices;
mod dom;
mod fields;
mod hand;
mod hit;
mod plan;
mod player;
mod session;
mod sheets;
mod shown;
mod stage;
mod standalone;
mod warm;

pub use player::RecordingPlayer;
pub use session::ViewerSession;
pub use standalone::FrameViewer;
