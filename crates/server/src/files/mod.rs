//! The bytes of files: uploads grow in a folder of their own, and when they are whole they move to where files are
//! kept. The store knows a file before its first byte is here and until its last one is gone, so whatever it does not
//! know is left over and can go.

pub(crate) mod media_type;
mod place;
mod staging;
mod sweep;
mod writers;

use std::path::Path;

use anyhow::Context as _;
use protocol::id::AttachmentId;
use tokio::fs::File;

pub use place::AttachmentsPlace;
pub(crate) use place::Place;
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
        Ok(Self { place: Place::open(place)?, staging, writers: Writers::default(), reserve_bytes })
    }

    /// Where whole files are kept.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Takes the right to write to an upload; whoever has it is asked to stop.
    pub(crate) async fn write(&self, attachment_id: &AttachmentId) -> Writing {
        self.writers.enter(attachment_id).await
    }

    /// Whether the disk has room for this many bytes more. A disk that cannot be asked has.
    pub(crate) fn has_room_for(&self, bytes: u64) -> bool {
        let Ok(disk) = nix::sys::statvfs::statvfs(self.staging.folder()) else { return true };
        let free_bytes = disk.blocks_available().saturating_mul(disk.fragment_size());
        free_bytes >= bytes.saturating_add(self.reserve_bytes)
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

    /// Copies an upload to where files are kept.
    pub(crate) async fn keep(&self, writing: &Writing) -> anyhow::Result<()> {
        self.place.keep(writing.attachment_id(), &self.staging.file(writing.attachment_id())).await
    }

    /// Removes what was uploaded of a file that is kept.
    pub(crate) async fn unstage(&self, writing: &Writing) -> std::io::Result<()> {
        self.staging.remove(writing.attachment_id()).await
    }
}
