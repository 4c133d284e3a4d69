//! One polling connection between the requests that come and go and the loop that serves it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use protocol::close::CloseCode;
use protocol::limit::{CHAT_FRAME_BYTES_MAX, SOCKET_QUEUE_FRAMES_MAX};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Frames of a client that wait to be taken.
const INBOX_FRAMES_MAX: usize = 4 * SOCKET_QUEUE_FRAMES_MAX;
/// Bytes of a client that wait to be taken.
const INBOX_BYTES_MAX: usize = 4 * CHAT_FRAME_BYTES_MAX;

/// What a request is answered with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// The frames, in order, as text.
    pub(super) frames: Vec<String>,
    /// The connection is over, with this code.
    pub(super) close: Option<CloseCode>,
}

/// A request that waits.
#[derive(Debug)]
struct Waiter {
    answer: oneshot::Sender<Answer>,
    since: Instant,
}

#[derive(Debug, Default)]
struct State {
    inbox: VecDeque<String>,
    inbox_bytes: usize,
    is_flooded: bool,
    /// A request came, whatever it brought.
    has_sign: bool,
    waiter: Option<Waiter>,
    /// Since when no request waits.
    idle_since: Option<Instant>,
    close: Option<CloseCode>,
    is_told: bool,
    waker: Option<Waker>,
}

/// One polling connection.
#[derive(Debug)]
pub(super) struct Line(Mutex<State>);

impl Line {
    pub(super) fn new(now: Instant) -> Self {
        Self(Mutex::new(State { idle_since: Some(now), ..State::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request brings frames and waits. The one that waited before is answered with what there is: nothing, as
    /// everything there was went out at once.
    pub(super) fn request(&self, frames: Vec<String>, now: Instant) -> oneshot::Receiver<Answer> {
        let (answer, receiver) = oneshot::channel();
        let mut state = self.state();
        if let Some(close) = state.close {
            // The request may be gone by the time it is answered.
            let _ = answer.send(Answer { frames: Vec::new(), close: Some(close) });
            state.is_told = true;
        } else {
            state.has_sign = true;
            state.take_in(frames);
            if let Some(former) = state.waiter.replace(Waiter { answer, since: now }) {
                let _ = former.answer.send(Answer::default());
            }
            state.idle_since = None;
        }
        state.wake();
        receiver
    }

    /// Whether a client has said more than is kept for it.
    pub(super) fn is_flooded(&self) -> bool {
        self.state().is_flooded
    }

    /// Returns the next frame, or none for a request that brought nothing.
    pub(super) fn poll_frame(&self, context: &mut Context<'_>) -> Poll<Option<String>> {
        let mut state = self.state();
        if let Some(frame) = state.inbox.pop_front() {
            state.inbox_bytes -= frame.len();
            state.has_sign = false;
            return Poll::Ready(Some(frame));
        }
        if std::mem::take(&mut state.has_sign) {
            return Poll::Ready(None);
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }

    /// Ready when a request waits.
    pub(super) fn poll_waiter(&self, context: &mut Context<'_>, now: Instant) -> Poll<()> {
        let mut state = self.state();
        if let Some(waiter) = &mut state.waiter {
            if waiter.answer.poll_closed(context).is_pending() {
                return Poll::Ready(());
            }
            state.waiter = None;
            state.idle_since = Some(now);
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }

    /// Since when a request waits, or since when none does.
    pub(super) fn waits_since(&self) -> Result<Instant, Option<Instant>> {
        let state = self.state();
        state.waiter.as_ref().map(|waiter| waiter.since).ok_or(state.idle_since)
    }

    /// Answers the request that waits. Whether it was there to be answered.
    pub(super) fn answer(&self, answer: Answer, now: Instant) -> bool {
        let mut state = self.state();
        state.idle_since = Some(now);
        state.waiter.take().is_some_and(|waiter| waiter.answer.send(answer).is_ok())
    }

    /// The connection is over: the request that waits is told, or else the next one.
    pub(super) fn end(&self, frames: Vec<String>, close: CloseCode) {
        let mut state = self.state();
        state.inbox = VecDeque::new();
        state.close = Some(close);
        if let Some(waiter) = state.waiter.take() {
            state.is_told = waiter.answer.send(Answer { frames, close: Some(close) }).is_ok();
        }
    }

    /// Ready when the client knows that the connection is over.
    pub(super) fn poll_told(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.is_told {
            return Poll::Ready(());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl State {
    fn take_in(&mut self, frames: Vec<String>) {
        let bytes: usize = frames.iter().map(String::len).sum();
        if self.inbox.len() + frames.len() > INBOX_FRAMES_MAX || self.inbox_bytes + bytes > INBOX_BYTES_MAX {
            self.is_flooded = true;
        } else {
            self.inbox_bytes += bytes;
            self.inbox.extend(frames);
        }
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}
