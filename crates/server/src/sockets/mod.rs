//! The three kinds of sockets, and what they have in common.

pub(crate) mod agent;
pub(crate) mod cobrowse;
mod flood;
mod link;
mod pulse;
mod resume;
pub(crate) mod upgrade;
pub(crate) mod visitor;
