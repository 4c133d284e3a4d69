//! The page this module runs in: its window, document, origin and visibility.

use web_sys::{Document, VisibilityState, Window};

/// Returns the window.
///
/// # Panics
/// Outside of a page.
#[must_use]
pub fn window() -> Window {
    web_sys::window().expect("this module runs in a page")
}

/// Returns the document.
///
/// # Panics
/// Outside of a page.
#[must_use]
pub fn document() -> Document {
    window().document().expect("a window of a page has a document")
}

/// Whether the page is on the screen rather than in a hidden tab.
#[must_use]
pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Returns the origin of this page, `https://chat.example.com`.
#[must_use]
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Returns the socket address of a path on this page's origin: `wss://chat.example.com/path`.
#[must_use]
pub fn socket_url(path: &str) -> String {
    // `http` becomes `ws` and `https` becomes `wss`.
    let origin = origin();
    format!("ws{}{path}", origin.strip_prefix("http").unwrap_or(&origin))
}
