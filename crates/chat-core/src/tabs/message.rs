//! What goes into the chat of one tab among others, what comes out, and what tabs say to each other.

use protocol::id::CustomerId;
use protocol::visitor::{Cursor, VisitorCommand, VisitorEvent};

use crate::visitor::{VisitorInput, VisitorOutput};

/// Names a tab among the tabs of its browser: random, made anew with every page.
pub type TabId = String;

/// What goes in.
#[derive(Debug, Clone, PartialEq)]
pub enum TabInput {
    /// What concerns the chat of this tab. `SocketOpened` and `SocketClosed` are those of this tab's own connection;
    /// its frames come as `Frame`.
    Chat(VisitorInput),
    /// A frame came in on this tab's own connection.
    Frame {
        /// What it says.
        event: VisitorEvent,
        /// The frame as it came, for the other tabs.
        text: String,
    },
    /// An answer to `Gather`: the lock is this tab's.
    Leads,
    /// An answer to `Gather`: another tab has the lock. `Leads` follows when it is gone.
    Follows,
    /// An answer to `Gather`: tabs cannot find each other here.
    StaysAlone,
    /// Another tab said this.
    Heard(TabHeard),
    /// The page came onto the screen, or left it.
    Shown(bool),
}

/// What comes out.
#[derive(Debug, Clone, PartialEq)]
pub enum TabOutput {
    /// What the chat of this tab asks for. `OpenSocket`, `CloseSocket` and `Send` mean this tab's own connection.
    Chat(VisitorOutput),
    /// Send this frame of another tab on this tab's own connection, as it is.
    Relay(String),
    /// Open the channel to the other tabs and ask for the lock, both named by touchpoint and customer; answer with
    /// `Leads`, `Follows` or `StaysAlone`.
    Gather(CustomerId),
    /// Give up the lock, or the wish for it, and close the channel.
    Scatter,
    /// Say this to the other tabs.
    Post(TabPost),
}

/// What a tab says to the others.
#[derive(Debug, Clone, PartialEq)]
pub enum TabPost {
    /// A tab that follows wants to hear what comes after these positions.
    Join(Vec<Cursor>),
    /// A tab that follows has this to say to the server.
    Say(VisitorCommand),
    /// The sender leads.
    Lead(Standing),
    /// A frame of the server for all tabs that follow, as it came.
    Forward(String),
    /// A frame that the leader makes itself.
    Tell {
        /// Who shall take it; everybody when there is none.
        to: Option<TabId>,
        /// What it says.
        event: VisitorEvent,
    },
}

/// What another tab said.
#[derive(Debug, Clone, PartialEq)]
pub enum TabHeard {
    /// As `TabPost::Join`.
    Join {
        /// Who joins.
        from: TabId,
        /// What it has.
        cursors: Vec<Cursor>,
    },
    /// As `TabPost::Say`, with the command as it stands on the wire.
    Say(String),
    /// As `TabPost::Lead`.
    Lead {
        /// Who leads.
        from: TabId,
        /// Where its connection stands.
        standing: Standing,
    },
    /// As `TabPost::Forward` and `TabPost::Tell`.
    Said {
        /// Who shall take it; everybody when there is none.
        to: Option<TabId>,
        /// What it says.
        event: Box<VisitorEvent>,
    },
}

/// Where the leader's connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was welcomed.
    Online,
    /// It is not there; with the code when that is final.
    Offline(Option<u16>),
}
