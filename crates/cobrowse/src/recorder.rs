//! The visitor's side as a state machine: the reader's batches in, frames out. It keeps the page as it is on the
//! wire, so a new keyframe never costs the visitor's page anything.

use std::collections::VecDeque;

use crate::batch::Batch;
use crate::control::{Command, Report};
use crate::deflate::Deflater;
use crate::encode::Encoder;
use crate::envelope::{Flags, Header, Kind};
use crate::intake::{Intake, IntakeError, Summary};
use crate::limit;
use crate::node::NodeId;
use crate::op::Op;
use crate::page::Page;
use crate::walk::Walk;

/// What this recorder can do beyond the basic frames, as bits of the hello's first byte: nothing yet.
const CAPABILITIES: u8 = 0;

/// What the shell has to carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send this frame.
    Frame(Vec<u8>),
    /// Have the reader read the whole page again.
    ReadPage,
    /// The reader's batches do not fit together time after time; the session cannot go on.
    Failed(IntakeError),
}

/// Where the recorder's link to the relay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// Nothing can be sent.
    Down,
    /// The visitor holds the sharing for a moment.
    Held,
    /// Too much waits in the socket: deltas are dropped until it has drained.
    Behind,
    /// Frames go out.
    Up,
}

/// What the recorder knows of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Knowledge {
    /// Nothing usable; batches are ignored until a document begins.
    Nothing,
    /// The reader is still reading.
    Opening,
    /// All of it.
    Whole,
}

/// The recorder of one session.
#[derive(Debug)]
pub struct Recorder {
    page: Page,
    intake: Intake,
    encoder: Encoder,
    deflater: Deflater,
    knowledge: Knowledge,
    link: Link,
    /// Tells this page from every other one: what an agent does on a page they no longer see is refused.
    epoch: u32,
    sequence: u32,
    last_frame_ms: u64,
    rereads: u32,
    outputs: VecDeque<Output>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Recorder {
    /// Returns a recorder whose link is down and that knows nothing of the page.
    #[must_use]
    pub fn new() -> Self {
        Self::with_epoch(0)
    }

    /// Returns the same for a page on which an agent may act. `epoch` is any random number.
    #[must_use]
    pub fn with_epoch(epoch: u32) -> Self {
        Self {
            page: Page::new(),
            intake: Intake::default(),
            encoder: Encoder::default(),
            deflater: Deflater::new(),
            knowledge: Knowledge::Nothing,
            link: Link::Down,
            epoch,
            sequence: 0,
            last_frame_ms: 0,
            rereads: 0,
            outputs: VecDeque::new(),
        }
    }

    /// Takes what the reader has read.
    pub fn handle_batch(&mut self, batch: Batch<'_>, now_ms: u64) {
        let begins = batch.words.first().copied().and_then(Op::from_number) == Some(Op::Document);
        if self.knowledge == Knowledge::Nothing && !begins {
            return;
        }
        match self.intake.take(batch, &mut self.page, &mut self.encoder) {
            Ok(summary) => self.send_batch(&summary, now_ms),
            Err(error) => self.read_again(error),
        }
    }

    /// The link to the relay stands: says hello and sends the page as far as it is known.
    pub fn handle_link_up(&mut self, now_ms: u64) {
        let is_held = self.link == Link::Held;
        self.link = Link::Up;
        let mut hello = vec![CAPABILITIES];
        hello.extend_from_slice(&self.epoch.to_le_bytes());
        self.frame(Kind::Hello, Flags::NONE, &hello, now_ms);
        if is_held {
            self.link = Link::Held;
        } else {
            self.send_keyframe(now_ms);
        }
    }

    /// The visitor holds the sharing for a moment, or goes on with it: what happens in between is not sent, and a
    /// keyframe shows what came of it.
    pub fn handle_hold(&mut self, is_held: bool, now_ms: u64) {
        match (self.link, is_held) {
            (Link::Down | Link::Behind | Link::Up, true) => self.link = Link::Held,
            (Link::Held, false) => {
                self.link = Link::Up;
                self.send_keyframe(now_ms);
            }
            (Link::Held, true) | (Link::Down | Link::Behind | Link::Up, false) => {}
        }
    }

    /// Tells the viewers what came of an agent's action.
    pub fn handle_report(&mut self, report: Report, now_ms: u64) {
        if self.link == Link::Up {
            self.frame(Kind::Control, Flags::NONE, &report.to_payload(), now_ms);
        }
    }

    /// Whether an action is meant for the page as this recorder has it.
    #[must_use]
    pub fn is_meant(&self, command: &Command) -> bool {
        command.epoch == self.epoch && self.link == Link::Up
    }

    /// The link to the relay is lost.
    pub fn handle_link_down(&mut self) {
        if self.link != Link::Held {
            self.link = Link::Down;
        }
    }

    /// The relay or a viewer asks for a keyframe.
    pub fn handle_keyframe_wish(&mut self, now_ms: u64) {
        if self.link == Link::Up {
            self.send_keyframe(now_ms);
        }
    }

    /// A viewer measures the way to the page and back: its own bytes, at most a few, return to it.
    pub fn handle_probe(&mut self, payload: &[u8], now_ms: u64) {
        if self.link == Link::Up && payload.len() <= limit::PROBE_BYTES_MAX {
            self.frame(Kind::Acknowledge, Flags::NONE, payload, now_ms);
        }
    }

    /// Tells how many bytes wait in the socket. Deltas are dropped while that is too many; once they have drained,
    /// a keyframe makes up for them.
    pub fn handle_backlog(&mut self, waiting_bytes: u32, now_ms: u64) {
        match self.link {
            Link::Up if waiting_bytes > limit::BACKLOG_BYTES_MAX => self.link = Link::Behind,
            Link::Behind if waiting_bytes <= limit::BACKLOG_BYTES_RESUME => {
                self.link = Link::Up;
                self.send_keyframe(now_ms);
            }
            Link::Up | Link::Behind | Link::Held | Link::Down => {}
        }
    }

    /// Returns the next thing to carry out.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Whether deltas are being dropped until the socket drains; the shell then looks at it again soon.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.link == Link::Behind
    }

