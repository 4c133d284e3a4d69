//! One connection as the server has it: the machine, and the network under it.

use std::collections::{BTreeSet, VecDeque};

use chat_host::{Frame, Host};
use protocol::limit::{POLL_IDLE_MS, POLL_WAIT_MS};
use protocol::notice::Topic;

use crate::actor::Client;
use crate::chance::Chance;
use crate::world::Weather;

/// Names a connection.
pub(crate) type ConnId = u64;

/// Frames under way to a client before the network takes no more.
const IN_FLIGHT_MAX: usize = 6;

/// One connection.
pub(crate) struct Conn<H: Host> {
    /// Whose it is.
    pub(crate) client: Client,
    pub(crate) host: H,
    /// Who said hello.
    pub(crate) who: Option<H::Arrival>,
    pub(crate) topics: BTreeSet<Topic>,
    /// Frames that arrived and were not read yet; none is the end.
    pub(crate) unread: VecDeque<Option<Frame<H::Command>>>,
    pub(crate) is_writing: bool,
    /// Frames under way to the client.
    pub(crate) in_flight: usize,
    /// When the last frame of each direction arrives: one never overtakes another.
    pub(crate) down_at: i64,
    pub(crate) up_at: i64,
    pub(crate) notice_at: i64,
    /// The network lets nothing through any more, in either direction; at most one side knows.
    pub(crate) is_cut: bool,
    /// The machine is over: what the client said is still carried out.
    pub(crate) is_over: bool,
    /// How it stands with the requests of a client that polls.
    pub(crate) poll: Option<Polling>,
    chance: Chance,
    weather: Weather,
    latency_ms: u64,
}

/// The requests of a client that polls.
pub(crate) struct Polling {
    /// Since when one waits.
    pub(crate) waits_since: Option<i64>,
    /// Since when none waits.
    pub(crate) idle_since: i64,
}

impl<H: Host> Conn<H> {
    pub(crate) fn new(client: Client, host: H, mut chance: Chance, weather: Weather) -> Self {
        let mut latency_ms = [2, 20, 80, 400][usize::try_from(chance.below(4)).unwrap_or(0)];
        if weather == Weather::Fair {
            latency_ms = 20;
        }
        Self {
            client,
            host,
            who: None,
            topics: BTreeSet::new(),
            unread: VecDeque::new(),
            is_writing: false,
            in_flight: 0,
            down_at: 0,
            up_at: 0,
            notice_at: 0,
            is_cut: false,
            is_over: false,
            poll: None,
            chance,
            weather,
            latency_ms,
        }
    }

    pub(crate) fn has_room(&self) -> bool {
        match &self.poll {
            Some(polling) => polling.waits_since.is_some(),
            None => self.in_flight < IN_FLIGHT_MAX,
        }
    }

    /// A request of a client that polls arrives; returns when it has to be answered at the latest.
    pub(crate) fn ask(&mut self, now: i64) -> Option<i64> {
        let polling = self.poll.as_mut()?;
        polling.waits_since = Some(now);
        Some(now + POLL_WAIT_MS)
    }

    /// The request that waited is answered or given up; returns when the next one has to be there at the latest.
    pub(crate) fn answered(&mut self, now: i64) -> Option<i64> {
        let polling = self.poll.as_mut()?;
        *polling = Polling { waits_since: None, idle_since: now };
        Some(now + POLL_IDLE_MS)
    }

    /// Whether nothing is left to do for it.
    pub(crate) fn is_finished(&self) -> bool {
        self.is_over && self.host.is_settled() && !self.is_writing
    }

    /// How long a frame takes.
    pub(crate) fn delay_ms(&mut self) -> i64 {
        let longest_ms =
            if self.weather == Weather::Foul && self.chance.one_in(40) { 3_000 } else { self.latency_ms };
        1 + self.chance.pause(longest_ms)
    }

    /// A short pause inside the server.
    pub(crate) fn moment_ms(&mut self) -> i64 {
        self.chance.pause(3)
    }
}
