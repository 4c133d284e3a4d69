//! Files on their way: one at a time, in the order of their messages, again after a pause when one was cut.

use protocol::time::UnixMillis;

use crate::jitter::{Jitter, longest_pause_ms};
use crate::outbox::{Outbox, OutboxFile};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    Free,
    Running { file_id: String },
    Waiting { retry_at: UnixMillis },
}

#[derive(Debug)]
pub(crate) struct Uploads {
    way: Way,
    refusals: u32,
    jitter: Jitter,
    /// Bytes the server has of each file that is under way.
    sent_bytes: Vec<(String, u64)>,
}

impl Uploads {
    pub(crate) fn new(jitter_seed: u64) -> Self {
        Self { way: Way::Free, refusals: 0, jitter: Jitter::new(jitter_seed), sent_bytes: Vec::new() }
    }

    /// Returns the file to upload now, if there is one.
    pub(crate) fn take_due(&mut self, outbox: &Outbox, now: UnixMillis) -> Option<OutboxFile> {
        let is_free = match &self.way {
            Way::Free => true,
            Way::Running { .. } => false,
            Way::Waiting { retry_at } => *retry_at <= now,
        };
        let (_, file) = outbox.next_upload().filter(|_| is_free)?;
        self.way = Way::Running { file_id: file.file_id.clone() };
        Some(file.clone())
    }

    pub(crate) fn progressed(&mut self, file_id: &str, sent_bytes: u64) {
        // A server that tells where an upload stands and takes no more of it is asked less and less often.
        if self.sent_bytes(file_id) < Some(sent_bytes) {
            self.refusals = 0;
        }
        self.forget(file_id);
        self.sent_bytes.push((file_id.to_owned(), sent_bytes));
    }

    pub(crate) fn ended(&mut self, file_id: &str) {
        self.way = Way::Free;
        self.refusals = 0;
        self.forget(file_id);
    }

    /// The file is not wanted any more, wherever it was.
    pub(crate) fn removed(&mut self, file_id: &str) {
        self.forget(file_id);
        if matches!(&self.way, Way::Running { file_id: running } if running == file_id) {
            self.way = Way::Free;
        }
    }

    /// It was cut: what the server has of it stays there.
    pub(crate) fn cut(&mut self, now: UnixMillis) {
        self.refusals += 1;
        let pause_ms = self.jitter.up_to(longest_pause_ms(self.refusals));
        self.way = Way::Waiting { retry_at: now.plus_ms(pause_ms) };
    }

    /// The network is back: waiting is over.
    pub(crate) fn wake_up(&mut self) {
        if matches!(self.way, Way::Waiting { .. }) {
            self.way = Way::Free;
        }
    }

    fn forget(&mut self, file_id: &str) {
        self.sent_bytes.retain(|(known, _)| known != file_id);
    }

    pub(crate) fn sent_bytes(&self, file_id: &str) -> Option<u64> {
        self.sent_bytes.iter().find(|(known, _)| known == file_id).map(|(_, bytes)| *bytes)
    }

    pub(crate) fn deadline(&self, outbox: &Outbox) -> Option<UnixMillis> {
        match self.way {
            Way::Waiting { retry_at } => outbox.next_upload().map(|_| retry_at),
            Way::Free | Way::Running { .. } => None,
        }
    }
}
