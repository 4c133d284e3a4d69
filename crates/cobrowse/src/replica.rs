//! The agent's side as a state machine: frames in, a page and what has changed in it out.

use crate::aspect::Aspect;
use crate::control::Report;
use crate::decode::{DecodeError, Decoder};
use crate::deflate::Inflater;
use crate::envelope::{EnvelopeError, Flags, Header, Kind};
use crate::node::{NodeId, Text};
use crate::page::Page;
use crate::pointer::PointerMark;
use crate::sheets::SheetSlot;

/// One thing that a frame has changed. The page already stands as it is after the whole frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another document: everything shown so far is void.
    Document,
    /// This node, new or taken out before, stands at its place, with everything in it.
    Placed(NodeId),
    /// This node was taken out of its place and will be placed elsewhere.
    Detached(NodeId),
    /// This node and everything in it is gone.
    Removed(NodeId),
    /// This attribute has another value or is gone.
    Attribute {
        /// The element.
        node_id: NodeId,
        /// The qualified name.
        name: Text,
    },
    /// This text node has another text.
    Text(NodeId),
    /// This field holds something else.
    Field(NodeId),
    /// This element, or the document, is scrolled elsewhere.
    Scroll(NodeId),
    /// The window has another size.
    Viewport,
    /// This style sheet has other rules.
    Sheet(SheetSlot),
    /// This root has fewer adopted sheets.
    Adopted(NodeId),
    /// Another element has the focus.
    Focus,
    /// The page has another address or title.
    Address,
    /// The page went to the background or came back.
    Paused,
    /// Something that is seen beside the tree.
    Aspect(Aspect),
    /// The page is whole.
    Whole,
    /// The visitor points here.
    Pointer(PointerMark),
    /// A probe has come back.
    Probe(Vec<u8>),
    /// An agent's action was carried out or refused.
    Report(Report),
    /// Another page, or the same one anew: what was meant for the one before is not meant for this.
    Epoch(u32),
}

/// Why a frame could not be applied. The replica then waits for the next keyframe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplicaError {
    /// The header is wrong.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A frame is missing before this one.
    #[error("frame {expected} is missing before frame {found}")]
    Gap {
        /// The sequence number that should have come.
        expected: u32,
        /// The one that came.
        found: u32,
    },
    /// The deflate stream is corrupt or inflates to more than is allowed.
    #[error("frame cannot be inflated")]
    Inflate,
    /// The payload is malformed or does not fit the page.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A pointer frame is malformed.
    #[error("pointer frame is malformed")]
    Pointer,
}

/// Where the replica stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    /// Waits for the first part of a keyframe.
    Waiting,
    /// Follows.
    Following,
}

/// The rebuilt page of one session.
#[derive(Debug)]
pub struct Replica {
    page: Page,
    decoder: Decoder,
    inflater: Inflater,
    stream: Stream,
    next_sequence: u32,
    is_whole: bool,
}

impl Default for Replica {
    fn default() -> Self {
        Self::new()
    }
}

impl Replica {
    /// Returns a replica that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            page: Page::new(),
            decoder: Decoder::default(),
            inflater: Inflater::new(),
            stream: Stream::Waiting,
            next_sequence: 0,
            is_whole: false,
        }
    }

    /// Returns the page. It is of use once [`Self::is_whole`].
    #[must_use]
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Whether a whole keyframe has come and everything after it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Applies a frame and returns what has changed, in the order in which it is to be shown. Frames of unknown
    /// kinds, and those before the first keyframe, change nothing.
    ///
    /// # Errors
    /// [`ReplicaError`] when the frame is malformed or one is missing; the next keyframe mends it.
    pub fn apply(&mut self, frame: &[u8]) -> Result<Vec<Change>, ReplicaError> {
        let (header, payload) = Header::parse(frame)?;
        if header.kind == Kind::Pointer {
            let mark = PointerMark::from_payload(payload).ok_or(ReplicaError::Pointer)?;
            return Ok(vec![Change::Pointer(mark)]);
        }
        if header.kind == Kind::Acknowledge {
            return Ok(vec![Change::Probe(payload.to_vec())]);
        }
        if header.kind == Kind::Control {
            return Ok(Report::from_payload(payload).map(Change::Report).into_iter().collect());
        }
        if header.kind == Kind::Hello
            && let Some(epoch) = payload.get(1..).and_then(|rest| rest.first_chunk::<4>())
        {
            return Ok(vec![Change::Epoch(u32::from_le_bytes(*epoch))]);
        }
        if !header.kind.is_stateful() {
            return Ok(Vec::new());
        }
        let applied = self.apply_stateful(header, payload);
        if applied.is_err() {
            self.stream = Stream::Waiting;
            self.is_whole = false;
        }
        applied
    }

    fn apply_stateful(&mut self, header: Header, payload: &[u8]) -> Result<Vec<Change>, ReplicaError> {
        let starts_epoch = header.kind == Kind::Keyframe && header.flags.contains(Flags::FIRST);
        if starts_epoch {
            self.decoder = Decoder::default();
            self.inflater.restart();
            self.stream = Stream::Following;
            self.is_whole = false;
        } else if self.stream == Stream::Waiting {
            return Ok(Vec::new());
        } else if header.sequence != self.next_sequence {
            return Err(ReplicaError::Gap { expected: self.next_sequence, found: header.sequence });
        }
        self.next_sequence = header.sequence.wrapping_add(1);
        let mut changes = Vec::new();
        if header.flags.contains(Flags::DEFLATED) {
            let inflated = self.inflater.payload(payload).ok_or(ReplicaError::Inflate)?;
            self.decoder.apply(&inflated, &mut self.page, &mut changes)?;
        } else {
            self.decoder.apply(payload, &mut self.page, &mut changes)?;
        }
        if header.kind == Kind::Keyframe && header.flags.contains(Flags::LAST) {
            self.is_whole = true;
            changes.push(Change::Whole);
        }
        Ok(changes)
    }
}
