//! The options of a select: a rebuilt page runs nothing, so the viewer's own page shows them.

use browser::object::object;
use cobrowse::masking::FieldValue;
use cobrowse::node::{Content, NodeId};
use cobrowse::page::Page;
use js_sys::Array;
use wasm_bindgen::JsValue;

/// Returns the options of a select with their labels, as far as they are not masked, and the box it stands in.
pub(crate) fn of(page: &Page, select_id: NodeId, place: [f64; 4]) -> JsValue {
    let options = Array::new();
    let mut waiting: Vec<NodeId> = page.children(select_id).collect();
    waiting.reverse();
    while let Some(node_id) = waiting.pop() {
        let Some(element) = page.element(node_id) else { continue };
        if element.tag.as_ref() == "option" {
            let attribute =
                |name: &str| element.attributes.iter().find(|attribute| attribute.name.as_ref() == name);
            let label =
                attribute("label").map_or_else(|| text_of(page, node_id), |label| label.value.to_string());
            options.push(&object(&[
                ("id", node_id.0.into()),
                ("label", label.trim().into()),
                ("is_disabled", attribute("disabled").is_some().into()),
                ("is_chosen", (element.field == Some(FieldValue::Chosen(true))).into()),
            ]));
        }
        let at = waiting.len();
        waiting.extend(page.children(node_id));
        waiting[at..].reverse();
    }
    let place: Array = place.iter().map(|&edge| JsValue::from_f64(edge)).collect();
    object(&[("options", options.into()), ("box", place.into())])
}

fn text_of(page: &Page, node_id: NodeId) -> String {
    let children = page.children(node_id).filter_map(|child_id| page.node(child_id));
    let texts = children.filter_map(|child| match &child.content {
        Content::Text(text) => Some(text.as_ref()),
        Content::Document
        | Content::Doctype { .. }
        | Content::Element(_)
        | Content::ShadowRoot
        | Content::FrameDocument => None,
    });
    texts.collect()
}
