//! The bytes of one piece, as they come. What came is kept, whatever ends the piece.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{BodyDataStream, Bytes};
use futures_util::StreamExt as _;
use protocol::problem::ProblemCode;
use store::StoredAttachment;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::time::Instant;

use super::{alone, disk_refused, require_room, settle, staged_bytes};
use crate::app::App;
use crate::files::Writing;
use crate::problem::Problem;

/// At least this much has to come in each stretch of time; a connection that trickles would never end.
const BYTES_PER_STRETCH: u64 = 8 * 1024;

/// Why a piece ended before its last byte.
enum Cut {
    /// The connection broke.
    Gone,
    /// Somebody newer goes on with this upload.
    Superseded,
    /// Too little came for too long.
    Slow,
    /// The server goes down.
    GoingDown,
    /// More came than was announced.
    TooLarge,
    /// The disk refused.
    Disk(std::io::Error),
}

impl From<Cut> for Problem {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::Gone => Self::new(ProblemCode::BadRequest, "the connection broke off"),
            Cut::Superseded => Self::new(ProblemCode::Conflict, "somebody else goes on with this upload"),
            Cut::Slow => Self::new(ProblemCode::Busy, "too little came for too long; go on where it stopped"),
            Cut::GoingDown => Self::new(ProblemCode::Busy, "the server goes down; go on in a moment"),
            Cut::TooLarge => Self::new(ProblemCode::TooLong, "more came than Upload-Length said"),
            Cut::Disk(error) => disk_refused(&error),
        }
    }
}

/// Takes one piece.
pub(super) async fn run(
    app: &Arc<App>,
    upload: &StoredAttachment,
    offset: u64,
    body: BodyDataStream,
) -> Result<u64, Problem> {
    let (writing, upload) = alone(app, upload).await?;
    let total = upload.attachment.bytes;
    let bytes = staged_bytes(app, &writing, &upload).await?;
    if bytes != offset {
        return Err(elsewhere(bytes));
    }
    if upload.is_whole {
        return Ok(total);
    }
    require_room(app, &upload.attachment.attachment_id, total.saturating_sub(bytes))?;
    let mut piece =
        Piece { file: app.files.append(&writing).await.map_err(|error| disk_refused(&error))?, bytes, total };
    let outcome = piece.take(app, &writing, body).await;
    // What came is brought to disk before it is spoken of, whole or cut.
    piece.file.sync_data().await.map_err(|error| disk_refused(&error))?;
    outcome?;
    if piece.bytes == total {
        settle(app, &writing, &upload).await?;
    }
    Ok(piece.bytes)
}

fn elsewhere(bytes: u64) -> Problem {
    Problem::new(ProblemCode::Conflict, format!("Upload-Offset: the upload stands at {bytes}"))
}

struct Piece {
    file: File,
    bytes: u64,
    total: u64,
}

impl Piece {
    async fn take(&mut self, app: &App, writing: &Writing, mut body: BodyDataStream) -> Result<(), Cut> {
        let stretch = app.config.timing.upload_stretch;
        let mut look_at = Instant::now() + stretch;
        let mut wanted = self.bytes + BYTES_PER_STRETCH;
        loop {
            let chunk = tokio::select! {
                chunk = body.next() => chunk,
                () = writing.superseded() => return Err(Cut::Superseded),
                () = app.drain.begun() => return Err(Cut::GoingDown),
                () = tokio::time::sleep_until(look_at) => {
                    if self.bytes < wanted {
                        return Err(Cut::Slow);
                    }
                    (look_at, wanted) = (look_at + stretch.max(Duration::from_millis(1)), self.bytes + BYTES_PER_STRETCH);
                    continue;
                }
            };
            match chunk {
                Some(Ok(chunk)) => {
                    let count = chunk.len() as u64;
                    self.write(chunk).await?;
                    app.files.came(writing, count);
                }
                Some(Err(_)) => return Err(Cut::Gone),
                None => return Ok(()),
            }
        }
    }

    async fn write(&mut self, chunk: Bytes) -> Result<(), Cut> {
        if chunk.len() as u64 > self.total.saturating_sub(self.bytes) {
            return Err(Cut::TooLarge);
        }
        self.file.write_all(&chunk).await.map_err(Cut::Disk)?;
        self.file.flush().await.map_err(Cut::Disk)?;
        self.bytes += chunk.len() as u64;
        Ok(())
    }
}
