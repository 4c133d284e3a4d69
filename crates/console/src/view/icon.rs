//! The icons, drawn with lines of the text's colour on a grid of 24.

use yew::{Html, html};

/// An icon. All of them are decoration: the element around has its own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Back,
    Chat,
    Clip,
    Clock,
    Close,
    Details,
    Digits,
    Down,
    Download,
    Edit,
    File,
    Filter,
    Frame,
    Hand,
    Help,
    Lock,
    LogOut,
    Play,
    Plus,
    Pointer,
    Queue,
    Reply,
    Screen,
    Send,
    Settings,
    Team,
    Trash,
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
        Icon::Clip => {
            "M20 11.5l-8.2 8.2a5 5 0 0 1-7-7l8.6-8.6a3.3 3.3 0 0 1 4.7 4.7l-8.6 8.6a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7"
        }
        Icon::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5V12l3 2",
        Icon::Close => "M6 6l12 12M18 6L6 18",
        Icon::Details => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6",
        Icon::Digits => "M5 9h14M5 15h14M10 4L8 20M16 4l-2 16",
        Icon::Down => "M7 10l5 5 5-5",
        Icon::Download => "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
        Icon::Edit => "M4 20l1-4.2L16.2 4.6a2 2 0 0 1 2.9 2.9L8 18.8z",
        Icon::File => "M6 3h8l4 4v14H6zM14 3v4h4",
        Icon::Filter => "M4 6h16M7 12h10M10 18h4",
        Icon::Frame => "M4 8V5h3 M17 5h3v3 M20 16v3h-3 M7 19H4v-3 M9 10h6v4H9Z",
        Icon::Hand => {
            "M8 12V6a1.5 1.5 0 0 1 3 0v5 M11 11V5a1.5 1.5 0 0 1 3 0v6 M14 11V7a1.5 1.5 0 0 1 3 0v7c0 4-2 6-5 6s-4-1-6-4l-2-3a1.5 1.5 0 0 1 2.4-1.8L8 13"
        }
        Icon::Help => "M9 9a3 3 0 1 1 4 2.8c-.7.3-1 .8-1 1.7M12 17h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
        Icon::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        Icon::LogOut => "M14 4h5v16h-5M3 12h11M10 8l4 4-4 4",
        Icon::Play => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM10 8.5l6 3.5-6 3.5z",
        Icon::Plus => "M12 5v14M5 12h14",
        Icon::Pointer => "M5 3l14 8-6 2-3 6z",
        Icon::Queue => "M4 7h16M4 12h16M4 17h10",
        Icon::Reply => "M9 6l-5 5 5 5M4 11h10a6 6 0 0 1 6 6v1",
        Icon::Screen => "M3 5h18v11H3zM9 20h6M12 16v4",
        Icon::Send => "M4 12l16-8-5 16-3-7z",
        Icon::Settings => "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
        Icon::Team => {
            "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c.6-3.6 2.9-5.5 6-5.5s5.4 1.9 6 5.5M16 4.3a3.5 3.5 0 0 1 0 6.5M18 14.8c1.7.8 2.7 2.6 3 5.2"
        }
        Icon::Trash => "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5",
    }
}
