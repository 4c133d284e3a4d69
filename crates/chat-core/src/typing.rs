//! Typing signs: sent sparingly, shown for a short time.

use protocol::limit::{TYPING_SENT_EVERY_MS, TYPING_SHOWN_MS};
use protocol::time::UnixMillis;

/// The sign we send: at most every 3 s while typing goes on, and once when it stops.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TypingSender {
    sent_at: Option<UnixMillis>,
}

impl TypingSender {
    /// Returns whether the sign shall be sent.
    pub(crate) fn shall_send(&mut self, is_typing: bool, now: UnixMillis) -> bool {
        if !is_typing {
            return self.sent_at.take().is_some();
        }
        let is_due = self.sent_at.is_none_or(|sent_at| now.since_ms(sent_at) >= TYPING_SENT_EVERY_MS);
        if is_due {
            self.sent_at = Some(now);
        }
        is_due
    }

    /// A message was sent: that ends the typing for the other side by itself.
    pub(crate) fn reset(&mut self) {
        self.sent_at = None;
    }
}

/// The sign of the other side.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypingShown {
    shown: Option<(String, UnixMillis)>,
}

impl TypingShown {
    pub(crate) fn set(&mut self, name: &str, is_typing: bool, now: UnixMillis) {
        self.shown = is_typing.then(|| (name.to_owned(), now.plus_ms(TYPING_SHOWN_MS)));
    }

    pub(crate) fn clear(&mut self) {
        self.shown = None;
    }

    /// Who types; an empty name for a customer.
    pub(crate) fn name(&self) -> Option<&str> {
        self.shown.as_ref().map(|(name, _)| name.as_str())
    }

    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        self.shown.as_ref().map(|(_, until)| *until)
    }

    /// Takes the sign away when its time is over; returns whether it did.
    pub(crate) fn tick(&mut self, now: UnixMillis) -> bool {
        let is_over = self.deadline().is_some_and(|until| until <= now);
        if is_over {
            self.shown = None;
        }
        is_over
    }
}
