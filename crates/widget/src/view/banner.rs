//! Says all the time that the page is shared, and ends it.

use ui::Texts;
use yew::prelude::{Callback, Html, classes, html};

use super::icon::{Icon, icon};

pub(super) struct Banner<'a> {
    pub(super) texts: &'a Texts,
    /// The agent who sees the page.
    pub(super) name: &'a str,
    /// Whether it stands alone, while the panel is closed.
    pub(super) is_strip: bool,
    pub(super) on_stop: &'a Callback<()>,
}

/// Draws it.
pub(super) fn banner(props: &Banner<'_>) -> Html {
    html! {
        <div class={classes!("banner", props.is_strip.then_some("strip"))} data-testid="cobrowse-banner"
            role="status">
            { icon(Icon::Eye) }
            <p>{ props.texts.with_name("sees_page", props.name) }</p>
            <button class="quiet" data-testid="cobrowse-stop" onclick={props.on_stop.reform(|_| ())}>
                { props.texts.text("stop_sharing") }
            </button>
        </div>
    }
}
