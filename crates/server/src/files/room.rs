//! Room on the disk for what was announced and is not here yet. Two uploads that ask at the same moment see the same free
//! disk, so what the first was promised is kept from the second. Pure: the time and the disk come in.
//!
//! A promise costs whoever asks for it nothing, so it holds only as long as bytes come; who goes on later is promised
//! the rest anew. That is why nothing has to be known of promises after a start.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::id::AttachmentId;
use protocol::time::UnixMillis;

/// A promise is forgotten after this time without a byte.
const HOLDS_MS: i64 = 5 * 60 * 1_000;
/// Promises at once.
const PROMISES_MAX: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Promise {
    bytes: u64,
    /// When the last byte came.
    at: UnixMillis,
}

/// What was promised.
#[derive(Debug, Default)]
pub(super) struct Room {
    promised: Mutex<BTreeMap<AttachmentId, Promise>>,
}

impl Room {
    fn promised(&self) -> MutexGuard<'_, BTreeMap<AttachmentId, Promise>> {
        self.promised.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps room for the rest of an upload, in place of what was kept for it before. Whether there was enough; `free`
    /// says how many bytes the disk has to give, once nobody else can be promised any, and none when it has too few.
    pub(super) fn book(
        &self,
        attachment_id: &AttachmentId,
        bytes: u64,
        now: UnixMillis,
        free: impl FnOnce() -> Option<u64>,
    ) -> bool {
        let mut promised = self.promised();
        promised.remove(attachment_id);
        promised.retain(|_, promise| now.since_ms(promise.at) < HOLDS_MS);
        let others: u64 = promised.values().map(|promise| promise.bytes).fold(0, u64::saturating_add);
        let is_enough = free().is_some_and(|free| free >= others.saturating_add(bytes));
        if !is_enough || promised.len() >= PROMISES_MAX {
            return false;
        }
        if bytes > 0 {
            promised.insert(attachment_id.clone(), Promise { bytes, at: now });
        }
        true
    }

    /// Some of it came: the disk knows of these bytes now.
    pub(super) fn came(&self, attachment_id: &AttachmentId, bytes: u64, now: UnixMillis) {
        if let Some(promise) = self.promised().get_mut(attachment_id) {
            *promise = Promise { bytes: promise.bytes.saturating_sub(bytes), at: now };
        }
    }

    /// Nothing more comes.
    pub(super) fn give_back(&self, attachment_id: &AttachmentId) {
        self.promised().remove(attachment_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000);

    fn id(number: usize) -> AttachmentId {
        AttachmentId(format!("att_{number:032}"))
    }

    #[test]
    fn what_one_upload_was_promised_no_other_gets() {
        let room = Room::default();
        assert!(room.book(&id(1), 60, NOW, || Some(100)));
        assert!(!room.book(&id(2), 60, NOW, || Some(100)));
        assert!(room.book(&id(2), 40, NOW, || Some(100)));
        assert!(!room.book(&id(3), 1, NOW, || Some(100)));
        room.give_back(&id(1));
        assert!(room.book(&id(3), 60, NOW, || Some(100)));
        assert!(!room.book(&id(4), 0, NOW, || None));
    }

    #[test]
    fn bytes_that_came_are_counted_by_the_disk_and_by_nobody_else() {
        let room = Room::default();
        assert!(room.book(&id(1), 60, NOW, || Some(100)));
        room.came(&id(1), 50, NOW);
        // The disk has 50 less, and ten of those are promised.
        assert!(!room.book(&id(2), 41, NOW, || Some(50)));
        assert!(room.book(&id(2), 40, NOW, || Some(50)));
        // Going on asks for what is left, not for more.
        assert!(room.book(&id(1), 10, NOW, || Some(50)));
    }

    #[test]
    fn a_promise_holds_as_long_as_bytes_come() {
        let room = Room::default();
        assert!(room.book(&id(1), 60, NOW, || Some(100)));
        room.came(&id(1), 1, NOW.plus_ms(HOLDS_MS - 1));
        assert!(!room.book(&id(2), 60, NOW.plus_ms(HOLDS_MS), || Some(99)));
        assert!(room.book(&id(2), 60, NOW.plus_ms(2 * HOLDS_MS), || Some(99)));
        assert!(!room.book(&id(1), 59, NOW.plus_ms(2 * HOLDS_MS), || Some(99)));
    }

    #[test]
    fn memory_stays_bounded() {
        let room = Room::default();
        for number in 0..PROMISES_MAX + 10 {
            assert_eq!(room.book(&id(number), 1, NOW, || Some(u64::MAX)), number < PROMISES_MAX);
        }
        assert_eq!(room.promised().len(), PROMISES_MAX);
    }

    #[test]
    fn uploads_that_ask_at_once_share_what_there_is() {
        let room = Room::default();
        let taken = std::thread::scope(|scope| {
            let room = &room;
            let asking = |number| move || room.book(&id(number), 30, NOW, || Some(100));
            let all: Vec<_> = (0..8).map(|number| scope.spawn(asking(number))).collect();
            all.into_iter().map(|one| one.join().unwrap()).filter(|taken| *taken).count()
        });
        assert_eq!(taken, 3);
    }
}
