//! A visitor's connection: a hello with the token, then commands in and events out until one side is done.

mod answers;
mod commands;
mod hello;
mod input;
mod notices;
mod sharing;

pub use input::{
    Admission, VisitorAnswer, VisitorArrival, VisitorBeat, VisitorGreeting, VisitorRead, VisitorWrite,
};

use std::collections::VecDeque;

use protocol::close::CloseCode;
use protocol::conversation::{ConversationEvent, Side};
use protocol::id::{CobrowseId, ConversationId, CustomerId, MessageId};
use protocol::notice::{PLAIN_BYTES, event_weight_bytes};
use protocol::visitor::{Cursor, VisitorCommand, VisitorEvent};

use crate::host::{Host, HostInput, HostOutput, Outgoing};
use crate::lane::Lane;
use crate::line::{HostTiming, Line};
use crate::steady::SteadyMs;
use crate::tracks::{EVENTS_PER_READ, Tracks};
use crate::written::Refusal;
use hello::Hello;
use sharing::Sharing;

type VisitorOutput = HostOutput<VisitorArrival, VisitorRead, VisitorWrite>;

/// The server's side of one visitor's connection.
#[derive(Debug)]
pub struct VisitorHost {
    stage: Stage,
    line: Line<VisitorEvent>,
    tracks: Tracks,
    writes: Lane<VisitorWrite, Writing>,
    reading: Option<Reading>,
    sharing: Sharing,
    /// Whether a ping is due, or asked for.
    is_ping_wanted: bool,
    /// A ping that waits until what it speaks of was sent.
    ping: Option<VisitorBeat>,
    is_moving: bool,
    outputs: VecDeque<VisitorOutput>,
}

/// How far a connection came.
#[derive(Debug)]
enum Stage {
    /// The hello has to come until then.
    Silent { until: SteadyMs },
    /// The token is looked at, then what the welcome holds is read.
    Greeting(Box<Hello>),
    /// Commands in, events out.
    Live { customer_id: CustomerId, page_key: String },
}

/// The read under way.
#[derive(Debug)]
enum Reading {
    Admission,
    Greeting,
    Events(ConversationId),
    Beat,
    Ticket(CobrowseId),
}

/// What has to be remembered of the write under way.
#[derive(Debug)]
enum Writing {
    Message { conversation_id: ConversationId, message_id: MessageId },
    Survey(ConversationId),
    Consent(CobrowseId),
    Other,
}

impl VisitorHost {
    /// Begins to wait for a hello. The seed spreads pauses.
    #[must_use]
    pub fn new(timing: HostTiming, seed: u64, now: SteadyMs) -> Self {
        Self {
            stage: Stage::Silent { until: now.plus_ms(timing.hello_ms) },
            line: Line::new(timing, seed, now),
            tracks: Tracks::default(),
            writes: Lane::default(),
            reading: None,
            sharing: Sharing::default(),
            is_ping_wanted: false,
            ping: None,
            is_moving: false,
            outputs: VecDeque::new(),
        }
    }
}

impl Host for VisitorHost {
    type Command = VisitorCommand;
    type Event = VisitorEvent;
    type Arrival = VisitorArrival;
    type Read = VisitorRead;
    type Answer = VisitorAnswer;
    type Write = VisitorWrite;

    fn handle(&mut self, input: HostInput<Self::Command, Self::Answer>, now: SteadyMs) {
        match input {
            HostInput::Frame(frame) => self.take_frame(frame, now),
            HostInput::Read(answer) => self.take_answer(answer, now),
            HostInput::Written(written) => self.take_written(written, now),
            HostInput::Notice(notice) => self.take_notice(&notice, now),
            HostInput::Presence(_) | HostInput::Tick => {}
            HostInput::Lagged => self.line.close(CloseCode::TooSlow),
            HostInput::Move => self.is_moving = true,
            HostInput::Gone => self.line.gone(),
        }
        self.tick(now);
        self.advance(now);
    }

    fn poll_output(&mut self) -> Option<HostOutput<Self::Arrival, Self::Read, Self::Write>> {
        let output = self.outputs.pop_front();
        // An idle connection keeps no buffer.
        if self.outputs.is_empty() {
            self.outputs = VecDeque::new();
        }
        output
    }

    fn poll_frame(&mut self, now: SteadyMs) -> Option<Outgoing<Self::Event>> {
        let frame = self.line.poll_frame(now);
        if frame.is_some() {
            self.advance(now);
        }
        frame
    }

    fn poll_close(&mut self) -> Option<CloseCode> {
        self.line.poll_close()
    }

    fn wants_frame(&self) -> bool {
        self.line.is_open()
            && !self.is_moving
            && match &self.stage {
                Stage::Silent { .. } => true,
                Stage::Greeting(_) => false,
                Stage::Live { .. } => self.writes.has_room(),
            }
    }

    fn is_settled(&self) -> bool {
        self.writes.is_idle()
    }

    fn deadline(&self) -> Option<SteadyMs> {
        let until = match &self.stage {
            Stage::Silent { until } if self.line.is_open() => Some(*until),
            Stage::Silent { .. } | Stage::Greeting(_) | Stage::Live { .. } => None,
        };
        [until, self.line.deadline()].into_iter().flatten().min()
    }

