//! Uploads that are not whole yet: one file each, which only grows. How far an upload is, is how long its file is.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use protocol::id::AttachmentId;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncReadExt as _;

/// Bytes by which the type of a file is told.
const HEAD_BYTES: u64 = 8 * 1024;

/// The folder of uploads that are not whole yet.
#[derive(Debug, Clone)]
pub(super) struct Staging {
    folder: PathBuf,
}

impl Staging {
    /// Opens the folder; it is made when it is missing.
    pub(super) fn open(folder: PathBuf) -> std::io::Result<Self> {
        crate::folder::make(&folder)?;
        Ok(Self { folder })
    }

    /// The file of an upload.
    pub(super) fn file(&self, attachment_id: &AttachmentId) -> PathBuf {
        self.folder.join(attachment_id.as_str())
    }

    /// The folder itself.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns how many bytes are there.
    pub(super) async fn bytes(&self, attachment_id: &AttachmentId) -> std::io::Result<u64> {
        match tokio::fs::metadata(self.file(attachment_id)).await {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Opens the file of an upload to go on at its end; it is made when it is missing.
    pub(super) async fn append(&self, attachment_id: &AttachmentId) -> std::io::Result<File> {
        OpenOptions::new().append(true).create(true).open(self.file(attachment_id)).await
    }

    /// Returns the first bytes of an upload.
    pub(super) async fn head(&self, attachment_id: &AttachmentId) -> std::io::Result<Vec<u8>> {
        let mut head = Vec::new();
        let file = File::open(self.file(attachment_id)).await?;
        file.take(HEAD_BYTES).read_to_end(&mut head).await?;
        Ok(head)
    }

    /// Brings an upload to disk, with its name in the folder.
    pub(super) async fn sync(&self, attachment_id: &AttachmentId) -> std::io::Result<()> {
        self.append(attachment_id).await?.sync_all().await?;
        File::open(&self.folder).await?.sync_all().await
    }

    /// Removes what was uploaded; nothing there is fine.
    pub(super) async fn remove(&self, attachment_id: &AttachmentId) -> std::io::Result<()> {
        match tokio::fs::remove_file(self.file(attachment_id)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Returns every upload that has a file.
    pub(super) async fn all(&self) -> std::io::Result<Vec<AttachmentId>> {
        let mut entries = tokio::fs::read_dir(&self.folder).await?;
        let mut found = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            let id = AttachmentId(entry.file_name().to_string_lossy().into_owned());
            if id.is_well_formed() {
                found.push(id);
            }
        }
        Ok(found)
    }
}
