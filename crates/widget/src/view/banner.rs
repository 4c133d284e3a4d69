//! Says all the time that the page is shared, and ends it.

use ui::Texts;
use yew::prelude::{Callback, Html, html};

use super::button::button;
use super::icon::{Icon, icon};

pub(super) struct Banner<'a> {
    pub(super) texts: &'a Texts,
    /// The agent who sees the page.
    pub(super) name: &'a str,
    /// Whether it is kept, to be seen again.
    pub(super) is_recorded: bool,
    /// Whether it stands alone, while the panel is closed.
    pub(super) is_strip: bool,
    pub(super) on_stop: &'a Callback<()>,
}

/// Draws it.
pub(super) fn banner(props: &Banner<'_>) -> Html {
    html! {
        <div ~className={if props.is_strip { "banner strip" } else { "banner" }} data-testid="cobrowse-banner"
            role="status">
            { icon(Icon::Eye) }
            <p>{ props.texts.with_name("sees_page", props.name) }</p>
            if props.is_recorded {
                <small data-testid="cobrowse-recorded">{ props.texts.text("recorded") }</small>
            }
            <share-tools></share-tools>
            { button("quiet", "cobrowse-stop", props.texts.text("stop_sharing"), props.on_stop.reform(|_| ())) }
        </div>
    }
}
