//! The few pictures of the chat, as paths; a text beside them or a label above says what they mean.

use yew::prelude::{Html, html};

#[derive(Clone, Copy)]
pub(super) enum Icon {
    Chat,
    Close,
    End,
    Send,
    Clock,
    Check,
    Checks,
    Alert,
    Eye,
    Clip,
    More,
}

pub(super) fn icon(icon: Icon) -> Html {
    let path = match icon {
        Icon::Chat => "M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5Z",
        Icon::Close => "M6 6l12 12M18 6 6 18",
        Icon::End => "M9 4H5v16h4M15 8l4 4-4 4M19 12H9",
        Icon::Send => "M5 12h14M13 6l6 6-6 6",
        Icon::Clock => "M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
        Icon::Check => "M5 13l4 4L19 7",
        Icon::Checks => "M2 13l4 4L16 7M11 16l1 1L22 7",
        Icon::Alert => "M12 8v5M12 16.5v.5M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
        Icon::Clip => {
            "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 5 5l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.5L15 7"
        }
        Icon::More => "M5 11a1 1 0 1 0 .1 0ZM12 11a1 1 0 1 0 .1 0ZM19 11a1 1 0 1 0 .1 0Z",
        Icon::Eye => "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12ZM15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z",
    };
    html! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d={path} /></svg> }
}
