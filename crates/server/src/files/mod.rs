//! The bytes of files: uploads grow in a folder of their own, and when they are whole they move to where files are
//! kept. The store knows a file before its first byte is here and until its last one is gone, so whatever it does not
//! know is left over and can go.

pub(crate) mod media_type;
mod place;
mod room;
mod staging;
mod sweep;
mod writers;

use std::path::Path;

use anyhow::Context as _;
use protocol::id::AttachmentId;
use tokio::fs::File;

use crate::clock;

pub use place::AttachmentsPlace;
pub(crate) use place::Place;
use room::Room;
use staging::Staging;
pub(crate) use sweep::keep_tidy;
use writers::Writers;
pub(crate) use writers::Writing;

/// The folder of uploads inside the data folder.
const UPLOADS_FOLDER: &str = "uploads";

/// The bytes of files.
#[derive(Debug)]
pub(crate) struct Files {
    place: Place,
    staging: Staging,
    writers: Writers,
    room: Room,
    /// Bytes of the disk that are left alone: messages need them more.
    reserve_bytes: u64,
}

impl Files {
    /// Removes what a process that was killed left on its way. Only for the one process that serves, before it does.
    ///
    /// # Errors
    /// When the folder cannot be read or changed.
    pub(crate) fn tidy(place: &AttachmentsPlace) -> anyhow::Result<()> {
        place::tidy(place)
    }

    /// Opens the folders.
    ///
    /// # Errors
    /// When they cannot be made or used.
    pub(crate) fn open(data: &Path, place: &AttachmentsPlace, reserve_bytes: u64) -> anyhow::Result<Self> {
        let uploads = data.join(UPLOADS_FOLDER);
        let staging = Staging::open(uploads.clone())
            .with_context(|| format!("cannot make the folder {}", uploads.display()))?;
        let (place, writers, room) = (Place::open(place)?, Writers::default(), Room::default());
        Ok(Self { place, staging, writers, room, reserve_bytes })
    }

    /// Where whole files are kept.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Takes the right to write to an upload; whoever has it is asked to stop.
    pub(crate) async fn write(&self, attachment_id: &AttachmentId) -> Writing {
        self.writers.enter(attachment_id).await
    }

    /// Keeps room on the disk for this many bytes more of an upload, until they have come or are given up. Whether
    /// there is enough beside what others were promised.
    pub(crate) fn book(&self, attachment_id: &AttachmentId, bytes: u64) -> bool {
        let bytes_free = || self.free_bytes().checked_sub(self.reserve_bytes);
        self.room.book(attachment_id, bytes, clock::now(), bytes_free)
    }

    /// Whether the disk has more than what is left alone.
    pub(crate) fn has_room(&self) -> bool {
        self.free_bytes() > self.reserve_bytes
    }

    /// A disk that cannot be asked has room.
    fn free_bytes(&self) -> u64 {
        let disk = nix::sys::statvfs::statvfs(self.staging.folder());
        disk.map_or(u64::MAX, |disk| disk.blocks_available().saturating_mul(disk.fragment_size()))
    }

    /// Some bytes of an upload came.
    pub(crate) fn came(&self, writing: &Writing, bytes: u64) {
        self.room.came(writing.attachment_id(), bytes, clock::now());
    }

    /// Nothing more of an upload comes: what was kept for it is free.
    pub(crate) fn give_back(&self, attachment_id: &AttachmentId) {
        self.room.give_back(attachment_id);
    }

    /// Removes the bytes of files the store has forgotten. What cannot be removed now is found by the next sweep.
    pub(crate) async fn forget(&self, attachment_ids: &[AttachmentId]) {
        for attachment_id in attachment_ids {
            if let Err(error) = self.remove(attachment_id).await {
                tracing::warn!(%error, %attachment_id, "the bytes of a file could not be removed yet");
            }
        }
    }

    async fn remove(&self, attachment_id: &AttachmentId) -> anyhow::Result<()> {
        self.remove_bytes(&self.writers.enter(attachment_id).await).await
    }

    /// Removes whatever there is of an upload or a file.
    pub(crate) async fn remove_bytes(&self, writing: &Writing) -> anyhow::Result<()> {
        self.give_back(writing.attachment_id());
        self.staging.remove(writing.attachment_id()).await?;
        self.place.remove(writing.attachment_id()).await
    }

    /// Returns how many bytes of an upload are here.
    pub(crate) async fn staged_bytes(&self, writing: &Writing) -> std::io::Result<u64> {
        self.staging.bytes(writing.attachment_id()).await
    }

    /// Opens an upload to go on at its end.
    pub(crate) async fn append(&self, writing: &Writing) -> std::io::Result<File> {
        self.staging.append(writing.attachment_id()).await
    }

    /// Returns the first bytes of an upload whose bytes are all here, and are on disk from then on.
    pub(crate) async fn head(&self, writing: &Writing) -> std::io::Result<Vec<u8>> {
        self.staging.sync(writing.attachment_id()).await?;
        self.staging.head(writing.attachment_id()).await
    }

    /// Puts an upload to where files are kept.
    pub(crate) async fn keep(&self, writing: &Writing) -> anyhow::Result<()> {
        self.place.keep(writing.attachment_id(), &self.staging.file(writing.attachment_id())).await
    }

    /// Removes what was uploaded of a file that is kept.
    pub(crate) async fn unstage(&self, writing: &Writing) -> std::io::Result<()> {
        self.give_back(writing.attachment_id());
        self.staging.remove(writing.attachment_id()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[tokio::test]
    async fn room_is_kept_for_an_upload_until_it_is_given_up_or_a_file() {
        let folder = TempDir::new().unwrap();
        let place = AttachmentsPlace::inside(folder.path());
        let files = Files::open(folder.path(), &place, 0).unwrap();
        let id = |number: u8| AttachmentId(format!("att_{number:032}"));
        // More than half of the disk: two of these never fit, whatever others do on it meanwhile.
        let bytes = files.free_bytes() / 10 * 7;
        assert!(files.book(&id(1), bytes));
        assert!(!files.book(&id(2), bytes));
        files.forget(&[id(1)]).await;
        assert!(files.book(&id(2), bytes));
        assert!(!files.book(&id(1), bytes));
        files.unstage(&files.write(&id(2)).await).await.unwrap();
        assert!(files.book(&id(1), bytes));
    }
}
