//! Writes operations into columns, with the dictionaries of one epoch.

use crate::aspect::{Aspect, Point};
use crate::bytes::{put_signed, put_varint};
use crate::columns::Columns;
use crate::dictionary::StringWriter;
use crate::hash::FastMap;
use crate::limit;
use crate::masking::FieldValue;
use crate::node::{Content, Element, NodeId, Text};
use crate::op::{Op, field, structure};
use crate::page::{Page, Viewport};
use crate::sheets::{Sheet, SheetSlot};

/// The writing side of the codec.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    columns: Columns,
    names: StringWriter,
    values: StringWriter,
    texts: StringWriter,
    /// The number of each name that a shape has used.
    name_numbers: FastMap<Text, u32>,
    shapes: FastMap<Box<[u32]>, u32>,
    /// The shape being looked up; kept to save an allocation per element.
    shape: Vec<u32>,
    last_named: u32,
    expected_id: u32,
    run_gap: i32,
    run_length: u32,
    /// How many bytes of text the splices of this payload make.
    spliced_bytes: usize,
}

impl Encoder {
    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Returns the payload of everything written since the last call.
    pub(crate) fn take_payload(&mut self) -> Vec<u8> {
        self.end_id_run();
        self.spliced_bytes = 0;
        self.columns.take_payload()
    }

    pub(crate) fn document(&mut self, page: &Page) {
        self.op(Op::Document);
        self.number(u32::from(page.is_quirky));
        for text in [&page.url, &page.base_url, &page.title] {
            self.value(&text.as_str().into());
        }
    }

    pub(crate) fn address(&mut self, page: &Page) {
        self.op(Op::Address);
        for text in [&page.url, &page.title] {
            self.value(&text.as_str().into());
        }
    }

    /// Begins a run of nodes after `previous_id` under `parent_id`. It goes on to the matching [`Self::end`].
    pub(crate) fn begin_run(&mut self, parent_id: NodeId, previous_id: NodeId) {
        self.op(Op::Place);
        self.id(parent_id);
        self.id(previous_id);
    }

    /// Ends the children of the last open node, or the run.
    pub(crate) fn end(&mut self) {
        put_varint(&mut self.columns.structure, structure::END);
    }

    /// Writes a node that is already known and now stands here with everything in it.
    pub(crate) fn moved(&mut self, node_id: NodeId) {
        put_varint(&mut self.columns.structure, structure::MOVED);
        self.id(node_id);
    }

    /// Writes a new node. Containers with children are closed by [`Self::end`]; an element without any is not.
    pub(crate) fn node(&mut self, node_id: NodeId, content: &Content, has_children: bool) {
        self.new_id(node_id);
        match content {
            Content::Document => {}
            Content::Doctype { name, public_id, system_id } => {
                put_varint(&mut self.columns.structure, structure::DOCTYPE);
                for text in [name, public_id, system_id] {
                    self.value(text);
                }
            }
            Content::Element(element) => self.element(element, has_children),
            Content::Text(text) => {
                put_varint(&mut self.columns.structure, structure::TEXT);
                self.texts.put(&mut self.columns.texts, text);
            }
            Content::ShadowRoot => put_varint(&mut self.columns.structure, structure::SHADOW_ROOT),
            Content::FrameDocument => put_varint(&mut self.columns.structure, structure::FRAME_DOCUMENT),
        }
    }

    pub(crate) fn remove(&mut self, node_id: NodeId) {
        self.op(Op::Remove);
        self.id(node_id);
    }

    pub(crate) fn detach(&mut self, node_id: NodeId) {
        self.op(Op::Detach);
        self.id(node_id);
    }

    pub(crate) fn attribute(&mut self, node_id: NodeId, name: &Text, value: Option<&Text>) {
        self.op(if value.is_some() { Op::Attribute } else { Op::NoAttribute });
        self.id(node_id);
        self.names.put(&mut self.columns.names, name);
        if let Some(value) = value {
            self.value(value);
        }
    }

