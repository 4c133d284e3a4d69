//! Messages at a planned rate, whatever the server does: each latency counts from the moment the message was
//! planned for, so that a server that stalls cannot hide it by slowing its clients down.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use hdrhistogram::Histogram;

use crate::clock::{self, FineTimer};
use crate::connection::{self, Reader, Writer};
use crate::dialect::{self, Conversation, Dialect, Heard, Side, TEXT};
use crate::frame;
use crate::random;
use crate::server::Server;

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Messages in a second, over all conversations and both directions.
    pub(crate) per_s: u32,
    /// Time before counting begins.
    pub(crate) warm_up: Duration,
    /// Time that counts.
    pub(crate) counted: Duration,
}

/// What came of it.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    /// From the planned moment to the other side, in microseconds.
    pub(crate) to_peer: Histogram<u64>,
    /// From the planned moment to the acknowledgement, in microseconds.
    pub(crate) to_ack: Histogram<u64>,
    /// How late the generator itself was, in microseconds.
    pub(crate) lateness: Histogram<u64>,
    /// Messages that were counted.
    pub(crate) messages: u64,
    /// Of those, how many did not reach the other side in time.
    pub(crate) missing: u64,
    /// How often a message came again.
    pub(crate) doubled: u64,
    /// Messages that were refused, and sockets that were closed.
    pub(crate) refused: u64,
    pub(crate) closed: u64,
    /// The server's processor time from the first counted message to the last.
    pub(crate) server_cpu: Duration,
}

/// A busy agent has so many chats at once.
const CONVERSATIONS_PER_AGENT: usize = 10;
/// How long stragglers are waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// Latencies above this count as this.
const LATENCY_MAX_US: u64 = 60_000_000;

/// The clients of one server.
pub(crate) struct Clients {
    dialect: Dialect,
    pairs: Vec<Pair>,
    state: Rc<State>,
}

/// A conversation with its two ends; agents share sockets.
struct Pair {
    conversation: Conversation,
    visitor: Rc<Writer>,
    agent: Rc<Writer>,
}

/// What readers and sender share.
struct State {
    dialect: Dialect,
    begun_ns: Cell<u64>,
    interval_ns: Cell<u64>,
    first_counted: Cell<u32>,
    end: Cell<u32>,
    arrived: RefCell<Vec<bool>>,
    to_peer: RefCell<Histogram<u64>>,
    to_ack: RefCell<Histogram<u64>>,
    doubled: Cell<u64>,
    refused: Cell<u64>,
    closed: Cell<u64>,
    missing: Cell<u64>,
}

/// An empty histogram of microseconds.
pub(crate) fn histogram() -> Histogram<u64> {
    Histogram::new_with_max(LATENCY_MAX_US, 3).expect("three digits up to a minute are within the range")
}

impl State {
    fn planned_ns(&self, number: u32) -> u64 {
        self.begun_ns.get() + u64::from(number) * self.interval_ns.get()
    }

    fn is_counted(&self, number: u32) -> bool {
        (self.first_counted.get()..self.end.get()).contains(&number)
    }

    fn latency_us(&self, number: u32) -> u64 {
        (clock::now_ns().saturating_sub(self.planned_ns(number)) / 1_000).min(LATENCY_MAX_US)
    }

    fn acked(&self, number: u32) {
        if self.is_counted(number) {
            self.to_ack.borrow_mut().saturating_record(self.latency_us(number));
        }
    }

    fn arrived(&self, number: u32) {
        if !self.is_counted(number) {
            return;
        }
        let mut arrived = self.arrived.borrow_mut();
        let Some(is_here) = arrived.get_mut((number - self.first_counted.get()) as usize) else { return };
        if std::mem::replace(is_here, true) {
            self.doubled.set(self.doubled.get() + 1);
            return;
        }
        self.missing.set(self.missing.get() - 1);
        self.to_peer.borrow_mut().saturating_record(self.latency_us(number));
    }
}

impl Clients {
    /// Makes the conversations and opens every socket.
    pub(crate) async fn connect(server: &Server, conversations: usize) -> Result<Self> {
        let dialect = Dialect::of(server.contender());
        let address = server.address();
        let begun = dialect.begin(server, conversations).await.context("beginning conversations")?;
        server.hire(conversations.div_ceil(CONVERSATIONS_PER_AGENT))?;
        let state = Rc::new(State::new(dialect));
        let mut pairs = Vec::with_capacity(conversations);
        for (number, share) in begun.chunks(CONVERSATIONS_PER_AGENT).enumerate() {
            let log_in = dialect.log_in(address, number).await.context("logging in")?;
            let agent = join(&state, address, Side::Agent, &log_in, share).await?;
            for conversation in share {
                let own = std::slice::from_ref(conversation);
                let visitor = join(&state, address, Side::Visitor, "", own).await?;
                let (conversation, agent) = (conversation.clone(), Rc::clone(&agent));
                pairs.push(Pair { conversation, visitor, agent });
            }
        }
        Ok(Self { dialect, pairs, state })
    }

