//! An agent's connection: the whole inbox at the start, every change of it, and the conversations they watch.

mod answers;
mod commands;
mod hello;
mod inbox;
mod input;
mod notices;
mod watching;

pub use input::{AgentAnswer, AgentBeat, AgentGreeting, AgentRead, AgentWrite, OpenedConversation};

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use protocol::agent::{AgentCommand, AgentEvent};
use protocol::close::CloseCode;
use protocol::cobrowse::CobrowseSession;
use protocol::conversation::ConversationEvent;
use protocol::id::{AgentId, CobrowseId, ConversationId, CustomerId, MessageId};
use protocol::notice::{PLAIN_BYTES, event_weight_bytes, summary_weight_bytes};
use protocol::people::AgentPresence;
use protocol::visitor::Cursor;

use crate::host::{Host, HostInput, HostOutput, Outgoing};
use crate::lane::Lane;
use crate::line::{HostTiming, Line};
use crate::steady::SteadyMs;
use crate::tracks::{EVENTS_PER_READ, Tracks};
use crate::written::Refusal;
use inbox::Inbox;
use watching::Watching;

type AgentOutput = HostOutput<(), AgentRead, AgentWrite>;

/// The server's side of one agent's connection.
#[derive(Debug)]
pub struct AgentHost {
    agent_id: AgentId,
    /// The name visitors see.
    name: String,
    /// Names the log-in the connection came with, if it came with one; it opens nothing.
    session_key: Option<String>,
    stage: Stage,
    line: Line<AgentEvent>,
    tracks: Tracks,
    watching: Watching,
    /// Whose each watched conversation is.
    customers: BTreeMap<ConversationId, CustomerId>,
    inbox: Inbox,
    /// Sessions whose ticket has to be read.
    tickets: VecDeque<CobrowseId>,
    /// The presence to be told next.
    presence: Option<Arc<Vec<AgentPresence>>>,
    writes: Lane<AgentWrite, Writing>,
    reading: Option<Reading>,
    is_ping_wanted: bool,
    /// A ping that waits until what it speaks of was sent.
    ping: Option<AgentBeat>,
    is_moving: bool,
    outputs: VecDeque<AgentOutput>,
}

/// How far a connection came.
#[derive(Debug)]
enum Stage {
    /// The hello has to come until then.
    Silent { until: SteadyMs },
    /// What the welcome holds is read.
    Greeting {
        /// What the client has of the conversations it watches.
        cursors: Vec<Cursor>,
        /// What happened meanwhile.
        early: inbox::Early,
    },
    /// Commands in, events out.
    Live,
}

/// The read under way.
#[derive(Debug)]
enum Reading {
    Greeting,
    Opening(ConversationId),
    Events(ConversationId),
    Beat,
    Summaries,
    Ticket(CobrowseId),
    /// A ticket of a session that ended since.
    OldTicket,
}

/// What has to be remembered of the write under way.
#[derive(Debug)]
enum Writing {
    Message { conversation_id: ConversationId, message_id: MessageId },
    Receipt,
}

impl AgentHost {
    /// Begins to wait for a hello of an agent who is logged in. The seed spreads pauses.
    #[must_use]
    pub fn new(
        (agent_id, name): (AgentId, String),
        session_key: Option<String>,
        timing: HostTiming,
        seed: u64,
        now: SteadyMs,
    ) -> Self {
        Self {
            agent_id,
            name,
            session_key,
            stage: Stage::Silent { until: now.plus_ms(timing.hello_ms) },
            line: Line::new(timing, seed, now),
            tracks: Tracks::default(),
            watching: Watching::default(),
            customers: BTreeMap::new(),
            inbox: Inbox::default(),
            tickets: VecDeque::new(),
            presence: None,
            writes: Lane::default(),
            reading: None,
            is_ping_wanted: false,
            ping: None,
            is_moving: false,
            outputs: VecDeque::new(),
        }
    }
}

impl Host for AgentHost {
    type Command = AgentCommand;
    type Event = AgentEvent;
    type Arrival = ();
    type Read = AgentRead;
    type Answer = AgentAnswer;
    type Write = AgentWrite;

    fn handle(&mut self, input: HostInput<Self::Command, Self::Answer>, now: SteadyMs) {
        match input {
            HostInput::Frame(frame) => self.take_frame(frame, now),
            HostInput::Read(answer) => self.take_answer(answer, now),
            HostInput::Written(written) => self.take_written(written, now),
            HostInput::Notice(notice) => self.take_notice(&notice, now),
            HostInput::Presence(agents) => self.presence = Some(agents),
            HostInput::Lagged => self.line.close(CloseCode::TooSlow),
            HostInput::Move => self.is_moving = true,
            HostInput::Gone => self.line.gone(),
            HostInput::Tick => {}
        }
        self.tick(now);
        self.advance(now);
    }

    fn poll_output(&mut self) -> Option<HostOutput<Self::Arrival, Self::Read, Self::Write>> {
        self.outputs.pop_front()
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
                Stage::Greeting { .. } => false,
                Stage::Live => self.writes.has_room(),
            }
    }

    fn is_settled(&self) -> bool {
        self.writes.is_idle()
    }

    fn deadline(&self) -> Option<SteadyMs> {
        let until = match &self.stage {
            Stage::Silent { until } if self.line.is_open() => Some(*until),
            Stage::Silent { .. } | Stage::Greeting { .. } | Stage::Live => None,
        };
        [until, self.line.deadline()].into_iter().flatten().min()
    }

    fn load(&self) -> (usize, usize) {
        self.line.load()
    }
}