    /// Writes a new text, as a splice when enough of the old one stays.
    pub(crate) fn text(&mut self, node_id: NodeId, old: &str, new: &Text) {
        let (start, kept_end) = common_ends(old, new);
        let is_worth_it = start + kept_end > 32 && new.len() > start + kept_end;
        let is_splice = is_worth_it && self.spliced_bytes + new.len() <= limit::SPLICED_BYTES_MAX;
        if is_splice {
            self.spliced_bytes += new.len();
            let inserted = new.get(start..new.len() - kept_end).unwrap_or_default();
            self.splice(node_id, start, old.len() - start - kept_end, &inserted.into());
        } else {
            self.op(Op::Text);
            self.id(node_id);
            self.texts.put(&mut self.columns.texts, new);
        }
    }

    /// Writes that `removed` bytes of a text from `start` on are replaced.
    pub(crate) fn splice(&mut self, node_id: NodeId, start: usize, removed: usize, inserted: &Text) {
        self.op(Op::Splice);
        self.id(node_id);
        self.number(start as u32);
        self.number(removed as u32);
        self.texts.put(&mut self.columns.texts, inserted);
    }

    pub(crate) fn field(&mut self, node_id: NodeId, value: &FieldValue) {
        self.op(Op::Field);
        self.id(node_id);
        match value {
            FieldValue::Shown(text) => {
                self.number(field::SHOWN);
                self.texts.put(&mut self.columns.texts, text);
            }
            FieldValue::Masked { units } => {
                self.number(field::MASKED);
                self.number(*units);
            }
            FieldValue::Secret => self.number(field::SECRET),
            FieldValue::Chosen(is_chosen) => {
                self.number(field::CHOSEN);
                self.number(u32::from(*is_chosen));
            }
            FieldValue::ChosenHidden => self.number(field::CHOSEN_HIDDEN),
        }
    }

    pub(crate) fn scroll(&mut self, node_id: NodeId, scroll: (i32, i32)) {
        self.op(Op::Scroll);
        self.id(node_id);
        self.signed(scroll.0);
        self.signed(scroll.1);
    }

    pub(crate) fn viewport(&mut self, viewport: Viewport) {
        self.op(Op::Viewport);
        self.number(viewport.width);
        self.number(viewport.height);
        self.number(viewport.zoom_permille);
        self.signed(viewport.left);
        self.signed(viewport.top);
    }

    pub(crate) fn sheet(&mut self, slot: SheetSlot, sheet: &Sheet) {
        match slot {
            SheetSlot::Owned(owner_id) => {
                self.op(Op::OwnedSheet);
                self.id(owner_id);
            }
            SheetSlot::Adopted(root_id, index) => {
                self.op(Op::AdoptedSheet);
                self.id(root_id);
                self.number(index);
            }
        }
        self.value(&sheet.base_url);
        self.texts.put(&mut self.columns.texts, &sheet.css);
    }

    pub(crate) fn adopted_count(&mut self, root_id: NodeId, count: u32) {
        self.op(Op::AdoptedCount);
        self.id(root_id);
        self.number(count);
    }

    pub(crate) fn focus(&mut self, node_id: NodeId) {
        self.op(Op::Focus);
        self.id(node_id);
    }

    pub(crate) fn pause(&mut self, is_paused: bool) {
        self.op(Op::Pause);
        self.number(u32::from(is_paused));
    }

    /// Writes what is seen beside the tree, in the order in which `aspect::read` reads it.
    pub(crate) fn aspect(&mut self, aspect: &Aspect) {
        self.op(aspect.op());
        match aspect {
            Aspect::Hover(node_id) => self.id(*node_id),
            Aspect::Selection(selection) => {
                for Point { node_id, offset } in [selection.start, selection.end] {
                    self.id(node_id);
                    self.number(offset);
                }
            }
            Aspect::Asset { number, data } => {
                self.number(*number);
                self.texts.put(&mut self.columns.texts, data);
            }
            Aspect::Picture { node_id, picture } => {
                self.id(*node_id);
                self.number(picture.asset);
                self.number(picture.density_permille);
            }
            Aspect::Layer { node_id, layer } => {
                self.id(*node_id);
                self.number(*layer as u32);
            }
            Aspect::Media { node_id, media } => {
                self.id(*node_id);
                self.number(u32::from(media.is_paused));
                self.number(media.position_s);
            }
        }
    }

