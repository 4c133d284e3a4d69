//! The icons, drawn with lines of the text's colour on a grid of 24.

use yew::{Html, html};

/// An icon. All of them are decoration: the element around has its own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Back,
    Chat,
    Close,
    Details,
    Help,
    LogOut,
    Pointer,
    Screen,
    Send,
}

/// Draws an icon with the given classes besides its own.
pub(crate) fn icon(icon: Icon, classes: &'static str) -> Html {
    html! {
        <svg class={yew::classes!("icon", classes)} viewBox="0 0 24 24" fill="none" stroke="currentColor"
            stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d={path(icon)} />
        </svg>
    }
}

/// Draws the product's mark: two rings that ride together.
pub(crate) fn mark(classes: &'static str) -> Html {
    html! {
        <svg class={classes} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.6"
            aria-hidden="true">
            <circle cx="8.5" cy="12" r="5.5" />
            <circle cx="15.5" cy="12" r="5.5" opacity="0.6" />
        </svg>
    }
}

fn path(icon: Icon) -> &'static str {
    match icon {
        Icon::Back => "M15 5l-7 7 7 7",
        Icon::Chat => "M4 5h16v11H9l-5 4z",
        Icon::Close => "M6 6l12 12M18 6L6 18",
        Icon::Details => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6",
        Icon::Help => "M9 9a3 3 0 1 1 4 2.8c-.7.3-1 .8-1 1.7M12 17h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
        Icon::LogOut => "M14 4h5v16h-5M3 12h11M10 8l4 4-4 4",
        Icon::Pointer => "M5 3l14 8-6 2-3 6z",
        Icon::Screen => "M3 5h18v11H3zM9 20h6M12 16v4",
        Icon::Send => "M4 12l16-8-5 16-3-7z",
    }
}
