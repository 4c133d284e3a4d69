//! Requests that come one after the other as the wire of a chat connection.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use protocol::close::CloseCode;
use protocol::limit::SOCKET_QUEUE_BYTES_MAX;
use tokio::time::{Instant, Sleep};

use super::line::{Answer, Line};
use crate::config::Timing;
use crate::sockets::wire::{Broken, Incoming, Wire};

/// Bytes of one answer.
const ANSWER_BYTES_MAX: usize = SOCKET_QUEUE_BYTES_MAX;
/// How long a client may take to learn that its connection is over.
const TELL_TIME_MAX: Duration = Duration::from_secs(2);

/// One polling connection.
pub(super) struct PollWire {
    line: Arc<Line>,
    /// What the next answer holds so far.
    frames: Vec<String>,
    bytes: usize,
    /// How long a request waits for something to say.
    wait: Duration,
    /// How long the connection lives without a request.
    idle: Duration,
    timer: Pin<Box<Sleep>>,
    is_idle_over: bool,
}

impl PollWire {
    pub(super) fn new(line: Arc<Line>, timing: &Timing) -> Self {
        Self {
            line,
            frames: Vec::new(),
            bytes: 0,
            wait: timing.poll_wait,
            idle: timing.poll_idle,
            timer: Box::pin(tokio::time::sleep(timing.poll_idle)),
            is_idle_over: false,
        }
    }

    /// Answers a request that has waited long enough, and notices when none has come for too long.
    fn look_at_time(&mut self, context: &mut Context<'_>) {
        let due_at = match self.line.waits_since() {
            Ok(since) => since + self.wait,
            Err(Some(since)) => since + self.idle,
            Err(None) => return,
        };
        if due_at > Instant::now() {
            self.timer.as_mut().reset(due_at);
            // It wakes this task when it is due; that it is not yet stands above.
            let _ = self.timer.as_mut().poll(context);
        } else if self.line.waits_since().is_ok() {
            self.line.answer(Answer::default(), Instant::now());
            self.look_at_time(context);
        } else {
            self.is_idle_over = true;
        }
    }
}

impl Wire for PollWire {
    fn poll_incoming(&mut self, context: &mut Context<'_>) -> Poll<Incoming> {
        self.look_at_time(context);
        if self.is_idle_over {
            return Poll::Ready(Incoming::Gone);
        }
        if self.line.is_flooded() {
            return Poll::Ready(Incoming::Flood);
        }
        let frame = ready!(self.line.poll_frame(context));
        Poll::Ready(frame.map_or(Incoming::Sign, |text| Incoming::Text(Utf8Bytes::from(text))))
    }

    fn poll_room(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        self.look_at_time(context);
        if self.is_idle_over {
            return Poll::Ready(Err(Broken));
        }
        if self.bytes > ANSWER_BYTES_MAX {
            ready!(self.poll_flush(context))?;
        }
        self.line.poll_waiter(context, Instant::now()).map(Ok)
    }

    fn put(&mut self, text: String) -> Result<(), Broken> {
        self.bytes += text.len();
        self.frames.push(text);
        Ok(())
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        if self.frames.is_empty() {
            return Poll::Ready(Ok(()));
        }
        self.bytes = 0;
        let answer = Answer { frames: std::mem::take(&mut self.frames), close: None };
        // An answer that finds nobody is lost, and the client resumes on another connection.
        let is_taken = self.line.answer(answer, Instant::now());
        Poll::Ready(if is_taken { Ok(()) } else { Err(Broken) })
    }

    async fn finish(self, code: Option<CloseCode>) {
        let Self { line, frames, .. } = self;
        line.end(frames, code.unwrap_or(CloseCode::Normal));
        if code.is_some() {
            // A client that does not ask again has no need to know.
            let _ = tokio::time::timeout(TELL_TIME_MAX, poll_fn(|context| line.poll_told(context))).await;
        }
    }
}