    fn element(&mut self, element: &Element, has_children: bool) {
        let mut shape = std::mem::take(&mut self.shape);
        shape.clear();
        shape.push(element.namespace.to_bits() << 1 | u32::from(has_children));
        shape.push(self.name_number(&element.tag));
        for attribute in &element.attributes {
            let number = self.name_number(&attribute.name);
            shape.push(number);
        }
        if let Some(&number) = self.shapes.get(shape.as_slice()) {
            put_varint(&mut self.columns.structure, structure::SHAPE + number);
        } else {
            put_varint(&mut self.columns.structure, structure::NEW_SHAPE);
            put_varint(&mut self.columns.shapes, shape[0]);
            put_varint(&mut self.columns.shapes, element.attributes.len() as u32);
            self.names.put(&mut self.columns.names, &element.tag);
            for attribute in &element.attributes {
                self.names.put(&mut self.columns.names, &attribute.name);
            }
            let number = self.shapes.len() as u32;
            self.shapes.insert(shape.as_slice().into(), number);
        }
        self.shape = shape;
        for attribute in &element.attributes {
            self.values.put(&mut self.columns.values, &attribute.value);
        }
    }

    fn name_number(&mut self, name: &Text) -> u32 {
        if let Some(&number) = self.name_numbers.get(name) {
            return number;
        }
        let number = self.name_numbers.len() as u32;
        self.name_numbers.insert(Text::clone(name), number);
        number
    }

    fn op(&mut self, op: Op) {
        put_varint(&mut self.columns.ops, op.to_number());
    }

    fn id(&mut self, node_id: NodeId) {
        put_signed(&mut self.columns.ids, node_id.0.wrapping_sub(self.last_named) as i32);
        self.last_named = node_id.0;
    }

    fn new_id(&mut self, node_id: NodeId) {
        if self.run_length == 0 || node_id.0 != self.expected_id {
            self.end_id_run();
            self.run_gap = node_id.0.wrapping_sub(self.expected_id) as i32;
        }
        self.run_length += 1;
        self.expected_id = node_id.0.wrapping_add(1);
    }

    fn end_id_run(&mut self) {
        if self.run_length > 0 {
            put_signed(&mut self.columns.node_ids, self.run_gap);
            put_varint(&mut self.columns.node_ids, self.run_length);
            self.run_length = 0;
        }
    }

    fn number(&mut self, number: u32) {
        put_varint(&mut self.columns.numbers, number);
    }

    fn signed(&mut self, number: i32) {
        put_signed(&mut self.columns.numbers, number);
    }

    fn value(&mut self, value: &Text) {
        self.values.put(&mut self.columns.values, value);
    }
}

/// Returns how many bytes two texts share at the start and at the end, cut at whole characters, without overlap.
fn common_ends(old: &str, new: &str) -> (usize, usize) {
    let mut start = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    while !old.is_char_boundary(start) || !new.is_char_boundary(start) {
        start -= 1;
    }
    let rest = old.len().min(new.len()) - start;
    let mut end = old.bytes().rev().zip(new.bytes().rev()).take(rest).take_while(|(a, b)| a == b).count();
    while !old.is_char_boundary(old.len() - end) || !new.is_char_boundary(new.len() - end) {
        end -= 1;
    }
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_ends_keep_whole_characters_and_do_not_overlap() {
        assert_eq!(common_ends("abcd", "abXcd"), (2, 2));
        assert_eq!(common_ends("aaa", "aaaa"), (3, 0));
        assert_eq!(common_ends("é", "è"), (0, 0));
        assert_eq!(common_ends("xéy", "xèy"), (1, 1));
        assert_eq!(common_ends("", "a"), (0, 0));
    }
}
