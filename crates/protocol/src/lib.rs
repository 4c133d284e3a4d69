//! What Tandem's parts say to each other: ids, commands and events of each direction, REST shapes, errors,
//! close codes and limits. Values only: nothing here reads a clock, a socket or a database.

pub mod agent;
pub mod attachment;
pub mod close;
pub mod cobrowse;
pub mod conversation;
pub mod id;
pub mod jitter;
pub mod limit;
pub mod notice;
pub mod people;
pub mod poll;
pub mod problem;
pub mod recording;
pub mod rest;
pub mod routing;
pub mod rule;
pub mod survey;
pub mod time;
pub mod touchpoint;
pub mod visitor;

/// The version of the chat protocol this build speaks; a server understands it and the one before.
pub const PROTOCOL_VERSION: u32 = 1;

/// The WebSocket subprotocol of both chat sockets.
pub const CHAT_SUBPROTOCOL: &str = "tandem.chat.v1";

/// The WebSocket subprotocol of both co-browse sockets.
pub const COBROWSE_SUBPROTOCOL: &str = "tandem.cobrowse.v1";
