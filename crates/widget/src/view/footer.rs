//! What stands below a chat that is over.

use ui::Texts;
use yew::prelude::{Callback, Html, html};

use super::button::button;

pub(super) struct Ended<'a> {
    pub(super) texts: &'a Texts,
    pub(super) on_start: Callback<()>,
}

/// Draws it.
pub(super) fn ended(props: &Ended<'_>) -> Html {
    html! {
        <footer class="ended">
            <p>{ props.texts.text("ended") }</p>
            { button("strong", "start-new", props.texts.text("start_new"), props.on_start.reform(|_| ())) }
        </footer>
    }
}
