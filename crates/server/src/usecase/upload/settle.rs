//! An upload whose bytes are all here becomes a file. Each step can be done again, so a cut at any point is mended by
//! doing all of them.

use protocol::problem::ProblemCode;
use store::StoredAttachment;

use super::{check, disk_refused, settings_of};
use crate::app::App;
use crate::files::{Writing, media_type};
use crate::problem::Problem;

/// Keeps an upload whose bytes are all here, under the type they turn out to have. One that is not taken is forgotten.
///
/// # Errors
/// `forbidden`, `too_long` or `unsupported` when it is not taken; `busy` when it cannot be kept now; `not_found` when
/// it was given up; `internal`.
pub(crate) async fn settle(app: &App, writing: &Writing, upload: &StoredAttachment) -> Result<(), Problem> {
    let attachment = &upload.attachment;
    let head = app.files.head(writing).await.map_err(|error| disk_refused(&error))?;
    let media_type = media_type::of(&attachment.media_type, &head);
    if let Some(settings) = settings_of(app, &upload.uploader).await?
        && let Err(refusal) = check(&settings, &media_type, attachment.bytes)
    {
        app.store.forget_upload(&attachment.attachment_id).await?;
        app.files.remove_bytes(writing).await.map_err(|error| not_kept(&error))?;
        return Err(refusal);
    }
    app.files.keep(writing).await.map_err(|error| not_kept(&error))?;
    app.store.finish_upload(&attachment.attachment_id, media_type).await?;
    app.files.unstage(writing).await.map_err(|error| disk_refused(&error))
}

fn not_kept(error: &anyhow::Error) -> Problem {
    tracing::warn!(error = format!("{error:#}"), "a file could not be kept");
    Problem::new(ProblemCode::Busy, "the file cannot be kept at the moment; its bytes are all here")
}
