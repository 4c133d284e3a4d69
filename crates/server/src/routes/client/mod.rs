//! `/client/v1`: what widgets ask for.

pub(super) mod attachments;
pub(super) mod cobrowse;
pub(super) mod cors;
pub(super) mod customers;
pub(super) mod events;
pub(super) mod facts;
pub(super) mod poll;
pub(super) mod sockets;
