//! What is seen of a page beside its tree: where the visitor hovers, what is selected, which elements stand in the
//! top layer, what plays, and pictures of what only the visitor's browser can paint.

use crate::allow;
use crate::limit;
use crate::node::{NodeId, Text};
use crate::op::Op;

/// One thing that is told of a page beside its tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// The innermost element under the visitor's pointer, or none.
    Hover(NodeId),
    /// What the visitor has selected.
    Selection(Selection),
    /// A picture by its number. Its data is a `data:` address; see [`allow::picture`].
    Asset {
        /// The number, given by the reader, from 1.
        number: u32,
        /// The picture.
        data: Text,
    },
    /// An element is shown as a picture.
    Picture {
        /// The element: a canvas, a video or an image whose address means nothing elsewhere.
        node_id: NodeId,
        /// The picture; asset zero for none.
        picture: Picture,
    },
    /// An element has come into the top layer or left it.
    Layer {
        /// The element.
        node_id: NodeId,
        /// Where it stands.
        layer: Layer,
    },
    /// A video or audio plays, or has stopped.
    Media {
        /// The element.
        node_id: NodeId,
        /// Its state.
        media: Media,
    },
}

/// A place between characters or between nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// A text node or an element, or none.
    pub node_id: NodeId,
    /// UTF-16 units within a text, children within an element. It may lie past the end.
    pub offset: u32,
}

/// What is selected, from its start in document order to its end; nothing when the nodes are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Where it begins.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
}

/// The picture that an element is shown as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// The number of the asset, or zero. An asset that was left out may be named all the same.
    pub asset: u32,
    /// How many of the picture's pixels stand for a thousand of the element's own.
    pub density_permille: u32,
}

/// Where an element stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layer {
    /// In the page.
    #[default]
    Page,
    /// In the top layer, with the page in reach, as a popover.
    Popover,
    /// In the top layer, with the page out of reach, as a modal dialog.
    Modal,
}

/// What a video or audio does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// Whether it stands still.
    pub is_paused: bool,
    /// Where it stands, in seconds.
    pub position_s: u32,
}

/// All that is told of one page beside its tree.
#[derive(Clone, Debug, Default)]
pub struct Aspects {
    hover: NodeId,
    selection: Selection,
    assets: Vec<(u32, Text)>,
    asset_bytes: usize,
    pictures: Vec<(NodeId, Picture)>,
    /// In the order in which they came into the top layer.
    layers: Vec<(NodeId, Layer)>,
    media: Vec<(NodeId, Media)>,
}

impl Layer {
    /// Returns the layer of a number.
    pub(crate) fn from_number(number: u32) -> Option<Self> {
        [Self::Page, Self::Popover, Self::Modal].get(number as usize).copied()
    }
}

impl Aspect {
    /// Returns the operation that tells it.
    pub(crate) fn op(&self) -> Op {
        match self {
            Self::Hover(_) => Op::Hover,
            Self::Selection(_) => Op::Selection,
            Self::Asset { .. } => Op::Asset,
            Self::Picture { .. } => Op::Picture,
            Self::Layer { .. } => Op::Layer,
            Self::Media { .. } => Op::Media,
        }
    }

    /// Returns the nodes it is about, or none.
    pub(crate) fn node_ids(&self) -> [NodeId; 2] {
        match self {
            Self::Selection(selection) => [selection.start.node_id, selection.end.node_id],
            Self::Asset { .. } => [NodeId::NONE; 2],
            Self::Hover(node_id)
            | Self::Picture { node_id, .. }
            | Self::Layer { node_id, .. }
            | Self::Media { node_id, .. } => [*node_id, NodeId::NONE],
        }
    }
}

impl Aspects {
    /// Returns the picture that an element is shown as, with its density.
    #[must_use]
    pub fn picture(&self, node_id: NodeId) -> Option<(&Text, u32)> {
        let (_, picture) = self.pictures.iter().find(|(id, _)| *id == node_id)?;
        let (_, data) = self.assets.iter().find(|(number, _)| *number == picture.asset)?;
        Some((data, picture.density_permille))
    }

    /// Returns what stands in the top layer, the lowest first.
    #[must_use]
    pub fn layers(&self) -> &[(NodeId, Layer)] {
        &self.layers
    }

