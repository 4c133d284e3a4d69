//! Co-browsing without a browser, a socket or a clock: what a page is, how it and its changes become frames, and the
//! state machines at each hop.
//!
//! ```text
//! reader (JavaScript) --batch--> intake -> recorder -> encode -> deflate --frame--> relay --frame--> replica
//!                                  |                                                  |                 |
//!                                 page                                       last keyframe + tail     page + changes
//! ```
//!
//! A frame is a header (`envelope`) and a payload. Payloads of a keyframe epoch are pieces of one deflate stream
//! (`deflate`), and inflate to columns (`columns`) of operations (`op`) with the dictionaries of that epoch
//! (`dictionary`). A keyframe begins a new epoch, so the last keyframe and the frames after it are always enough.
//! The recorder keeps the page as it stands on the wire: a new keyframe costs the visitor's page nothing.
//! Everything that comes in may be hostile; `limit` names every bound, `allow` says what may be built.

pub mod allow;
pub mod aspect;
mod batch;
pub mod blocked;
mod bytes;
mod columns;
pub mod control;
pub mod css;
mod css_token;
mod decode;
mod deflate;
mod dictionary;
mod encode;
pub mod envelope;
pub mod grant;
pub mod hash;
mod intake;
pub mod limit;
pub mod link;
pub mod masking;
pub mod node;
mod op;
pub mod page;
pub mod playback;
pub mod pointer;
pub mod recorder;
pub mod recording;
pub mod relay;
pub mod replica;
pub mod sheets;
mod walk;

pub use batch::Batch;
pub use decode::DecodeError;
pub use intake::IntakeError;
