//! What both sides' connections have in common: signs of life, floods, frames on their way, and how it ends.

use std::sync::Arc;

use protocol::close::CloseCode;
use protocol::jitter::Jitter;
use protocol::limit::{HEARTBEAT_MS, HELLO_TIMEOUT_MS, SERVER_SILENCE_MS};
use protocol::notice::Shared;

use crate::flood::Flood;
use crate::heard::{Admitted, Frame};
use crate::host::Outgoing;
use crate::outbound::Outbound;
use crate::pulse::{Beat, Pulse};
use crate::steady::SteadyMs;

/// A client that takes no frame for this time, while one waits for it, reads too slowly.
const STUCK_MS: i64 = 20_000;
/// A client that has to move connects again after at least this time.
const MOVE_AT_LEAST_MS: i64 = 500;
/// The reconnects of a server that goes down are spread over this time.
const MOVE_SPREAD_MS: i64 = 2_500;

/// How long things take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostTiming {
    /// A connection without a hello is closed after this time.
    pub hello_ms: i64,
    /// The heartbeat; it varies by a fifth.
    pub heartbeat_ms: i64,
    /// A client that said nothing for this time is closed.
    pub silence_ms: i64,
}

impl Default for HostTiming {
    fn default() -> Self {
        Self { hello_ms: HELLO_TIMEOUT_MS, heartbeat_ms: HEARTBEAT_MS, silence_ms: SERVER_SILENCE_MS }
    }
}

/// Where the end of a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// It goes on.
    None,
    /// It ends after the frames that wait.
    Close(CloseCode),
    /// It is over.
    Over,
}

/// One connection, whoever is at its other end.
#[derive(Debug)]
pub(crate) struct Line<E> {
    pub(crate) jitter: Jitter,
    pulse: Pulse,
    flood: Flood,
    outbound: Outbound<Outgoing<E>>,
    ending: Ending,
}

impl<E> Line<E> {
    pub(crate) fn new(timing: HostTiming, seed: u64, now: SteadyMs) -> Self {
        let mut jitter = Jitter::new(seed);
        Self {
            pulse: Pulse::new(timing.heartbeat_ms, timing.silence_ms, &mut jitter, now),
            flood: Flood::new(now),
            outbound: Outbound::new(now),
            ending: Ending::None,
            jitter,
        }
    }

    /// Takes a frame that came in: counts it and says what follows from it. One that breaks the protocol ends the
    /// connection, and after that nothing follows.
    pub(crate) fn admit<C>(&mut self, frame: Frame<C>, is_greeted: bool, now: SteadyMs) -> Admitted<C> {
        self.pulse.heard(now);
        if self.flood.is_too_many(now) {
            self.close(CloseCode::TooMany);
        }
        if !self.is_open() {
            return Admitted::Nothing;
        }
        frame.admit(is_greeted).unwrap_or_else(|code| {
            self.close(code);
            Admitted::Nothing
        })
    }

    /// Sends a frame. A client that lets too much pile up is closed: it comes again and resumes.
    pub(crate) fn push(&mut self, frame: E, weight_bytes: usize, now: SteadyMs) {
        self.push_outgoing(Outgoing::Event(frame), weight_bytes, now);
    }

    /// Sends a frame that others get as well.
    pub(crate) fn push_shared(&mut self, frame: Arc<Shared<E>>, now: SteadyMs) {
        let weight_bytes = frame.weight_bytes();
        self.push_outgoing(Outgoing::Shared(frame), weight_bytes, now);
    }

    fn push_outgoing(&mut self, frame: Outgoing<E>, weight_bytes: usize, now: SteadyMs) {
        if self.is_open() && self.outbound.push(frame, weight_bytes, now).is_err() {
            self.close(CloseCode::TooSlow);
        }
    }

    /// Sends a frame that may be dropped where others wait already.
    pub(crate) fn push_lossy(&mut self, frame: E, weight_bytes: usize, now: SteadyMs) {
        if !self.is_crowded() {
            self.push(frame, weight_bytes, now);
        }
    }

    pub(crate) fn poll_frame(&mut self, now: SteadyMs) -> Option<Outgoing<E>> {
        if let Some(frame) = self.outbound.pop(now) {
            return Some(frame);
        }
        self.poll_close().map(Outgoing::Close)
    }

    pub(crate) fn poll_close(&mut self) -> Option<CloseCode> {
        let Ending::Close(code) = self.ending else { return None };
        self.outbound.is_empty().then(|| {
            self.ending = Ending::Over;
            code
        })
    }

    /// Ends the connection at once; what waits is not sent.
    pub(crate) fn close(&mut self, code: CloseCode) {
        if self.ending != Ending::Over {
            self.outbound.clear();
            self.ending = Ending::Close(code);
        }
    }

    /// Ends the connection after what waits.
    pub(crate) fn close_after(&mut self, code: CloseCode) {
        if self.is_open() {
            self.ending = Ending::Close(code);
        }
    }

    /// The client is gone.
    pub(crate) fn gone(&mut self) {
        self.outbound.clear();
        self.ending = Ending::Over;
    }

    pub(crate) fn is_open(&self) -> bool {
        self.ending == Ending::None
    }

    /// Whether it ends because of what the client did, so that nothing more is done for it.
    pub(crate) fn is_punished(&self) -> bool {
        matches!(
            self.ending,
            Ending::Close(CloseCode::BadFrame | CloseCode::TooMany | CloseCode::Unauthorised)
        )
    }

    /// Whether so much waits that what the store has as well is left to it, and what may be dropped is dropped.
    pub(crate) fn is_crowded(&self) -> bool {
        self.outbound.is_crowded()
    }

    pub(crate) fn is_drained(&self) -> bool {
        self.outbound.is_empty()
    }

    pub(crate) fn load(&self) -> (usize, usize) {
        self.outbound.load()
    }

    /// How long a client that has to move waits before it connects again.
    pub(crate) fn reconnect_after_ms(&mut self) -> u32 {
        let pause_ms = MOVE_AT_LEAST_MS + self.jitter.up_to(MOVE_SPREAD_MS);
        u32::try_from(pause_ms).unwrap_or(u32::MAX)
    }

    /// Looks whether anything is due. Returns whether a ping is.
    pub(crate) fn tick(&mut self, now: SteadyMs) -> bool {
        if self.stuck_until().is_some_and(|until| until <= now) {
            self.close(CloseCode::TooSlow);
        }
        if !self.is_open() {
            return false;
        }
        match self.pulse.due(&mut self.jitter, now) {
            Some(Beat::Ping) => true,
            Some(Beat::Silent) => {
                self.close(CloseCode::TooSlow);
                false
            }
            None => false,
        }
    }

    pub(crate) fn deadline(&self) -> Option<SteadyMs> {
        // What waits before the end has to be taken as well.
        if !self.is_open() {
            return self.stuck_until();
        }
        let look_at = self.pulse.look_at();
        Some(self.stuck_until().map_or(look_at, |until| until.min(look_at)))
    }

    fn stuck_until(&self) -> Option<SteadyMs> {
        self.outbound.stuck_since().map(|since| since.plus_ms(STUCK_MS))
    }
}
