//! Connections at the server's side: what the loop of a socket does, with a network that takes its time.

use std::collections::BTreeMap;
use std::sync::Arc;

use chat_host::{Frame, Heard, Host, HostInput, HostOutput, Outgoing, Written};
use protocol::id::{ConversationId, MessageId};
use protocol::limit::{POLL_IDLE_MS, SOCKET_QUEUE_BYTES_MAX, SOCKET_QUEUE_FRAMES_MAX};
use protocol::notice::{Notice, Topic};

use super::{Happening, World};
use crate::actor::Client;
use crate::chance::Chance;
use crate::fault::Fault;
use crate::server::conn::{Conn, ConnId, Polling};
use crate::server::{Job, Presence, Server};

/// A connection that ended without a closing handshake (RFC 6455, section 7.4.1).
pub(super) const ABNORMAL: u16 = 1006;

/// Something that happens on a connection.
pub(super) struct Net<H: Host> {
    pub(super) conn: ConnId,
    pub(super) event: NetEvent<H>,
}

/// What happens on a connection.
pub(super) enum NetEvent<H: Host> {
    /// A client knocks; the number seeds the network between the two.
    Connect {
        client: Client,
        seed: u64,
        is_poll: bool,
    },
    /// A client that polls asks for what there is.
    Poll,
    /// It may be time to answer a poll that waits, or to end a connection that none came for.
    PollDue,
    /// A frame reaches the server.
    Up(Frame<H::Command>),
    /// The client closed.
    Fin,
    /// The server learns that the client is gone.
    Broken,
    /// A frame reaches the client.
    Down(Box<H::Event>),
    /// The client learns that the connection is open.
    Opened,
    /// The client learns that it is over.
    Closed(u16),
    Notice(Arc<Notice>),
    Ask(H::Read),
    Found(Box<H::Answer>),
    /// Notices were lost, and the listener knows.
    Lag,
    /// It is this connection's turn to move.
    Move,
}

/// One side of the protocol.
pub(super) trait Party: Host<Event: Clone> + Sized {
    fn host(world: &World, client: Client, seed: u64) -> Self;
    fn conns(server: &Server) -> &BTreeMap<ConnId, Conn<Self>>;
    fn conns_mut(server: &mut Server) -> &mut BTreeMap<ConnId, Conn<Self>>;
    fn happening(net: Net<Self>) -> Happening;
    fn find_out(world: &World, conn: &Conn<Self>, read: Self::Read) -> Self::Answer;
    fn job(id: ConnId, conn: &Conn<Self>, write: Self::Write) -> Job;
    /// Looks at what is about to be sent.
    fn inspect(world: &mut World, id: ConnId, event: &Self::Event);
    /// Something that reaches the client over this connection.
    fn arrival(client: Client, id: ConnId, news: News<Self::Event>) -> Option<Happening>;
    /// The client is told that a message is stored.
    fn acknowledged(event: &Self::Event) -> Option<(&ConversationId, &MessageId, u64)>;
}

/// What reaches a client over its connection.
pub(super) enum News<E> {
    Opened,
    Event(E),
    Closed(u16),
}

impl World {
    pub(super) fn net<H: Party>(&mut self, after_ms: i64, conn: ConnId, event: NetEvent<H>) {
        self.plan(after_ms, H::happening(Net { conn, event }));
    }

