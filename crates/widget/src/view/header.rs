//! Title, who answers, and the ways out: ending the chat, closing the panel.

use ui::{Texts, initials};
use yew::prelude::{Callback, Html, html};

use super::button::{button, icon_button};
use super::icon::{Icon, icon};

pub(super) struct Header<'a> {
    pub(super) texts: &'a Texts,
    pub(super) title: &'a str,
    /// The agent who answers.
    pub(super) assignee: Option<&'a str>,
    /// Whether somebody is there; empty while it is not known.
    pub(super) presence: String,
    pub(super) can_end: bool,
    pub(super) is_asking_to_end: bool,
    pub(super) on_ask_to_end: Callback<bool>,
    pub(super) on_end: Callback<()>,
    pub(super) on_close: Callback<()>,
    /// Opens the menu; there is none without it.
    pub(super) on_menu: Option<Callback<()>>,
}

/// Draws it.
pub(super) fn header(props: &Header<'_>) -> Html {
    let texts = props.texts;
    let with = props.assignee.map(|name| texts.with_name("chat_with", name));
    let subtitle = with.unwrap_or_else(|| props.presence.clone());
    let ask = props.on_ask_to_end.reform(|_| true);
    let keep = props.on_ask_to_end.reform(|_| false);
    html! {
      <>
        <header>
            <div class="avatar" aria-hidden="true">
                { props.assignee.map_or_else(|| icon(Icon::Chat), |name| initials(name).into()) }
            </div>
            <div class="titles">
                <h1>{ props.title }</h1>
                <p>{ subtitle }</p>
            </div>
            if let Some(on_menu) = &props.on_menu {
                { icon_button("menu", Icon::More, texts.text("menu"), on_menu.reform(|_| ())) }
            }
            if props.can_end {
                { icon_button("end-chat", Icon::End, texts.text("end_chat"), ask) }
            }
            { icon_button("close-chat", Icon::Close, texts.text("close"), props.on_close.reform(|_| ())) }
        </header>
        <chat-menu></chat-menu>
        if props.is_asking_to_end {
            <div class="question" role="group" aria-label={texts.text("end_question")}>
                <p>{ texts.text("end_question") }</p>
                { button("quiet", "keep-chatting", texts.text("keep_chatting"), keep) }
                { button("strong", "end-chat-confirm", texts.text("end_chat"), props.on_end.reform(|_| ())) }
            </div>
        }
      </>
    }
}
