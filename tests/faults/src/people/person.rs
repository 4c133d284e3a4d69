//! One person at a browser: carries out what the client machine asks for, and does what people do.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use chat_core::{OutboxMessage, Transport};
use protocol::id::{ConversationId, MessageId};
use protocol::rest::{CustomerToken, EventsPage, NewCustomer};
use protocol::time::UnixMillis;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::http::{self, Reply};
use super::machine::{Machine, Promises, Wish};
use super::socket::{Socket, Tidings};
use super::{Habits, Phase, Progress, Storage};
use crate::checker::{Evidence, Line, Readable, Typed, check_shown};
use crate::clock;
use crate::random::Random;

/// Who somebody is.
#[derive(Debug, Clone)]
pub(super) enum Role {
    Visitor,
    /// With the log-in's cookie, and as number `.0` of `.1` agents.
    Agent {
        cookie: String,
        place: (usize, usize),
    },
}

/// How often people look whether everything went out, or what others see.
const LOOK_MS: (u64, u64) = (500, 1_500);

/// One person.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) address: SocketAddr,
    pub(super) habits: Habits,
    pub(super) phase: watch::Receiver<Phase>,
    pub(super) progress: Arc<Progress>,
    machine: Machine,
    storage: Storage,
    random: Random,
    socket: Option<Socket>,
    requests: JoinSet<Answer>,
    evidence: Evidence,
    known: BTreeSet<MessageId>,
    written: usize,
    written_at: UnixMillis,
    act_at: UnixMillis,
    told: Told,
}

/// What of this person is counted in the progress.
#[derive(Debug, Default)]
struct Told {
    waiting: usize,
    is_online: bool,
    has_agreed: bool,
}

/// The answer to a request.
#[derive(Debug)]
enum Answer {
    Customer(Result<Reply>),
    Events(ConversationId, Result<Reply>),
}

impl Person {
    pub(super) fn new(
        name: String,
        role: Role,
        address: SocketAddr,
        habits: Habits,
        mut random: Random,
        (phase, progress): (watch::Receiver<Phase>, Arc<Progress>),
    ) -> Self {
        let storage = Storage::default();
        let machine = load(&role, &storage, &mut random);
        Self {
            name,
            role,
            address,
            habits,
            phase,
            progress,
            machine,
            storage,
            random,
            socket: None,
            requests: JoinSet::new(),
            evidence: Evidence::default(),
            known: BTreeSet::new(),
            written: 0,
            written_at: UnixMillis(0),
            act_at: clock::now(),
            told: Told::default(),
        }
    }

    /// Lives until everybody leaves. Returns what this person can swear to, and what their windows show.
    pub(super) async fn live(mut self) -> (Evidence, Vec<(ConversationId, Vec<Line>)>) {
        self.machine.start(clock::now());
        loop {
            self.carry_out();
            self.report();
            if matches!(*self.phase.borrow(), Phase::Leaving) {
                return (self.evidence, self.machine.shown());
            }
            let deadline = self.machine.deadline().map_or(self.act_at, |deadline| deadline.min(self.act_at));
            let pause_ms = deadline.since_ms(clock::now()).max(1).unsigned_abs();
            tokio::select! {
                tidings = next_tidings(&mut self.socket) => self.hear(tidings),
                Some(Ok(answer)) = self.requests.join_next() => self.answered(answer),
                () = tokio::time::sleep(Duration::from_millis(pause_ms)) => self.look_at_the_clock(),
                // Everybody leaves when the one who tells the phases is gone.
                changed = self.phase.changed() => if changed.is_err() {
                    return (self.evidence, self.machine.shown());
                },
            }
        }
    }

    fn look_at_the_clock(&mut self) {
        let now = clock::now();
        if self.machine.deadline().is_some_and(|deadline| deadline <= now) {
            self.machine.tick(now);
        }
        if self.act_at <= now {
            self.act(now);
        }
    }

    fn act(&mut self, now: UnixMillis) {
        let phase = self.phase.borrow().clone();
        let (from, end) = if matches!(phase, Phase::Busy) { self.habits.pause_ms } else { LOOK_MS };
        self.act_at = now.plus_ms(i64::try_from(self.random.between(from, end)).unwrap_or(i64::MAX));
        match phase {
            Phase::Busy if self.random.percent(self.habits.reloads) => self.reload(now),
            Phase::Busy => match self.random.below(20) {
                0 => self.machine.wake_up(now),
                1 => self.machine.see(&mut self.random, now),
                _ => self.write(now),
            },
            Phase::Resting => self.machine.wake_up(now),
            Phase::Comparing(expected) => {
                self.machine.wake_up(now);
                self.compare(&expected);
            }
            Phase::Leaving => {}
        }
    }

    fn write(&mut self, now: UnixMillis) {
        if self.storage.outbox.len() >= self.habits.backlog_max {
            return;
        }
        // Two messages of one millisecond have no order of their own; people are slower than that.
        self.written_at = now.max(self.written_at.plus_ms(1));
        let text = format!("{} writes line {}", self.name, self.written);
        self.written += 1;
        self.machine.compose(text, &mut self.random, self.written_at);
    }

    /// The page is loaded again: only what storage kept survives.
    fn reload(&mut self, now: UnixMillis) {
        self.socket = None;
        self.requests = JoinSet::new();
        self.machine = load(&self.role, &self.storage, &mut self.random);
        self.machine.start(now);
    }

