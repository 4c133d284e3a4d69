//! Toasts: shown, kept for a while, put away.

use browser::Timer;
use yew::Context;

use super::{Message, Workspace};
use crate::state::action::Action;
use crate::view::toasts::Toast;

/// A toast goes after this time.
const TOAST_MS: i64 = 8_000;
/// One that can be acted on stays longer.
const TOAST_TO_ACT_ON_MS: i64 = 25_000;
/// At most so many toasts stand above each other; the oldest makes room.
const TOASTS_MAX: usize = 4;

impl Workspace {
    pub(super) fn toast(&mut self, ctx: &Context<Self>, text: String) {
        self.show_toast(ctx, Toast { number: 0, text, note: None, conversation_id: None });
    }

    /// Shows a toast; its number is given here.
    pub(super) fn show_toast(&mut self, ctx: &Context<Self>, toast: Toast) {
        self.toasts
            .retain(|other| other.text != toast.text || other.conversation_id != toast.conversation_id);
        if self.toasts.len() == TOASTS_MAX {
            self.toasts.remove(0);
        }
        self.toast_number += 1;
        let number = self.toast_number;
        let on_time = ctx.link().callback(move |()| Message::Act(Action::DropToast(number)));
        let shown_ms = if toast.conversation_id.is_some() { TOAST_TO_ACT_ON_MS } else { TOAST_MS };
        self.toasts.push(Toast { number, ..toast });
        self.toast_timers.push((number, Timer::after_ms(shown_ms, move || on_time.emit(()))));
    }

    pub(super) fn drop_toast(&mut self, number: u32) {
        self.toasts.retain(|toast| toast.number != number);
        self.toast_timers.retain(|(other, _)| *other != number);
    }
}
