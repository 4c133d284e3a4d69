//! The sandboxed frame in which the visitor's page is rebuilt, and how each change of the replica is shown there.

use cobrowse::allow::{self, Build};
use cobrowse::blocked;
use cobrowse::control::Offset;
use cobrowse::css::FOCUS;
use cobrowse::node::{Content, NodeId, Text};
use cobrowse::page::Page;
use cobrowse::replica::Change;
use cobrowse::sheets::SheetSlot;
use js_sys::Reflect;
use std::collections::BTreeSet;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlIFrameElement, Node};

use crate::address::Addresses;
use crate::aspects::{self, AspectsShown};
use crate::builder::Builder;
use crate::dom::{as_frame, empty};
use crate::hit::{Hit, hit};
use crate::{fields, sheets};

/// Past this many removals the map of nodes is cleared of what is gone.
const REMOVALS_KEPT: u32 = 5_000;

/// The frame and what is built in it.
#[derive(Debug)]
pub(crate) struct Stage {
    frame: HtmlIFrameElement,
    document: Document,
    addresses: Addresses,
    builder: Builder,
    focused: Option<Element>,
    aspects: AspectsShown,
    removals: u32,
    /// Roots whose adopted sheets are not as the page says. Adopting makes all sheets of a root anew, so it is done
    /// once per root and frame, however often the frame changes them.
    stale_roots: BTreeSet<NodeId>,
    /// Whether the agent scrolls by themselves.
    is_alone: bool,
}

impl Stage {
    /// Takes a frame of the same origin over and empties it; `None` when its document cannot be reached.
    pub(crate) fn new(frame: HtmlIFrameElement, addresses: Addresses) -> Option<Self> {
        let document = frame.content_document()?;
        let builder = Builder::new(document.clone(), addresses.clone());
        let stage = Self {
            frame,
            document,
            addresses,
            builder,
            focused: None,
            aspects: AspectsShown::default(),
            removals: 0,
            stale_roots: BTreeSet::new(),
            is_alone: false,
        };
        stage.clear();
        Some(stage)
    }

    /// Whether the frame lays pages out in quirks mode.
    pub(crate) fn is_quirky(&self) -> bool {
        self.document.compat_mode() == "BackCompat"
    }

    /// Takes everything out of the frame.
    pub(crate) fn clear(&self) {
        empty(&self.document);
    }

    /// Shows the whole page anew.
    pub(crate) fn show_all(&mut self, page: &Page) {
        self.begin();
        let tops: Vec<NodeId> = page.children(NodeId::DOCUMENT).collect();
        for top_id in tops {
            self.place(page, top_id);
        }
        self.adopt_sheets(page);
        self.restore_scroll(page);
        for aspect in page.aspects.iter() {
            self.aspects.show(page, &self.builder, &self.document, &aspect);
        }
    }

    /// Shows one change. The page stands as it is after all changes of the frame, and [`Self::adopt_sheets`] is to
    /// follow the last of them.
    pub(crate) fn show(&mut self, page: &Page, change: &Change) {
        match change {
            Change::Document => self.begin(),
            Change::Placed(node_id) => self.place(page, *node_id),
            Change::Detached(node_id) | Change::Removed(node_id) => self.take_out(page, *node_id),
            Change::Attribute { node_id, name } => {
                self.builder.refresh_attribute(page, *node_id, name);
                if name.as_ref() == blocked::ATTRIBUTE {
                    self.show_box(page, *node_id);
                }
                if matches!(name.as_ref(), "style" | "width" | "height" | "src" | "poster") {
                    aspects::show_picture(page, &self.builder, *node_id);
                }
            }
            Change::Text(node_id) => self.show_text(page, *node_id),
            Change::Field(node_id) => self.show_field(page, *node_id),
            Change::Scroll(node_id) => self.scroll(page, *node_id),
            Change::Sheet(SheetSlot::Owned(owner_id)) => self.show_sheet(page, *owner_id),
            Change::Sheet(SheetSlot::Adopted(root_id, _)) | Change::Adopted(root_id) => {
                self.stale_roots.insert(*root_id);
            }
            Change::Focus => self.show_focus(page),
            Change::Aspect(aspect) => self.aspects.show(page, &self.builder, &self.document, aspect),
            Change::Whole => {
                self.adopt_sheets(page);
                self.restore_scroll(page);
            }
            Change::Viewport
            | Change::Address
            | Change::Paused
            | Change::Pointer(_)
            | Change::Probe(_)
            | Change::Report(_)
            | Change::Epoch(_) => {}
        }
    }

