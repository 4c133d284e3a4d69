//! The files of messages that wait: what is to be uploaded, and what became of it.

use protocol::id::{AttachmentId, MessageId};
use protocol::time::UnixMillis;

use super::{Outbox, OutboxFile, OutboxMessage, Parcel};

impl Outbox {
    /// The first file that has to be uploaded, with its message.
    pub(crate) fn next_upload(&self) -> Option<(&MessageId, &OutboxFile)> {
        let mut wanted = self.parcels.iter().filter(|parcel| parcel.is_unsent());
        wanted.find_map(|parcel| {
            let file = parcel.message.files.iter().find(|file| file.attachment_id.is_none())?;
            Some((&parcel.message.message_id, file))
        })
    }

    /// A file is uploaded whole. Returns the message as it is kept now.
    pub(crate) fn uploaded(&mut self, file_id: &str, attachment_id: AttachmentId) -> Option<OutboxMessage> {
        let parcel = self.parcels.iter_mut().find(|parcel| parcel.has_file(file_id))?;
        let file = parcel.message.files.iter_mut().find(|file| file.file_id == file_id)?;
        file.attachment_id = Some(attachment_id);
        Some(parcel.message.clone())
    }

    /// Takes a file out of its message, which goes on without it; with its only file goes a message that has no text. A
    /// message that may be with the server already is left as it is: the same id must not stand for two bodies. Returns
    /// what is left of the message.
    pub(crate) fn remove_file(&mut self, file_id: &str, now: UnixMillis) -> Option<OutboxMessage> {
        let at = self.parcels.iter().position(|parcel| parcel.has_file(file_id))?;
        let message = &mut self.parcels[at].message;
        if message.is_ready() && !message.is_failed {
            return None;
        }
        message.files.retain(|file| file.file_id != file_id);
        message.is_failed = false;
        if !message.is_taken_back() {
            return Some(message.clone());
        }
        // It is known for as long after this as another tab may try to send it.
        message.created_at = now;
        let message = self.parcels.remove(at).message;
        self.taken_back.push(message.clone());
        Some(message)
    }

    /// A file will never be uploaded. Returns its message, which failed with it.
    pub(crate) fn upload_refused(&mut self, file_id: &str) -> Option<OutboxMessage> {
        self.parcels.iter_mut().find(|parcel| parcel.has_file(file_id)).map(Parcel::fail)
    }

    /// What was uploaded is somebody else's now. Returns the messages that this changed.
    pub(crate) fn forget_uploads(&mut self) -> Vec<OutboxMessage> {
        let mut changed = Vec::new();
        for parcel in self.parcels.iter_mut().filter(|parcel| !parcel.is_stored()) {
            if parcel.message.files.iter().any(|file| file.attachment_id.is_some()) {
                for file in &mut parcel.message.files {
                    file.attachment_id = None;
                }
                changed.push(parcel.message.clone());
            }
        }
        changed
    }
}
