//! Reads operations out of columns and carries them out on a page. Everything that comes in may be hostile: each
//! step is checked, nothing is allocated that the input has not paid for.

use crate::aspect::{self, Source};
use crate::columns::ColumnCursors;
use crate::dictionary::StringReader;
use crate::limit;
use crate::masking::FieldValue;
use crate::node::{Attribute, Content, Element, Namespace, NodeId, Text};
use crate::op::{Op, field, structure};
use crate::page::{Page, PageError, Viewport};
use crate::replica::Change;
use crate::sheets::{Sheet, SheetSlot};

/// Why a payload could not be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The payload ends early, or says what no encoder says.
    #[error("the payload is malformed")]
    Malformed,
    /// An operation does not fit the tree.
    #[error(transparent)]
    Page(#[from] PageError),
}

/// An element's namespace, name and attribute names, and whether children follow.
#[derive(Debug)]
struct Shape {
    namespace: Namespace,
    has_children: bool,
    tag: Text,
    names: Vec<Text>,
}

/// The reading side of the codec.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    names: StringReader,
    values: StringReader,
    texts: StringReader,
    shapes: Vec<Shape>,
    last_named: u32,
    expected_id: u32,
}

/// One payload while it is being read.
struct Reading<'a> {
    cursors: ColumnCursors<'a>,
    run_length: u32,
    /// How many bytes of text the splices so far have made.
    spliced_bytes: usize,
}

impl Decoder {
    /// Carries the payload out on `page` and adds what has changed to `changes`.
    ///
    /// # Errors
    /// [`DecodeError`]; the page may then be half changed and is not to be used.
    pub(crate) fn apply(
        &mut self,
        payload: &[u8],
        page: &mut Page,
        changes: &mut Vec<Change>,
    ) -> Result<(), DecodeError> {
        let cursors = ColumnCursors::parse(payload).ok_or(DecodeError::Malformed)?;
        let mut reading = Reading { cursors, run_length: 0, spliced_bytes: 0 };
        while !reading.cursors.ops.is_empty() {
            let number = need(reading.cursors.ops.varint())?;
            let op = need(Op::from_number(number))?;
            self.carry_out(op, &mut reading, page, changes)?;
        }
        Ok(())
    }

    fn carry_out(
        &mut self,
        op: Op,
        reading: &mut Reading<'_>,
        page: &mut Page,
        changes: &mut Vec<Change>,
    ) -> Result<(), DecodeError> {
        match op {
            Op::Document => {
                *page = Page::new();
                page.is_quirky = reading.number()? != 0;
                page.url = self.value(reading)?.as_ref().into();
                page.base_url = self.value(reading)?.as_ref().into();
                page.title = self.value(reading)?.as_ref().into();
                changes.push(Change::Document);
            }
            Op::Place => self.place(reading, page, changes)?,
            Op::Remove => {
                let node_id = self.id(reading)?;
                page.remove(node_id)?;
                changes.push(Change::Removed(node_id));
            }
            Op::Detach => {
                let node_id = self.id(reading)?;
                page.detach(node_id)?;
                changes.push(Change::Detached(node_id));
            }
            Op::Attribute | Op::NoAttribute => self.attribute(op, reading, page, changes)?,
            Op::Text | Op::Splice => {
                let node_id = self.id(reading)?;
                let text = match op == Op::Splice {
                    true => self.splice(reading, page.text(node_id)?)?,
                    false => self.text(reading)?,
                };
                page.set_text(node_id, text)?;
                changes.push(Change::Text(node_id));
            }
            Op::Field => {
                let node_id = self.id(reading)?;
                page.element_mut(node_id)?.field = Some(self.field(reading)?);
                changes.push(Change::Field(node_id));
            }
            Op::Scroll => {
                let node_id = self.id(reading)?;
                let scroll = (reading.signed()?, reading.signed()?);
                set_scroll(page, node_id, scroll)?;
                changes.push(Change::Scroll(node_id));
            }
            Op::OwnedSheet | Op::AdoptedSheet | Op::AdoptedCount => {
                self.sheet(op, reading, page, changes)?;
            }
            Op::Viewport | Op::Focus | Op::Address | Op::Pause => {
                self.surroundings(op, reading, page, changes)?;
            }
            Op::Hover | Op::Selection | Op::Asset | Op::Picture | Op::Layer | Op::Media => {
                let aspect = need(aspect::read(op, &mut AspectSource { decoder: self, reading })?)?;
                if !page.aspects.fits(&aspect) {
                    return Err(PageError::TooLarge.into());
                }
                page.aspects.set(&aspect);
                changes.push(Change::Aspect(aspect));
            }
        }
        Ok(())
    }

