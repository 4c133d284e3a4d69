//! What is to be built, as flat words and one text, so that JavaScript makes a thousand nodes with one call. The loop
//! that carries it out is `www/viewer/page/nodes.js`; it decides nothing.

use cobrowse::allow::{self, Build};
use cobrowse::hash::{FastHasher, FastMap};
use cobrowse::node::{Element, Namespace, NodeId, Text};
use std::hash::Hasher;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Document, Node};

#[wasm_bindgen(raw_module = "../viewer/page/nodes.js")]
extern "C" {
    /// The DOM nodes by number.
    #[derive(Debug)]
    pub(crate) type Nodes;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> Nodes;

    #[wasm_bindgen(method)]
    pub(crate) fn get(this: &Nodes, id: u32) -> Option<Node>;

    #[wasm_bindgen(method)]
    pub(crate) fn set(this: &Nodes, id: u32, node: &Node);

    #[wasm_bindgen(method)]
    pub(crate) fn forget(this: &Nodes, id: u32);

    #[wasm_bindgen(method, js_name = idOf)]
    pub(crate) fn id_of(this: &Nodes, node: &Node) -> u32;

    #[wasm_bindgen(method)]
    fn build(this: &Nodes, document: &Document, words: &[u32], units: &[u32], text: &str);
}

const END: u32 = 0;
const TEXT: u32 = 1;
const ELEMENT: u32 = 2;
const KNOWN: u32 = 3;
const SHADOW_ROOT: u32 = 4;
const DOCTYPE: u32 = 5;
const COPY: u32 = 6;
/// Added to a step inside which the following ones stand, up to its end.
const OPEN: u32 = 0x10;
/// Added to an element that says its namespace.
const FOREIGN: u32 = 0x20;
/// How far the count of attributes is shifted in an element's word.
const COUNT_SHIFT: u32 = 8;

/// The namespace of an attribute; a bit that is added to the number of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttributeSpace {
    None = 0,
    Xlink = 0x4000_0000,
    Xml = 0x2000_0000,
}

impl AttributeSpace {
    /// Returns the namespace that an attribute's name says.
    pub(crate) fn of(name: &str) -> Self {
        match name.split_once(':') {
            Some(("xlink", _)) => Self::Xlink,
            Some(("xml", _)) => Self::Xml,
            Some(_) | None => Self::None,
        }
    }

    /// Returns its address.
    pub(crate) fn url(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Xlink => Some("http://www.w3.org/1999/xlink"),
            Self::Xml => Some("http://www.w3.org/XML/1998/namespace"),
        }
    }
}

/// What is known of a string that names elements or attributes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub(crate) number: u32,
    space: AttributeSpace,
    /// As an attribute it is set whatever it says.
    pub(crate) is_always_kept: bool,
    pub(crate) has_upper_case: bool,
}

/// Nodes that are to be built, in document order. It lives no longer than the page stands still: strings are known by
/// where they lie.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    words: Vec<u32>,
    units: Vec<u32>,
    text: String,
    names: FastMap<usize, Name>,
    values: FastMap<usize, u32>,
    builds: FastMap<(usize, u32), Build>,
    /// Where the element stands that was written last.
    element_at: usize,
    /// Where elements stand that may be copied, from and to, by a hash of what is said of them.
    written: FastMap<u64, (usize, usize)>,
}

impl Plan {
    /// Has everything made.
    pub(crate) fn carry_out(&self, nodes: &Nodes, document: &Document) {
        nodes.build(document, &self.words, &self.units, &self.text);
    }

    /// Whether nothing has been written.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Closes what was opened last.
    pub(crate) fn end(&mut self) {
        self.words.push(END);
    }

    pub(crate) fn text(&mut self, node_id: NodeId, text: &str) {
        let number = self.string(text);
        self.words.extend([TEXT, node_id.0, number]);
    }

    /// A node that has been made before.
    pub(crate) fn known(&mut self, node_id: NodeId) {
        self.words.extend([KNOWN, node_id.0]);
    }

    /// Opens the shadow root of an element.
    pub(crate) fn shadow_root(&mut self, node_id: NodeId, host_id: NodeId) {
        self.words.extend([SHADOW_ROOT | OPEN, node_id.0, host_id.0]);
    }

    pub(crate) fn doctype(&mut self, node_id: NodeId, [name, public_id, system_id]: [&str; 3]) {
        let strings = [name, public_id, system_id].map(|text| self.string(text));
        self.words.extend([DOCTYPE, node_id.0]);
        self.words.extend(strings);
    }

    /// An element, without attributes so far.
    pub(crate) fn element(&mut self, node_id: NodeId, namespace: Namespace, tag: u32) {
        self.element_at = self.words.len();
        match namespace_url(namespace) {
            None => self.words.extend([ELEMENT, node_id.0, tag]),
            Some(url) => {
                let url = self.value(url);
                self.words.extend([ELEMENT | FOREIGN, node_id.0, url, tag]);
            }
        }
    }

    /// Has what follows stand in the element that was written last, until its end.
    pub(crate) fn open(&mut self) {
        self.words[self.element_at] |= OPEN;
    }