    /// Makes each root whose sheets have changed adopt what the page says.
    pub(crate) fn adopt_sheets(&mut self, page: &Page) {
        for root_id in std::mem::take(&mut self.stale_roots) {
            if let Some(root) = self.builder.node(root_id) {
                sheets::show_adopted(page, root_id, &root, &self.document, &self.addresses);
            }
        }
    }

    /// Returns the node at a place of the visitor's window, with the place in it, in CSS pixels.
    pub(crate) fn hit(&self, x: f64, y: f64) -> Option<(NodeId, Offset)> {
        let Hit { element, offset } = hit(&self.document, x, y)?;
        Some((self.builder.id_of(&element)?, offset))
    }

    /// Returns the box of a node in the stage's window: left, top, width, height.
    pub(crate) fn box_of(&self, node_id: NodeId) -> Option<[f64; 4]> {
        let rect = self.builder.element(node_id)?.get_bounding_client_rect();
        Some([rect.left(), rect.top(), rect.width(), rect.height()])
    }

    /// Whether the stage scrolls as the visitor does, or as the agent likes.
    pub(crate) fn follow_scroll(&mut self, page: &Page, follows: bool) {
        self.is_alone = !follows;
        self.scroll_window(page.scroll);
    }

    /// Scrolls the stage, and nothing on the visitor's page.
    pub(crate) fn scroll_alone(&self, x: f64, y: f64) {
        if let Some(window) = self.frame.content_window()
            && self.is_alone
        {
            window.scroll_by_with_x_and_y(x, y);
        }
    }

    /// How far the stage is scrolled away from where the visitor's page is.
    pub(crate) fn scrolled_apart(&self, page: &Page) -> (i32, i32) {
        let window = self.frame.content_window().filter(|_| self.is_alone);
        let at =
            |offset: Result<f64, _>, visitor: i32| offset.map_or(0, |offset| offset.round() as i32 - visitor);
        window.map_or((0, 0), |window| {
            (at(window.scroll_x(), page.scroll.0), at(window.scroll_y(), page.scroll.1))
        })
    }

    fn begin(&mut self) {
        self.clear();
        self.builder = Builder::new(self.document.clone(), self.addresses.clone());
        self.focused = None;
        self.aspects = AspectsShown::default();
        self.stale_roots = BTreeSet::from([NodeId::DOCUMENT]);
    }

    fn place(&mut self, page: &Page, node_id: NodeId) {
        self.builder.place(page, node_id);
        self.finish_subtree(page, node_id);
        aspects::restore(page, &self.builder);
    }

    /// Style elements, fields and scrolled boxes need more than their attributes, and only once they are built.
    fn finish_subtree(&mut self, page: &Page, top_id: NodeId) {
        let mut waiting = vec![top_id];
        while let Some(node_id) = waiting.pop() {
            let Some(node) = page.node(node_id) else { continue };
            if let Content::Element(element) = &node.content {
                if element.field.is_some() {
                    self.show_field(page, node_id);
                }
                if is_style(&element.tag) {
                    self.show_sheet(page, node_id);
                }
                if element.tag.as_ref() == "canvas" {
                    aspects::show_picture(page, &self.builder, node_id);
                }
                if element.scroll != (0, 0) {
                    self.scroll(page, node_id);
                }
                self.show_box(page, node_id);
            }
            if node.content == Content::ShadowRoot {
                self.stale_roots.insert(node_id);
            }
            waiting.extend(page.children(node_id));
        }
    }

    fn take_out(&mut self, page: &Page, node_id: NodeId) {
        if let Some(node) = self.builder.node(node_id)
            && let Some(parent) = node.parent_node()
        {
            let _ = parent.remove_child(&node);
        }
        self.removals += 1;
        if self.removals > REMOVALS_KEPT || self.builder.len() > 2 * page.len() + REMOVALS_KEPT as usize {
            self.removals = 0;
            self.builder.forget_missing(page);
        }
    }

