//! Where the bytes of files are kept: a folder, or anything that speaks S3. What stands there is whole.

use std::fmt;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use axum::body::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutPayload};
use protocol::id::AttachmentId;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// The folder of files inside the data folder, unless the operator chose another place.
const ATTACHMENTS_FOLDER: &str = "attachments";
/// Bytes of one part of a file on its way: S3 takes parts from 5 MiB on.
const PART_BYTES: usize = 8 * 1024 * 1024;

/// Where files are kept, as an operator says it: a folder, or `s3://bucket/prefix`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttachmentsPlace {
    /// A folder.
    Folder(PathBuf),
    /// A bucket of a store that speaks S3. Keys, region and endpoint come from the environment: `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP` …
    S3 {
        /// The bucket.
        bucket: String,
        /// What the keys begin with; may be empty.
        prefix: String,
    },
}

impl AttachmentsPlace {
    /// The folder inside the data folder.
    #[must_use]
    pub fn inside(data: &Path) -> Self {
        Self::Folder(data.join(ATTACHMENTS_FOLDER))
    }
}

impl fmt::Display for AttachmentsPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(formatter, "{}", folder.display()),
            Self::S3 { bucket, prefix } => write!(formatter, "s3://{bucket}/{prefix}"),
        }
    }
}

impl FromStr for AttachmentsPlace {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let Some(rest) = text.strip_prefix("s3://") else {
            if text.contains("://") {
                bail!("`{text}` is neither a folder nor s3://bucket/prefix");
            }
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            bail!("`{text}` names no bucket");
        }
        Ok(Self::S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
    }
}

/// The bytes of files, by their ids.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    objects: Arc<dyn ObjectStore>,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
}

/// A file that is read.
pub(crate) struct Reading {
    /// Which bytes of the file come.
    pub(crate) range: Range<u64>,
    pub(crate) bytes: BoxStream<'static, object_store::Result<Bytes>>,
}

impl Place {
    /// Opens the place; a folder is made when it is missing.
    pub(crate) fn open(place: &AttachmentsPlace) -> anyhow::Result<Self> {
        let (objects, folder): (Arc<dyn ObjectStore>, _) = match place {
            AttachmentsPlace::Folder(folder) => (Arc::new(open_folder(folder)?), Some(folder.clone())),
            AttachmentsPlace::S3 { bucket, prefix } => {
                // An error means that somebody else has chosen already, which is as good.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
                let s3 = builder.build().with_context(|| format!("s3://{bucket} cannot be used"))?;
                (Arc::new(PrefixStore::new(s3, prefix.as_str())), None)
            }
        };
        Ok(Self { objects, folder })
    }

    /// Keeps a file that is on disk and never changes again; when this comes back, it is whole and on disk here as well.
    /// Again replaces it.
    pub(crate) async fn keep(&self, attachment_id: &AttachmentId, file: &Path) -> anyhow::Result<()> {
        let key = key(attachment_id);
        if let Some(folder) = &self.folder {
            let (target, file) = (folder.join(key.as_ref()), file.to_owned());
            if tokio::task::spawn_blocking(move || link(&file, &target)).await?.is_ok() {
                return Ok(());
            }
            // The folder is on another disk, or one that knows no second names.
        }
        let mut source = tokio::fs::File::open(file).await?;
        let first = part(&mut source).await?;
        if first.len() < PART_BYTES {
            self.objects.put(&key, PutPayload::from(first)).await?;
            return Ok(());
        }
        let mut upload = self.objects.put_multipart(&key).await?;
        let mut next = first;
        let sent = async {
            while !next.is_empty() {
                upload.put_part(PutPayload::from(next)).await?;
                next = part(&mut source).await?;
            }
            upload.complete().await?;
            anyhow::Ok(())
        };
        if let Err(error) = sent.await {
            // What was sent is of no use; when even this fails, the place's own upkeep has to see to it.
            let _ = upload.abort().await;
            return Err(error);
        }
        Ok(())
    }

