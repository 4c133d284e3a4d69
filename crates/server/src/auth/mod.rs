//! Who is let in: secrets, passwords, cookies, limits, and which role may use which route.

pub(crate) mod access;
pub(crate) mod attempts;
pub(crate) mod base64;
pub(crate) mod cookie;
pub(crate) mod customer_limit;
pub(crate) mod guard;
pub(crate) mod login_limit;
pub(crate) mod password;
pub(crate) mod secret;
pub(crate) mod visitor;
