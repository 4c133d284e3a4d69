//! A visitor's browser: tabs that share a storage, locks, channels and a clock; and an agent's console.

use std::collections::{BTreeMap, VecDeque};

use chat_core::{AgentChat, AgentInput, OutboxMessage, SavedSession, TabChat, TabInput};
use protocol::id::{AttachmentId, ConversationId, CustomerId, MessageId};
use protocol::time::UnixMillis;

use crate::chance::Chance;
use crate::server::conn::ConnId;

/// The time at which every history begins.
pub(crate) const BEGINNING: UnixMillis = UnixMillis(1_795_414_200_000);

/// The clock of a page as shells read it: it follows the computer's clock, but never goes back.
#[derive(Debug, Default)]
pub(crate) struct PageClock {
    last_ms: i64,
    shift_ms: i64,
}

impl PageClock {
    pub(crate) fn read(&mut self, wall: UnixMillis) -> UnixMillis {
        if wall.0 < self.last_ms {
            self.shift_ms += self.last_ms - wall.0;
        }
        self.last_ms = wall.0;
        wall.plus_ms(self.shift_ms)
    }
}

/// What arrives at a page.
#[derive(Debug, Clone)]
pub(crate) enum Arrival<I> {
    /// Something for its machine.
    Input(I),
    /// Something for its machine that came over this connection.
    Over(ConnId, I),
}

/// A page that is loaded.
pub(crate) struct Page<M, I> {
    pub(crate) life: u32,
    pub(crate) machine: M,
    pub(crate) conn: Option<ConnId>,
    /// Until when it stands still.
    pub(crate) still_until: i64,
    /// What came while it stood still.
    pub(crate) held: VecDeque<Arrival<I>>,
    pub(crate) timer_at: Option<i64>,
    /// A second, and how often the timer went off in it.
    pub(crate) ticks: (i64, u32),
    pub(crate) clock: PageClock,
    pub(crate) chance: Chance,
    /// The channel to the other tabs.
    pub(crate) channel: Option<CustomerId>,
}

impl<M, I> Page<M, I> {
    pub(crate) fn new(life: u32, machine: M, chance: Chance) -> Self {
        Self {
            life,
            machine,
            conn: None,
            still_until: 0,
            held: VecDeque::new(),
            timer_at: None,
            ticks: (0, 0),
            clock: PageClock::default(),
            chance,
            channel: None,
        }
    }
}

pub(crate) type TabPage = Page<TabChat, TabInput>;
pub(crate) type ConsolePage = Page<AgentChat, AgentInput>;

/// Who has a lock, and who waits for it.
#[derive(Debug, Default)]
pub(crate) struct Lock {
    pub(crate) holder: Option<usize>,
    pub(crate) queue: VecDeque<usize>,
}

/// A visitor's browser.
#[derive(Default)]
pub(crate) struct Browser {
    pub(crate) tabs: BTreeMap<usize, TabPage>,
    /// How often each tab was loaded.
    pub(crate) lives: BTreeMap<usize, u32>,
    pub(crate) session: Option<SavedSession>,
    pub(crate) outbox: BTreeMap<MessageId, OutboxMessage>,
    pub(crate) locks: BTreeMap<CustomerId, Lock>,
    /// Whether it knows locks at all; without them tabs cannot find each other.
    pub(crate) has_locks: bool,
    /// What uploads are called by the server, as the shell keeps it.
    pub(crate) uploads: BTreeMap<String, AttachmentId>,
    /// Files that were taken out of their messages, by which tab and in which of its lives: their bytes are gone.
    pub(crate) gone: BTreeMap<String, (usize, u32)>,
    /// The computer's clock is this much ahead.
    pub(crate) clock_ms: i64,
    /// How far the clock was moved in all, whichever way.
    pub(crate) clock_moved_ms: i64,
    pub(crate) offline_until: i64,
    pub(crate) no_sockets_until: i64,
    /// When the last word of the storage arrives: they keep their order.
    pub(crate) word_at: i64,
    /// When the last word between tabs arrives.
    pub(crate) channel_at: i64,
}

/// An agent's console.
pub(crate) struct Console {
    pub(crate) page: ConsolePage,
    pub(crate) outbox: BTreeMap<MessageId, OutboxMessage>,
    pub(crate) uploads: BTreeMap<String, AttachmentId>,
    pub(crate) watched: Vec<ConversationId>,
}
