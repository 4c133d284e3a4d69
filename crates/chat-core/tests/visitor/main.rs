//! The visitor's chat, one behaviour at a time.

mod chat;
mod moving;
mod other_tabs;
mod revisions;
mod tab;
mod taken_out;
mod uploads;