    /// Sends as planned and waits for what is under way.
    pub(crate) async fn deliver(&self, server: &Server, plan: &Plan) -> Result<Delivery> {
        let state = &self.state;
        let interval_ns = 1_000_000_000 / u64::from(plan.per_s);
        let count = |time: Duration| u32::try_from(time.as_nanos() as u64 / interval_ns);
        let first_counted = count(plan.warm_up)?;
        let end = first_counted + count(plan.counted)?;
        state.begin(interval_ns, first_counted, end);
        let mut lateness = histogram();
        let timer = FineTimer::new()?;
        let mut before = None;
        for number in 0..end {
            timer.wait_until(state.planned_ns(number)).await?;
            if number == first_counted {
                before = Some(server.meter().cpu()?);
            }
            self.send(number);
            if number >= first_counted {
                lateness.saturating_record(state.latency_us(number));
            }
            // A sender that is behind still lets the readers have their turn.
            if number % 64 == 63 {
                tokio::task::yield_now().await;
            }
        }
        let begun_ns = clock::now_ns();
        while state.missing.get() > 0 && Duration::from_nanos(clock::now_ns() - begun_ns) < PATIENCE {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let server_before = before.context("nothing was counted")?;
        Ok(Delivery {
            to_peer: state.to_peer.borrow().clone(),
            to_ack: state.to_ack.borrow().clone(),
            lateness,
            messages: u64::from(end - first_counted),
            missing: state.missing.get(),
            doubled: state.doubled.get(),
            refused: state.refused.get(),
            closed: state.closed.get(),
            server_cpu: server.meter().cpu()?.saturating_sub(server_before),
        })
    }

    fn send(&self, number: u32) {
        let pair = &self.pairs[mixed(number) as usize % self.pairs.len()];
        let writer = match sender_of(number) {
            Side::Visitor => &pair.visitor,
            Side::Agent => &pair.agent,
        };
        let text = self.dialect.message(&pair.conversation.conversation_id, number, TEXT);
        Writer::send(writer, &frame::text(text.as_bytes()));
    }
}

/// Conversation and direction of a message look random and are the same in every run.
fn mixed(number: u32) -> u64 {
    random::mix(u64::from(number).wrapping_add(0x9e37_79b9_7f4a_7c15))
}

fn sender_of(number: u32) -> Side {
    if mixed(number) >> 63 == 0 { Side::Visitor } else { Side::Agent }
}

impl State {
    fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            begun_ns: Cell::default(),
            interval_ns: Cell::default(),
            first_counted: Cell::default(),
            end: Cell::default(),
            arrived: RefCell::default(),
            to_peer: RefCell::new(histogram()),
            to_ack: RefCell::new(histogram()),
            doubled: Cell::default(),
            refused: Cell::default(),
            closed: Cell::default(),
            missing: Cell::default(),
        }
    }

    fn begin(&self, interval_ns: u64, first_counted: u32, end: u32) {
        self.interval_ns.set(interval_ns);
        self.first_counted.set(first_counted);
        self.end.set(end);
        *self.arrived.borrow_mut() = vec![false; (end - first_counted) as usize];
        self.missing.set(u64::from(end - first_counted));
        self.to_peer.borrow_mut().reset();
        self.to_ack.borrow_mut().reset();
        self.begun_ns.set(clock::now_ns() + 10_000_000);
    }

    /// Reads one socket to its end: counts, answers pings, confirms what came.
    async fn read(self: Rc<Self>, side: Side, writer: Rc<Writer>, mut reader: Reader) {
        let dialect = self.dialect;
        while let Ok(frame) = reader.next().await {
            match dialect.hear(frame) {
                Heard::Ack => dialect::numbers(frame).for_each(|number| self.acked(number)),
                Heard::Events => {
                    // A sender hears of its own messages as well, for the sake of its other tabs.
                    let mut has_news = false;
                    for number in dialect::numbers(frame).filter(|number| sender_of(*number) != side) {
                        has_news = true;
                        self.arrived(number);
                    }
                    if has_news
                        && let Some(conversation) = dialect::conversation_of(frame)
                        && let Some(seq) = dialect::last_seq(frame)
                    {
                        let receipt = dialect.receipt(conversation, seq);
                        Writer::send(&writer, &frame::text(receipt.as_bytes()));
                    }
                }
                Heard::Ping => Writer::send(&writer, &frame::text(dialect.pong().as_bytes())),
                Heard::Refused => self.refused.set(self.refused.get() + 1),
                Heard::Welcome | Heard::Reset | Heard::Other => {}
            }
        }
        self.closed.set(self.closed.get() + 1);
    }
}

async fn join(
    state: &Rc<State>,
    server: SocketAddr,
    side: Side,
    log_in: &str,
    conversations: &[Conversation],
) -> Result<Rc<Writer>> {
    let opening = state.dialect.opening(side, log_in);
    let (writer, mut reader) = connection::open(server, &opening).await?;
    state.dialect.greet(&writer, &mut reader, side, conversations).await?;
    tokio::task::spawn_local(Rc::clone(state).read(side, Rc::clone(&writer), reader));
    Ok(writer)
}
