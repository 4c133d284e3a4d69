//! Builds nodes of the page as DOM nodes, by the allow-list: decides what is made, and has it made many nodes at a time
//! (`plan.rs`). Nothing is ever parsed.

use cobrowse::allow::{self, Build, Keep};
use cobrowse::hash::FastMap;
use cobrowse::node::{Attribute, Content, Element, Namespace, NodeId, Text};
use cobrowse::page::Page;
use wasm_bindgen::JsCast;
use web_sys::{Document, Node};

use crate::address::Addresses;
use crate::dom::{as_element, as_frame, call, empty, put_attribute};
use crate::plan::{Nodes, Plan, build_of};

/// Has DOM nodes made and knows which belongs to which node of the page.
#[derive(Debug)]
pub(crate) struct Builder {
    document: Document,
    addresses: Addresses,
    nodes: Nodes,
    built: FastMap<NodeId, ()>,
    /// Frames whose inner document can be built only once they stand in the page.
    waiting_frames: Vec<NodeId>,
}

impl Builder {
    pub(crate) fn new(document: Document, addresses: Addresses) -> Self {
        let mut builder = Self {
            document: document.clone(),
            addresses,
            nodes: Nodes::new(),
            built: FastMap::default(),
            waiting_frames: Vec::new(),
        };
        builder.remember(NodeId::DOCUMENT, &document);
        builder
    }

    /// Returns the DOM node that stands for a node.
    pub(crate) fn node(&self, node_id: NodeId) -> Option<Node> {
        self.built.contains_key(&node_id).then(|| self.nodes.get(node_id.0))?
    }

    /// Returns the DOM element that stands for a node.
    pub(crate) fn element(&self, node_id: NodeId) -> Option<web_sys::Element> {
        self.node(node_id).filter(|node| as_element(node).is_some()).map(JsCast::unchecked_into)
    }

    /// Returns the node that a DOM node stands for. Asked for single nodes only, as it looks through all of them.
    pub(crate) fn id_of(&self, built: &Node) -> Option<NodeId> {
        Some(NodeId(self.nodes.id_of(built))).filter(|node_id| !node_id.is_none())
    }

    /// Returns how many DOM nodes are remembered, those of removed nodes too.
    pub(crate) fn len(&self) -> usize {
        self.built.len()
    }

    /// Forgets the DOM nodes whose nodes are gone from the page.
    pub(crate) fn forget_missing(&mut self, page: &Page) {
        let nodes = &self.nodes;
        self.built.retain(|&node_id, ()| {
            let stays = page.node(node_id).is_some();
            if !stays {
                nodes.forget(node_id.0);
            }
            stays
        });
    }

    /// Puts a node and everything in it where the page has it, building what has not been built.
    pub(crate) fn place(&mut self, page: &Page, node_id: NodeId) {
        let Some(place) = page.node(node_id) else { return };
        let Some(parent) = self.node(place.parent()) else { return };
        if !self.built.contains_key(&node_id) {
            self.build(page, node_id);
            // The document of a frame that stands in the page already.
            if place.content == Content::FrameDocument {
                self.fill_frames(page);
            }
        }
        let Some(built) = self.node(node_id) else { return };
        if matches!(place.content, Content::ShadowRoot | Content::FrameDocument) {
            return;
        }
        let is_inner = page.node(place.parent()).is_some_and(|node| node.content == Content::FrameDocument);
        if is_inner && is_doctype(page, node_id) && parent.first_child().is_none() {
            become_standard(parent.unchecked_ref());
        }
        let before = self.following(page, node_id, &parent);
        // A second doctype or root element is refused by the DOM; the page then stays as it was.
        let _ = parent.insert_before(&built, before.as_ref());
        self.fill_frames(page);
    }

    /// Sets one attribute as the page has it, or takes it away.
    pub(crate) fn refresh_attribute(&mut self, page: &Page, node_id: NodeId, name: &Text) {
        let (Some(element), Some(built)) = (page.element(node_id), self.element(node_id)) else { return };
        if build_of(element) == Build::Inert {
            return;
        }
        let attribute = element.attributes.iter().find(|attribute| attribute.name == *name);
        let told = attribute.and_then(|attribute| told(page, element, attribute, &self.addresses));
        let is_set = told.is_some_and(|value| put_attribute(&built, name, &value));
        if !is_set {
            let _ = built.remove_attribute(name);
        }
    }

    /// Returns the DOM node before which a node is to stand: what follows the sibling before it.
    fn following(&self, page: &Page, node_id: NodeId, parent: &Node) -> Option<Node> {
        let mut previous_id = page.node(node_id)?.previous();
        while !previous_id.is_none() {
            let is_child = |node: &Node| node.parent_node().as_ref() == Some(parent);
            if let Some(previous) = self.node(previous_id).filter(is_child) {
                return previous.next_sibling();
            }
            previous_id = page.node(previous_id).map_or(NodeId::NONE, |node| node.previous());
        }
        parent.first_child()
    }

