//! A message on its way, and how far it is.

use protocol::limit::ACK_TIMEOUT_MS;
use protocol::time::UnixMillis;

use super::OutboxMessage;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flight {
    /// Not sent on this connection.
    Grounded,
    Sent {
        at: UnixMillis,
    },
    /// The server was busy.
    Held {
        until: UnixMillis,
    },
}

#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) message: OutboxMessage,
    pub(super) flight: Flight,
    /// The place the server gave, while the event itself is still beyond a gap.
    pub(super) stored_seq: Option<(u64, UnixMillis)>,
    /// The server has it, and its place comes with its event.
    pub(super) is_with_server: bool,
    /// Written in another tab, which sends it first if it is still there.
    pub(super) is_adopted: bool,
}

impl Parcel {
    pub(super) fn new(message: OutboxMessage) -> Self {
        Self { message, flight: Flight::Grounded, stored_seq: None, is_with_server: false, is_adopted: false }
    }

    pub(super) fn is_unsent(&self) -> bool {
        !self.is_stored() && !self.message.is_failed
    }

    pub(super) fn is_stored(&self) -> bool {
        self.stored_seq.is_some() || self.is_with_server
    }

    pub(super) fn is_sendable(&self) -> bool {
        self.is_unsent() && self.message.is_ready()
    }

    /// Whether it was sent on this connection, and its answer should have come by now.
    pub(super) fn is_late(&self, now: UnixMillis) -> bool {
        matches!(self.flight, Flight::Sent { .. }) && self.due_at().is_some_and(|due_at| due_at <= now)
    }

    pub(super) fn has_file(&self, file_id: &str) -> bool {
        self.message.files.iter().any(|file| file.file_id == file_id)
    }

    pub(super) fn fail(&mut self) -> OutboxMessage {
        self.message.is_failed = true;
        self.message.clone()
    }

    pub(super) fn due_at(&self) -> Option<UnixMillis> {
        match self.flight {
            Flight::Grounded => None,
            Flight::Sent { at } => Some(at.plus_ms(ACK_TIMEOUT_MS)),
            Flight::Held { until } => Some(until),
        }
    }
}
