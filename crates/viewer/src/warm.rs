//! Builds a small page that nobody sees while the module loads: the browser compiles each function when it is first
//! called, and an agent who waits for a visitor's page would wait for that as well.

use cobrowse::node::NodeId;
use cobrowse::replica::Replica;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::address::Addresses;
use crate::builder::Builder;
use crate::dom::empty;

/// What the SDK's recorder gave of a page with a list, a table, a form and a picture. Without styles: the policy of the
/// page that loads the module holds for what is built here, and refuses them.
const PAGE: &[u8] = include_bytes!("warm.frame");

/// Runs once, when the module has come.
#[wasm_bindgen(start)]
fn warm_up() {
    let document = web_sys::window().and_then(|window| window.document());
    let unseen = document.and_then(|document| document.implementation().ok()?.create_html_document().ok());
    let mut replica = Replica::new();
    // A frame that this version cannot read leaves the module cold and nothing else.
    let (Some(unseen), Ok(_)) = (unseen, replica.apply(PAGE)) else { return };
    empty(&unseen);
    let page = replica.page();
    let mut builder = Builder::new(unseen, Addresses::default());
    let tops: Vec<NodeId> = page.children(NodeId::DOCUMENT).collect();
    for top_id in tops {
        builder.place(page, top_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_for_warming_up_is_read_whole() {
        let mut replica = Replica::new();
        assert!(replica.apply(PAGE).is_ok());
        assert!(replica.is_whole());
        assert!(replica.page().len() > 60);
    }
}
