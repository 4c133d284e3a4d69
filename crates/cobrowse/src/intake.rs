//! Reads the flat buffers that the reader hands over from the visitor's page, carries them out on the recorder's
//! page and writes them into the encoder in the same pass.
//! The reader runs in the visitor's page, so a batch may be anything.
//!
//! What stands deeper than a page may be is left out, and what the reader says of it is passed over: the rest of the
//! page is shared all the same. A node that is left out stays so, wherever the page moves it, until the whole page
//! is read again; so does a subtree that is moved to where its lowest part would be too deep.

use std::rc::Rc;

use crate::aspect::{self, Source};
use crate::batch::Batch;
use crate::decode::{set_attribute, set_scroll};
use crate::encode::Encoder;
use crate::hash::FastMap;
use crate::limit;
use crate::masking::{FieldValue, MaskedText};
use crate::node::{Attribute, Content, Element, Namespace, NodeId, Text};
use crate::op::{Op, field};
use crate::page::{Page, PageError, Viewport};
use crate::pointer::{PointerMark, PointerPhase};
use crate::recorder::sort_of;
use crate::sheets::{Sheet, SheetSlot};

/// The reader has read the page to its end.
const DONE: u32 = 60;
/// The visitor's pointer moved.
const POINTER: u32 = 61;

/// Words that begin a node inside a placed run, in their lowest four bits.
mod node {
    pub(super) const END: u32 = 0;
    pub(super) const ELEMENT: u32 = 1;
    pub(super) const TEXT: u32 = 2;
    pub(super) const DOCTYPE: u32 = 3;
    pub(super) const SHADOW_ROOT: u32 = 4;
    pub(super) const FRAME_DOCUMENT: u32 = 5;
    pub(super) const MOVED: u32 = 6;
    /// A text that the policy masks.
    pub(super) const MASKED_TEXT: u32 = 7;
}

/// Why a batch could not be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// The buffers end early, or say what no reader says.
    #[error("the reader's batch is malformed")]
    Malformed,
    /// An operation does not fit the tree.
    #[error(transparent)]
    Page(#[from] PageError),
}

/// What a batch held, as far as the recorder has to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// A new document began.
    pub(crate) begins_document: bool,
    /// The document has been read to its end.
    pub(crate) completes_document: bool,
    /// The operations were all of this sort, when they were.
    pub(crate) only: Option<Op>,
    /// Whether any operation was written.
    pub(crate) is_mixed: bool,
    /// Where the visitor's pointer went.
    pub(crate) pointers: Vec<PointerMark>,
}

/// The reader's strings by number.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    strings: Vec<Option<Text>>,
    /// Nodes that the reader knows and the page does not, as they stand too deep.
    left_out: FastMap<NodeId, ()>,
}

/// A batch while it is being read.
struct Reading<'a> {
    words: std::slice::Iter<'a, u32>,
    strings: &'a [Option<Text>],
    left_out: &'a mut FastMap<NodeId, ()>,
    page: &'a mut Page,
    encoder: &'a mut Encoder,
}

impl Intake {
    /// Carries a batch out on `page` and writes it into `encoder`. A document begins with a fresh encoder.
    ///
    /// # Errors
    /// [`IntakeError`]; the page may then be half changed and has to be read again.
    pub(crate) fn take(
        &mut self,
        batch: Batch<'_>,
        page: &mut Page,
        encoder: &mut Encoder,
    ) -> Result<Summary, IntakeError> {
        if batch.forgets_strings {
            self.strings.clear();
        }
        let known = self.strings.len();
        batch.learn_strings(&mut self.strings)?;
        let left_out = &mut self.left_out;
        let mut reading =
            Reading { words: batch.words.iter(), strings: &self.strings, left_out, page, encoder };
        let summary = reading.batch();
        for (text, &units) in self.strings[known..].iter_mut().zip(batch.string_units) {
            if units > limit::READER_STRING_UNITS_MAX {
                *text = None;
            }
        }
        summary
    }
}

