//! What of a visitor's page may be built in the agent's browser. The page is hostile: names and attributes are
//! allowed by what they are good for in a picture of a page, and everything that could act is left out.

use crate::node::Namespace;

/// How an element is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Under its own name.
    AsIs,
    /// As an empty, invisible stand-in that keeps the count of siblings right.
    Inert,
    /// As a frame without address, into which the inner document is built.
    Frame,
    /// As a style element that carries the rules of the linked sheet.
    LinkedSheet,
}

/// What becomes of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// It is set as it is.
    AsIs,
    /// It is set with its address made absolute.
    Address,
    /// It is set with its address made absolute, from which the browser loads a picture.
    Picture,
    /// It is set with each address of the list made absolute, from which the browser loads one of these pictures.
    PictureList,
    /// It is set with the addresses in its style declarations made absolute.
    Style,
    /// It is set to `manual`: only the visitor's page opens and closes what it is on.
    Popover,
    /// It is left out.
    No,
}

/// Whether a text is a picture spelled out as an address, of a kind that a browser only paints.
#[must_use]
pub fn picture(data: &str) -> bool {
    let Some((kind, body)) = data.strip_prefix("data:image/").and_then(|rest| rest.split_once(";base64,"))
    else {
        return false;
    };
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    matches!(kind, "png" | "webp" | "jpeg") && body.bytes().all(is_base64)
}

/// Returns how an element is built. `rel` is the value of its attribute of that name.
///
/// The rules know names as the DOM keeps them. `createElement` lowers the case of what it is given and
/// `createElementNS` splits at a colon, so a name that would become another one is not built.
#[must_use]
pub fn element(namespace: Namespace, tag: &str, rel: Option<&str>) -> Build {
    match (namespace, tag) {
        (Namespace::Html, _) if has_upper_case(tag) => Build::Inert,
        (Namespace::Svg | Namespace::MathMl | Namespace::Other, _) if tag.contains(':') => Build::Inert,
        (_, "script")
        | (
            Namespace::Html,
            "noscript" | "object" | "embed" | "applet" | "base" | "template" | "portal" | "frameset"
            | "frame" | "fencedframe",
        ) => Build::Inert,
        (Namespace::Html, "iframe") => Build::Frame,
        (Namespace::Html, "link") if rel.is_some_and(names_style_sheet) => Build::LinkedSheet,
        (Namespace::Html | Namespace::Svg | Namespace::MathMl | Namespace::Other, _) => Build::AsIs,
    }
}

/// Returns what becomes of an attribute of an element that is built.
#[must_use]
pub fn attribute(namespace: Namespace, tag: &str, name: &str, value: &str) -> Keep {
    if namespace == Namespace::Html && (has_upper_case(name) || has_upper_case(tag)) {
        return Keep::No;
    }
    let name = name.to_ascii_lowercase();
    if name.starts_with("on") || NEVER.contains(&name.as_str()) {
        return Keep::No;
    }
    match name.as_str() {
        "name" | "id" if hides_by_name(tag) && HIDDEN_BY_NAME.contains(&value) => Keep::No,
        "style" => Keep::Style,
        "popover" => Keep::Popover,
        "srcset" | "imagesrcset" if matches!(tag, "img" | "source") => Keep::PictureList,
        // The source of a video is not loaded: what it shows comes as a picture.
        "src" if matches!(tag, "img" | "input" | "image") => safe_picture(value),
        "poster" if tag == "video" => safe_picture(value),
        "background" if matches!(tag, "body" | "table" | "td" | "th" | "tr") => safe_picture(value),
        "href" | "xlink:href" => link(namespace, tag, value),
        "src" | "srcset" | "imagesrcset" | "poster" | "background" => Keep::No,
        // An animation may set an address that was refused as an attribute.
        "attributename" if value.to_ascii_lowercase().contains("href") => Keep::No,
        // Only the rules of a linked sheet are shown; no other kind of link is followed.
        "rel" if tag == "link" && !names_style_sheet(value) => Keep::No,
        // A refresh or a policy of the visitor's page is none of the agent's.
        "content" if tag == "meta" => Keep::No,
        _ => Keep::AsIs,
    }
}

/// Whether [`attribute`] answers [`Keep::AsIs`] to this name on every element whose own name has no upper case and
/// with every value, so that a builder need not ask again.
#[must_use]
pub fn is_always_kept(name: &str) -> bool {
    const ASKED: [&str; 14] = [
        "id",
        "name",
        "popover",
        "style",
        "src",
        "srcset",
        "imagesrcset",
        "poster",
        "background",
        "href",
        "xlink:href",
        "attributename",
        "rel",
        "content",
    ];
    !has_upper_case(name) && !name.starts_with("on") && !NEVER.contains(&name) && !ASKED.contains(&name)
}

