//! `/api/v1`: what agents, admins and programs ask for.

pub(super) mod agents;
pub(super) mod attachments;
pub(super) mod cobrowse;
pub(super) mod conversations;
pub(super) mod customers;
pub(super) mod messages;
pub(super) mod recordings;
pub(super) mod session;
pub(super) mod sockets;
pub(super) mod teams;
pub(super) mod touchpoints;