    pub(super) fn traffic<H: Party>(&mut self, net: Net<H>) {
        let (id, now, at) = (net.conn, self.steady(), self.now);
        let event = match net.event {
            NetEvent::Connect { client, seed, is_poll } => {
                return self.accept::<H>(id, client, seed, is_poll);
            }
            NetEvent::Down(event) => return self.deliver::<H>(id, News::Event(*event)),
            NetEvent::Opened => return self.deliver::<H>(id, News::Opened),
            NetEvent::Closed(code) => return self.deliver::<H>(id, News::Closed(code)),
            NetEvent::Ask(read) => return self.ask::<H>(id, read),
            NetEvent::PollDue => return self.poll_due::<H>(id),
            event @ (NetEvent::Up(_)
            | NetEvent::Poll
            | NetEvent::Fin
            | NetEvent::Broken
            | NetEvent::Notice(_)
            | NetEvent::Found(_)
            | NetEvent::Lag
            | NetEvent::Move) => event,
        };
        let Some(conn) = H::conns_mut(&mut self.server).get_mut(&id) else { return };
        match event {
            NetEvent::Up(frame) if !conn.is_cut => {
                conn.unread.push_back(Some(frame));
                let due_at = conn.ask(at);
                self.look_at_polls::<H>(id, due_at);
            }
            NetEvent::Poll if !conn.is_cut => {
                conn.unread.push_back(Some(Frame { bytes: 0, heard: Heard::Sign }));
                let due_at = conn.ask(at);
                self.look_at_polls::<H>(id, due_at);
            }
            NetEvent::Fin if conn.poll.is_some() => {
                let due_at = conn.answered(at);
                self.look_at_polls::<H>(id, due_at);
            }
            NetEvent::Fin if !conn.is_cut => conn.unread.push_back(None),
            NetEvent::Broken => {
                conn.unread.clear();
                conn.is_over = true;
                conn.host.handle(HostInput::Gone, now);
            }
            NetEvent::Notice(notice) => conn.host.handle(HostInput::Notice(notice), now),
            NetEvent::Found(answer) => conn.host.handle(HostInput::Read(*answer), now),
            NetEvent::Lag => conn.host.handle(HostInput::Lagged, now),
            NetEvent::Move => conn.host.handle(HostInput::Move, now),
            NetEvent::Up(_)
            | NetEvent::Poll
            | NetEvent::PollDue
            | NetEvent::Fin
            | NetEvent::Ask(_)
            | NetEvent::Connect { .. }
            | NetEvent::Down(_)
            | NetEvent::Opened
            | NetEvent::Closed(_) => {}
        }
        self.pump::<H>(id);
    }

    /// A client connects; it hears of it after a while.
    pub(super) fn knock<H: Party>(&mut self, client: Client, id: ConnId, seed: u64, is_poll: bool) {
        let after_ms = 1 + self.chance.pause(100);
        self.net::<H>(after_ms, id, NetEvent::Connect { client, seed, is_poll });
    }

    pub(super) fn plan_closed<H: Party>(&mut self, after_ms: i64, client: Client, id: ConnId, code: u16) {
        if let Some(happening) = H::arrival(client, id, News::Closed(code)) {
            self.plan(after_ms, happening);
        }
    }

    fn accept<H: Party>(&mut self, id: ConnId, client: Client, seed: u64, is_poll: bool) {
        if self.server.presence != Presence::Up {
            return self.plan_closed::<H>(1, client, id, ABNORMAL);
        }
        let chance = Chance::of(&[self.seed, 3, seed]);
        let mut conn = Conn::new(client, H::host(self, client, seed), chance, self.weather);
        let delay_ms = conn.delay_ms();
        conn.in_flight = 1;
        conn.down_at = self.now + delay_ms;
        if is_poll {
            self.truth.met.insert("a client that polls");
            conn.poll = Some(Polling { waits_since: None, idle_since: self.now });
        }
        H::conns_mut(&mut self.server).insert(id, conn);
        self.net::<H>(delay_ms, id, NetEvent::Opened);
        if is_poll {
            self.net::<H>(POLL_IDLE_MS, id, NetEvent::PollDue);
        }
    }

    fn deliver<H: Party>(&mut self, id: ConnId, news: News<H::Event>) {
        let Some(conn) = H::conns(&self.server).get(&id).filter(|conn| !conn.is_cut) else { return };
        if let Some(happening) = H::arrival(conn.client, id, news) {
            self.happen(happening);
        }
    }

    /// The network between the two lets nothing through any more.
    pub(super) fn cut_conn<H: Party>(&mut self, id: ConnId, tells_client: bool, tells_server: bool) {
        let Some(conn) = H::conns_mut(&mut self.server).get_mut(&id) else { return };
        conn.is_cut = true;
        let client = conn.client;
        if tells_client {
            self.plan_closed::<H>(1, client, id, ABNORMAL);
        }
        if tells_server {
            self.net::<H>(1, id, NetEvent::Broken);
        }
        self.pump::<H>(id);
    }

    /// Every connection is gone with the server.
    pub(super) fn lose_conns<H: Party>(&mut self, tells_clients: bool) {
        let conns = std::mem::take(H::conns_mut(&mut self.server));
        for (id, conn) in conns {
            if tells_clients && !conn.is_cut {
                let after_ms = 1 + self.chance.pause(50);
                self.plan_closed::<H>(after_ms, conn.client, id, ABNORMAL);
            }
        }
    }

    /// The client has taken one thing that came over the connection.
    pub(super) fn taken<H: Party>(&mut self, id: ConnId) {
        if let Some(conn) = H::conns_mut(&mut self.server).get_mut(&id) {
            conn.in_flight = conn.in_flight.saturating_sub(1);
            if conn.poll.is_some() && conn.in_flight == 0 {
                let delay_ms = conn.delay_ms();
                self.net::<H>(delay_ms, id, NetEvent::Poll);
            }
        }
        self.pump::<H>(id);
    }

