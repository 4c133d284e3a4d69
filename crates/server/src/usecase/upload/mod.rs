//! A file is uploaded in pieces and kept once it is whole. Whatever is cut off is gone on with where it stopped.

mod append;
mod settle;

use std::sync::Arc;

use axum::body::BodyDataStream;
use protocol::attachment::{Attachment, AttachmentSettings};
use protocol::id::AttachmentId;
use protocol::limit::{ATTACHMENT_BYTES_MAX, NAME_CHARS_MAX, UPLOAD_IDLE_MS};
use protocol::problem::ProblemCode;
use protocol::time::UnixMillis;
use store::{StoreError, StoredAttachment, UploadQuota, Uploader};

use crate::app::App;
use crate::files::{Writing, media_type};
use crate::problem::Problem;
use crate::{clock, random};

pub(crate) use settle::settle;

/// After how many seconds a client may go on when the disk has no room.
const NO_ROOM_RETRY_S: u32 = 30;

/// A file that somebody wants to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewUpload {
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: u64,
}

/// Returns when an upload is given up that began at this moment.
pub(crate) fn expires_at(begun_at: UnixMillis) -> UnixMillis {
    begun_at.plus_ms(UPLOAD_IDLE_MS)
}

/// Begins an upload.
///
/// # Errors
/// `forbidden` where files are switched off; `too_long` and `unsupported` for a file that is not taken; `too_many`
/// when the sender has enough uploads that belong to no message, or bytes of them; `too_long` when the customer has as
/// many bytes here as one may have; `busy` when the disk is full; `internal`.
pub(crate) async fn begin(
    app: &Arc<App>,
    uploader: Uploader,
    upload: NewUpload,
) -> Result<StoredAttachment, Problem> {
    let media_type = media_type::declared(&upload.media_type);
    if let Some(settings) = settings_of(app, &uploader).await? {
        check(&settings, &media_type, upload.bytes)?;
    }
    if upload.bytes > ATTACHMENT_BYTES_MAX {
        return Err(too_large(ATTACHMENT_BYTES_MAX));
    }
    let created_at = clock::now();
    let attachment = Attachment {
        attachment_id: AttachmentId::new(created_at, random::entropy()),
        name: tidy_name(&upload.name),
        media_type,
        bytes: upload.bytes,
    };
    let promise = Promise::book(app, &attachment)?;
    let begun =
        app.store.begin_upload(attachment.clone(), uploader.clone(), quota(app, &uploader), created_at).await;
    begun.map_err(|error| not_begun(app, error))?;
    promise.keep();
    let begun = StoredAttachment {
        attachment,
        uploader,
        is_whole: false,
        conversation_id: None,
        customer_id: None,
        created_at,
    };
    if begun.attachment.bytes == 0 {
        let writing = app.files.write(&begun.attachment.attachment_id).await;
        settle(app, &writing, &begun).await?;
    }
    Ok(begun)
}

/// Returns an upload of this sender.
///
/// # Errors
/// `not_found`, also for somebody else's; `internal`.
pub(crate) async fn own(
    app: &App,
    uploader: &Uploader,
    attachment_id: &AttachmentId,
) -> Result<StoredAttachment, Problem> {
    let found = app.store.attachment(attachment_id).await?;
    found.filter(|found| found.uploader == *uploader).ok_or_else(|| Problem::not_found("upload"))
}

/// Returns how many bytes are here. Whoever writes is stopped first, so that the answer stays true; a file whose
/// bytes are all here is kept first, so that the answer is never better than what happened.
///
/// # Errors
/// `busy` when it is whole and could not be kept; `unsupported` when its bytes turn out to be of a type that is not
/// taken; `internal`.
pub(crate) async fn offset(app: &Arc<App>, upload: &StoredAttachment) -> Result<u64, Problem> {
    if upload.is_whole {
        return Ok(upload.attachment.bytes);
    }
    let app = Arc::clone(app);
    let upload = upload.clone();
    let looking = tokio::spawn(async move {
        let (writing, upload) = alone(&app, &upload).await?;
        let bytes = staged_bytes(&app, &writing, &upload).await?;
        if bytes == upload.attachment.bytes && !upload.is_whole {
            settle(&app, &writing, &upload).await?;
        }
        Ok(bytes)
    });
    looking.await.unwrap_or_else(|error| Err(broke(&error)))
}

