//! The server behind the binary `tandem`: routes, sockets, use-cases, auth and command line.

mod announcer;
mod app;
mod auth;
pub mod cli;
mod clock;
mod cobrowse;
mod config;
mod demo;
mod drain;
mod facts;
mod hours;
mod origin;
mod presence;
mod problem;
mod random;
mod routes;
mod running;
mod sockets;
mod usecase;
mod visitors;
mod web;

pub use config::{Config, Timing, WebFiles};
pub use origin::{Origin, OriginError};
pub use running::Running;
