//! What an agent does on the visitor's page, and what came of it: the payloads of control frames in both directions.
//!
//! An action names its target by the id of a node and the recorder's mark, never by a place on the screen alone: what
//! has moved is still what was meant, and what is gone or of another page is refused.

use crate::bytes::{Cursor, put_signed, put_varint};
use crate::limit;
use crate::node::NodeId;

/// What an agent may do, each asked for by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Pointing, drawing and marking elements. It is granted with the view.
    Point,
    /// Scrolling the page and boxes in it.
    Scroll,
    /// Clicking and hovering.
    Click,
    /// Typing and choosing.
    Type,
    /// Going to other pages of the same site.
    Navigate,
}

/// Several scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scope {
    /// Every scope that is asked for after the view.
    pub const ASKED: [Self; 4] = [Self::Scroll, Self::Click, Self::Type, Self::Navigate];

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Scopes {
    /// None.
    pub const NONE: Self = Self(0);

    /// Returns the scopes of a number as [`Self::to_bits`] gives it; bits of no scope are dropped.
    #[must_use]
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & 0b1_1111)
    }

    /// Returns the number: bit 0 for pointing, then scroll, click, type, navigate.
    #[must_use]
    pub fn to_bits(self) -> u8 {
        self.0
    }

    /// Returns these and one more.
    #[must_use]
    pub fn with(self, scope: Scope) -> Self {
        Self(self.0 | scope.bit())
    }

    /// Returns those that are in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether a scope is among them.
    #[must_use]
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        scopes.into_iter().fold(Self::NONE, Self::with)
    }
}

/// A place inside an element, in thousandths of its width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offset {
    /// From the left edge of its box.
    pub x_permille: u32,
    /// From the top edge of its box.
    pub y_permille: u32,
}

/// Where to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// One page back.
    Back,
    /// One page forward.
    Forward,
    /// The same page anew.
    Reload,
    /// An address of the same origin.
    Address(String),
}

/// One thing an agent does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Marks an element for the visitor, or takes the mark away when the node is none.
    Mark {
        /// The element.
        node_id: NodeId,
    },
    /// Draws on; the line fades by itself.
    Draw {
        /// Whether a new line begins.
        is_new: bool,
        /// Its next points, in CSS pixels of the visitor's window.
        points: Vec<(i32, i32)>,
    },
    /// Scrolls a box, or the page when the node is the document.
    Scroll {
        /// The box, or something in it.
        node_id: NodeId,
        /// To the right, in CSS pixels.
        x: i32,
        /// Down, in CSS pixels.
        y: i32,
    },
    /// Moves onto an element.
    Hover {
        /// The element.
        node_id: NodeId,
        /// Where in it.
        offset: Offset,
    },
    /// Clicks.
    Click {
        /// The element.
        node_id: NodeId,
        /// Where in it.
        offset: Offset,
        /// Which click in a row it is, from 1.
        count: u32,
    },
    /// Types a text where the element's caret stands.
    Insert {
        /// The field.
        node_id: NodeId,
        /// The text.
        text: String,
    },
    /// Presses a key that is no character.
    Key {
        /// The element that has the focus.
        node_id: NodeId,
        /// Its name in UI Events, as `Enter`.
        key: String,
        /// Whether Shift is held.
        is_shifted: bool,
    },
    /// Chooses an option of a select.
    Choose {
        /// The option.
        node_id: NodeId,
    },
    /// Goes to another page.
    Navigate(Destination),
}

impl Action {
    /// Returns what has to be granted for it.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::Mark { .. } | Self::Draw { .. } => Scope::Point,
            Self::Scroll { .. } => Scope::Scroll,
            Self::Hover { .. } | Self::Click { .. } => Scope::Click,
            Self::Insert { .. } | Self::Key { .. } | Self::Choose { .. } => Scope::Type,
            Self::Navigate(_) => Scope::Navigate,
        }
    }

    /// Returns its name, for a record that tells what was done and nothing of what was typed.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Mark { .. } => "mark",
            Self::Draw { .. } => "draw",
            Self::Scroll { .. } => "scroll",
            Self::Hover { .. } => "hover",
            Self::Click { .. } => "click",
            Self::Insert { .. } => "insert",
            Self::Key { .. } => "key",
            Self::Choose { .. } => "choose",
            Self::Navigate(_) => "navigate",
        }
    }
}

/// An action on its way to the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The viewer's count of its actions; the outcome carries it.
    pub number: u32,
    /// The mark of the recorder whose page the agent sees; of another page the action is refused.
    pub epoch: u32,
    /// What to do.
    pub action: Action,
}

/// What came of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// The element, or the page, is not there any more.
    Gone,
    /// The element is not visible.
    Hidden,
    /// Something else lies over the element.
    Covered,
    /// The element is masked.
    Masked,
    /// Nobody but the visitor may do this: secrets, files, downloads, new windows, what the site has named.
    Forbidden,
    /// It is not granted.
    NotGranted,
    /// The visitor is doing something at the moment.
    VisitorActive,
    /// Only the browser's own picker can do it.
    Native,
    /// The element takes no text.
    NotEditable,
}

