//! Who answers: waiting conversations find their agent, and those of agents who disappear wait again. What is decided
//! is pure; one task carries it out.

mod absence;
mod decide;
mod run;

use tokio::sync::Notify;

pub(crate) use run::keep_routing;

/// Waiting conversations that are looked at in one go, those that wait longest first.
pub(crate) const WAITING_MAX: usize = 5_000;

/// Wakes the task that routes.
#[derive(Debug, Default)]
pub(crate) struct Routing {
    wake: Notify,
}

impl Routing {
    /// Says that something changed which routing goes by.
    pub(crate) fn look_again(&self) {
        self.wake.notify_one();
    }
}
