//! Builds nodes of the page as DOM nodes, by the allow-list. Only `createElement`, `createElementNS` and
//! `createTextNode` are used: nothing is ever parsed.

use cobrowse::allow::{self, Build, Keep};
use cobrowse::hash::FastMap;
use cobrowse::node::{Attribute, Content, Element, Namespace, NodeId, Text};
use cobrowse::page::Page;
use wasm_bindgen::JsCast;
use web_sys::{Document, Node, ShadowRootInit, ShadowRootMode};

use crate::address::{absolute, absolute_in_css, absolute_list};
use crate::dom::{Attributed, Holder, Maker, Names, Strings, as_element, as_frame, call, empty};

const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Makes DOM nodes and remembers which belongs to which node of the page.
#[derive(Debug)]
pub(crate) struct Builder {
    document: Document,
    maker: Maker,
    names: Names,
    strings: Strings,
    nodes: FastMap<NodeId, Node>,
    /// Frames whose inner document can be built only once they stand in the page.
    waiting_frames: Vec<NodeId>,
}

impl Builder {
    pub(crate) fn new(document: Document) -> Self {
        let mut nodes = FastMap::default();
        nodes.insert(NodeId::DOCUMENT, document.clone().unchecked_into());
        let maker = document.clone().unchecked_into();
        let (names, strings) = (Names::default(), Strings::default());
        Self { document, maker, names, strings, nodes, waiting_frames: Vec::new() }
    }

    /// Returns the DOM node that stands for a node.
    pub(crate) fn node(&self, node_id: NodeId) -> Option<&Node> {
        self.nodes.get(&node_id)
    }

    /// Returns the node that a DOM node stands for. Asked for single nodes only, as it looks through all of them.
    pub(crate) fn id_of(&self, built: &Node) -> Option<NodeId> {
        self.nodes.iter().find(|(_, node)| *node == built).map(|(&node_id, _)| node_id)
    }

    /// Returns how many DOM nodes are remembered, those of removed nodes too.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Forgets the DOM nodes whose nodes are gone from the page.
    pub(crate) fn forget_missing(&mut self, page: &Page) {
        self.nodes.retain(|&node_id, _| page.node(node_id).is_some());
    }

    /// Puts a node and everything in it where the page has it, building what has not been built.
    pub(crate) fn place(&mut self, page: &Page, node_id: NodeId) {
        let Some(place) = page.node(node_id) else { return };
        let Some(parent) = self.nodes.get(&place.parent()).cloned() else { return };
        if !self.nodes.contains_key(&node_id) {
            self.build(page, node_id, &parent);
            // The document of a frame that stands in the page already.
            if place.content == Content::FrameDocument {
                self.fill_frames(page);
            }
        }
        let Some(built) = self.nodes.get(&node_id).cloned() else { return };
        if matches!(place.content, Content::ShadowRoot | Content::FrameDocument) {
            return;
        }
        let is_inner = page.node(place.parent()).is_some_and(|node| node.content == Content::FrameDocument);
        if is_inner && is_doctype(page, node_id) && parent.first_child().is_none() {
            become_standard(parent.unchecked_ref());
        }
        let before = self.following(page, node_id, &parent);
        let holder: &Holder = parent.unchecked_ref();
        // A second doctype or root element is refused by the DOM; the page then stays as it was.
        let _ = holder.insert_before(&built, before.as_ref());
        self.fill_frames(page);
    }

    /// Sets one attribute as the page has it, or takes it away.
    pub(crate) fn refresh_attribute(&mut self, page: &Page, node_id: NodeId, name: &Text) {
        let (Some(element), Some(built)) = (page.element(node_id), self.nodes.get(&node_id).cloned()) else {
            return;
        };
        if build_of(element) == Build::Inert {
            return;
        }
        let attribute = element.attributes.iter().find(|attribute| attribute.name == *name);
        let is_set = attribute
            .is_some_and(|attribute| self.set_attribute(page, element, attribute, built.unchecked_ref()));
        if !is_set && let Some(built) = as_element(&built) {
            let _ = built.remove_attribute(name);
        }
    }