    /// Opens a file, or this part of it; `None` when it is not there. A part that ends behind the file is cut.
    pub(crate) async fn read(
        &self,
        attachment_id: &AttachmentId,
        range: Option<Range<u64>>,
    ) -> anyhow::Result<Option<Reading>> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.objects.get_opts(&key(attachment_id), options).await {
            Ok(found) => Ok(Some(Reading { range: found.range.clone(), bytes: found.into_stream() })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file; one that is not there is fine.
    pub(crate) async fn remove(&self, attachment_id: &AttachmentId) -> anyhow::Result<()> {
        match self.objects.delete(&key(attachment_id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Copies every file into a folder, which can then stand in place of this one; those that are there already stay
    /// as they are, as the bytes of an id never change. Returns how many were copied, and their bytes.
    pub(crate) async fn copy_to(&self, folder: &Path) -> anyhow::Result<(usize, u64)> {
        let (mut count, mut bytes) = (0, 0);
        let mut all = self.all();
        while let Some(attachment_id) = all.try_next().await? {
            let target = folder.join(key(&attachment_id).as_ref());
            if target.exists() {
                continue;
            }
            // It may have been taken back in this very moment.
            let Some(mut reading) = self.read(&attachment_id, None).await? else { continue };
            let on_its_way = target.with_extension("part");
            tokio::fs::create_dir_all(target.parent().unwrap_or(folder)).await?;
            let mut file = tokio::fs::File::create(&on_its_way).await?;
            while let Some(piece) = reading.bytes.try_next().await? {
                file.write_all(&piece).await?;
                bytes += piece.len() as u64;
            }
            file.sync_all().await?;
            tokio::fs::rename(&on_its_way, &target).await?;
            count += 1;
        }
        Ok((count, bytes))
    }

    /// Returns every file that is kept, in no particular order.
    pub(crate) fn all(&self) -> BoxStream<'static, anyhow::Result<AttachmentId>> {
        let listed = self.objects.list(None).try_filter_map(async |found| {
            let id = found.location.filename().map(|name| AttachmentId(name.to_owned()));
            Ok(id.filter(AttachmentId::is_well_formed))
        });
        listed.map_err(anyhow::Error::from).boxed()
    }
}

/// The last two digits are random, so that no folder holds more than a 256th of the files.
fn key(attachment_id: &AttachmentId) -> Key {
    let id = attachment_id.as_str();
    let shard = id.get(id.len().saturating_sub(2)..).unwrap_or("00");
    Key::from_iter([shard, id])
}

/// Gives a file its name here beside the one it has: that takes no room on the disk and no time.
fn link(file: &Path, target: &Path) -> std::io::Result<()> {
    let Some(folder) = target.parent() else { return Err(ErrorKind::InvalidInput.into()) };
    crate::folder::make(folder)?;
    match std::fs::remove_file(target) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    std::fs::hard_link(file, target)?;
    std::fs::File::open(folder)?.sync_all()
}

async fn part(source: &mut tokio::fs::File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(PART_BYTES as u64).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

fn open_folder(folder: &Path) -> anyhow::Result<LocalFileSystem> {
    let name = folder.display();
    crate::folder::make(folder).with_context(|| format!("cannot make the folder {name}"))?;
    let objects = LocalFileSystem::new_with_prefix(folder).with_context(|| format!("cannot use {name}"))?;
    Ok(objects.with_fsync(true))
}

/// Removes what a process that was killed left on its way: object_store calls it `name#number` and never lists it. Only
/// for the one process that serves, before it does: it would take another's files from under its hands.
pub(super) fn tidy(place: &AttachmentsPlace) -> anyhow::Result<()> {
    match place {
        AttachmentsPlace::Folder(folder) if folder.exists() => {
            remove_leftovers(folder).with_context(|| format!("cannot tidy the folder {}", folder.display()))
        }
        AttachmentsPlace::Folder(_) | AttachmentsPlace::S3 { .. } => Ok(()),
    }
}

fn remove_leftovers(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_leftovers(&entry.path())?;
        } else if entry.file_name().to_string_lossy().starts_with("att_")
            && entry.file_name().to_string_lossy().contains('#')
        {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        let s3 = |bucket: &str, prefix: &str| AttachmentsPlace::S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        };
        assert_eq!("s3://files/chat/a/".parse::<AttachmentsPlace>().unwrap(), s3("files", "chat/a"));
        assert_eq!("s3://files".parse::<AttachmentsPlace>().unwrap(), s3("files", ""));
        let folder = AttachmentsPlace::Folder(PathBuf::from("/srv/files"));
        assert_eq!("/srv/files".parse::<AttachmentsPlace>().unwrap(), folder);
        assert!("s3:///a".parse::<AttachmentsPlace>().is_err());
        assert!("ftp://files".parse::<AttachmentsPlace>().is_err());
    }

    fn id(last: &str) -> AttachmentId {
        AttachmentId(format!("att_{last:0>32}"))
    }

    async fn read(place: &Place, id: &AttachmentId, range: Option<Range<u64>>) -> Option<Vec<u8>> {
        let reading = place.read(id, range).await.unwrap()?;
        let parts: Vec<Bytes> = reading.bytes.try_collect().await.unwrap();
        Some(parts.concat())
    }

    fn open(folder: &TempDir) -> Place {
        Place::open(&AttachmentsPlace::Folder(folder.path().join("kept"))).unwrap()
    }

    #[tokio::test]
    async fn a_file_is_kept_read_in_parts_listed_and_removed() {
        let folder = TempDir::new().unwrap();
        check(&folder, open(&folder)).await;
    }

    #[tokio::test]
    async fn a_place_on_another_disk_keeps_a_copy() {
        let folder = TempDir::new().unwrap();
        check(&folder, Place { folder: None, ..open(&folder) }).await;
    }

    #[tokio::test]
    async fn a_file_on_the_same_disk_takes_no_second_room_and_is_kept_again_after_a_cut() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = TempDir::new().unwrap();
        let place = open(&folder);
        let staged = folder.path().join("staged");
        std::fs::write(&staged, b"bytes").unwrap();
        for _ in 0..2 {
            place.keep(&id("a"), &staged).await.unwrap();
        }
        let kept = folder.path().join("kept").join(key(&id("a")).as_ref());
        assert_eq!(std::fs::metadata(&kept).unwrap().ino(), std::fs::metadata(&staged).unwrap().ino());
        std::fs::remove_file(&staged).unwrap();
        assert_eq!(read(&place, &id("a"), None).await, Some(b"bytes".to_vec()));
    }

    async fn check(folder: &TempDir, place: Place) {
        // Larger than one part, and no multiple of it.
        let bytes: Vec<u8> = (0..PART_BYTES + 1_000).map(|place| (place % 251) as u8).collect();
        let [long, short] = ["long", "short"].map(|name| folder.path().join(name));
        std::fs::write(&long, &bytes).unwrap();
        place.keep(&id("a"), &long).await.unwrap();
        std::fs::write(&short, b"short").unwrap();
        place.keep(&id("b"), &short).await.unwrap();
        assert_eq!(read(&place, &id("a"), None).await, Some(bytes.clone()));
        assert_eq!(read(&place, &id("a"), Some(10..20)).await, Some(bytes[10..20].to_vec()));
        assert_eq!(read(&place, &id("b"), Some(2..900)).await, Some(b"ort".to_vec()));
        let mut all: Vec<AttachmentId> = place.all().try_collect().await.unwrap();
        all.sort();
        assert_eq!(all, [id("a"), id("b")]);
        let copy = folder.path().join("copy");
        assert_eq!(place.copy_to(&copy).await.unwrap(), (2, bytes.len() as u64 + 5));
        assert_eq!(place.copy_to(&copy).await.unwrap(), (0, 0));
        let copied = Place::open(&AttachmentsPlace::Folder(copy)).unwrap();
        assert_eq!(read(&copied, &id("a"), None).await, Some(bytes.clone()));
        place.remove(&id("a")).await.unwrap();
        place.remove(&id("a")).await.unwrap();
        assert_eq!(read(&place, &id("a"), None).await, None);
    }

    #[tokio::test]
    async fn what_a_killed_process_left_on_its_way_is_gone_after_a_start() {
        let folder = TempDir::new().unwrap();
        let kept = AttachmentsPlace::Folder(folder.path().to_owned());
        let left = folder.path().join("0a").join(format!("{}#1", id("a")));
        std::fs::create_dir_all(left.parent().unwrap()).unwrap();
        std::fs::write(&left, b"half").unwrap();
        Place::open(&kept).unwrap();
        assert!(left.exists(), "somebody else may be on it");
        tidy(&kept).unwrap();
        assert!(!left.exists());
    }
}
