//! What one node of a page is.

use std::rc::Rc;

use crate::masking::FieldValue;

/// Text shared between the tree and the dictionaries.
pub type Text = Rc<str>;

/// A node's number, given by the reader in the order of reading, from 1. Zero stands for "none".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// No node.
    pub const NONE: Self = Self(0);
    /// The document itself.
    pub const DOCUMENT: Self = Self(1);

    /// Whether this stands for no node.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }
}

/// The namespace of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// HTML.
    Html,
    /// SVG.
    Svg,
    /// MathML.
    MathMl,
    /// Any other; shown as an element without meaning.
    Other,
}

impl Namespace {
    /// Returns the namespace of a two-bit number.
    #[must_use]
    pub fn from_bits(bits: u32) -> Self {
        match bits & 3 {
            0 => Self::Html,
            1 => Self::Svg,
            2 => Self::MathMl,
            _ => Self::Other,
        }
    }

    /// Returns the two-bit number of the namespace.
    #[must_use]
    pub fn to_bits(self) -> u32 {
        match self {
            Self::Html => 0,
            Self::Svg => 1,
            Self::MathMl => 2,
            Self::Other => 3,
        }
    }
}

/// One attribute, by its qualified name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The qualified name, as `xlink:href`.
    pub name: Text,
    /// The value; masked already where it has to be.
    pub value: Text,
}

/// An element.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Its namespace.
    pub namespace: Namespace,
    /// Its local name.
    pub tag: Text,
    /// Its attributes in the order of the page, each name once.
    pub attributes: Vec<Attribute>,
    /// What the field holds, when the element is a form field.
    pub field: Option<FieldValue>,
    /// Where it is scrolled to, in CSS pixels; `(0, 0)` for most.
    pub scroll: (i32, i32),
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// The page.
    Document,
    /// A document type.
    Doctype {
        /// As `html`.
        name: Text,
        /// The public identifier, mostly empty.
        public_id: Text,
        /// The system identifier, mostly empty.
        system_id: Text,
    },
    /// An element.
    Element(Box<Element>),
    /// A text node.
    Text(Text),
    /// The shadow root of the parent element.
    ShadowRoot,
    /// The document inside the parent frame element.
    FrameDocument,
}

impl Content {
    /// Returns the element, if it is one.
    #[must_use]
    pub fn as_element(&self) -> Option<&Element> {
        if let Self::Element(element) = self { Some(element) } else { None }
    }

    /// Whether nodes of this kind have children.
    #[must_use]
    pub fn is_container(&self) -> bool {
        match self {
            Self::Document | Self::Element(_) | Self::ShadowRoot | Self::FrameDocument => true,
            Self::Doctype { .. } | Self::Text(_) => false,
        }
    }
}
