//! The browser behind small types: clock, randomness, timer, socket, event stream, fetch, JSON, storage, Intl and
//! page events. It decides nothing and knows nothing of chats; what it gives is released when it is dropped.
//!
//! Everything here needs a browser: calling it elsewhere ends the program.

pub mod clock;
pub mod entropy;
mod event_stream;
pub mod fetch;
pub mod intl;
pub mod json;
mod listener;
pub mod object;
pub mod page;
mod socket;
pub mod storage;
mod task;
mod timer;
mod value;

pub use event_stream::EventStream;
pub use fetch::{FetchError, Method};
pub use listener::Listener;
pub use socket::{Socket, SocketEvent};
pub use task::spawn;
pub use timer::Timer;
pub use value::Value;