    /// Returns the innermost element under the visitor's pointer, or none.
    #[must_use]
    pub fn hover(&self) -> NodeId {
        self.hover
    }

    /// Returns all of it, in an order in which it can be told anew.
    pub fn iter(&self) -> impl Iterator<Item = Aspect> + '_ {
        // An asset that nothing is shown as is forgotten with the next picture, so each comes with its pictures.
        let assets = self.assets.iter().flat_map(|(number, data)| {
            let uses = self.pictures.iter().filter(move |(_, picture)| picture.asset == *number);
            let asset = Aspect::Asset { number: *number, data: Text::clone(data) };
            std::iter::once(asset).chain(uses.map(|&(node_id, picture)| Aspect::Picture { node_id, picture }))
        });
        let layers = self.layers.iter().map(|&(node_id, layer)| Aspect::Layer { node_id, layer });
        let media = self.media.iter().map(|&(node_id, media)| Aspect::Media { node_id, media });
        let hover = (!self.hover.is_none()).then_some(Aspect::Hover(self.hover));
        let is_selected = !self.selection.start.node_id.is_none();
        let selection = is_selected.then_some(Aspect::Selection(self.selection));
        assets.chain(layers).chain(media).chain(hover).chain(selection)
    }

    /// Whether an aspect is within the limits, told after what is told already.
    pub(crate) fn fits(&self, aspect: &Aspect) -> bool {
        let has_room = |length: usize| length < limit::ASPECTS_MAX;
        match aspect {
            Aspect::Hover(_) | Aspect::Selection(_) => true,
            Aspect::Asset { data, .. } => {
                data.len() <= limit::ASSET_BYTES_MAX
                    && self.asset_bytes + data.len() <= limit::ASSETS_BYTES_MAX
                    && has_room(self.assets.len())
                    && allow::picture(data)
            }
            Aspect::Picture { .. } => has_room(self.pictures.len()),
            Aspect::Layer { .. } => has_room(self.layers.len()),
            Aspect::Media { .. } => has_room(self.media.len()),
        }
    }

    /// Takes an aspect in.
    pub(crate) fn set(&mut self, aspect: &Aspect) {
        match aspect {
            Aspect::Hover(node_id) => self.hover = *node_id,
            Aspect::Selection(selection) => self.selection = *selection,
            Aspect::Asset { number, data } => {
                self.assets.retain(|(other, _)| other != number);
                self.assets.push((*number, Text::clone(data)));
                self.count_assets();
            }
            Aspect::Picture { node_id, picture } => {
                put(&mut self.pictures, *node_id, *picture, picture.asset != 0);
                self.forget_unused_assets();
            }
            Aspect::Layer { node_id, layer } => {
                put(&mut self.layers, *node_id, *layer, *layer != Layer::Page);
            }
            Aspect::Media { node_id, media } => put(&mut self.media, *node_id, *media, true),
        }
    }

    /// Forgets what is told of a node that is gone.
    pub(crate) fn forget(&mut self, node_id: NodeId) {
        self.layers.retain(|(id, _)| *id != node_id);
        self.media.retain(|(id, _)| *id != node_id);
        let before = self.pictures.len();
        self.pictures.retain(|(id, _)| *id != node_id);
        if self.pictures.len() != before {
            self.forget_unused_assets();
        }
    }

    fn forget_unused_assets(&mut self) {
        let pictures = &self.pictures;
        self.assets.retain(|(number, _)| pictures.iter().any(|(_, picture)| picture.asset == *number));
        self.count_assets();
    }

    fn count_assets(&mut self) {
        self.asset_bytes = self.assets.iter().map(|(_, data)| data.len()).sum();
    }
}

/// Says what holds for a node from now on; the last that was told stands last.
fn put<T>(list: &mut Vec<(NodeId, T)>, node_id: NodeId, value: T, is_kept: bool) {
    list.retain(|(id, _)| *id != node_id);
    if is_kept {
        list.push((node_id, value));
    }
}

/// Where the numbers, ids and texts of an aspect are read from, in the order in which they are written.
pub(crate) trait Source {
    /// Why nothing more can be read.
    type Error;

    fn number(&mut self) -> Result<u32, Self::Error>;
    fn node_id(&mut self) -> Result<NodeId, Self::Error>;
    fn text(&mut self) -> Result<Text, Self::Error>;
}

