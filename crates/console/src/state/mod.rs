//! Values and rules of the console that need no browser.

pub(crate) mod action;
pub(crate) mod cobrowse;
pub(crate) mod inbox;
pub(crate) mod keys;
pub(crate) mod link;
pub(crate) mod notice;
pub(crate) mod preview;
pub(crate) mod when;