/// Takes the right to write to an upload, and reads it again: whoever wrote before may have ended it.
async fn alone(app: &App, upload: &StoredAttachment) -> Result<(Writing, StoredAttachment), Problem> {
    let writing = app.files.write(&upload.attachment.attachment_id).await;
    Ok((writing, own(app, &upload.uploader, &upload.attachment.attachment_id).await?))
}

async fn staged_bytes(app: &App, writing: &Writing, upload: &StoredAttachment) -> Result<u64, Problem> {
    if upload.is_whole {
        return Ok(upload.attachment.bytes);
    }
    app.files.staged_bytes(writing).await.map_err(|error| disk_refused(&error))
}

fn broke(error: &tokio::task::JoinError) -> Problem {
    tracing::error!(%error, "an upload broke");
    Problem::new(ProblemCode::Internal, "the server could not do it; its log says why")
}

/// Goes on with an upload and returns how many bytes are here then.
///
/// # Errors
/// `conflict` when it stands somewhere else; `too_long` for more bytes than were announced; `busy` when the bytes come
/// too slowly, the disk is full, or the server goes down: what came is kept; `unsupported` and `internal` as for
/// [`offset`].
pub(crate) async fn append(
    app: &Arc<App>,
    upload: StoredAttachment,
    offset: u64,
    body: BodyDataStream,
) -> Result<u64, Problem> {
    let app = Arc::clone(app);
    // A task of its own: when the connection goes, a write on its way still ends before the next writer begins.
    let writing = tokio::spawn(async move { append::run(&app, &upload, offset, body).await });
    writing.await.unwrap_or_else(|error| Err(broke(&error)))
}

/// Gives an upload up, whole or not.
///
/// # Errors
/// `not_found` once it belongs to a message; `busy` or `internal`.
pub(crate) async fn give_up(app: &App, upload: &StoredAttachment) -> Result<(), Problem> {
    let attachment_id = &upload.attachment.attachment_id;
    app.store.forget_upload(attachment_id).await?;
    app.files.forget(std::slice::from_ref(attachment_id)).await;
    Ok(())
}

/// Returns what the sender's touchpoint takes; `None` for agents, who may send everything.
async fn settings_of(app: &App, uploader: &Uploader) -> Result<Option<AttachmentSettings>, Problem> {
    let customer_id = match uploader {
        Uploader::Customer(customer_id) => customer_id,
        Uploader::Agent(_) => return Ok(None),
    };
    let customer = app.store.customer(customer_id).await?.ok_or_else(|| Problem::not_found("customer"))?;
    let touchpoint = app.store.touchpoint(&customer.touchpoint_id).await?;
    Ok(Some(touchpoint.ok_or_else(|| Problem::not_found("touchpoint"))?.attachments))
}

fn check(settings: &AttachmentSettings, media_type: &str, bytes: u64) -> Result<(), Problem> {
    if !settings.is_enabled {
        return Err(Problem::new(ProblemCode::Forbidden, "this touchpoint takes no files"));
    }
    if bytes > settings.bytes_max {
        return Err(too_large(settings.bytes_max));
    }
    if !settings.takes(media_type) {
        return Err(not_taken());
    }
    Ok(())
}

fn too_large(bytes_max: u64) -> Problem {
    Problem::new(ProblemCode::TooLong, format!("the file has more than {bytes_max} bytes"))
}

fn not_taken() -> Problem {
    Problem::new(ProblemCode::Unsupported, "files of this type are not taken")
}

/// What a customer may have here. Agents answer many customers, and the owner of the site knows them.
fn quota(app: &App, uploader: &Uploader) -> UploadQuota {
    match uploader {
        Uploader::Customer(_) => app.config.customer_quota,
        Uploader::Agent(_) => UploadQuota::default(),
    }
}

