//! What the page's side of the chat tells the frame first.

use protocol::people::Page;
use protocol::touchpoint::PublicSettings;

use crate::page_port::Wish;

/// The first message; fields that `frame.js` uses alone are not repeated here.
#[derive(Debug)]
pub(crate) struct Init {
    /// The touchpoint's public settings.
    pub(crate) settings: PublicSettings,
    /// What the host page's storage holds for this touchpoint.
    pub(crate) storage: Vec<(String, String)>,
    /// The page the visitor is on.
    pub(crate) page: Page,
    /// The name of this tab, the same over reloads.
    pub(crate) page_key: String,
    /// Whether this tab shared its page before it was loaded again.
    pub(crate) is_sharing: bool,
    /// How long the page has been open.
    pub(crate) opened_ms_ago: i64,
    /// What the site asked for before the frame was there.
    pub(crate) override_wish: Option<Wish>,
}
