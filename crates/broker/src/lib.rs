//! Fan-out of committed events: the trait, what is carried, and the memory broker for one node.
//!
//! A broker may lose a notice and may never be asked for one again: whoever needs to be sure reads the store by
//! its cursors. What a subscriber does not take in time is dropped, and the subscriber is told.

mod memory;
mod subscription;

use std::sync::Arc;

pub use memory::MemoryBroker;
pub use protocol::notice::{Notice, Topic};
pub use subscription::{Lagged, Subscription};

/// Carries what was committed to those who listen.
pub trait Broker: Send + Sync {
    /// Gives the notice to everybody who listens to the topic. Never waits.
    fn publish(&self, topic: &Topic, notice: Arc<Notice>);

    /// Whether anybody listens to the topic at this moment.
    fn is_heard(&self, topic: &Topic) -> bool;

    /// Returns a subscription without topics.
    fn subscribe(&self) -> Subscription;
}