    fn load(&self) -> (usize, usize) {
        self.line.load()
    }
}

impl VisitorHost {
    fn tick(&mut self, now: SteadyMs) {
        let is_ping_due = self.line.tick(now);
        match &self.stage {
            Stage::Silent { until } if *until <= now => self.line.close(CloseCode::NoHello),
            Stage::Silent { .. } | Stage::Greeting(_) => {}
            Stage::Live { .. } => self.is_ping_wanted |= is_ping_due,
        }
    }

    /// Everything that follows from the state, whatever the input was.
    fn advance(&mut self, now: SteadyMs) {
        if self.line.is_punished() {
            self.writes.give_up();
        }
        if let Some(write) = self.writes.start(Writing::of) {
            self.outputs.push_back(HostOutput::Write(write));
        }
        if !self.line.is_open() {
            return;
        }
        self.advance_move(now);
        if !self.line.is_open() || !matches!(self.stage, Stage::Live { .. }) {
            return;
        }
        if self.tracks.behind().is_none()
            && let Some(beat) = self.ping.take()
        {
            let VisitorBeat { server_time, heads } = beat;
            self.push(VisitorEvent::Ping { server_time, heads }, now);
        }
        self.read_next();
    }

    /// A connection that has to move lets go when what was said is done.
    fn advance_move(&mut self, now: SteadyMs) {
        if !self.is_moving || !self.writes.is_idle() {
            return;
        }
        if matches!(self.stage, Stage::Live { .. }) {
            let reconnect_after_ms = self.line.reconnect_after_ms();
            self.push(VisitorEvent::Moving { reconnect_after_ms }, now);
        }
        self.line.close_after(CloseCode::Restart);
    }

    fn read_next(&mut self) {
        let Stage::Live { customer_id, .. } = &self.stage else { return };
        if self.reading.is_some() {
            return;
        }
        let behind = self.tracks.behind().filter(|_| self.line.is_drained());
        let (reading, read) = if let Some(cobrowse_id) = self.sharing.next_ticket() {
            (Reading::Ticket(cobrowse_id.clone()), VisitorRead::Ticket { cobrowse_id })
        } else if let Some((conversation_id, after_seq)) = behind {
            let conversation_id = conversation_id.clone();
            let reading = Reading::Events(conversation_id.clone());
            (reading, VisitorRead::Events { conversation_id, after_seq, limit: EVENTS_PER_READ })
        } else if self.is_ping_wanted {
            self.is_ping_wanted = false;
            (Reading::Beat, VisitorRead::Beat { customer_id: customer_id.clone() })
        } else {
            return;
        };
        self.read(reading, read);
    }

    fn read(&mut self, reading: Reading, read: VisitorRead) {
        self.reading = Some(reading);
        self.outputs.push_back(HostOutput::Read(read));
    }

    fn push(&mut self, event: VisitorEvent, now: SteadyMs) {
        let weight_bytes = weight_bytes(&event);
        self.line.push(event, weight_bytes, now);
    }

    fn push_events(
        &mut self,
        conversation_id: &ConversationId,
        events: Vec<ConversationEvent>,
        now: SteadyMs,
    ) {
        if events.is_empty() {
            return;
        }
        let events = events.into_iter().map(|event| event.seen_by(Side::Customer)).collect();
        self.push(VisitorEvent::Events { conversation_id: conversation_id.clone(), events }, now);
    }

    fn push_error(&mut self, refusal: Refusal, now: SteadyMs) {
        self.push(VisitorEvent::Error { code: refusal.code, detail: refusal.detail }, now);
    }
}

impl Writing {
    fn of(write: &VisitorWrite) -> Self {
        match write {
            VisitorWrite::Send(text) => Self::Message {
                conversation_id: text.conversation_id.clone(),
                message_id: text.message_id.clone(),
            },
            VisitorWrite::Survey { conversation_id, .. } => Self::Survey(conversation_id.clone()),
            VisitorWrite::Consent { cobrowse_id, is_allowed: true, .. } => Self::Consent(cobrowse_id.clone()),
            VisitorWrite::Consent { is_allowed: false, .. }
            | VisitorWrite::Receipt { .. }
            | VisitorWrite::Page(_)
            | VisitorWrite::Identify(_)
            | VisitorWrite::End(_)
            | VisitorWrite::StopSharing(_) => Self::Other,
        }
    }
}

fn weight_bytes(event: &VisitorEvent) -> usize {
    match event {
        VisitorEvent::Welcome { conversations, .. } => PLAIN_BYTES * (1 + conversations.len()),
        VisitorEvent::Events { events, .. } => events.iter().map(event_weight_bytes).sum(),
        VisitorEvent::Ping { heads, .. } => PLAIN_BYTES + heads.len() * size_of::<Cursor>(),
        VisitorEvent::Reset { .. }
        | VisitorEvent::Ack { .. }
        | VisitorEvent::Refused { .. }
        | VisitorEvent::Receipts { .. }
        | VisitorEvent::Typing { .. }
        | VisitorEvent::SurveyStored { .. }
        | VisitorEvent::Cobrowse { .. }
        | VisitorEvent::CobrowseEnded { .. }
        | VisitorEvent::Moving { .. }
        | VisitorEvent::Error { .. } => PLAIN_BYTES,
    }
}