    fn show_text(&mut self, page: &Page, node_id: NodeId) {
        let (Ok(text), Some(built)) = (page.text(node_id), self.builder.node(node_id)) else { return };
        let parent_id = page.node(node_id).map_or(NodeId::NONE, |node| node.parent());
        if page.element(parent_id).is_some_and(|parent| is_style(&parent.tag)) {
            self.show_style(page, parent_id);
        } else {
            built.set_node_value(Some(text));
        }
    }

    /// Gives a style element its rules: those of its sheet when they are known, else its text with the addresses
    /// made absolute.
    fn show_style(&mut self, page: &Page, node_id: NodeId) {
        let Some(element) = page.element(node_id).filter(|element| is_style(&element.tag)) else { return };
        if page.sheets.sheet(SheetSlot::Owned(node_id)).is_some() {
            self.show_sheet(page, node_id);
            return;
        }
        let is_link = element.tag.as_ref() == "link";
        for child_id in page.children(node_id).filter(|_| !is_link) {
            if let (Ok(text), Some(built)) = (page.text(child_id), self.builder.node(child_id)) {
                built.set_node_value(Some(&self.addresses.loaded_in_css(text, &page.base_url)));
            }
        }
    }

    fn show_sheet(&mut self, page: &Page, owner_id: NodeId) {
        if self.is_sheet(page, owner_id)
            && let Some(sheet) = page.sheets.sheet(SheetSlot::Owned(owner_id))
            && let Some(style) = self.builder.node(owner_id)
        {
            sheets::show_owned(sheet, &style, &self.addresses);
        }
    }

    /// Rules are written only into what is built as a style element.
    fn is_sheet(&self, page: &Page, node_id: NodeId) -> bool {
        let Some(element) = page.element(node_id) else { return false };
        let rel = element.attributes.iter().find(|attribute| attribute.name.as_ref() == "rel");
        let build = allow::element(element.namespace, &element.tag, rel.map(|rel| rel.value.as_ref()));
        build == Build::LinkedSheet || element.tag.as_ref() == "style"
    }

    fn show_field(&mut self, page: &Page, node_id: NodeId) {
        let (Some(element), Some(built)) = (page.element(node_id), self.builder.node(node_id)) else {
            return;
        };
        if let Some(value) = &element.field {
            fields::show(&built, &element.tag, value);
        }
    }

    /// Draws the box of an element whose content is not told.
    fn show_box(&self, page: &Page, node_id: NodeId) {
        let Some(element) = page.element(node_id) else { return };
        let told = element.attributes.iter().find(|attribute| attribute.name.as_ref() == blocked::ATTRIBUTE);
        if let Some(style) = told.and_then(|told| blocked::declarations(&told.value))
            && let Some(built) = self.builder.element(node_id)
        {
            let _ = built.set_attribute("style", &style);
        }
    }

    fn show_focus(&mut self, page: &Page) {
        if let Some(before) = self.focused.take() {
            let _ = before.remove_attribute(FOCUS);
        }
        let element = self.builder.element(page.focus);
        if let Some(element) = element {
            let _ = element.set_attribute(FOCUS, "");
            self.focused = Some(element);
        }
    }

    fn scroll(&self, page: &Page, node_id: NodeId) {
        if node_id == NodeId::DOCUMENT {
            if !self.is_alone {
                self.scroll_window(page.scroll);
            }
            return;
        }
        let (Some(element), Some(built)) = (page.element(node_id), self.builder.node(node_id)) else {
            return;
        };
        let target = as_frame(&built).and_then(inner_root).unwrap_or(built);
        let _ = Reflect::set(&target, &"scrollLeft".into(), &element.scroll.0.into());
        let _ = Reflect::set(&target, &"scrollTop".into(), &element.scroll.1.into());
    }

    fn scroll_window(&self, (left, top): (i32, i32)) {
        if let Some(window) = self.frame.content_window() {
            window.scroll_to_with_x_and_y(f64::from(left), f64::from(top));
        }
    }

    /// Offsets that were out of reach while the page was growing are set once it is whole.
    fn restore_scroll(&mut self, page: &Page) {
        if !self.is_alone {
            self.scroll_window(page.scroll);
        }
        self.show_focus(page);
    }
}

fn inner_root(frame: &HtmlIFrameElement) -> Option<Node> {
    frame.content_document()?.document_element().map(JsCast::unchecked_into)
}

fn is_style(tag: &Text) -> bool {
    matches!(tag.as_ref(), "style" | "link")
}