    /// A client says something.
    pub(super) fn say<H: Party>(&mut self, client: Client, id: ConnId, command: H::Command) {
        let frame = Frame { bytes: 200, heard: Heard::Command(command) };
        self.send_up::<H>(client, id, NetEvent::Up(frame));
    }

    /// A client closes.
    pub(super) fn hang_up<H: Party>(&mut self, client: Client, id: ConnId) {
        self.send_up::<H>(client, id, NetEvent::Fin);
    }

    fn send_up<H: Party>(&mut self, client: Client, id: ConnId, event: NetEvent<H>) {
        let now = self.now;
        if let Some(conn) = H::conns_mut(&mut self.server).get_mut(&id) {
            conn.up_at = conn.up_at.max(now + conn.delay_ms());
            let at = conn.up_at;
            self.plan_at(at, H::happening(Net { conn: id, event }));
        } else if self.server.presence == Presence::Up {
            // The server does not know the connection any more and says so.
            self.plan_closed::<H>(1, client, id, ABNORMAL);
        }
    }

    /// Does for one connection what can be done now.
    pub(super) fn pump<H: Party>(&mut self, id: ConnId) {
        loop {
            let now = self.steady();
            let Some(conn) = H::conns_mut(&mut self.server).get_mut(&id) else { return };
            let was_read = read(conn, now);
            let mut outputs: Vec<_> = std::iter::from_fn(|| conn.host.poll_output()).collect();
            let frames = take_frames(conn, now);
            outputs.extend(std::iter::from_fn(|| conn.host.poll_output()));
            let is_overloaded = is_overloaded(conn);
            if !was_read && outputs.is_empty() && frames.is_empty() {
                break;
            }
            if is_overloaded {
                self.truth.break_promise(format!("the queue of connection {id} is longer than it may be"));
            }
            for output in outputs {
                self.carry_out_for::<H>(id, output);
            }
            self.send_down_all::<H>(id, frames);
        }
        let conns = H::conns_mut(&mut self.server);
        if conns.get(&id).is_some_and(Conn::is_finished) {
            // What is under way still arrives, so the connection stays known until its client is told.
            conns.retain(|other, conn| *other != id || (conn.in_flight > 0 && !conn.is_cut));
        }
    }

    fn carry_out_for<H: Party>(&mut self, id: ConnId, output: HostOutput<H::Arrival, H::Read, H::Write>) {
        let run = self.server.run;
        let Some(conn) = H::conns_mut(&mut self.server).get_mut(&id) else { return };
        let moment_ms = conn.moment_ms();
        match output {
            HostOutput::Arrived(arrival) => conn.who = Some(arrival),
            HostOutput::Listen(topic) => {
                conn.topics.insert(topic);
            }
            HostOutput::Ignore(topic) => {
                conn.topics.remove(&topic);
            }
            HostOutput::Publish(topic, notice) => self.publish(&topic, notice),
            HostOutput::Read(read) => self.net::<H>(moment_ms, id, NetEvent::Ask(read)),
            HostOutput::Write(write) => {
                conn.is_writing = true;
                let job = H::job(id, conn, write);
                self.plan(moment_ms, Happening::Write { run, job });
            }
        }
    }

    /// Reads from the store and brings the answer a moment later, when it may be old already.
    fn ask<H: Party>(&mut self, id: ConnId, read: H::Read) {
        let Some(conn) = H::conns(&self.server).get(&id) else { return };
        let answer = Box::new(H::find_out(self, conn, read));
        let moment_ms = self.chance.pause(3);
        self.net::<H>(moment_ms, id, NetEvent::Found(answer));
    }

    pub(super) fn written<H: Party>(&mut self, id: ConnId, written: Written) {
        let now = self.steady();
        if let Some(conn) = H::conns_mut(&mut self.server).get_mut(&id) {
            conn.is_writing = false;
            conn.host.handle(HostInput::Written(written), now);
        }
        self.pump::<H>(id);
    }

