//! Values and rules of the console that need no browser.

pub(crate) mod action;
pub(crate) mod assignment;
pub(crate) mod cobrowse;
pub(crate) mod code;
pub(crate) mod file;
pub(crate) mod given;
pub(crate) mod inbox;
pub(crate) mod keys;
pub(crate) mod link;
pub(crate) mod notice;
pub(crate) mod presence;
pub(crate) mod preview;
pub(crate) mod recordings;
pub(crate) mod revise;
#[cfg(test)]
pub(crate) mod sample;
pub(crate) mod wait;
pub(crate) mod when;