impl AgentHost {
    fn tick(&mut self, now: SteadyMs) {
        let is_ping_due = self.line.tick(now);
        match &self.stage {
            Stage::Silent { until } if *until <= now => self.line.close(CloseCode::NoHello),
            Stage::Silent { .. } | Stage::Greeting { .. } => {}
            Stage::Live => self.is_ping_wanted |= is_ping_due,
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
        if !self.line.is_open() || !matches!(self.stage, Stage::Live) {
            return;
        }
        self.advance_frames(now);
        self.read_next();
    }

    /// What is sent when the client has taken what was sent before.
    fn advance_frames(&mut self, now: SteadyMs) {
        if self.tracks.behind().is_none()
            && let Some(AgentBeat { server_time, heads, .. }) = self.ping.take()
        {
            self.push(AgentEvent::Ping { server_time, heads }, now);
        }
        if !self.line.is_drained() {
            return;
        }
        if let Some(agents) = self.presence.take() {
            self.push(AgentEvent::Agents { agents: agents.as_ref().clone() }, now);
        }
        if let Some(frame) = self.inbox.next() {
            self.line.push_shared(frame, now);
        }
    }

    /// A connection that has to move lets go when what was said is done.
    fn advance_move(&mut self, now: SteadyMs) {
        if !self.is_moving || !self.writes.is_idle() {
            return;
        }
        if matches!(self.stage, Stage::Live) {
            let reconnect_after_ms = self.line.reconnect_after_ms();
            self.push(AgentEvent::Moving { reconnect_after_ms }, now);
        }
        self.line.close_after(CloseCode::Restart);
    }

    fn read_next(&mut self) {
        if self.reading.is_some() {
            return;
        }
        let behind = self.tracks.behind().filter(|_| self.line.is_drained());
        let (reading, read) = if let Some(cobrowse_id) = self.tickets.pop_front() {
            (Reading::Ticket(cobrowse_id.clone()), AgentRead::Ticket { cobrowse_id })
        } else if let Some(conversation_id) = self.watching.next() {
            (Reading::Opening(conversation_id.clone()), AgentRead::Open { conversation_id })
        } else if let Some((conversation_id, after_seq)) = behind {
            let conversation_id = conversation_id.clone();
            let reading = Reading::Events(conversation_id.clone());
            (reading, AgentRead::Events { conversation_id, after_seq, limit: EVENTS_PER_READ })
        } else if let Some(conversation_ids) = self.take_missed() {
            (Reading::Summaries, AgentRead::Summaries { conversation_ids })
        } else if self.is_ping_wanted {
            self.is_ping_wanted = false;
            (Reading::Beat, AgentRead::Beat { conversation_ids: self.tracks.conversation_ids() })
        } else {
            return;
        };
        self.read(reading, read);
    }

    /// A slow client gets what waits before anything is read for it.
    fn take_missed(&mut self) -> Option<Vec<ConversationId>> {
        if self.line.is_drained() { self.inbox.take_missed() } else { None }
    }

    fn read(&mut self, reading: Reading, read: AgentRead) {
        self.reading = Some(reading);
        self.outputs.push_back(HostOutput::Read(read));
    }

    fn push(&mut self, event: AgentEvent, now: SteadyMs) {
        let weight_bytes = weight_bytes(&event);
        self.line.push(event, weight_bytes, now);
    }

    fn push_events(
        &mut self,
        conversation_id: &ConversationId,
        events: Vec<ConversationEvent>,
        now: SteadyMs,
    ) {
        if !events.is_empty() {
            self.push(AgentEvent::Events { conversation_id: conversation_id.clone(), events }, now);
        }
    }

    fn push_session(&mut self, session: CobrowseSession, now: SteadyMs) {
        self.push(AgentEvent::Cobrowse { session }, now);
    }

    fn push_error(&mut self, refusal: Refusal, now: SteadyMs) {
        self.push(AgentEvent::Error { code: refusal.code, detail: refusal.detail }, now);
    }
}

impl Writing {
    fn of(write: &AgentWrite) -> Self {
        match write {
            AgentWrite::Send(text) => Self::Message {
                conversation_id: text.conversation_id.clone(),
                message_id: text.message_id.clone(),
            },
            AgentWrite::Receipt { .. } => Self::Receipt,
        }
    }
}

fn weight_bytes(event: &AgentEvent) -> usize {
    match event {
        AgentEvent::Welcome { conversations, agents, teams, .. } => {
            let summaries: usize = conversations.iter().map(summary_weight_bytes).sum();
            summaries + PLAIN_BYTES * (1 + agents.len() + teams.len())
        }
        AgentEvent::Conversations { conversations } => conversations.iter().map(summary_weight_bytes).sum(),
        AgentEvent::Events { events, .. } => events.iter().map(event_weight_bytes).sum(),
        AgentEvent::Agents { agents } => PLAIN_BYTES * (1 + agents.len()),
        AgentEvent::Teams { teams } => teams.iter().map(|team| PLAIN_BYTES + 64 * team.agent_ids.len()).sum(),
        AgentEvent::Erased { conversation_ids } => PLAIN_BYTES + 64 * conversation_ids.len(),
        AgentEvent::Ping { heads, .. } => PLAIN_BYTES + heads.len() * size_of::<Cursor>(),
        AgentEvent::Reset { .. }
        | AgentEvent::Ack { .. }
        | AgentEvent::Refused { .. }
        | AgentEvent::Receipts { .. }
        | AgentEvent::Typing { .. }
        | AgentEvent::Cobrowse { .. }
        | AgentEvent::CobrowseEnded { .. }
        | AgentEvent::Moving { .. }
        | AgentEvent::Error { .. } => PLAIN_BYTES,
    }
}
