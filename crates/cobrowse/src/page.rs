//! The tree of one page, kept alike by recorder and replica: nodes by id, linked to their neighbours.

use crate::aspect::Aspects;
use crate::hash::FastMap;
use crate::limit;
use crate::node::{Content, Element, NodeId, Text};
use crate::sheets::Sheets;

/// A node with its place in the tree.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub content: Content,
    parent: NodeId,
    previous: NodeId,
    next: NodeId,
    first_child: NodeId,
    last_child: NodeId,
}

/// The visitor's window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Viewport {
    /// Layout width in CSS pixels.
    pub width: u32,
    /// Layout height in CSS pixels.
    pub height: u32,
    /// Pinch zoom of the visual viewport in thousandths; 1000 is none.
    pub zoom_permille: u32,
    /// Left edge of the visual viewport within the layout viewport.
    pub left: i32,
    /// Top edge of the visual viewport within the layout viewport.
    pub top: i32,
}

/// Why a change does not fit the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// A node that is not there.
    #[error("node {} is not in the tree", .0.0)]
    Unknown(NodeId),
    /// A node that is there already, or the number zero.
    #[error("node {} cannot be added", .0.0)]
    Taken(NodeId),
    /// A place that does not exist: a parent without children, a sibling elsewhere, a node inside itself.
    #[error("node {} cannot be placed there", .0.0)]
    Misplaced(NodeId),
    /// A node of another kind than the change needs.
    #[error("node {} is of another kind", .0.0)]
    Kind(NodeId),
    /// More than a page may have.
    #[error("the page is larger than allowed")]
    TooLarge,
}

/// One page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    nodes: FastMap<NodeId, Node>,
    /// Style sheets by slot.
    pub sheets: Sheets,
    /// What is seen beside the tree.
    pub aspects: Aspects,
    /// Whether the document is laid out in quirks mode.
    pub is_quirky: bool,
    /// The address, as the reader lets it be seen.
    pub url: String,
    /// The base address of relative links.
    pub base_url: String,
    /// The title, as the reader lets it be seen.
    pub title: String,
    /// The window.
    pub viewport: Viewport,
    /// Where the document is scrolled to.
    pub scroll: (i32, i32),
    /// The element that has the focus, or none.
    pub focus: NodeId,
    /// Whether the visitor has the page in the background.
    pub is_paused: bool,
}

impl Page {
    /// Returns an empty page: the document node and nothing in it.
    #[must_use]
    pub fn new() -> Self {
        let mut page = Self::default();
        page.nodes.insert(NodeId::DOCUMENT, Node::new(Content::Document));
        page
    }

    /// Returns how many nodes there are, with detached ones.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether not even a document is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the node.
    #[must_use]
    pub fn node(&self, node_id: NodeId) -> Option<&Node> {
        self.nodes.get(&node_id)
    }

    /// Returns the element of this id, if it is one.
    #[must_use]
    pub fn element(&self, node_id: NodeId) -> Option<&Element> {
        self.node(node_id)?.content.as_element()
    }

    /// Returns the children of a node, first to last.
    pub fn children(&self, parent_id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = self.node(parent_id).map_or(NodeId::NONE, |node| node.first_child);
        std::iter::from_fn(move || {
            let child = (!next.is_none()).then_some(next)?;
            next = self.node(child).map_or(NodeId::NONE, |node| node.next);
            Some(child)
        })
    }

    /// Returns how many levels a node stands below the top of its tree; the count stops past the deepest allowed.
    pub(crate) fn depth(&self, node_id: NodeId) -> usize {
        let parent = |&id: &NodeId| self.node(id).map(Node::parent).filter(|id| !id.is_none());
        std::iter::successors(parent(&node_id), parent).take(limit::DEPTH_MAX + 1).count()
    }

    /// Returns how many levels there are below a node.
    pub(crate) fn height(&self, node_id: NodeId) -> usize {
        let mut height = 0;
        let mut waiting = vec![(node_id, 0)];
        while let Some((next_id, depth)) = waiting.pop() {
            height = height.max(depth);
            waiting.extend(self.children(next_id).map(|child_id| (child_id, depth + 1)));
        }
        height
    }

    /// Returns the last child of a node, or none.
    #[must_use]
    pub fn last_child(&self, parent_id: NodeId) -> NodeId {
        self.node(parent_id).map_or(NodeId::NONE, |node| node.last_child)
    }

    /// Returns the element for changing it.
    ///
    /// # Errors
    /// [`PageError`] when there is no such node or it is no element.
    pub fn element_mut(&mut self, node_id: NodeId) -> Result<&mut Element, PageError> {
        match &mut self.nodes.get_mut(&node_id).ok_or(PageError::Unknown(node_id))?.content {
            Content::Element(element) => Ok(element),
            Content::Document
            | Content::Doctype { .. }
            | Content::Text(_)
            | Content::ShadowRoot
            | Content::FrameDocument => Err(PageError::Kind(node_id)),
        }
    }

    /// Returns the text of a text node.
    ///
    /// # Errors
    /// [`PageError`] when there is no such node or it is no text.
    pub fn text(&self, node_id: NodeId) -> Result<&Text, PageError> {
        match &self.node(node_id).ok_or(PageError::Unknown(node_id))?.content {
            Content::Text(text) => Ok(text),
            Content::Document
            | Content::Doctype { .. }
            | Content::Element(_)
            | Content::ShadowRoot
            | Content::FrameDocument => Err(PageError::Kind(node_id)),
        }
    }

