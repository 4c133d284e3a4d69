//! The connections of both sides: chat over a socket or by polling, and shared pages.

pub(crate) mod agent;
pub(crate) mod cobrowse;
mod desk;
#[cfg(feature = "echo")]
pub mod echo;
pub(crate) mod polling;
mod serve;
mod steady;
pub(crate) mod upgrade;
pub(crate) mod visitor;
mod websocket;
mod wire;
