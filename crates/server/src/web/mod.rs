//! What browsers load: the web files, the script of a touchpoint, and the policies they come with.

pub(crate) mod assets;
pub(crate) mod policy;
pub(crate) mod script;