const OUTCOMES: [Outcome; 10] = [
    Outcome::Done,
    Outcome::Gone,
    Outcome::Hidden,
    Outcome::Covered,
    Outcome::Masked,
    Outcome::Forbidden,
    Outcome::NotGranted,
    Outcome::VisitorActive,
    Outcome::Native,
    Outcome::NotEditable,
];

impl Outcome {
    /// Returns the outcome of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        OUTCOMES.get(number as usize).copied()
    }

    /// Returns the number of the outcome.
    #[must_use]
    pub fn to_number(self) -> u32 {
        self as u32
    }

    /// Returns its name, as records and screens have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Gone => "gone",
            Self::Hidden => "hidden",
            Self::Covered => "covered",
            Self::Masked => "masked",
            Self::Forbidden => "forbidden",
            Self::NotGranted => "not_granted",
            Self::VisitorActive => "visitor_active",
            Self::Native => "native",
            Self::NotEditable => "not_editable",
        }
    }
}

/// An outcome on its way to the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The number of the action.
    pub number: u32,
    /// What came of it.
    pub outcome: Outcome,
}

impl Report {
    /// Returns the payload of a control frame from the page.
    #[must_use]
    pub fn to_payload(self) -> Vec<u8> {
        let mut payload = Vec::with_capacity(6);
        put_varint(&mut payload, self.number);
        put_varint(&mut payload, self.outcome.to_number());
        payload
    }

    /// Reads the payload of a control frame from the page; `None` when it is malformed.
    #[must_use]
    pub fn from_payload(payload: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(payload);
        let report = Self { number: cursor.varint()?, outcome: Outcome::from_number(cursor.varint()?)? };
        cursor.is_empty().then_some(report)
    }
}

/// Numbers of the actions on the wire.
mod tag {
    pub(super) const MARK: u32 = 1;
    pub(super) const DRAW: u32 = 2;
    pub(super) const SCROLL: u32 = 3;
    pub(super) const HOVER: u32 = 4;
    pub(super) const CLICK: u32 = 5;
    pub(super) const INSERT: u32 = 6;
    pub(super) const KEY: u32 = 7;
    pub(super) const CHOOSE: u32 = 8;
    pub(super) const BACK: u32 = 9;
    pub(super) const FORWARD: u32 = 10;
    pub(super) const RELOAD: u32 = 11;
    pub(super) const ADDRESS: u32 = 12;
}

impl Command {
    /// Returns the payload of a control frame from a viewer.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        let mut payload = Vec::new();
        put_varint(&mut payload, self.number);
        put_varint(&mut payload, self.epoch);
        let mut words = |words: &[u32]| words.iter().for_each(|&word| put_varint(&mut payload, word));
        match &self.action {
            Action::Mark { node_id } => words(&[tag::MARK, node_id.0]),
            Action::Draw { is_new, points } => {
                words(&[tag::DRAW, u32::from(*is_new), points.len() as u32]);
                for &(x, y) in points {
                    put_signed(&mut payload, x);
                    put_signed(&mut payload, y);
                }
            }
            Action::Scroll { node_id, x, y } => {
                words(&[tag::SCROLL, node_id.0]);
                put_signed(&mut payload, *x);
                put_signed(&mut payload, *y);
            }
            Action::Hover { node_id, offset } => {
                words(&[tag::HOVER, node_id.0, offset.x_permille, offset.y_permille]);
            }
            Action::Click { node_id, offset, count } => {
                words(&[tag::CLICK, node_id.0, offset.x_permille, offset.y_permille, *count]);
            }
            Action::Insert { node_id, text } => {
                words(&[tag::INSERT, node_id.0]);
                payload.extend_from_slice(text.as_bytes());
            }
            Action::Key { node_id, key, is_shifted } => {
                words(&[tag::KEY, node_id.0, u32::from(*is_shifted)]);
                payload.extend_from_slice(key.as_bytes());
            }
            Action::Choose { node_id } => words(&[tag::CHOOSE, node_id.0]),
            Action::Navigate(Destination::Back) => words(&[tag::BACK]),
            Action::Navigate(Destination::Forward) => words(&[tag::FORWARD]),
            Action::Navigate(Destination::Reload) => words(&[tag::RELOAD]),
            Action::Navigate(Destination::Address(address)) => {
                words(&[tag::ADDRESS]);
                payload.extend_from_slice(address.as_bytes());
            }
        }
        payload
    }

    /// Reads the payload of a control frame from a viewer; `None` when it is malformed or longer than allowed.
    #[must_use]
    pub fn from_payload(payload: &[u8]) -> Option<Self> {
        if payload.len() > limit::CONTROL_BYTES_MAX {
            return None;
        }
        let mut cursor = Cursor::new(payload);
        let (number, epoch) = (cursor.varint()?, cursor.varint()?);
        let action = read_action(&mut cursor)?;
        cursor.is_empty().then_some(Self { number, epoch, action })
    }
}