/// Attributes that act, lead away, load what is no picture, or mean nothing without scripts.
const NEVER: [&str; 26] = [
    "srcdoc",
    "ping",
    "action",
    "formaction",
    "target",
    "autofocus",
    "nonce",
    "http-equiv",
    "is",
    "sandbox",
    "allow",
    "csp",
    "integrity",
    "crossorigin",
    "download",
    "manifest",
    "data",
    "codebase",
    "classid",
    "archive",
    "autoplay",
    "loading",
    "popovertarget",
    "commandfor",
    "attributionsrc",
    "shadowrootmode",
];

/// What the viewer asks of documents and forms. An element of such a name would stand in its place, as a document
/// answers `createElement` with the image of that name.
const HIDDEN_BY_NAME: [&str; 36] = [
    "adoptedStyleSheets",
    "appendChild",
    "attachShadow",
    "childNodes",
    "clientLeft",
    "clientTop",
    "compatMode",
    "createElement",
    "createElementNS",
    "createTextNode",
    "defaultView",
    "documentElement",
    "elementFromPoint",
    "firstChild",
    "getAttribute",
    "getBoundingClientRect",
    "hasAttribute",
    "hidePopover",
    "implementation",
    "insertBefore",
    "localName",
    "matches",
    "nextSibling",
    "nodeType",
    "nodeValue",
    "ownerDocument",
    "parentNode",
    "removeAttribute",
    "removeChild",
    "scrollLeft",
    "scrollTop",
    "setAttribute",
    "setAttributeNS",
    "shadowRoot",
    "showPopover",
    "textContent",
];

