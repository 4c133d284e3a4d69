//! An archive on its way to somebody who downloads it. The thread that writes it waits for the one who reads, and not
//! for ever.

use std::io::{Error, ErrorKind, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use protocol::conversation::Side;
use protocol::id::CustomerId;
use protocol::problem::ProblemCode;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc};

use super::Source;
use crate::app::App;
use crate::clock;
use crate::problem::Problem;

/// Archives that are written at once: each takes a thread.
const AT_ONCE: usize = 4;
/// Pieces that wait for the one who reads.
const PIECES_MAX: usize = 8;
/// Bytes of one piece.
const PIECE_BYTES: usize = 64 * 1024;
/// Somebody who takes nothing for this time gets no more.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many archives may still be begun.
#[derive(Debug, Clone)]
pub(crate) struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// Answers with all that is known of a customer.
///
/// # Errors
/// `not_found`; `busy` while too many others are written; `internal`.
pub(crate) async fn respond(
    app: &Arc<App>,
    customer_id: &CustomerId,
    reader: Side,
) -> Result<Response, Problem> {
    let begun = Arc::clone(&app.exports.0).try_acquire_owned();
    let begun =
        begun.map_err(|_| Problem::new(ProblemCode::Busy, "other archives are written, try again soon"))?;
    let record = app.store.customer_record(customer_id).await?;
    let record = record.ok_or_else(|| Problem::not_found("customer"))?;
    tracing::info!(%customer_id, ?reader, "a customer's data are given out");
    let (pieces, mut waiting) = mpsc::channel(PIECES_MAX);
    let (app, runtime) = (Arc::clone(app), Handle::current());
    let id = customer_id.clone();
    tokio::task::spawn_blocking(move || {
        let _begun = begun;
        let target = Pieces { pieces: pieces.clone(), runtime: runtime.clone(), gathered: Vec::new() };
        let (store, place) = (app.store.as_ref(), app.files.place());
        let source = Source { store, place, runtime: &runtime, reader, now: clock::now() };
        if let Err(error) = source.write(&record, target) {
            tracing::warn!(%error, customer_id = %id, "an archive was not written to its end");
            // What came so far must not pass for the whole.
            let _ = runtime.block_on(pieces.send_timeout(Err(Error::from(ErrorKind::Interrupted)), PATIENCE));
        }
    });
    let body = futures_util::stream::poll_fn(move |context| waiting.poll_recv(context));
    let mut response = Body::from_stream(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{customer_id}.zip\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Writes into a queue, and waits while it is full.
struct Pieces {
    pieces: mpsc::Sender<Result<Bytes, Error>>,
    runtime: Handle,
    gathered: Vec<u8>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::take(&mut self.gathered));
        let sent = self.runtime.block_on(self.pieces.send_timeout(Ok(piece), PATIENCE));
        sent.map_err(|_| Error::from(ErrorKind::BrokenPipe))
    }
}
