//! An archive on its way to somebody who downloads it. The thread that writes it waits for the one who reads, and not
//! for ever.

use std::io::{Error, ErrorKind, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::Stream;
use protocol::conversation::Side;
use protocol::id::CustomerId;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::Source;
use super::pace::Pace;
use super::turns::Turn;
use crate::app::App;
use crate::clock;
use crate::config::Timing;
use crate::problem::Problem;

/// Pieces that wait for the one who reads.
const PIECES_MAX: usize = 8;
/// Bytes of one piece.
const PIECE_BYTES: usize = 64 * 1024;

/// Answers with all that is known of a customer.
///
/// # Errors
/// `not_found`; `busy` while too many others are written; `too_many` while the customer's own is; `internal`.
pub(crate) async fn respond(
    app: &Arc<App>,
    customer_id: &CustomerId,
    reader: Side,
) -> Result<Response, Problem> {
    let timing = app.config.timing;
    let turn = app.exports.turn(reader, customer_id, &timing).await?;
    let record = app.store.customer_record(customer_id).await?;
    let record = record.ok_or_else(|| Problem::not_found("customer"))?;
    tracing::info!(%customer_id, ?reader, "a customer's data are given out");
    let (pieces, waiting) = mpsc::channel(PIECES_MAX);
    let waiting = Arc::new(Mutex::new(Waiting { pieces: waiting, end: End::CutOff }));
    let (app, runtime) = (Arc::clone(app), Handle::current());
    let (id, shared) = (customer_id.clone(), Arc::clone(&waiting));
    tokio::task::spawn_blocking(move || {
        let pace = Pace::new(timing.export_stretch);
        let gathered = Vec::new();
        let target = Pieces { pieces, runtime: runtime.clone(), gathered, turn, pace, timing };
        let (store, place) = (app.store.as_ref(), app.files.place());
        let recordings = &app.recordings;
        let source = Source { store, place, recordings, runtime: &runtime, reader, now: clock::now() };
        // The reader is at the end once the writer is gone, and has to learn then which end it is.
        let keeps_open = target.pieces.clone();
        match source.write(&record, target) {
            Ok(_) => lock(&shared).end = End::Whole,
            Err(error) => {
                tracing::warn!(%error, customer_id = %id, "an archive was not written to its end");
                lock(&shared).cut_off();
            }
        }
        drop(keeps_open);
    });
    let mut response = Body::from_stream(Reading(waiting)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{customer_id}.zip\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// How an archive ends for the one who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    /// What came so far must not pass for the whole.
    CutOff,
    Told,
}

/// What waits for the one who reads.
struct Waiting {
    pieces: mpsc::Receiver<Bytes>,
    end: End,
}

impl Waiting {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if let Some(piece) = ready!(self.pieces.poll_recv(context)) {
            return Poll::Ready(Some(Ok(piece)));
        }
        let is_cut_off = std::mem::replace(&mut self.end, End::Told) == End::CutOff;
        Poll::Ready(is_cut_off.then(|| Err(Error::from(ErrorKind::Interrupted))))
    }

    /// Nothing more comes, and nothing is kept for somebody who may never take it.
    fn cut_off(&mut self) {
        self.end = End::CutOff;
        self.pieces.close();
        while self.pieces.try_recv().is_ok() {}
    }
}

/// The one who reads, until they have everything or go away.
struct Reading(Arc<Mutex<Waiting>>);

impl Stream for Reading {
    type Item = Result<Bytes, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        lock(&self.0).poll_next(context)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        lock(&self.0).cut_off();
    }
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes into a queue, and waits while it is full, as long as the reader's pace and turn allow.
struct Pieces {
    pieces: mpsc::Sender<Bytes>,
    runtime: Handle,
    gathered: Vec<u8>,
    turn: Turn,
    pace: Pace,
    timing: Timing,
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
        if self.pace.is_slow() && self.turn.is_over(&self.timing) {
            return Err(Error::new(ErrorKind::TimedOut, "others wait for their turn"));
        }
        let piece = Bytes::from(std::mem::take(&mut self.gathered));
        let (bytes, begun_at) = (piece.len(), Instant::now());
        let sent = self.runtime.block_on(self.pieces.send_timeout(piece, self.pace.patience()));
        self.pace.took(bytes, begun_at.elapsed());
        sent.map_err(|_| Error::from(ErrorKind::BrokenPipe))
    }
}
