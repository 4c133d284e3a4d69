//! One writer per upload. The newest takes over: a client that comes again does not have to wait until the
//! connection it lost is noticed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as SyncMutex, MutexGuard, PoisonError};

use protocol::id::AttachmentId;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

/// Who writes to one upload, or waits for it.
#[derive(Debug, Default)]
struct Seat {
    taken: Arc<Mutex<()>>,
    /// Counts those who came.
    newest: watch::Sender<u64>,
}

/// The uploads somebody writes to.
#[derive(Debug, Clone, Default)]
pub(super) struct Writers {
    seats: Arc<SyncMutex<BTreeMap<AttachmentId, Arc<Seat>>>>,
}

/// The right to write to one upload.
#[derive(Debug)]
pub(crate) struct Writing {
    writers: Writers,
    attachment_id: AttachmentId,
    seat: Arc<Seat>,
    number: u64,
    turn: Option<OwnedMutexGuard<()>>,
}

impl Writers {
    fn seats(&self) -> MutexGuard<'_, BTreeMap<AttachmentId, Arc<Seat>>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks whoever writes to stop, and comes back when they have.
    pub(super) async fn enter(&self, attachment_id: &AttachmentId) -> Writing {
        let seat = Arc::clone(self.seats().entry(attachment_id.clone()).or_default());
        let mut number = 0;
        seat.newest.send_modify(|newest| {
            *newest += 1;
            number = *newest;
        });
        let (writers, attachment_id) = (self.clone(), attachment_id.clone());
        let mut writing = Writing { writers, attachment_id, seat, number, turn: None };
        writing.turn = Some(Arc::clone(&writing.seat.taken).lock_owned().await);
        writing
    }
}

impl Writing {
    /// The upload.
    pub(super) fn attachment_id(&self) -> &AttachmentId {
        &self.attachment_id
    }

    /// Comes back when somebody newer waits. May be dropped and called again.
    pub(crate) async fn superseded(&self) {
        let mut newest = self.seat.newest.subscribe();
        // The sender lives as long as the seat, so waiting cannot fail.
        let _ = newest.wait_for(|newest| *newest != self.number).await;
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.turn = None;
        let mut seats = self.writers.seats();
        // The map and this one: nobody else writes or waits.
        if Arc::strong_count(&self.seat) == 2 {
            seats.remove(&self.attachment_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_newest_writer_takes_over_and_an_empty_seat_is_forgotten() {
        let writers = Writers::default();
        let id = AttachmentId("att_1".to_owned());
        let first = writers.enter(&id).await;
        let second = tokio::spawn({
            let (writers, id) = (writers.clone(), id.clone());
            async move { writers.enter(&id).await }
        });
        first.superseded().await;
        assert!(!second.is_finished());
        drop(first);
        let second = second.await.unwrap();
        assert_eq!(writers.seats().len(), 1);
        drop(second);
        assert_eq!(writers.seats().len(), 0);
    }
}
