//! The operations on a page, numbered alike in the reader's buffers and in the payload of frames.

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Document,
    Place,
    Remove,
    Detach,
    Attribute,
    NoAttribute,
    Text,
    Splice,
    Field,
    Scroll,
    Viewport,
    OwnedSheet,
    AdoptedSheet,
    AdoptedCount,
    Focus,
    Address,
    Pause,
    Hover,
    Selection,
    Asset,
    Picture,
    Layer,
    Media,
}

const ALL: [Op; 23] = [
    Op::Document,
    Op::Place,
    Op::Remove,
    Op::Detach,
    Op::Attribute,
    Op::NoAttribute,
    Op::Text,
    Op::Splice,
    Op::Field,
    Op::Scroll,
    Op::Viewport,
    Op::OwnedSheet,
    Op::AdoptedSheet,
    Op::AdoptedCount,
    Op::Focus,
    Op::Address,
    Op::Pause,
    Op::Hover,
    Op::Selection,
    Op::Asset,
    Op::Picture,
    Op::Layer,
    Op::Media,
];

impl Op {
    /// Returns the operation of a number from 1 on.
    pub(crate) fn from_number(number: u32) -> Option<Self> {
        ALL.get((number as usize).checked_sub(1)?).copied()
    }

    /// Returns the number of the operation.
    pub(crate) fn to_number(self) -> u32 {
        self as u32 + 1
    }
}

/// Numbers of the structure column: what comes next inside a run of placed nodes.
pub(crate) mod structure {
    pub(crate) const END: u32 = 0;
    pub(crate) const TEXT: u32 = 1;
    pub(crate) const DOCTYPE: u32 = 2;
    pub(crate) const SHADOW_ROOT: u32 = 3;
    pub(crate) const FRAME_DOCUMENT: u32 = 4;
    pub(crate) const MOVED: u32 = 5;
    pub(crate) const NEW_SHAPE: u32 = 6;
    /// Known shapes begin here.
    pub(crate) const SHAPE: u32 = 7;
}

/// Numbers of the states of a form field.
pub(crate) mod field {
    pub(crate) const SHOWN: u32 = 1;
    pub(crate) const MASKED: u32 = 2;
    pub(crate) const SECRET: u32 = 3;
    pub(crate) const CHOSEN: u32 = 4;
    pub(crate) const CHOSEN_HIDDEN: u32 = 5;
}
