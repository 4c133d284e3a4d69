//! A page of a site owner: the policies in its head, and our tag with its nonce.

use html5gum::{Token, Tokenizer};
use reqwest::Url;

use super::policy::{Policy, Whence};

/// Our tag as it stands on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    /// The address as written.
    pub(crate) src: String,
    /// Its nonce, when it has one.
    pub(crate) nonce: Option<String>,
    /// Whether its contents are pinned by a hash.
    pub(crate) is_pinned: bool,
}

/// What of a page counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// Its address, when it is known.
    pub(crate) url: Option<Url>,
    /// The policies in its head.
    pub(crate) policies: Vec<Policy>,
    /// Our tag, when it is there.
    pub(crate) tag: Option<Tag>,
}

impl Page {
    /// Reads markup. A `<meta>` counts only for what stands after it, and only in the head.
    pub(crate) fn read(html: &str, url: Option<Url>) -> Self {
        let mut page = Self { url, ..Self::default() };
        let mut metas = 0;
        let mut is_in_body = false;
        // Reading text cannot fail.
        for Ok(token) in Tokenizer::new(html) {
            let Token::StartTag(tag) = token else { continue };
            let attribute = |name: &[u8]| {
                let found = tag.attributes.iter().find(|(key, _)| key.as_slice().eq_ignore_ascii_case(name));
                found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
            };
            match tag.name.as_slice() {
                b"body" => is_in_body = true,
                b"meta" if !is_in_body => {
                    let name = attribute(b"http-equiv").unwrap_or_default();
                    if name.trim().eq_ignore_ascii_case("content-security-policy") {
                        metas += 1;
                        let text = attribute(b"content").unwrap_or_default();
                        page.policies.extend(Policy::read_all(&text, &Whence::Meta(metas)));
                    }
                }
                b"script" if page.tag.is_none() => {
                    let Some(src) = attribute(b"src").filter(|src| is_ours(src)) else { continue };
                    let nonce = attribute(b"nonce").filter(|nonce| !nonce.is_empty());
                    page.tag = Some(Tag { src, nonce, is_pinned: attribute(b"integrity").is_some() });
                }
                _ => {}
            }
        }
        page
    }
}

/// Whether an address looks like one of our scripts: `…/w/tp_….js`, or the loader of a version.
fn is_ours(src: &str) -> bool {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    let Some((_, file)) = path.rsplit_once("/w/") else { return false };
    (file.starts_with("tp_") && file.ends_with(".js")) || file.ends_with("/loader.js")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_of_the_head_and_the_tag_with_its_nonce_are_found() {
        let page = Page::read(
            r#"<!doctype html><html><head>
               <!-- <meta http-equiv="Content-Security-Policy" content="default-src 'none'"> -->
               <META HTTP-EQUIV=content-security-policy content="script-src 'nonce-a&#98;c'">
               <meta name="description" content="x">
               <script src="https://other.example/x.js" nonce="no"></script>
               <script async src="https://chat.example.com/w/tp_demo.js" nonce="abc"></script>
               <body><meta http-equiv="Content-Security-Policy" content="default-src 'none'">"#,
            None,
        );
        assert_eq!(page.policies.len(), 1);
        assert_eq!(page.policies[0].directives[0].values, ["'nonce-abc'"]);
        let tag = page.tag.unwrap();
        assert_eq!((tag.nonce.as_deref(), tag.is_pinned), (Some("abc"), false));
    }

    #[test]
    fn a_page_without_a_tag_or_a_policy_has_none() {
        let page = Page::read("<p>Hello <script>let w = '/w/tp_a.js'</script>", None);
        assert_eq!(page, Page::default());
        assert!(Page::read("", None).tag.is_none());
    }

    #[test]
    fn a_pinned_loader_is_a_tag() {
        let page = Page::read(
            "<script src=/w/0.1.0/loader.js integrity=sha384-x data-touchpoint=tp_a></script>",
            None,
        );
        assert!(page.tag.unwrap().is_pinned);
    }
}