    /// Whether the visitor holds the sharing for a moment.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.link == Link::Held
    }

    /// Returns the page as it is on the wire.
    #[must_use]
    pub fn page(&self) -> &Page {
        &self.page
    }

    fn send_batch(&mut self, summary: &Summary, now_ms: u64) {
        for pointer in &summary.pointers {
            if self.link == Link::Up {
                self.frame(Kind::Pointer, Flags::NONE, &pointer.to_payload(), now_ms);
            }
        }
        let was_opening = self.knowledge != Knowledge::Whole || summary.begins_document;
        self.knowledge = match was_opening && !summary.completes_document {
            true => Knowledge::Opening,
            false => Knowledge::Whole,
        };
        let mut flags = Flags::DEFLATED;
        if summary.begins_document {
            self.deflater.restart();
            flags = flags.with(Flags::FIRST);
        }
        if was_opening && summary.completes_document {
            flags = flags.with(Flags::LAST);
        }
        let is_empty = self.encoder.is_empty() && !summary.completes_document;
        let payload = self.encoder.take_payload();
        if is_empty || self.link != Link::Up {
            return;
        }
        let kind = if was_opening { Kind::Keyframe } else { kind_of(summary) };
        self.deflated_frame(kind, flags, &payload, now_ms);
    }

    fn send_keyframe(&mut self, now_ms: u64) {
        if self.knowledge == Knowledge::Nothing {
            return;
        }
        self.encoder = Encoder::default();
        self.deflater.restart();
        self.encoder.document(&self.page);
        let mut walk = Walk::new(&self.page);
        let mut flags = Flags::DEFLATED.with(Flags::FIRST);
        loop {
            let is_last = !walk.write_part(&self.page, &mut self.encoder, limit::KEYFRAME_PART_NODES);
            if is_last {
                write_surroundings(&self.page, &mut self.encoder);
            }
            if is_last && self.knowledge == Knowledge::Whole {
                flags = flags.with(Flags::LAST);
            }
            let payload = self.encoder.take_payload();
            self.deflated_frame(Kind::Keyframe, flags, &payload, now_ms);
            if is_last {
                return;
            }
            flags = Flags::DEFLATED;
        }
    }

    fn read_again(&mut self, error: IntakeError) {
        self.knowledge = Knowledge::Nothing;
        self.encoder = Encoder::default();
        self.rereads += 1;
        let is_hopeless = self.rereads > limit::REREADS_MAX;
        self.outputs.push_back(if is_hopeless { Output::Failed(error) } else { Output::ReadPage });
    }

    fn deflated_frame(&mut self, kind: Kind, flags: Flags, payload: &[u8], now_ms: u64) {
        let piece = self.deflater.piece(payload);
        self.frame(kind, flags, &piece, now_ms);
    }

    fn frame(&mut self, kind: Kind, flags: Flags, payload: &[u8], now_ms: u64) {
        let elapsed_ms = u32::try_from(now_ms.saturating_sub(self.last_frame_ms)).unwrap_or(u32::MAX);
        let header = Header { kind, flags, sequence: self.sequence, elapsed_ms };
        self.sequence = self.sequence.wrapping_add(u32::from(kind.is_stateful()));
        self.last_frame_ms = now_ms;
        self.outputs.push_back(Output::Frame(header.frame(payload)));
    }
}

/// Writes what a page has beside its tree: style sheets, window, scroll, focus and what else is seen.
fn write_surroundings(page: &Page, encoder: &mut Encoder) {
    for (slot, sheet) in page.sheets.iter() {
        encoder.sheet(*slot, sheet);
    }
    encoder.viewport(page.viewport);
    if page.scroll != (0, 0) {
        encoder.scroll(NodeId::DOCUMENT, page.scroll);
    }
    if !page.focus.is_none() {
        encoder.focus(page.focus);
    }
    if page.is_paused {
        encoder.pause(true);
    }
    for aspect in page.aspects.iter() {
        encoder.aspect(&aspect);
    }
}

fn kind_of(summary: &Summary) -> Kind {
    summary.only.filter(|_| !summary.is_mixed).map_or(Kind::Delta, sort_of)
}

/// Returns the kind of a frame in which all operations are of this sort.
pub(crate) fn sort_of(op: Op) -> Kind {
    match op {
        Op::Field => Kind::Form,
        Op::Scroll => Kind::Scroll,
        Op::Viewport => Kind::Viewport,
        Op::OwnedSheet | Op::AdoptedSheet | Op::AdoptedCount => Kind::StyleSheet,
        Op::Focus => Kind::Focus,
        Op::Pause => Kind::Pause,
        Op::Asset | Op::Picture => Kind::Asset,
        Op::Document
        | Op::Place
        | Op::Remove
        | Op::Detach
        | Op::Attribute
        | Op::NoAttribute
        | Op::Text
        | Op::Splice
        | Op::Address
        | Op::Hover
        | Op::Selection
        | Op::Layer
        | Op::Media => Kind::Delta,
    }
}
