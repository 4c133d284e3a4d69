//! What other tabs of this browser keep, taken in. Tabs speak at the same time, and the last to write has the storage;
//! files only ever leave a message, so two tabs agree on those that both know of.

use protocol::id::MessageId;
use protocol::limit::{OUTBOX_AGE_MAX_MS, OUTBOX_MESSAGES_MAX};
use protocol::time::UnixMillis;

use super::parcel::Flight;
use super::{Outbox, OutboxMessage, Parcel};

impl Outbox {
    /// Takes in a message as another tab of this browser keeps it; that tab is left to send it until then. Returns what
    /// is left of the message when the other tab did not know that something was taken out of it.
    pub(crate) fn adopt(
        &mut self,
        mut found: OutboxMessage,
        adopted_until: UnixMillis,
    ) -> Option<OutboxMessage> {
        let is_it = |message: &OutboxMessage| message.message_id == found.message_id;
        if let Some(own) = self.taken_back.iter().find(|own| is_it(own)) {
            return (!found.is_taken_back()).then(|| own.clone());
        }
        let known = self.parcels.iter().position(|parcel| is_it(&parcel.message));
        let mut is_outdated = false;
        let mut is_tried_again = false;
        if let Some(at) = known {
            let own = &self.parcels[at];
            if own.is_stored() {
                return None;
            }
            is_tried_again = own.message.is_failed && !found.is_failed;
            let file_count = found.files.len();
            found.files.retain(|file| own.has_file(&file.file_id));
            is_outdated = found.files.len() < file_count;
            // It may have failed for a file that is not in it any more.
            found.is_failed &= own.message.is_failed || !is_outdated;
            if !is_tried_again {
                found.created_at = own.message.created_at;
                // What either tab has uploaded need not be uploaded again.
                for file in &mut found.files {
                    let own_file = own.message.files.iter().find(|own| own.file_id == file.file_id);
                    let own_id = own_file.and_then(|own| own.attachment_id.clone());
                    file.attachment_id = file.attachment_id.take().or(own_id);
                }
            }
        }
        let left = is_outdated.then(|| found.clone());
        match known {
            Some(at) if !is_tried_again && !found.is_taken_back() => self.parcels[at].message = found,
            _ => {
                if let Some(at) = known {
                    self.parcels.remove(at);
                }
                self.add(Parcel {
                    flight: Flight::Held { until: adopted_until },
                    is_adopted: true,
                    ..Parcel::new(found)
                });
            }
        }
        left
    }

    /// Lets go of a message that was taken back long ago: by then no tab holds a copy of it that it would send. Returns
    /// its id.
    pub(crate) fn forget_taken_back(&mut self, now: UnixMillis) -> Option<MessageId> {
        let first = self.taken_back.first()?;
        let is_over =
            self.taken_back.len() > OUTBOX_MESSAGES_MAX || now.since_ms(first.created_at) > OUTBOX_AGE_MAX_MS;
        is_over.then(|| self.taken_back.remove(0).message_id)
    }
}
