//! What comes in over a connection, as the shell decoded it.

/// A frame that came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame<C> {
    /// Its size.
    pub bytes: usize,
    /// What it says.
    pub heard: Heard<C>,
}

/// What a frame says.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard<C> {
    /// A command.
    Command(C),
    /// Text that is no command: what is wrong with it, without repeating it.
    Unreadable(String),
    /// Not text, not UTF-8, or larger than any frame may be.
    Broken,
    /// More than a client may say before it is listened to.
    Flood,
    /// A sign of life of the transport itself.
    Sign,
}