    /// Returns the DOM node before which a node is to stand: what follows the sibling before it.
    fn following(&self, page: &Page, node_id: NodeId, parent: &Node) -> Option<Node> {
        let mut previous_id = page.node(node_id)?.previous();
        while !previous_id.is_none() {
            let is_child = |node: &&Node| node.parent_node().as_ref() == Some(parent);
            if let Some(previous) = self.nodes.get(&previous_id).filter(is_child) {
                return previous.next_sibling();
            }
            previous_id = page.node(previous_id).map_or(NodeId::NONE, |node| node.previous());
        }
        parent.first_child()
    }

    /// Builds a node and everything in it, without a place. Walks with a list, as pages may be deeper than a stack.
    fn build(&mut self, page: &Page, top_id: NodeId, top_parent: &Node) {
        let mut waiting = vec![(top_id, NodeId::NONE)];
        while let Some((node_id, parent_id)) = waiting.pop() {
            let Some(node) = page.node(node_id) else { continue };
            if let Some(known) = self.nodes.get(&node_id) {
                self.append(parent_id, &node.content, known);
                continue;
            }
            let Some(built) = self.make(page, node_id, &node.content, top_parent) else {
                if node.content == Content::FrameDocument {
                    self.waiting_frames.push(node_id);
                }
                continue;
            };
            let is_plain = matches!(node.content, Content::Element(_) | Content::Text(_));
            match self.nodes.get(&parent_id).filter(|_| is_plain && page.element(parent_id).is_some()) {
                Some(parent) => parent.unchecked_ref::<Holder>().append_new(&built),
                None => self.append(parent_id, &node.content, &built),
            }
            self.nodes.insert(node_id, built);
            if node.content.as_element().is_some_and(|element| build_of(element) == Build::Inert) {
                continue;
            }
            let at = waiting.len();
            waiting.extend(page.children(node_id).map(|child_id| (child_id, node_id)));
            waiting[at..].reverse();
        }
    }

    /// Appends what is built to its parent, unless it has none yet or is no child of it.
    fn append(&self, parent_id: NodeId, content: &Content, built: &Node) {
        let stands_alone = matches!(content, Content::ShadowRoot | Content::FrameDocument);
        if let Some(parent) = self.nodes.get(&parent_id).filter(|_| !stands_alone) {
            // What the DOM refuses, as a second root element, stays out of the page.
            let _ = parent.unchecked_ref::<Holder>().append_child(built);
        }
    }

    fn make(&mut self, page: &Page, node_id: NodeId, content: &Content, top_parent: &Node) -> Option<Node> {
        match content {
            Content::Document | Content::FrameDocument => None,
            Content::Text(text) if is_rules(page, node_id) => {
                // Rules never stand in the stage as the page has written them, not even for a moment.
                Some(self.maker.create_text_node(&absolute_in_css(text, &page.base_url).as_ref().into()))
            }
            Content::Text(text) => Some(self.maker.create_text_node(self.strings.of(text))),
            Content::Doctype { name, public_id, system_id } => {
                let implementation = self.document.implementation().ok()?;
                let doctype = implementation.create_document_type(name, public_id, system_id);
                doctype.ok().map(JsCast::unchecked_into)
            }
            Content::ShadowRoot => {
                let host = as_element(self.nodes.get(&page.node(node_id)?.parent()).unwrap_or(top_parent))?;
                let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok();
                root.or_else(|| host.shadow_root()).map(JsCast::unchecked_into)
            }
            Content::Element(element) => Some(self.element(page, element)),
        }
    }

    fn element(&mut self, page: &Page, element: &Element) -> Node {
        let build = build_of(element);
        let built = match build {
            Build::Inert if element.namespace == Namespace::Svg => self.create(Namespace::Svg, &"g".into()),
            Build::Inert => self.create(element.namespace, &"template".into()),
            Build::LinkedSheet => self.create(element.namespace, &"style".into()),
            Build::AsIs | Build::Frame => self.create(element.namespace, &element.tag),
        };
        if build != Build::Inert {
            for attribute in &element.attributes {
                self.set_attribute(page, element, attribute, built.unchecked_ref());
            }
        }
        built.unchecked_into()
    }

