//! The place of a message's files. They are drawn by the script that is loaded with the first of them: most chats
//! have none, and should not wait for what draws them.

use chat_core::EntryFile;
use yew::prelude::{Html, html};

use crate::wire::Write;

/// Draws the place. `state` is how far the message came, empty for the other side's.
pub(super) fn files(files: &[EntryFile], state: &'static str) -> Html {
    if files.is_empty() {
        return Html::default();
    }
    html! { <div class="files" data-files={files.write().stringify()} data-state={state} /> }
}
