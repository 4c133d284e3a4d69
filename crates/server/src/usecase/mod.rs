//! What the product does, whoever asks for it: routes and sockets only translate.

pub(crate) mod announce;
pub(crate) mod assignment;
pub(crate) mod closing;
pub(crate) mod customer;
pub(crate) mod erasure;
pub(crate) mod message;
pub(crate) mod receipt;
pub(crate) mod revision;
pub(crate) mod survey;
pub(crate) mod team;
pub(crate) mod touchpoint;
pub(crate) mod upload;
