//! The server behind the binary `tandem`: routes, sockets, use-cases, auth and command line.

mod announcer;
mod app;
mod auth;
pub mod cli;
mod clock;
mod cobrowse;
mod config;
mod connections;
mod csp;
mod demo;
mod drain;
mod export;
mod facts;
mod files;
mod folder;
mod foreign;
mod forwarded;
mod hours;
mod listen;
mod origin;
mod presence;
mod problem;
mod random;
mod recordings;
mod replays;
mod retention;
mod routes;
mod routing;
mod running;
mod sockets;
mod usecase;
mod visitors;
mod web;

pub use config::{Config, Timing, WebFiles};
pub use files::AttachmentsPlace;
pub use forwarded::{Network, NetworkError};
pub use origin::{Origin, OriginError};
pub use running::Running;
#[cfg(feature = "echo")]
pub use sockets::echo;