    /// Adds an attribute to the element that was written last.
    pub(crate) fn attribute(&mut self, name: Name, value: u32) {
        self.words.extend([name.number | name.space as u32, value]);
        self.words[self.element_at] += 1 << COUNT_SHIFT;
    }

    /// Has the element that was written last made as a copy of one of which the same is said, if there is one: pages
    /// consist of elements that are alike, and to copy one costs less than to set its attributes again.
    pub(crate) fn copy_if_alike(&mut self) {
        let (start, end) = (self.element_at, self.words.len());
        let (head, node_id) = (self.words[start], self.words[start + 1]);
        if head >> COUNT_SHIFT == 0 {
            return;
        }
        let mut hasher = FastHasher::default();
        hasher.write_u32(head);
        self.words[start + 2..].iter().for_each(|&word| hasher.write_u32(word));
        let (other, other_end) = *self.written.entry(hasher.finish()).or_insert((start, end));
        let is_alike = other != start
            && self.words[other] & !OPEN == head
            && self.words[other + 2..other_end] == self.words[start + 2..end];
        if is_alike {
            let original_id = self.words[other + 1];
            self.words.truncate(start);
            self.words.extend([COPY, node_id, original_id]);
        }
    }

    /// Returns what is known of a name of the page.
    pub(crate) fn name(&mut self, name: &Text) -> Name {
        let place = name.as_ptr() as usize;
        if let Some(known) = self.names.get(&place) {
            return *known;
        }
        let number = self.string(name);
        let known = Name {
            number,
            space: AttributeSpace::of(name),
            is_always_kept: allow::is_always_kept(name),
            has_upper_case: allow::has_upper_case(name),
        };
        self.names.insert(place, known);
        known
    }

    /// Returns the number of a value that stands as long as the plan.
    pub(crate) fn value(&mut self, value: &str) -> u32 {
        if value.is_empty() {
            return self.string(value);
        }
        let place = value.as_ptr() as usize;
        if let Some(&number) = self.values.get(&place) {
            return number;
        }
        let number = self.string(value);
        self.values.insert(place, number);
        number
    }

    /// Returns the number of a string that does not come twice.
    pub(crate) fn string(&mut self, text: &str) -> u32 {
        let units = if text.is_ascii() { text.len() } else { text.encode_utf16().count() };
        self.text.push_str(text);
        self.units.push(u32::try_from(units).unwrap_or(u32::MAX));
        self.units.len() as u32 - 1
    }

    /// Returns how an element is built.
    pub(crate) fn build_of(&mut self, element: &Element) -> Build {
        if element.tag.as_ref() == "link" {
            return build_of(element);
        }
        let key = (element.tag.as_ptr() as usize, element.namespace.to_bits());
        *self.builds.entry(key).or_insert_with(|| build_of(element))
    }
}

/// Returns how an element is built.
pub(crate) fn build_of(element: &Element) -> Build {
    let is_link = element.tag.as_ref() == "link";
    let rel = element.attributes.iter().find(|attribute| is_link && attribute.name.as_ref() == "rel");
    allow::element(element.namespace, &element.tag, rel.map(|attribute| attribute.value.as_ref()))
}

fn namespace_url(namespace: Namespace) -> Option<&'static str> {
    match namespace {
        Namespace::Html => None,
        Namespace::Svg => Some("http://www.w3.org/2000/svg"),
        Namespace::MathMl => Some("http://www.w3.org/1998/Math/MathML"),
        Namespace::Other => Some("urn:tandem:other"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(plan: &Plan) -> Vec<String> {
        let mut units = plan.text.encode_utf16().collect::<Vec<_>>().into_iter();
        let cut = |&length: &u32| {
            String::from_utf16_lossy(&units.by_ref().take(length as usize).collect::<Vec<_>>())
        };
        plan.units.iter().map(cut).collect()
    }

    #[test]
    fn elements_are_written_with_their_attributes_and_copied_where_the_same_is_said() {
        let (tag, name, value): (Text, Text, Text) = ("use".into(), "xlink:href".into(), "#ä💡".into());
        let mut plan = Plan::default();
        for node_id in [2, 4] {
            let tag = plan.name(&tag).number;
            plan.element(NodeId(node_id), Namespace::Svg, tag);
            let (name, value) = (plan.name(&name), plan.value(&value));
            plan.attribute(name, value);
            plan.copy_if_alike();
        }
        plan.open();
        plan.text(NodeId(5), "in it");
        plan.end();
        plan.element(NodeId(6), Namespace::Svg, 0);
        plan.copy_if_alike();
        let first = [ELEMENT | FOREIGN | 1 << COUNT_SHIFT, 2, 1, 0, 2 | AttributeSpace::Xlink as u32, 3];
        let inside = [TEXT, 5, 4, END];
        let expected = [&first[..], &[COPY | OPEN, 4, 2], &inside, &[ELEMENT | FOREIGN, 6, 1, 0]].concat();
        assert_eq!(plan.words, expected);
        assert_eq!(strings(&plan), ["use", "http://www.w3.org/2000/svg", "xlink:href", "#ä💡", "in it"]);
    }
}