/// Whether a name would become another one in an HTML document.
#[must_use]
pub fn has_upper_case(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Whether a document or a form answers with elements of this kind when it is asked for their names.
fn hides_by_name(tag: &str) -> bool {
    matches!(
        tag,
        "img"
            | "form"
            | "embed"
            | "object"
            | "iframe"
            | "input"
            | "button"
            | "select"
            | "textarea"
            | "output"
            | "fieldset"
    )
}

fn link(namespace: Namespace, tag: &str, value: &str) -> Keep {
    match (namespace, tag) {
        (Namespace::Html, "link") => Keep::No,
        (Namespace::Svg, "use") if !value.trim_start().starts_with('#') => Keep::No,
        _ if value.trim_start().starts_with('#') => Keep::AsIs,
        // Inside SVG an address is loaded, but for where a link leads.
        (Namespace::Svg, _) if tag != "a" => safe_picture(value),
        (Namespace::Html | Namespace::Svg | Namespace::MathMl | Namespace::Other, _) => safe_address(value),
    }
}

/// The same for an address that is loaded.
fn safe_picture(value: &str) -> Keep {
    match safe_address(value) {
        Keep::Address => Keep::Picture,
        other @ (Keep::AsIs | Keep::Picture | Keep::PictureList | Keep::Style | Keep::Popover | Keep::No) => {
            other
        }
    }
}

/// An address is kept when it is relative, or its scheme only shows or writes something.
fn safe_address(value: &str) -> Keep {
    let plain: String = value
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .take(64)
        .collect::<String>()
        .to_ascii_lowercase();
    let scheme = plain.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    match scheme.filter(|text| is_scheme(text)) {
        None | Some("http" | "https" | "mailto" | "tel") => Keep::Address,
        Some("data") if plain.starts_with("data:image/") => Keep::AsIs,
        Some(_) => Keep::No,
    }
}

fn names_style_sheet(rel: &str) -> bool {
    let mut words = rel.split_ascii_whitespace().map(str::to_ascii_lowercase);
    let is_sheet = words.clone().any(|word| word == "stylesheet");
    is_sheet && !words.any(|word| word == "alternate")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tag: &str, name: &str, value: &str, expected: Keep) {
        assert_eq!(attribute(Namespace::Html, tag, name, value), expected, "{tag} {name}={value}");
    }

    #[test]
    fn names_that_are_always_kept_are_kept_with_every_value_on_every_element() {
        let names = [
            "class", "id", "name", "popover", "data-x", "title", "d", "rel", "href", "style", "src",
            "onclick", "nonce",
        ];
        let values = ["", "javascript:x", "https://x.test", "href", "stylesheet", "0;url=x"];
        for name in names.into_iter().chain(NEVER).filter(|name| is_always_kept(name)) {
            for (tag, value) in ["div", "a", "img", "link", "meta", "use"].iter().zip(values) {
                check(tag, name, value, Keep::AsIs);
            }
        }
        assert!(is_always_kept("class") && !is_always_kept("Class"));
        for name in [
            "onclick",
            "id",
            "name",
            "popover",
            "href",
            "xlink:href",
            "nonce",
            "style",
            "attributename",
            "content",
            "rel",
        ] {
            assert!(!is_always_kept(name), "{name}");
        }
    }

    #[test]
    fn what_acts_is_not_built() {
        for tag in ["script", "noscript", "object", "embed", "applet", "base", "frame"] {
            assert_eq!(element(Namespace::Html, tag, None), Build::Inert, "{tag}");
        }
        assert_eq!(element(Namespace::Svg, "script", None), Build::Inert);
        assert_eq!(element(Namespace::Html, "iframe", None), Build::Frame);
        assert_eq!(element(Namespace::Html, "link", Some("StyleSheet")), Build::LinkedSheet);
        assert_eq!(element(Namespace::Html, "link", Some("preload")), Build::AsIs);
        assert_eq!(element(Namespace::Html, "x-card", None), Build::AsIs);
    }

    #[test]
    fn names_that_the_dom_would_change_are_left_out() {
        for tag in ["SCRIPT", "Object", "iFrame", "LINK", "DIV"] {
            assert_eq!(element(Namespace::Html, tag, Some("stylesheet")), Build::Inert, "{tag}");
        }
        for namespace in [Namespace::Svg, Namespace::MathMl, Namespace::Other] {
            assert_eq!(element(namespace, "x:script", None), Build::Inert);
        }
        assert_eq!(element(Namespace::Svg, "linearGradient", None), Build::AsIs);
        check("LINK", "rel", "preload", Keep::No);
        check("meta", "CONTENT", "0;url=https://x.test", Keep::No);
        check("div", "Class", "x", Keep::No);
        assert_eq!(attribute(Namespace::Svg, "svg", "viewBox", "0 0 1 1"), Keep::AsIs);
        assert_eq!(attribute(Namespace::Svg, "svg", "onLoad", "x"), Keep::No);
        assert_eq!(attribute(Namespace::Svg, "animate", "attributeName", "xlink:href"), Keep::No);
    }

    #[test]
    fn attributes_that_act_are_left_out() {
        for name in
            ["onclick", "ONLOAD", "srcdoc", "formaction", "action", "target", "nonce", "http-equiv", "is"]
        {
            check("div", name, "x", Keep::No);
        }
        check("meta", "content", "0;url=https://x.test", Keep::No);
    }

    #[test]
    fn names_that_would_stand_in_the_viewers_way_are_left_out() {
        check("img", "name", "createElement", Keep::No);
        check("input", "id", "firstChild", Keep::No);
        check("div", "id", "firstChild", Keep::AsIs);
        check("input", "name", "firstname", Keep::AsIs);
    }

    #[test]
    fn addresses_that_run_are_left_out_however_they_are_written() {
        for value in
            ["javascript:alert(1)", " \tJaVa\nscript:alert(1)", "vbscript:x", "data:text/html,x", "blob:x"]
        {
            check("a", "href", value, Keep::No);
            check("img", "src", value, Keep::No);
        }
    }

    #[test]
    fn only_pictures_that_are_painted_and_nothing_else_are_pictures() {
        assert!(picture("data:image/webp;base64,UklGRg=="));
        for data in [
            "data:image/svg+xml;base64,AAAA",
            "data:text/html;base64,AAAA",
            "data:image/png;base64,AA\") no-repeat, url(\"https://x.test",
            "data:image/png,AA",
            "https://x.test/data:image/png;base64,AA",
        ] {
            assert!(!picture(data), "{data}");
        }
    }

    #[test]
    fn pictures_and_links_keep_their_addresses() {
        check("img", "src", "a/b.png?x=1:2", Keep::Picture);
        check("img", "src", "data:image/png;base64,AA", Keep::AsIs);
        check("img", "srcset", "a.png 1x, b.png 2x", Keep::PictureList);
        check("video", "poster", "p.png", Keep::Picture);
        for tag in ["video", "audio", "source", "track", "embed"] {
            check(tag, "src", "https://x.test/film.webm", Keep::No);
        }
        check("a", "href", "#part", Keep::AsIs);
        check("a", "href", "mailto:a@b.test", Keep::Address);
        assert_eq!(attribute(Namespace::Svg, "a", "href", "p.png"), Keep::Address);
        for tag in ["image", "feImage", "pattern"] {
            assert_eq!(attribute(Namespace::Svg, tag, "xlink:href", "p.png"), Keep::Picture, "{tag}");
        }
        check("iframe", "src", "https://x.test", Keep::No);
        check("link", "href", "https://x.test/a.css", Keep::No);
        check("link", "rel", "preload", Keep::No);
        check("div", "class", "on", Keep::AsIs);
    }
}
