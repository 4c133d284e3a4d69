//! What a client wants to be done, one after the other.

use std::collections::VecDeque;

/// Commands that may wait behind the one that is under way; more are not read from the connection.
const WAITING_MAX: usize = 64;

/// Work of one kind: one piece under way, the others wait in order.
#[derive(Debug)]
pub(crate) struct Lane<W, N> {
    waiting: VecDeque<W>,
    /// What has to be remembered of the piece under way until it is answered.
    under_way: Option<N>,
}

impl<W, N> Default for Lane<W, N> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), under_way: None }
    }
}

impl<W, N> Lane<W, N> {
    pub(crate) fn push(&mut self, work: W) {
        self.waiting.push_back(work);
    }

    /// Whether more may be pushed before something was answered.
    pub(crate) fn has_room(&self) -> bool {
        self.waiting.len() < WAITING_MAX
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.under_way.is_none()
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut W> {
        self.waiting.back_mut()
    }

    pub(crate) fn under_way(&self) -> Option<&N> {
        self.under_way.as_ref()
    }

    pub(crate) fn waiting(&self) -> impl Iterator<Item = &W> {
        self.waiting.iter()
    }

    /// Returns the next piece when nothing is under way; it counts as under way from now on.
    pub(crate) fn start(&mut self, note: impl FnOnce(&W) -> N) -> Option<W> {
        if self.under_way.is_some() {
            return None;
        }
        let work = self.waiting.pop_front()?;
        self.under_way = Some(note(&work));
        // An idle connection keeps no buffer.
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        Some(work)
    }

    /// The piece under way was answered; returns what was to be remembered of it.
    pub(crate) fn answered(&mut self) -> Option<N> {
        self.under_way.take()
    }

    /// Nothing that waits is done any more.
    pub(crate) fn give_up(&mut self) {
        self.waiting = VecDeque::new();
    }
}