fn read_action(cursor: &mut Cursor<'_>) -> Option<Action> {
    Some(match cursor.varint()? {
        tag::MARK => Action::Mark { node_id: NodeId(cursor.varint()?) },
        tag::DRAW => {
            let is_new = cursor.varint()? != 0;
            let count = cursor.varint()? as usize;
            if count > limit::DRAWN_POINTS_MAX {
                return None;
            }
            let points = (0..count).map(|_| Some((cursor.signed()?, cursor.signed()?)));
            Action::Draw { is_new, points: points.collect::<Option<_>>()? }
        }
        tag::SCROLL => {
            let node_id = NodeId(cursor.varint()?);
            Action::Scroll { node_id, x: cursor.signed()?, y: cursor.signed()? }
        }
        tag::HOVER => Action::Hover { node_id: NodeId(cursor.varint()?), offset: offset(cursor)? },
        tag::CLICK => {
            let (node_id, offset) = (NodeId(cursor.varint()?), offset(cursor)?);
            Action::Click { node_id, offset, count: cursor.varint()? }
        }
        tag::INSERT => Action::Insert { node_id: NodeId(cursor.varint()?), text: text(cursor)? },
        tag::KEY => {
            let (node_id, is_shifted) = (NodeId(cursor.varint()?), cursor.varint()? != 0);
            Action::Key { node_id, key: text(cursor)?, is_shifted }
        }
        tag::CHOOSE => Action::Choose { node_id: NodeId(cursor.varint()?) },
        tag::BACK => Action::Navigate(Destination::Back),
        tag::FORWARD => Action::Navigate(Destination::Forward),
        tag::RELOAD => Action::Navigate(Destination::Reload),
        tag::ADDRESS => Action::Navigate(Destination::Address(text(cursor)?)),
        _ => return None,
    })
}

fn offset(cursor: &mut Cursor<'_>) -> Option<Offset> {
    Some(Offset { x_permille: cursor.varint()?.min(1_000), y_permille: cursor.varint()?.min(1_000) })
}

/// A text is the last part of a payload, and all that is left of it.
fn text(cursor: &mut Cursor<'_>) -> Option<String> {
    String::from_utf8(cursor.take_rest().to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions() -> Vec<Action> {
        let (node_id, offset) = (NodeId(70_000), Offset { x_permille: 500, y_permille: 1_000 });
        vec![
            Action::Mark { node_id },
            Action::Draw { is_new: true, points: vec![(-3, 4), (900, 12_000)] },
            Action::Scroll { node_id: NodeId::DOCUMENT, x: 0, y: -120 },
            Action::Hover { node_id, offset },
            Action::Click { node_id, offset, count: 2 },
            Action::Insert { node_id, text: "Grüße 👋".to_owned() },
            Action::Key { node_id, key: "Enter".to_owned(), is_shifted: true },
            Action::Choose { node_id },
            Action::Navigate(Destination::Back),
            Action::Navigate(Destination::Forward),
            Action::Navigate(Destination::Reload),
            Action::Navigate(Destination::Address("/cart.html".to_owned())),
        ]
    }

    #[test]
    fn every_action_comes_back_as_it_went_out() {
        for action in actions() {
            let command = Command { number: 9, epoch: u32::MAX, action };
            assert_eq!(Command::from_payload(&command.to_payload()), Some(command));
        }
    }

    #[test]
    fn cut_and_endless_actions_are_refused() {
        for action in actions() {
            let payload = Command { number: 9, epoch: 7, action: action.clone() }.to_payload();
            let is_text = matches!(action, Action::Insert { .. } | Action::Key { .. })
                || matches!(action, Action::Navigate(Destination::Address(_)));
            for end in 0..payload.len() {
                let is_read = Command::from_payload(&payload[..end]).is_some();
                assert!(!is_read || is_text, "{action:?} cut at {end}");
            }
            let mut longer = payload;
            longer.push(0xff);
            assert_eq!(Command::from_payload(&longer), None, "{action:?} with a byte that is no part of it");
        }
        assert_eq!(Command::from_payload(&vec![1; limit::CONTROL_BYTES_MAX + 1]), None);
    }

    #[test]
    fn every_outcome_comes_back_and_nonsense_does_not() {
        for outcome in OUTCOMES {
            let report = Report { number: 300, outcome };
            assert_eq!(Report::from_payload(&report.to_payload()), Some(report));
        }
        assert_eq!(Report::from_payload(&[1, 99]), None);
        assert_eq!(Report::from_payload(&[1, 1, 1]), None);
    }

    #[test]
    fn scopes_keep_apart_what_each_of_them_allows() {
        let scopes: Scopes = [Scope::Click, Scope::Scroll].into_iter().collect();
        assert_eq!(Scopes::from_bits(scopes.to_bits()), scopes);
        assert!(scopes.contains(Scope::Click) && !scopes.contains(Scope::Type));
        assert_eq!(scopes.and(Scopes::NONE.with(Scope::Click)).to_bits(), 0b100);
        assert_eq!(Scopes::from_bits(0xff).to_bits(), 0b1_1111);
    }
}