    fn hear(&mut self, tidings: Tidings) {
        let now = clock::now();
        match tidings {
            Tidings::Opened => self.machine.opened(now),
            Tidings::Text(text) => match self.machine.received(&text, now) {
                Some(promises) => self.keep(promises),
                None => self.evidence.given_up.push(format!("{} cannot read a frame", self.name)),
            },
            Tidings::Closed(code) => {
                self.socket = None;
                self.machine.closed(code, now);
            }
        }
    }

    fn keep(&mut self, promises: Promises) {
        for placed in promises.acknowledged {
            if self.evidence.acknowledged.insert(placed) {
                self.progress.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.evidence.seen.extend(promises.seen);
        self.progress.refused.fetch_add(promises.refusals, Ordering::Relaxed);
    }

    fn answered(&mut self, answer: Answer) {
        let now = clock::now();
        match answer {
            Answer::Customer(reply) => match reply {
                Ok(reply) => match reply.read::<CustomerToken>() {
                    Ok(token) => self.machine.customer_created(token, now),
                    Err(_) => self.machine.customer_refused(http::is_final(reply.status), now),
                },
                Err(_) => self.machine.customer_refused(false, now),
            },
            Answer::Events(conversation_id, reply) => {
                match reply.and_then(|reply| reply.read::<EventsPage>()) {
                    Ok(page) => {
                        let promises = self.machine.fetched(conversation_id, page, now);
                        self.keep(promises);
                    }
                    Err(_) => self.machine.fetch_failed(conversation_id, now),
                }
            }
        }
    }

    fn carry_out(&mut self) {
        while let Some(wish) = self.machine.next_wish() {
            match wish {
                Wish::Open(transport) => self.socket = Some(self.open(transport)),
                Wish::Close => self.socket = None,
                Wish::Send(frame) => {
                    if let Some(socket) = &self.socket {
                        socket.send(frame);
                    }
                }
                Wish::Fetch { conversation_id, after_seq } => self.fetch(conversation_id, after_seq),
                Wish::CreateCustomer(new) => self.create_customer(&new),
                Wish::SaveSession(session) => self.storage.session = Some(session),
                Wish::ClaimSession(session) => {
                    self.storage.session = Some(session.clone());
                    self.machine.session_claimed(session, clock::now());
                }
                Wish::ForgetSession => {
                    self.storage.session = None;
                    self.evidence.given_up.push(format!("the server knows {} no more", self.name));
                }
                Wish::SaveMessage(message) => self.save(message),
                Wish::ForgetMessage(message_id) => {
                    self.storage.outbox.remove(&message_id);
                }
                Wish::Nothing => {}
            }
        }
    }

    fn open(&self, transport: Transport) -> Socket {
        match (&self.role, transport) {
            (Role::Visitor, Transport::Poll) => Socket::poll(self.address),
            (Role::Visitor, Transport::Socket) => {
                Socket::open(self.address, "/client/v1/socket", String::new())
            }
            (Role::Agent { cookie, .. }, _) => Socket::open(self.address, "/api/v1/socket", cookie.clone()),
        }
    }

    fn save(&mut self, message: OutboxMessage) {
        if self.known.insert(message.message_id.clone()) {
            self.evidence.typed.push(Typed {
                conversation_id: message.conversation_id.clone(),
                message_id: message.message_id.clone(),
                text: message.text.clone(),
            });
        }
        if message.is_failed {
            self.evidence.given_up.push(format!("{} was refused for good", message.message_id));
        }
        self.storage.outbox.insert(message.message_id.clone(), message);
    }

    fn fetch(&mut self, conversation_id: ConversationId, after_seq: u64) {
        let address = self.address;
        let (root, proof) = match &self.role {
            Role::Visitor => {
                let token = self.storage.session.as_ref().map_or("", |session| &session.token);
                ("/client/v1", format!("Bearer {token}"))
            }
            Role::Agent { cookie, .. } => ("/api/v1", cookie.clone()),
        };
        let path = format!("{root}/conversations/{conversation_id}/events?after_seq={after_seq}&limit=200");
        self.requests
            .spawn(async move { Answer::Events(conversation_id, http::get(address, &path, &proof).await) });
    }

    fn create_customer(&mut self, new: &NewCustomer) {
        let address = self.address;
        let body = serde_json::to_value(new).unwrap_or_default();
        let path = "/client/v1/touchpoints/tp_demo/customers";
        self.requests.spawn(async move { Answer::Customer(http::post(address, path, "", &body).await) });
    }

    fn compare(&mut self, expected: &Readable) {
        if self.told.has_agreed {
            return;
        }
        let agrees = self.machine.shown().iter().all(|(conversation_id, shown)| {
            expected
                .get(conversation_id)
                .is_some_and(|lines| check_shown(conversation_id, shown, lines).is_clean())
        });
        if agrees {
            self.told.has_agreed = true;
            self.progress.agreed.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn report(&mut self) {
        tell(&self.progress.waiting, &mut self.told.waiting, self.storage.outbox.len());
        let mut was_online = usize::from(self.told.is_online);
        tell(&self.progress.online, &mut was_online, usize::from(self.machine.is_online()));
        self.told.is_online = was_online == 1;
    }
}

/// Changes a sum by what this person's part of it changed.
fn tell(sum: &AtomicUsize, part: &mut usize, now: usize) {
    sum.fetch_add(now, Ordering::Relaxed);
    sum.fetch_sub(*part, Ordering::Relaxed);
    *part = now;
}

fn load(role: &Role, storage: &Storage, random: &mut Random) -> Machine {
    match role {
        Role::Visitor => Machine::visitor(storage, random),
        Role::Agent { place, .. } => Machine::agent(storage, *place, random),
    }
}

/// Without a socket nothing is ever heard.
async fn next_tidings(socket: &mut Option<Socket>) -> Tidings {
    match socket {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}