    pub(super) fn send_down<H: Party>(&mut self, id: ConnId, frame: Outgoing<H::Event>) {
        let now = self.now;
        let frame = match frame {
            Outgoing::Shared(shared) => Outgoing::Event(shared.event().clone()),
            frame @ (Outgoing::Event(_) | Outgoing::Close(_)) => frame,
        };
        let event = match frame {
            Outgoing::Event(event) => {
                H::inspect(self, id, &event);
                self.inspect_ack(H::acknowledged(&event));
                NetEvent::Down(Box::new(event))
            }
            Outgoing::Shared(_) => return,
            Outgoing::Close(code) => {
                self.note_close(code);
                NetEvent::Closed(code.number())
            }
        };
        let Some(conn) = H::conns_mut(&mut self.server).get_mut(&id) else { return };
        conn.down_at = conn.down_at.max(now + conn.delay_ms());
        if !conn.is_cut {
            let at = conn.down_at;
            self.plan_at(at, H::happening(Net { conn: id, event }));
        }
    }

    /// Gives a notice to everybody who listens, unless it gets lost.
    pub(super) fn publish(&mut self, topic: &Topic, notice: Notice) {
        let notice = Arc::new(notice);
        self.publish_to::<chat_host::VisitorHost>(topic, &notice);
        self.publish_to::<chat_host::AgentHost>(topic, &notice);
    }

    fn publish_to<H: Party>(&mut self, topic: &Topic, notice: &Arc<Notice>) {
        let (now, is_deaf) = (self.now, self.now < self.troubles.deaf_until);
        let is_mixed_up = self.fault == Fault::TopicsAreMixedUp && matches!(topic, Topic::Customer(_));
        let mut arrivals = Vec::new();
        for (id, conn) in H::conns_mut(&mut self.server) {
            let listens = conn.topics.contains(topic)
                || (is_mixed_up && conn.topics.iter().any(|other| matches!(other, Topic::Customer(_))));
            if conn.is_over || !listens || (is_deaf && conn.moment_ms() < 2) {
                continue;
            }
            conn.notice_at = conn.notice_at.max(now + conn.moment_ms());
            arrivals.push((conn.notice_at, *id));
        }
        for (at, id) in arrivals {
            let event = NetEvent::<H>::Notice(Arc::clone(notice));
            self.plan_at(at, H::happening(Net { conn: id, event }));
        }
    }

    pub(super) fn next_host_deadline(&self) -> Option<i64> {
        fn earliest<H: Host>(conns: &BTreeMap<ConnId, Conn<H>>) -> Option<i64> {
            let deadlines =
                conns.values().filter(|conn| !conn.is_over).filter_map(|conn| conn.host.deadline());
            deadlines.min().and_then(|at| i64::try_from(at.0).ok())
        }
        [earliest(&self.server.visitors), earliest(&self.server.agents)].into_iter().flatten().min()
    }

    pub(super) fn ring_hosts(&mut self) {
        self.ring::<chat_host::VisitorHost>();
        self.ring::<chat_host::AgentHost>();
    }

    fn ring<H: Party>(&mut self) {
        let now = self.steady();
        let mut due = Vec::new();
        for (id, conn) in H::conns_mut(&mut self.server) {
            if !conn.is_over && conn.host.deadline().is_some_and(|deadline| deadline <= now) {
                conn.host.handle(HostInput::Tick, now);
                due.push(*id);
            }
        }
        for id in due {
            self.pump::<H>(id);
        }
    }
}

/// Gives the machine the frames it wants.
fn read<H: Host>(conn: &mut Conn<H>, now: chat_host::SteadyMs) -> bool {
    let mut was_read = false;
    while !conn.is_over && conn.host.wants_frame() {
        match conn.unread.pop_front() {
            Some(Some(frame)) => conn.host.handle(HostInput::Frame(frame), now),
            Some(None) => {
                conn.is_over = true;
                conn.host.handle(HostInput::Gone, now);
            }
            None => break,
        }
        was_read = true;
    }
    was_read
}

/// Takes the frames that the network has room for. After a close the machine only carries out what was said.
fn take_frames<H: Host>(conn: &mut Conn<H>, now: chat_host::SteadyMs) -> Vec<Outgoing<H::Event>> {
    let mut frames = Vec::new();
    while !conn.is_over && conn.has_room() {
        let Some(frame) = conn.host.poll_frame(now) else { break };
        conn.in_flight += 1;
        if matches!(frame, Outgoing::Close(_)) {
            conn.is_over = true;
            conn.host.handle(HostInput::Gone, now);
        }
        frames.push(frame);
    }
    frames
}

/// Whether more waits than may. One frame alone may be as heavy as it is.
fn is_overloaded<H: Host>(conn: &Conn<H>) -> bool {
    let (frames, bytes) = conn.host.load();
    frames > SOCKET_QUEUE_FRAMES_MAX || (frames > 1 && bytes > SOCKET_QUEUE_BYTES_MAX)
}