    fn create(&mut self, namespace: Namespace, tag: &Text) -> web_sys::Element {
        let name = self.names.of(tag);
        let created = match namespace_url(namespace) {
            None if name.is_tag => return self.maker.create_known_element(&name.string),
            None => self.maker.create_element(&name.string),
            Some(url) => self.maker.create_element_ns(self.strings.of(&url.into()), &name.string),
        };
        name.is_tag |= created.is_ok() && namespace == Namespace::Html;
        // A parser accepts names that `createElement` refuses; such an element has no meaning but its place.
        created.unwrap_or_else(|_| {
            let fallback = self.maker.create_element(&"div".into());
            fallback.expect("a document can make a div")
        })
    }

    /// Sets an attribute by the allow-list; answers whether it is set.
    fn set_attribute(
        &mut self,
        page: &Page,
        element: &Element,
        attribute: &Attribute,
        built: &Attributed,
    ) -> bool {
        let Attribute { name, value } = attribute;
        let known = self.names.of(name);
        // An HTML element whose name has upper case keeps no attribute.
        let is_kept = known.is_always_kept && !allow::has_upper_case(&element.tag);
        if is_kept && known.is_attribute {
            built.set_known_attribute(&known.string, self.strings.of(value));
            return true;
        }
        let address: Text = match allow::attribute(element.namespace, &element.tag, name, value) {
            Keep::No => return false,
            Keep::AsIs => Text::clone(value),
            Keep::Popover => "manual".into(),
            Keep::Style => absolute_in_css(value, &page.base_url),
            Keep::AddressList => absolute_list(value, &page.base_url).into(),
            Keep::Address => match absolute(value, &page.base_url) {
                Some(address) => address.into(),
                None => return false,
            },
        };
        let (known, value) = (self.names.of(name), self.strings.of(&address));
        let namespace = match name.split_once(':') {
            Some(("xlink", _)) => XLINK,
            Some(("xml", _)) => XML,
            Some(_) | None if known.is_attribute => {
                built.set_known_attribute(&known.string, value);
                return true;
            }
            Some(_) | None => {
                let is_set = built.set_attribute(&known.string, value).is_ok();
                known.is_attribute |= is_set;
                return is_set;
            }
        };
        built.set_attribute_ns(&namespace.into(), &known.string, value).is_ok()
    }

    /// Builds the documents of frames that have come into the page, and of frames inside them.
    fn fill_frames(&mut self, page: &Page) {
        while let Some(document_id) = self.waiting_frames.pop() {
            let Some(inner) = self.inner_document(page, document_id) else { continue };
            empty(&inner);
            if page.children(document_id).any(|id| is_doctype(page, id)) {
                become_standard(&inner);
            }
            let inner: Node = inner.unchecked_into();
            self.nodes.insert(document_id, inner.clone());
            let children: Vec<NodeId> = page.children(document_id).collect();
            for child_id in children {
                self.build(page, child_id, &inner);
                if let Some(built) = self.nodes.get(&child_id).cloned() {
                    let _ = inner.unchecked_ref::<Holder>().append_child(&built);
                }
            }
        }
    }

    fn inner_document(&self, page: &Page, document_id: NodeId) -> Option<Document> {
        let frame = self.nodes.get(&page.node(document_id)?.parent())?;
        as_frame(frame)?.content_document()
    }
}

/// Whether a text stands where it is taken for rules.
fn is_rules(page: &Page, text_id: NodeId) -> bool {
    let parent = page.node(text_id).and_then(|text| page.element(text.parent()));
    parent.is_some_and(|element| matches!(element.tag.as_ref(), "style" | "link"))
}

/// Whether a node is a doctype by which a document is laid out in standards mode.
fn is_doctype(page: &Page, node_id: NodeId) -> bool {
    let content = page.node(node_id).map(|node| &node.content);
    matches!(content, Some(Content::Doctype { name, public_id, .. }) if name.as_ref() == "html" && public_id.is_empty())
}

/// An empty document of a frame is laid out in quirks mode until it has been parsed with a doctype, and nothing else
/// changes that. What is parsed here is this one word.
fn become_standard(document: &Document) {
    call(document, "open", &[]);
    call(document, "write", &["<!doctype html>".into()]);
    call(document, "close", &[]);
    empty(document);
}

fn build_of(element: &Element) -> Build {
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