    /// Builds a node and everything in it, without a place. Walks along the links between nodes, as pages may be
    /// deeper than a stack.
    fn build(&mut self, page: &Page, top_id: NodeId) {
        let mut plan = Plan::default();
        let mut node_id = top_id;
        loop {
            if self.write(page, node_id, &mut plan) {
                node_id = page.node(node_id).map_or(NodeId::NONE, |node| node.first_child());
                continue;
            }
            // On to what follows, closing what ends here.
            while node_id != top_id && page.node(node_id).is_some_and(|node| node.next().is_none()) {
                node_id = page.node(node_id).map_or(top_id, |node| node.parent());
                plan.end();
            }
            if node_id == top_id {
                break;
            }
            node_id = page.node(node_id).map_or(top_id, |node| node.next());
        }
        if !plan.is_empty() {
            plan.carry_out(&self.nodes, &self.document);
        }
    }

    /// Writes one node into the plan; answers whether its children follow, as far as it has any.
    fn write(&mut self, page: &Page, node_id: NodeId, plan: &mut Plan) -> bool {
        let Some(node) = page.node(node_id) else { return false };
        if self.built.contains_key(&node_id) {
            if !matches!(node.content, Content::ShadowRoot | Content::FrameDocument) {
                plan.known(node_id);
            }
            return false;
        }
        let has_children = !node.first_child().is_none();
        let is_open = match &node.content {
            Content::Document => return false,
            Content::FrameDocument => {
                self.waiting_frames.push(node_id);
                return false;
            }
            // Rules never stand in the stage as the page has written them, not even for a moment.
            Content::Text(text) if is_rules(page, node_id) => {
                plan.text(node_id, &self.addresses.loaded_in_css(text, &page.base_url));
                false
            }
            Content::Text(text) => {
                plan.text(node_id, text);
                false
            }
            Content::Doctype { name, public_id, system_id } => {
                plan.doctype(node_id, [name, public_id, system_id]);
                false
            }
            Content::ShadowRoot => {
                plan.shadow_root(node_id, node.parent());
                if !has_children {
                    plan.end();
                }
                has_children
            }
            Content::Element(element) => self.write_element(page, node_id, element, plan),
        };
        self.built.insert(node_id, ());
        is_open
    }

    /// Writes an element with its attributes into the plan; answers whether its children follow.
    fn write_element(&self, page: &Page, node_id: NodeId, element: &Element, plan: &mut Plan) -> bool {
        let has_children = page.node(node_id).is_some_and(|node| !node.first_child().is_none());
        let namespace = element.namespace;
        let tag = plan.name(&element.tag);
        match plan.build_of(element) {
            Build::Inert => {
                let stand_in = plan.value(if namespace == Namespace::Svg { "g" } else { "template" });
                plan.element(node_id, namespace, stand_in);
                return false;
            }
            Build::LinkedSheet => {
                let style = plan.value("style");
                plan.element(node_id, namespace, style);
            }
            Build::AsIs | Build::Frame => plan.element(node_id, namespace, tag.number),
        }
        for attribute in &element.attributes {
            let name = plan.name(&attribute.name);
            // An HTML element whose name has upper case keeps no attribute.
            if name.is_always_kept && !tag.has_upper_case {
                let value = plan.value(&attribute.value);
                plan.attribute(name, value);
            } else if let Some(value) = told(page, element, attribute, &self.addresses) {
                let value = plan.string(&value);
                plan.attribute(name, value);
            }
        }
        plan.copy_if_alike();
        if has_children {
            plan.open();
        }
        has_children
    }

    fn remember(&mut self, node_id: NodeId, node: &Node) {
        self.nodes.set(node_id.0, node);
        self.built.insert(node_id, ());
    }

    /// Builds the documents of frames that have come into the page, and of frames inside them.
    fn fill_frames(&mut self, page: &Page) {
        while let Some(document_id) = self.waiting_frames.pop() {
            let Some(inner) = self.inner_document(page, document_id) else { continue };
            empty(&inner);
            if page.children(document_id).any(|id| is_doctype(page, id)) {
                become_standard(&inner);
            }
            self.remember(document_id, &inner);
            let children: Vec<NodeId> = page.children(document_id).collect();
            for child_id in children {
                if !self.built.contains_key(&child_id) {
                    self.build(page, child_id);
                }
                if let Some(built) = self.node(child_id) {
                    let _ = inner.append_child(&built);
                }
            }
        }
    }

    fn inner_document(&self, page: &Page, document_id: NodeId) -> Option<Document> {
        let frame = self.node(page.node(document_id)?.parent())?;
        as_frame(&frame)?.content_document()
    }
}

/// Returns what an attribute is set to by the allow-list, or `None` when it is left out.
fn told(page: &Page, element: &Element, attribute: &Attribute, addresses: &Addresses) -> Option<Text> {
    let Attribute { name, value } = attribute;
    Some(match allow::attribute(element.namespace, &element.tag, name, value) {
        Keep::No => return None,
        Keep::AsIs => Text::clone(value),
        Keep::Popover => "manual".into(),
        Keep::Style => addresses.loaded_in_css(value, &page.base_url),
        Keep::PictureList => addresses.loaded_list(value, &page.base_url).into(),
        Keep::Picture => addresses.loaded(value, &page.base_url)?.into(),
        Keep::Address => addresses.link(value, &page.base_url)?.into(),
    })
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
