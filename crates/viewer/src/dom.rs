//! The few DOM calls that are made once per node or attribute, taking strings that JavaScript has already: web-sys
//! would decode the same name anew for each of ten thousand elements.

use cobrowse::allow;
use cobrowse::hash::FastMap;
use cobrowse::node::Text;
use js_sys::{Function, JsString, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::{Document, Element, HtmlIFrameElement, Node};

#[wasm_bindgen]
extern "C" {
    /// A document, as far as nodes are made by it.
    #[wasm_bindgen(extends = js_sys::Object)]
    #[derive(Clone, Debug)]
    pub(crate) type Maker;

    #[wasm_bindgen(method, structural, catch, js_name = createElement)]
    pub(crate) fn create_element(this: &Maker, name: &JsString) -> Result<Element, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = createElementNS)]
    pub(crate) fn create_element_ns(
        this: &Maker,
        namespace: &JsString,
        name: &JsString,
    ) -> Result<Element, JsValue>;

    /// The same for a name that has been taken before.
    #[wasm_bindgen(method, structural, js_name = createElement)]
    pub(crate) fn create_known_element(this: &Maker, name: &JsString) -> Element;

    #[wasm_bindgen(method, structural, js_name = createTextNode)]
    pub(crate) fn create_text_node(this: &Maker, text: &JsString) -> Node;

    /// An element, as far as its attributes are set.
    #[wasm_bindgen(extends = js_sys::Object)]
    #[derive(Clone, Debug)]
    pub(crate) type Attributed;

    #[wasm_bindgen(method, structural, catch, js_name = setAttribute)]
    pub(crate) fn set_attribute(this: &Attributed, name: &JsString, value: &JsString) -> Result<(), JsValue>;

    /// The same for a name that has been taken before.
    #[wasm_bindgen(method, structural, js_name = setAttribute)]
    pub(crate) fn set_known_attribute(this: &Attributed, name: &JsString, value: &JsString);

    #[wasm_bindgen(method, structural, catch, js_name = setAttributeNS)]
    pub(crate) fn set_attribute_ns(
        this: &Attributed,
        namespace: &JsString,
        name: &JsString,
        value: &JsString,
    ) -> Result<(), JsValue>;

    /// A node, as far as it takes others in.
    #[wasm_bindgen(extends = js_sys::Object)]
    #[derive(Clone, Debug)]
    pub(crate) type Holder;

    #[wasm_bindgen(method, structural, catch, js_name = appendChild)]
    pub(crate) fn append_child(this: &Holder, child: &Node) -> Result<(), JsValue>;

    /// The same for an element that takes in an element or text that has just been made.
    #[wasm_bindgen(method, structural, js_name = appendChild)]
    pub(crate) fn append_new(this: &Holder, child: &Node);

    #[wasm_bindgen(method, structural, catch, js_name = insertBefore)]
    pub(crate) fn insert_before(this: &Holder, child: &Node, before: Option<&Node>) -> Result<(), JsValue>;
}

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

/// The most strings that are remembered; a page with more spells them out.
const REMEMBERED_MAX: usize = 20_000;
/// Strings longer than this, in bytes, are not remembered.
const REMEMBERED_BYTES_MAX: usize = 48;

/// The name of elements or attributes.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) string: JsString,
    /// An element of this name has been made.
    pub(crate) is_tag: bool,
    /// An attribute of this name has been set.
    pub(crate) is_attribute: bool,
    /// An attribute of this name is set whatever it says.
    pub(crate) is_always_kept: bool,
}

/// Names that JavaScript has already been given, and what the document made of them.
#[derive(Debug, Default)]
pub(crate) struct Names {
    known: FastMap<Text, Name>,
    /// The last one that is not remembered.
    last: Option<Name>,
}

impl Names {
    /// Returns what is known of a name.
    pub(crate) fn of(&mut self, text: &Text) -> &mut Name {
        let is_kept = text.len() <= REMEMBERED_BYTES_MAX
            && (self.known.len() < REMEMBERED_MAX || self.known.contains_key(text));
        if is_kept {
            return self.known.entry(Text::clone(text)).or_insert_with(|| Name::new(text));
        }
        self.last.insert(Name::new(text))
    }
}

impl Name {
    fn new(text: &Text) -> Self {
        Self {
            string: JsString::from(text.as_ref()),
            is_tag: false,
            is_attribute: false,
            is_always_kept: allow::is_always_kept(text),
        }
    }
}

/// Strings that JavaScript has already been given.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    known: FastMap<Text, JsString>,
    /// The last one that is not remembered.
    last: Option<JsString>,
}

impl Strings {
    /// Returns the JavaScript string of a text.
    pub(crate) fn of(&mut self, text: &Text) -> &JsString {
        let is_kept = text.len() <= REMEMBERED_BYTES_MAX
            && (self.known.len() < REMEMBERED_MAX || self.known.contains_key(text));
        if is_kept {
            return self.known.entry(Text::clone(text)).or_insert_with(|| JsString::from(text.as_ref()));
        }
        self.last.insert(JsString::from(text.as_ref()))
    }
}
