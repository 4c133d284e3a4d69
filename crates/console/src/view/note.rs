//! A note of one agent for the next, in the log. It looks like no message: visitors never see it.

use protocol::time::UnixMillis;
use yew::{Html, html};

use super::dates;
use super::icon::{Icon, icon};
use crate::state::notice::Note;
use crate::texts::{TEXTS, fill};

/// Draws the note with who wrote it and who can read it.
pub(crate) fn internal_note(note: Note<'_>, at: UnixMillis) -> Html {
    let from = fill(TEXTS.note_from, &[("agent", note.by)]);
    html! {
        <aside class="note" data-testid="internal-note" aria-label={from.clone()}>
            <p class="note__head">
                { icon(Icon::Lock, "") }
                <span class="note__from">{ from }</span>
                <span class="note__private">{ TEXTS.note_private }</span>
                <time class="note__time" datetime={at.to_string()}>{ dates::time(at) }</time>
            </p>
            <p class="note__text" dir="auto">{ note.text }</p>
        </aside>
    }
}
