//! What comes in over a connection, as the shell decoded it.

use protocol::close::CloseCode;
use protocol::limit::HELLO_BYTES_MAX;

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

/// What follows from a frame, whichever side the client is on.
pub(crate) enum Admitted<C> {
    /// Nothing more.
    Nothing,
    /// What was said before anything else, to be taken as a hello.
    Hello(C),
    /// A command of a client that was greeted.
    Command(C),
    /// It cannot be read, for this reason; the client is told.
    Unreadable(String),
}

impl<C> Frame<C> {
    /// Decides what becomes of the frame of a client that was greeted, or was not yet.
    ///
    /// # Errors
    /// With which code the connection ends.
    pub(crate) fn admit(self, is_greeted: bool) -> Result<Admitted<C>, CloseCode> {
        match self.heard {
            Heard::Sign => Ok(Admitted::Nothing),
            Heard::Broken => Err(CloseCode::BadFrame),
            Heard::Flood => Err(CloseCode::TooMany),
            Heard::Command(command) if is_greeted => Ok(Admitted::Command(command)),
            Heard::Unreadable(detail) if is_greeted => Ok(Admitted::Unreadable(detail)),
            Heard::Command(command) if self.bytes <= HELLO_BYTES_MAX => Ok(Admitted::Hello(command)),
            Heard::Command(_) | Heard::Unreadable(_) => Err(CloseCode::BadFrame),
        }
    }
}
