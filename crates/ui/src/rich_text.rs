//! A message's text as elements. The text is parsed to a tree and the tree to elements: nothing ever parses HTML.

use chat_core::markup::{Inline, parse};
use yew::prelude::{Html, html};

/// Returns the elements of a message; links open in a new tab and tell the other side nothing.
pub fn rich_text(text: &str) -> Html {
    inlines(&parse(text))
}

fn inlines(pieces: &[Inline]) -> Html {
    pieces.iter().map(inline).collect()
}

fn inline(piece: &Inline) -> Html {
    match piece {
        Inline::Text(text) => html! { text },
        Inline::Break => html! { <br /> },
        Inline::Strong(inside) => html! { <strong>{ inlines(inside) }</strong> },
        Inline::Emphasis(inside) => html! { <em>{ inlines(inside) }</em> },
        Inline::Code(code) => html! { <code>{ code }</code> },
        Inline::Link { href, text } => html! {
            <a href={href.clone()} target="_blank" rel="noopener noreferrer nofollow ugc">{ text }</a>
        },
    }
}