/// Says which quota was in the way.
fn not_begun(app: &App, error: StoreError) -> Problem {
    let UploadQuota { unsent_bytes, all_bytes } = app.config.customer_quota;
    let bytes = |max: Option<u64>| max.unwrap_or(u64::MAX);
    if error == StoreError::TooManyUnsentBytes {
        let detail = format!(
            "Upload-Length: unsent files may have {} bytes together; send or remove some",
            bytes(unsent_bytes)
        );
        return Problem {
            retry_after_s: Some(NO_ROOM_RETRY_S),
            ..Problem::new(ProblemCode::TooMany, detail)
        };
    }
    if error == StoreError::TooManyBytes {
        let detail =
            format!("Upload-Length: the files of one customer may have {} bytes together", bytes(all_bytes));
        return Problem::new(ProblemCode::TooLong, detail);
    }
    error.into()
}

/// Room that is promised to an upload which is not begun yet: given back when it is refused, or when the sender goes
/// away before it is known.
struct Promise<'a> {
    app: &'a App,
    attachment_id: Option<AttachmentId>,
}

impl<'a> Promise<'a> {
    fn book(app: &'a App, attachment: &Attachment) -> Result<Self, Problem> {
        require_room(app, &attachment.attachment_id, attachment.bytes)?;
        Ok(Self { app, attachment_id: Some(attachment.attachment_id.clone()) })
    }

    /// The upload is begun: the room is its own.
    fn keep(mut self) {
        self.attachment_id = None;
    }
}

impl Drop for Promise<'_> {
    fn drop(&mut self) {
        if let Some(attachment_id) = &self.attachment_id {
            self.app.files.give_back(attachment_id);
        }
    }
}

fn require_room(app: &App, attachment_id: &AttachmentId, bytes: u64) -> Result<(), Problem> {
    if app.files.book(attachment_id, bytes) { Ok(()) } else { Err(no_room()) }
}

fn no_room() -> Problem {
    let problem = Problem::new(ProblemCode::Busy, "there is no room for files at the moment");
    Problem { retry_after_s: Some(NO_ROOM_RETRY_S), ..problem }
}

/// A disk that refuses for now is busy: what came is kept, and the rest can come later.
fn disk_refused(error: &std::io::Error) -> Problem {
    tracing::warn!(%error, "an upload could not be written");
    no_room()
}

/// Returns a name that can stand anywhere: without folders, control characters, and marks that turn text around and
/// with it hide an ending. A long one is cut before its ending.
fn tidy_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or("");
    let is_mark = |char: char| matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let plain: String = last.chars().filter(|char| !char.is_control() && !is_mark(*char)).collect();
    let plain = plain.trim().trim_end_matches('.');
    if plain.is_empty() {
        return "file".to_owned();
    }
    if plain.chars().count() <= NAME_CHARS_MAX {
        return plain.to_owned();
    }
    const ENDING_CHARS_MAX: usize = 16;
    let ending = plain.rsplit_once('.').map(|(_, ending)| ending);
    let ending = ending.filter(|ending| ending.chars().count() <= ENDING_CHARS_MAX);
    let tail = ending.map_or_else(String::new, |ending| format!(".{ending}"));
    let stem: String = plain.chars().take(NAME_CHARS_MAX - tail.chars().count()).collect();
    stem + &tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_folders_control_characters_and_marks() {
        for (given, expected) in [
            ("photo.png", "photo.png"),
            ("C:\\Users\\ann\\cv.pdf", "cv.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\u{202e}gnp.exe", "agnp.exe"),
            ("a\r\nb\0.txt", "ab.txt"),
            ("", "file"),
            ("..", "file"),
            ("dir/", "file"),
            (" Überweisung 日本.pdf ", "Überweisung 日本.pdf"),
        ] {
            assert_eq!(tidy_name(given), expected, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = tidy_name(&format!("{}.jpeg", "é".repeat(300)));
        assert_eq!((name.chars().count(), name.ends_with("é.jpeg")), (NAME_CHARS_MAX, true));
        assert_eq!(tidy_name(&"x".repeat(300)).chars().count(), NAME_CHARS_MAX);
        assert_eq!(tidy_name(&format!("a.{}", "x".repeat(300))).chars().count(), NAME_CHARS_MAX);
    }
}