    /// Replaces the text of a text node.
    ///
    /// # Errors
    /// [`PageError`] when there is no such node or it is no text.
    pub fn set_text(&mut self, node_id: NodeId, text: Text) -> Result<(), PageError> {
        self.text(node_id)?;
        if let Some(node) = self.nodes.get_mut(&node_id) {
            node.content = Content::Text(text);
        }
        Ok(())
    }

    /// Adds a node that has no place yet.
    ///
    /// # Errors
    /// [`PageError`] when the id is taken or the page is full.
    pub fn add(&mut self, node_id: NodeId, content: Content) -> Result<(), PageError> {
        if self.nodes.len() >= limit::NODES_MAX {
            return Err(PageError::TooLarge);
        }
        if node_id.is_none() || self.nodes.contains_key(&node_id) {
            return Err(PageError::Taken(node_id));
        }
        self.nodes.insert(node_id, Node::new(content));
        Ok(())
    }

    /// Puts a node that has no place under `parent_id` after `previous_id`, or first when that is none.
    ///
    /// # Errors
    /// [`PageError`] when a node is missing, the place does not exist, or the node would be inside itself.
    pub fn link(&mut self, parent_id: NodeId, previous_id: NodeId, node_id: NodeId) -> Result<(), PageError> {
        let parent = self.node(parent_id).ok_or(PageError::Unknown(parent_id))?;
        let node = self.node(node_id).ok_or(PageError::Unknown(node_id))?;
        let is_free = node.parent.is_none() && node_id != NodeId::DOCUMENT;
        if !parent.content.is_container() || !is_free {
            return Err(PageError::Misplaced(node_id));
        }
        let has_children = !node.first_child.is_none();
        let next_id = if previous_id.is_none() {
            parent.first_child
        } else {
            let previous = self.node(previous_id).ok_or(PageError::Unknown(previous_id))?;
            if previous.parent != parent_id {
                return Err(PageError::Misplaced(previous_id));
            }
            previous.next
        };
        if parent_id == node_id || (has_children && self.is_within(parent_id, node_id)) {
            return Err(PageError::Misplaced(node_id));
        }
        self.edit(node_id, |node| {
            node.parent = parent_id;
            node.previous = previous_id;
            node.next = next_id;
        });
        if previous_id.is_none() {
            self.edit(parent_id, |parent| parent.first_child = node_id);
        } else {
            self.edit(previous_id, |previous| previous.next = node_id);
        }
        if next_id.is_none() {
            self.edit(parent_id, |parent| parent.last_child = node_id);
        } else {
            self.edit(next_id, |next| next.previous = node_id);
        }
        Ok(())
    }

    /// Takes a node with everything in it out of its place and keeps it, so that it can be placed again.
    ///
    /// # Errors
    /// [`PageError`] when there is no such node, or it is the document.
    pub fn detach(&mut self, node_id: NodeId) -> Result<(), PageError> {
        if node_id == NodeId::DOCUMENT {
            return Err(PageError::Misplaced(node_id));
        }
        let node = self.node(node_id).ok_or(PageError::Unknown(node_id))?;
        let (parent, previous, next) = (node.parent, node.previous, node.next);
        if parent.is_none() {
            return Ok(());
        }
        if previous.is_none() {
            self.edit(parent, |parent| parent.first_child = next);
        } else {
            self.edit(previous, |previous| previous.next = next);
        }
        if next.is_none() {
            self.edit(parent, |parent| parent.last_child = previous);
        } else {
            self.edit(next, |next| next.previous = previous);
        }
        self.edit(node_id, |node| {
            node.parent = NodeId::NONE;
            node.previous = NodeId::NONE;
            node.next = NodeId::NONE;
        });
        Ok(())
    }

    /// Forgets a node and everything in it.
    ///
    /// # Errors
    /// [`PageError`] when there is no such node, or it is the document.
    pub fn remove(&mut self, node_id: NodeId) -> Result<(), PageError> {
        self.detach(node_id)?;
        let mut waiting = vec![node_id];
        while let Some(next_id) = waiting.pop() {
            waiting.extend(self.children(next_id));
            self.nodes.remove(&next_id);
            self.sheets.forget(next_id);
            self.aspects.forget(next_id);
        }
        Ok(())
    }

    fn is_within(&self, mut node_id: NodeId, ancestor_id: NodeId) -> bool {
        while let Some(node) = self.node(node_id) {
            if node_id == ancestor_id {
                return true;
            }
            node_id = node.parent;
        }
        false
    }

    fn edit(&mut self, node_id: NodeId, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(&node_id) {
            change(node);
        }
    }
}

impl Node {
    fn new(content: Content) -> Self {
        Self {
            content,
            parent: NodeId::NONE,
            previous: NodeId::NONE,
            next: NodeId::NONE,
            first_child: NodeId::NONE,
            last_child: NodeId::NONE,
        }
    }

    /// Returns the parent, or none for the document and for detached nodes.
    #[must_use]
    pub fn parent(&self) -> NodeId {
        self.parent
    }

    /// Returns the sibling before it, or none.
    #[must_use]
    pub fn previous(&self) -> NodeId {
        self.previous
    }

    /// Returns the sibling after it, or none.
    #[must_use]
    pub fn next(&self) -> NodeId {
        self.next
    }

    /// Returns its first child, or none.
    #[must_use]
    pub fn first_child(&self) -> NodeId {
        self.first_child
    }
}
