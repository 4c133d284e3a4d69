//! The visitor's side of a co-browse session, in Tandem's frame: takes the reader's batches from a message port,
//! has the pure recorder turn them into frames, and keeps the socket to the relay. The SDK uses the same recorder
//! without port and socket.

mod acts;
mod batch;
mod grant;
mod session;
mod standalone;

pub use session::RecorderSession;
pub use standalone::FrameRecorder;
