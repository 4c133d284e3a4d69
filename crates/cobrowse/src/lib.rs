//! Co-browsing: frames, masking, recorder and replica state machines, codec.

pub mod allow;
mod bytes;
mod columns;
pub mod css;
mod decode;
mod deflate;
mod dictionary;
mod encode;
pub mod envelope;
mod hash;
mod intake;
pub mod limit;
pub mod link;
pub mod masking;
pub mod node;
mod op;
pub mod page;
pub mod pointer;
pub mod recorder;
pub mod relay;
pub mod replica;
pub mod sheets;
mod walk;

pub use decode::DecodeError;
pub use intake::{Batch, IntakeError};
