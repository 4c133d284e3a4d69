//! Clients, a server and the links between them as values, under every kind of trouble: what was promised of delivery
//! holds in every history, or the shortest history in which it does not is found.

mod actor;
mod browser;
mod chance;
mod check;
mod fault;
mod plan;
mod run;
mod server;
mod truth;
mod world;

pub use fault::Fault;
pub use run::{Failure, copies_on_a_sound_link, met, run, run_all};