/// Reads the aspect that an operation tells; `None` for an operation that tells another thing, or a layer that is
/// none.
pub(crate) fn read<S: Source>(op: Op, source: &mut S) -> Result<Option<Aspect>, S::Error> {
    Ok(Some(match op {
        Op::Hover => Aspect::Hover(source.node_id()?),
        Op::Selection => Aspect::Selection(Selection { start: point(source)?, end: point(source)? }),
        Op::Asset => Aspect::Asset { number: source.number()?, data: source.text()? },
        Op::Picture => {
            let node_id = source.node_id()?;
            let picture = Picture { asset: source.number()?, density_permille: source.number()? };
            Aspect::Picture { node_id, picture }
        }
        Op::Layer => {
            let node_id = source.node_id()?;
            let Some(layer) = Layer::from_number(source.number()?) else { return Ok(None) };
            Aspect::Layer { node_id, layer }
        }
        Op::Media => {
            let node_id = source.node_id()?;
            let media = Media { is_paused: source.number()? != 0, position_s: source.number()? };
            Aspect::Media { node_id, media }
        }
        Op::Document
        | Op::Place
        | Op::Remove
        | Op::Detach
        | Op::Attribute
        | Op::NoAttribute
        | Op::Text
        | Op::Splice
        | Op::Field
        | Op::Scroll
        | Op::Viewport
        | Op::OwnedSheet
        | Op::AdoptedSheet
        | Op::AdoptedCount
        | Op::Focus
        | Op::Address
        | Op::Pause => return Ok(None),
    }))
}

fn point<S: Source>(source: &mut S) -> Result<Point, S::Error> {
    Ok(Point { node_id: source.node_id()?, offset: source.number()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(number: u32) -> Aspect {
        Aspect::Asset { number, data: "data:image/png;base64,AAAA".into() }
    }

    fn picture(node_id: u32, asset: u32) -> Aspect {
        Aspect::Picture { node_id: NodeId(node_id), picture: Picture { asset, density_permille: 1_000 } }
    }

    #[test]
    fn asset_is_kept_as_long_as_something_is_shown_as_it() {
        let mut aspects = Aspects::default();
        for aspect in [asset(1), picture(5, 1), picture(6, 1), asset(2), picture(5, 2)] {
            assert!(aspects.fits(&aspect));
            aspects.set(&aspect);
        }
        assert!(aspects.picture(NodeId(5)).is_some() && aspects.picture(NodeId(6)).is_some());
        aspects.forget(NodeId(6));
        let told: Vec<Aspect> = aspects.iter().collect();
        assert_eq!(told, [asset(2), picture(5, 2)]);
        aspects.set(&picture(5, 0));
        assert_eq!(aspects.iter().count(), 0);
    }

    #[test]
    fn what_is_told_anew_is_the_same() {
        let mut aspects = Aspects::default();
        let point = Point { node_id: NodeId(3), offset: 2 };
        let told = [
            asset(1),
            picture(5, 1),
            Aspect::Layer { node_id: NodeId(8), layer: Layer::Modal },
            Aspect::Layer { node_id: NodeId(7), layer: Layer::Popover },
            Aspect::Media { node_id: NodeId(9), media: Media { is_paused: true, position_s: 4 } },
            Aspect::Hover(NodeId(5)),
            Aspect::Selection(Selection { start: point, end: point }),
        ];
        for aspect in &told {
            aspects.set(aspect);
        }
        assert_eq!(aspects.iter().collect::<Vec<_>>(), told);
    }

    #[test]
    fn what_is_too_much_or_no_picture_does_not_fit() {
        let mut aspects = Aspects::default();
        let large = "A".repeat(limit::ASSET_BYTES_MAX);
        for data in [format!("data:image/png;base64,{large}"), "data:text/html;base64,AAAA".into()] {
            assert!(!aspects.fits(&Aspect::Asset { number: 1, data: data.as_str().into() }));
        }
        for number in 1..=limit::ASPECTS_MAX as u32 {
            aspects.set(&Aspect::Media { node_id: NodeId(number), media: Media::default() });
        }
        let media = Media { is_paused: false, position_s: 1 };
        assert!(!aspects.fits(&Aspect::Media { node_id: NodeId(u32::MAX), media }));
    }
}