    fn place(
        &mut self,
        reading: &mut Reading<'_>,
        page: &mut Page,
        changes: &mut Vec<Change>,
    ) -> Result<(), DecodeError> {
        let mut open = vec![self.id(reading)?];
        let base = page.depth(open[0]);
        let mut previous_id = self.id(reading)?;
        while let Some(&parent_id) = open.last() {
            let code = need(reading.cursors.structure.varint())?;
            if code == structure::END {
                open.pop();
                continue;
            }
            let is_top = open.len() == 1;
            let depth = base + open.len();
            let mut height = 0;
            let node_id = if code == structure::MOVED {
                let node_id = self.id(reading)?;
                height = page.height(node_id);
                node_id
            } else {
                let node_id = self.new_id(reading)?;
                let (content, has_children) = self.content(code, reading)?;
                page.add(node_id, content)?;
                if has_children {
                    open.push(node_id);
                }
                node_id
            };
            if depth + height > limit::DEPTH_MAX {
                return Err(PageError::TooLarge.into());
            }
            let after_id = if is_top { previous_id } else { page.last_child(parent_id) };
            page.link(parent_id, after_id, node_id)?;
            if is_top {
                previous_id = node_id;
                changes.push(Change::Placed(node_id));
            }
        }
        Ok(())
    }

    fn content(&mut self, code: u32, reading: &mut Reading<'_>) -> Result<(Content, bool), DecodeError> {
        Ok(match code {
            structure::TEXT => (Content::Text(self.text(reading)?), false),
            structure::DOCTYPE => {
                let (name, public_id) = (self.value(reading)?, self.value(reading)?);
                (Content::Doctype { name, public_id, system_id: self.value(reading)? }, false)
            }
            structure::SHADOW_ROOT => (Content::ShadowRoot, true),
            structure::FRAME_DOCUMENT => (Content::FrameDocument, true),
            structure::NEW_SHAPE => {
                let shape = self.shape(reading)?;
                self.shapes.push(shape);
                self.element(self.shapes.len() - 1, reading)?
            }
            shape => self.element(need(shape.checked_sub(structure::SHAPE))? as usize, reading)?,
        })
    }

    fn element(&mut self, number: usize, reading: &mut Reading<'_>) -> Result<(Content, bool), DecodeError> {
        let shape = need(self.shapes.get(number))?;
        let mut attributes = Vec::with_capacity(shape.names.len());
        for name in &shape.names {
            let value = need(self.values.next(&mut reading.cursors.values))?;
            attributes.push(Attribute { name: Text::clone(name), value });
        }
        let element = Element {
            namespace: shape.namespace,
            tag: Text::clone(&shape.tag),
            attributes,
            field: None,
            scroll: (0, 0),
        };
        Ok((Content::Element(Box::new(element)), shape.has_children))
    }

    fn shape(&mut self, reading: &mut Reading<'_>) -> Result<Shape, DecodeError> {
        let bits = need(reading.cursors.shapes.varint())?;
        let count = need(reading.cursors.shapes.varint())? as usize;
        if count > limit::ATTRIBUTES_MAX || self.shapes.len() >= limit::SHAPES_MAX {
            return Err(DecodeError::Malformed);
        }
        let tag = self.name(reading)?;
        let names = (0..count).map(|_| self.name(reading)).collect::<Result<Vec<_>, _>>()?;
        Ok(Shape { namespace: Namespace::from_bits(bits >> 1), has_children: bits & 1 != 0, tag, names })
    }

    fn attribute(
        &mut self,
        op: Op,
        reading: &mut Reading<'_>,
        page: &mut Page,
        changes: &mut Vec<Change>,
    ) -> Result<(), DecodeError> {
        let node_id = self.id(reading)?;
        let name = self.name(reading)?;
        let value = if op == Op::Attribute { Some(self.value(reading)?) } else { None };
        set_attribute(page, node_id, &name, value)?;
        changes.push(Change::Attribute { node_id, name });
        Ok(())
    }

    fn splice(&mut self, reading: &mut Reading<'_>, old: &str) -> Result<Text, DecodeError> {
        let start = reading.number()? as usize;
        let end = start.saturating_add(reading.number()? as usize);
        let inserted = self.text(reading)?;
        let (before, after) = (need(old.get(..start))?, need(old.get(end..))?);
        reading.spliced_bytes += before.len() + inserted.len() + after.len();
        if reading.spliced_bytes > limit::SPLICED_BYTES_MAX {
            return Err(PageError::TooLarge.into());
        }
        Ok([before, &inserted, after].concat().into())
    }

    fn field(&mut self, reading: &mut Reading<'_>) -> Result<FieldValue, DecodeError> {
        Ok(match reading.number()? {
            field::SHOWN => FieldValue::Shown(self.text(reading)?),
            field::MASKED => FieldValue::Masked { units: reading.number()? },
            field::SECRET => FieldValue::Secret,
            field::CHOSEN => FieldValue::Chosen(reading.number()? != 0),
            field::CHOSEN_HIDDEN => FieldValue::ChosenHidden,
            _ => return Err(DecodeError::Malformed),
        })
    }