impl Reading<'_> {
    fn batch(&mut self) -> Result<Summary, IntakeError> {
        let mut summary = Summary::default();
        while let Some(&word) = self.words.next() {
            match word {
                DONE => summary.completes_document = true,
                POINTER => {
                    let (x, y) = (self.word()? as i32, self.word()? as i32);
                    let phase = need(PointerPhase::from_number(self.word()?))?;
                    summary.pointers.push(PointerMark { x, y, phase });
                }
                number => {
                    let op = need(Op::from_number(number))?;
                    summary.begins_document |= op == Op::Document;
                    summary.is_mixed |= summary.only.is_some_and(|only| sort_of(only) != sort_of(op));
                    summary.only = Some(op);
                    self.carry_out(op)?;
                }
            }
        }
        Ok(summary)
    }

    fn carry_out(&mut self, op: Op) -> Result<(), IntakeError> {
        match op {
            Op::Document => {
                *self.page = Page::new();
                self.left_out.clear();
                *self.encoder = Encoder::default();
                self.page.is_quirky = self.word()? != 0;
                self.page.url = self.string()?.as_ref().into();
                self.page.base_url = self.string()?.as_ref().into();
                self.page.title = self.string()?.as_ref().into();
                self.encoder.document(self.page);
            }
            Op::Place => self.place()?,
            Op::Remove => {
                let node_id = self.id()?;
                if self.left_out.remove(&node_id).is_none() {
                    self.page.remove(node_id)?;
                    self.encoder.remove(node_id);
                }
            }
            Op::Detach => {
                let node_id = self.id()?;
                if !self.left_out.contains_key(&node_id) {
                    self.page.detach(node_id)?;
                    self.encoder.detach(node_id);
                }
            }
            Op::Attribute | Op::NoAttribute => {
                let (node_id, name) = (self.id()?, self.string()?);
                let value = if op == Op::Attribute { Some(self.string()?) } else { None };
                if !self.left_out.contains_key(&node_id) {
                    set_attribute(self.page, node_id, &name, value.clone())?;
                    self.encoder.attribute(node_id, &name, value.as_ref());
                }
            }
            Op::Text => {
                let node_id = self.id()?;
                let is_masked = self.word()? != 0;
                let text = self.maybe_masked(is_masked)?;
                if !self.left_out.contains_key(&node_id) {
                    self.encoder.text(node_id, self.page.text(node_id)?, &text);
                    self.page.set_text(node_id, text)?;
                }
            }
            Op::Field => self.field()?,
            Op::Scroll => {
                let node_id = self.id()?;
                let scroll = (self.word()? as i32, self.word()? as i32);
                if !self.left_out.contains_key(&node_id) {
                    set_scroll(self.page, node_id, scroll)?;
                    self.encoder.scroll(node_id, scroll);
                }
            }
            Op::OwnedSheet | Op::AdoptedSheet | Op::AdoptedCount => self.sheet(op)?,
            Op::Viewport | Op::Focus | Op::Address | Op::Pause => self.surroundings(op)?,
            Op::Hover | Op::Selection | Op::Asset | Op::Picture | Op::Layer | Op::Media => self.aspect(op)?,
            Op::Splice => return Err(IntakeError::Malformed),
        }
        Ok(())
    }

    fn place(&mut self) -> Result<(), IntakeError> {
        let mut open = vec![self.id()?];
        let previous_id = self.id()?;
        let base = self.depth(open[0]);
        let is_shown = base <= limit::DEPTH_MAX;
        let mut previous_id = match self.left_out.contains_key(&previous_id) {
            true => self.page.last_child(open[0]),
            false => previous_id,
        };
        let mut too_high = Vec::new();
        if is_shown {
            self.encoder.begin_run(open[0], previous_id);
        }
        while let Some(&parent_id) = open.last() {
            let word = self.word()?;
            let depth = base + open.len();
            if word & 15 == node::END {
                open.pop();
                // What is closed stands one level above what would have come next.
                if depth <= limit::DEPTH_MAX + 1 {
                    self.encoder.end();
                }
                continue;
            }
            let is_top = open.len() == 1;
            let after_id = if is_top { previous_id } else { self.page.last_child(parent_id) };
            let node_id = self.id()?;
            let is_placed = if word & 15 == node::MOVED {
                self.moved(node_id, depth, &mut too_high)
            } else {
                let (content, has_children) = self.content(word)?;
                if has_children {
                    open.push(node_id);
                }
                self.added(node_id, content, has_children, depth)?
            };
            if is_placed {
                self.page.link(parent_id, after_id, node_id)?;
                if is_top {
                    previous_id = node_id;
                }
            }
        }
        for node_id in too_high {
            self.leave_out_subtree(node_id)?;
        }
        Ok(())
    }

    /// Returns how deep a node stands; one level too deep when it is left out.
    fn depth(&self, node_id: NodeId) -> usize {
        match self.left_out.contains_key(&node_id) {
            true => limit::DEPTH_MAX + 1,
            false => self.page.depth(node_id),
        }
    }

    /// Takes a new node; answers whether it is to be placed.
    fn added(
        &mut self,
        node_id: NodeId,
        content: Content,
        has_children: bool,
        depth: usize,
    ) -> Result<bool, IntakeError> {
        if depth > limit::DEPTH_MAX {
            self.leave_out(node_id)?;
            return Ok(false);
        }
        self.encoder.node(node_id, &content, has_children);
        self.page.add(node_id, content)?;
        Ok(true)
    }

    /// Takes a node that stands elsewhere now; answers whether it is to be placed.
    fn moved(&mut self, node_id: NodeId, depth: usize, too_high: &mut Vec<NodeId>) -> bool {
        if self.left_out.contains_key(&node_id) {
            return false;
        }
        if depth + self.page.height(node_id) > limit::DEPTH_MAX {
            too_high.push(node_id);
            return false;
        }
        self.encoder.moved(node_id);
        true
    }

    fn leave_out(&mut self, node_id: NodeId) -> Result<(), IntakeError> {
        if self.page.len() + self.left_out.len() >= limit::NODES_MAX {
            return Err(PageError::TooLarge.into());
        }
        self.left_out.insert(node_id, ());
        Ok(())
    }

    /// Takes a known node with everything in it off the wire, as no part of it has a place that is shallow enough.
    fn leave_out_subtree(&mut self, node_id: NodeId) -> Result<(), IntakeError> {
        let mut waiting = vec![node_id];
        while let Some(next_id) = waiting.pop() {
            waiting.extend(self.page.children(next_id));
            self.leave_out(next_id)?;
        }
        self.page.remove(node_id)?;
        self.encoder.remove(node_id);
        Ok(())
    }

    fn content(&mut self, word: u32) -> Result<(Content, bool), IntakeError> {
        Ok(match word & 15 {
            node::ELEMENT => {
                let tag = self.string()?;
                let count = (word >> 8) as usize;
                if count > limit::ATTRIBUTES_MAX {
                    return Err(PageError::TooLarge.into());
                }
                let mut attributes = Vec::with_capacity(count);
                for _ in 0..count {
                    attributes.push(Attribute { name: self.string()?, value: self.string()? });
                }
                let namespace = Namespace::from_bits(word >> 4);
                let element = Element { namespace, tag, attributes, field: None, scroll: (0, 0) };
                (Content::Element(Box::new(element)), word & 0x40 != 0)
            }
            node::TEXT => (Content::Text(self.string()?), false),
            node::MASKED_TEXT => (Content::Text(self.maybe_masked(true)?), false),
            node::DOCTYPE => {
                let (name, public_id) = (self.string()?, self.string()?);
                (Content::Doctype { name, public_id, system_id: self.string()? }, false)
            }
            node::SHADOW_ROOT => (Content::ShadowRoot, true),
            node::FRAME_DOCUMENT => (Content::FrameDocument, true),
            _ => return Err(IntakeError::Malformed),
        })
    }

    fn field(&mut self) -> Result<(), IntakeError> {
        let node_id = self.id()?;
        let value = match self.word()? {
            field::SHOWN => FieldValue::Shown(self.string()?),
            field::MASKED => FieldValue::Masked { units: self.word()? },
            field::SECRET => FieldValue::Secret,
            field::CHOSEN => FieldValue::Chosen(self.word()? != 0),
            field::CHOSEN_HIDDEN => FieldValue::ChosenHidden,
            _ => return Err(IntakeError::Malformed),
        };
        if !self.left_out.contains_key(&node_id) {
            self.encoder.field(node_id, &value);
            self.page.element_mut(node_id)?.field = Some(value);
        }
        Ok(())
    }

    fn sheet(&mut self, op: Op) -> Result<(), IntakeError> {
        let node_id = self.id()?;
        let is_left_out = self.left_out.contains_key(&node_id);
        if !is_left_out && self.page.node(node_id).is_none() {
            return Err(PageError::Unknown(node_id).into());
        }
        if op == Op::AdoptedCount {
            let count = self.word()?;
            if is_left_out {
                return Ok(());
            }
            self.page.sheets.truncate_adopted(node_id, count);
            self.encoder.adopted_count(node_id, count);
            return Ok(());
        }
        let slot = match op == Op::OwnedSheet {
            true => SheetSlot::Owned(node_id),
            false => SheetSlot::Adopted(node_id, self.word()?),
        };
        let base_url = self.string()?;
        let sheet = Sheet { css: self.string()?, base_url };
        // A root with more sheets than allowed goes without the last ones.
        if !is_left_out && !slot.is_beyond_limit() {
            self.encoder.sheet(slot, &sheet);
            self.page.sheets.set(slot, sheet);
        }
        Ok(())
    }

    fn surroundings(&mut self, op: Op) -> Result<(), IntakeError> {
        if op == Op::Viewport {
            let viewport = Viewport {
                width: self.word()?,
                height: self.word()?,
                zoom_permille: self.word()?,
                left: self.word()? as i32,
                top: self.word()? as i32,
            };
            self.page.viewport = viewport;
            self.encoder.viewport(viewport);
        } else if op == Op::Focus {
            let node_id = self.id()?;
            let is_left_out = self.left_out.contains_key(&node_id);
            self.page.focus = if is_left_out { NodeId::NONE } else { node_id };
            self.encoder.focus(self.page.focus);
        } else if op == Op::Address {
            self.page.url = self.string()?.as_ref().into();
            self.page.title = self.string()?.as_ref().into();
            self.encoder.address(self.page);
        } else {
            self.page.is_paused = self.word()? != 0;
            self.encoder.pause(self.page.is_paused);
        }
        Ok(())
    }

    /// What is told of a node that is left out, and more than a page is shown with, is passed over.
    fn aspect(&mut self, op: Op) -> Result<(), IntakeError> {
        let aspect = need(aspect::read(op, self)?)?;
        let is_left_out = aspect.node_ids().iter().any(|node_id| self.left_out.contains_key(node_id));
        if !is_left_out && self.page.aspects.fits(&aspect) {
            self.encoder.aspect(&aspect);
            self.page.aspects.set(&aspect);
        }
        Ok(())
    }

    /// A text that the reader marks as masked is hidden once more, so that a slip there cannot show it.
    fn maybe_masked(&mut self, is_masked: bool) -> Result<Text, IntakeError> {
        let text = self.string()?;
        Ok(if is_masked { MaskedText::hide(&text).as_str().into() } else { text })
    }

    fn word(&mut self) -> Result<u32, IntakeError> {
        need(self.words.next().copied())
    }

    fn id(&mut self) -> Result<NodeId, IntakeError> {
        self.word().map(NodeId)
    }

    fn string(&mut self) -> Result<Text, IntakeError> {
        let number = self.word()? as usize;
        need(self.strings.get(number).and_then(Option::as_ref)).map(Rc::clone)
    }
}

impl Source for Reading<'_> {
    type Error = IntakeError;

    fn number(&mut self) -> Result<u32, IntakeError> {
        self.word()
    }

    fn node_id(&mut self) -> Result<NodeId, IntakeError> {
        self.id()
    }

    fn text(&mut self) -> Result<Text, IntakeError> {
        self.string()
    }
}

fn need<T>(value: Option<T>) -> Result<T, IntakeError> {
    value.ok_or(IntakeError::Malformed)
}

#[cfg(test)]
mod tests;
