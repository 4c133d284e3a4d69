//! The server as its clients meet it: over real HTTP and WebSockets, with a real SQLite file.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking, as tests do")]
#![expect(clippy::disallowed_methods, reason = "tests measure how long the server takes")]

mod agent_socket;
mod attachments;
mod cobrowse;
mod cobrowse_start;
mod connections;
mod control;
mod csp;
mod customers;
mod drain;
mod facts;
mod foreign;
mod headers;
mod login;
mod objects;
mod poll;
mod recordings;
mod rest;
mod resume;
mod revision;
mod routing;
mod support;
mod survey;
mod teams;
mod visitor_socket;
