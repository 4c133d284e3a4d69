//! Who is measured, and what each of them promises.

/// A server under load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Contender {
    /// The product.
    Tandem,
    /// A relay on the npm package `ws`.
    Ws,
    /// A relay on the npm package `socket.io`.
    SocketIo,
    /// A relay that only copies frames, in this very program: what the generator itself can take.
    Bare,
}

impl Contender {
    pub(crate) const ALL: [Self; 4] = [Self::Tandem, Self::Ws, Self::SocketIo, Self::Bare];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tandem => "tandem",
            Self::Ws => "ws",
            Self::SocketIo => "socket.io",
            Self::Bare => "bare",
        }
    }

    /// What is left of an acknowledged message after a power cut, and how often it arrives.
    pub(crate) fn durability(self) -> &'static str {
        match self {
            Self::Tandem => "SQLite FULL, exactly once",
            Self::Ws | Self::SocketIo | Self::Bare => "memory, at most once",
        }
    }
}
