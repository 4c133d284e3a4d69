//! What is drawn, one component per file.

mod avatar;
mod cobrowse_ask;
mod cobrowse_view;
mod composer;
mod customer;
mod dates;
mod facts;
mod header;
mod icon;
mod inbox;
mod inbox_row;
mod keys_help;
mod labels;
mod log;
pub(crate) mod login;
mod message;
mod resize;
mod saved_field;
mod survey;
mod thread;
mod thread_actions;
mod toasts;
pub(crate) mod workspace;
