//! What the stage asks of DOM nodes, in the few places where web-sys does not know how.

use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use web_sys::{Document, Element, HtmlIFrameElement, Node};

use crate::plan::AttributeSpace;

/// Returns the node as an element. The stage's nodes belong to the frame's own window, so `instanceof`, by which
/// wasm-bindgen casts, answers no for them.
pub(crate) fn as_element(node: &Node) -> Option<&Element> {
    (node.node_type() == Node::ELEMENT_NODE).then(|| node.unchecked_ref())
}

/// Returns the node as a frame element.
pub(crate) fn as_frame(node: &Node) -> Option<&HtmlIFrameElement> {
    as_element(node).filter(|element| element.local_name() == "iframe").map(JsCast::unchecked_ref)
}

/// Takes everything out of a document.
pub(crate) fn empty(document: &Document) {
    while let Some(child) = document.first_child() {
        if document.remove_child(&child).is_err() {
            return;
        }
    }
}

/// Returns a property of an object of the stage's own window, or undefined.
pub(crate) fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method of such an object. One that is not there, or refuses, leaves the page as it is.
pub(crate) fn call(object: &JsValue, name: &str, arguments: &[JsValue]) {
    if let Ok(method) = property(object, name).dyn_into::<Function>() {
        let _ = method.apply(object, &arguments.iter().collect());
    }
}

/// Sets an attribute by its qualified name; answers whether the element takes it.
pub(crate) fn put_attribute(element: &Element, name: &str, value: &str) -> bool {
    let set = match AttributeSpace::of(name).url() {
        Some(url) => element.set_attribute_ns(Some(url), name, value),
        None => element.set_attribute(name, value),
    };
    set.is_ok()
}