    fn sheet(
        &mut self,
        op: Op,
        reading: &mut Reading<'_>,
        page: &mut Page,
        changes: &mut Vec<Change>,
    ) -> Result<(), DecodeError> {
        let node_id = self.id(reading)?;
        need(page.node(node_id))?;
        if op == Op::AdoptedCount {
            page.sheets.truncate_adopted(node_id, reading.number()?);
            changes.push(Change::Adopted(node_id));
            return Ok(());
        }
        let slot = match op == Op::OwnedSheet {
            true => SheetSlot::Owned(node_id),
            false => SheetSlot::Adopted(node_id, reading.number()?),
        };
        if slot.is_beyond_limit() {
            return Err(PageError::TooLarge.into());
        }
        let base_url = self.value(reading)?;
        page.sheets.set(slot, Sheet { css: self.text(reading)?, base_url });
        changes.push(Change::Sheet(slot));
        Ok(())
    }

    fn surroundings(
        &mut self,
        op: Op,
        reading: &mut Reading<'_>,
        page: &mut Page,
        changes: &mut Vec<Change>,
    ) -> Result<(), DecodeError> {
        if op == Op::Viewport {
            page.viewport = Viewport {
                width: reading.number()?,
                height: reading.number()?,
                zoom_permille: reading.number()?,
                left: reading.signed()?,
                top: reading.signed()?,
            };
            changes.push(Change::Viewport);
        } else if op == Op::Focus {
            page.focus = self.id(reading)?;
            changes.push(Change::Focus);
        } else if op == Op::Address {
            page.url = self.value(reading)?.as_ref().into();
            page.title = self.value(reading)?.as_ref().into();
            changes.push(Change::Address);
        } else {
            page.is_paused = reading.number()? != 0;
            changes.push(Change::Paused);
        }
        Ok(())
    }

    fn id(&mut self, reading: &mut Reading<'_>) -> Result<NodeId, DecodeError> {
        let gap = need(reading.cursors.ids.signed())?;
        self.last_named = self.last_named.wrapping_add(gap as u32);
        Ok(NodeId(self.last_named))
    }

    fn new_id(&mut self, reading: &mut Reading<'_>) -> Result<NodeId, DecodeError> {
        if reading.run_length == 0 {
            let gap = need(reading.cursors.node_ids.signed())?;
            self.expected_id = self.expected_id.wrapping_add(gap as u32);
            reading.run_length = need(reading.cursors.node_ids.varint())?;
        }
        reading.run_length = need(reading.run_length.checked_sub(1))?;
        let node_id = NodeId(self.expected_id);
        self.expected_id = self.expected_id.wrapping_add(1);
        Ok(node_id)
    }

    fn name(&mut self, reading: &mut Reading<'_>) -> Result<Text, DecodeError> {
        need(self.names.next(&mut reading.cursors.names))
    }

    fn value(&mut self, reading: &mut Reading<'_>) -> Result<Text, DecodeError> {
        need(self.values.next(&mut reading.cursors.values))
    }

    fn text(&mut self, reading: &mut Reading<'_>) -> Result<Text, DecodeError> {
        need(self.texts.next(&mut reading.cursors.texts))
    }
}

impl Reading<'_> {
    fn number(&mut self) -> Result<u32, DecodeError> {
        need(self.cursors.numbers.varint())
    }

    fn signed(&mut self) -> Result<i32, DecodeError> {
        need(self.cursors.numbers.signed())
    }
}

/// The columns as what an aspect is read from.
struct AspectSource<'a, 'b> {
    decoder: &'a mut Decoder,
    reading: &'a mut Reading<'b>,
}

impl Source for AspectSource<'_, '_> {
    type Error = DecodeError;

    fn number(&mut self) -> Result<u32, DecodeError> {
        self.reading.number()
    }

    fn node_id(&mut self) -> Result<NodeId, DecodeError> {
        self.decoder.id(self.reading)
    }

    fn text(&mut self) -> Result<Text, DecodeError> {
        self.decoder.text(self.reading)
    }
}

/// Sets or takes away one attribute; the order of the others stays.
pub(crate) fn set_attribute(
    page: &mut Page,
    node_id: NodeId,
    name: &Text,
    value: Option<Text>,
) -> Result<(), PageError> {
    let attributes = &mut page.element_mut(node_id)?.attributes;
    let place = attributes.iter().position(|attribute| attribute.name == *name);
    match (place, value) {
        (Some(place), Some(value)) => attributes[place].value = value,
        (Some(place), None) => drop(attributes.remove(place)),
        (None, Some(_)) if attributes.len() >= limit::ATTRIBUTES_MAX => return Err(PageError::TooLarge),
        (None, Some(value)) => attributes.push(Attribute { name: Text::clone(name), value }),
        (None, None) => {}
    }
    Ok(())
}

/// Says where the document or an element is scrolled to.
pub(crate) fn set_scroll(page: &mut Page, node_id: NodeId, scroll: (i32, i32)) -> Result<(), PageError> {
    if node_id == NodeId::DOCUMENT {
        page.scroll = scroll;
    } else {
        page.element_mut(node_id)?.scroll = scroll;
    }
    Ok(())
}

fn need<T>(value: Option<T>) -> Result<T, DecodeError> {
    value.ok_or(DecodeError::Malformed)
}

#[cfg(test)]
mod tests;
