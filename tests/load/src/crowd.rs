//! Many visitors who are only there: each holds its socket, answers heartbeats, and comes back by itself when the
//! socket ends, after a random part of a time that doubles, as the real client does.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, bail};
use hdrhistogram::Histogram;
use protocol::limit::{RECONNECT_BASE_MS, RECONNECT_MAX_MS};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use crate::clock;
use crate::connection::{self, End, Opening, Reader, Writer};
use crate::delivery::histogram;
use crate::dialect::{self, Conversation, Dialect, Heard, Side};
use crate::frame;
use crate::random;
use crate::server::Server;

/// Sockets that are opened at the same time when nothing hurries.
const HANDS: usize = 64;
/// Source addresses the sockets are spread over, from 127.0.0.2 on.
const SOURCES: usize = 16;
/// Longer than the slowest of them takes.
const GATHERING_MAX: Duration = Duration::from_secs(180);

/// Whether members come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loyalty {
    ComeBack,
    StayAway,
}

/// Somebody who will be there.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) conversation: Conversation,
    /// How many of the last events the member lacks, each time it connects.
    pub(crate) missed: u64,
}

/// What is known of all members together.
pub(crate) struct Crowd {
    dialect: Dialect,
    address: SocketAddr,
    loyalty: Loyalty,
    /// Whether everybody was here once; from then on nobody waits for others.
    is_gathered: Cell<bool>,
    /// Members whose socket is open and who have everything.
    present: Cell<usize>,
    /// From hello to the welcome, in microseconds.
    welcomed: RefCell<Histogram<u64>>,
    /// From hello to having everything, in microseconds, of those who had missed something.
    caught_up: RefCell<Histogram<u64>>,
    /// How sockets ended, by close code or `broken`.
    ends: RefCell<BTreeMap<String, usize>>,
    hands: Semaphore,
    tasks: RefCell<Vec<AbortHandle>>,
}

impl Crowd {
    /// Opens a socket for each member and comes back when all of them are there.
    pub(crate) async fn gather(server: &Server, members: Vec<Member>, loyalty: Loyalty) -> Result<Rc<Self>> {
        let crowd = Rc::new(Self {
            dialect: Dialect::of(server.contender()),
            address: server.address(),
            loyalty,
            is_gathered: Cell::new(false),
            present: Cell::new(0),
            welcomed: RefCell::new(histogram()),
            caught_up: RefCell::new(histogram()),
            ends: RefCell::default(),
            hands: Semaphore::new(HANDS),
            tasks: RefCell::default(),
        });
        let count = members.len();
        for (number, member) in members.into_iter().enumerate() {
            let source = u8::try_from(2 + number % SOURCES)?;
            let task = tokio::task::spawn_local(Rc::clone(&crowd).live(member, source));
            crowd.tasks.borrow_mut().push(task.abort_handle());
        }
        crowd.wait_for(count, GATHERING_MAX).await?;
        crowd.is_gathered.set(true);
        crowd.forget();
        Ok(crowd)
    }

    /// Comes back when so many are present.
    pub(crate) async fn wait_for(&self, count: usize, at_most: Duration) -> Result<()> {
        let begun_ns = clock::now_ns();
        while self.present.get() < count {
            if Duration::from_nanos(clock::now_ns() - begun_ns) > at_most {
                let (present, ends) = (self.present.get(), self.ends.borrow());
                bail!("{present} of {count} are present after {at_most:?}; sockets ended with {ends:?}");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }

    pub(crate) fn present(&self) -> usize {
        self.present.get()
    }

    /// Ends every member without a word.
    pub(crate) fn disperse(&self) {
        for task in self.tasks.borrow_mut().drain(..) {
            task.abort();
        }
    }

    /// Forgets times and ends so far.
    pub(crate) fn forget(&self) {
        self.welcomed.borrow_mut().reset();
        self.caught_up.borrow_mut().reset();
        self.ends.borrow_mut().clear();
    }

    pub(crate) fn welcomed(&self) -> Histogram<u64> {
        self.welcomed.borrow().clone()
    }

    pub(crate) fn caught_up(&self) -> Histogram<u64> {
        self.caught_up.borrow().clone()
    }

    pub(crate) fn ends(&self) -> BTreeMap<String, usize> {
        self.ends.borrow().clone()
    }

    async fn live(self: Rc<Self>, member: Member, source: u8) {
        let mut tries = 0;
        loop {
            if let Ok((writer, reader)) = self.enter(&member, source).await {
                tries = 0;
                self.present.set(self.present.get() + 1);
                let end = self.stay(&writer, reader).await;
                self.present.set(self.present.get() - 1);
                let word = match end {
                    End::Closed(code) => code.to_string(),
                    End::Broken => "broken".to_owned(),
                };
                *self.ends.borrow_mut().entry(word).or_default() += 1;
            }
            if self.loyalty == Loyalty::StayAway {
                return;
            }
            tokio::time::sleep(pause(tries)).await;
            tries += 1;
        }
    }

    /// Opens the socket, says hello and takes what was missed.
    async fn enter(&self, member: &Member, source: u8) -> Result<(Rc<Writer>, Reader)> {
        let turn = if self.is_gathered.get() { None } else { Some(self.hands.acquire().await?) };
        let opening = Opening { source, ..self.dialect.opening(Side::Visitor, "") };
        let (writer, mut reader) = connection::open(self.address, &opening).await?;
        let begun_ns = clock::now_ns();
        let head = member.conversation.seq;
        let cursor = Conversation { seq: head.saturating_sub(member.missed), ..member.conversation.clone() };
        self.dialect.greet(&writer, &mut reader, Side::Visitor, &[cursor]).await?;
        let since_us = || (clock::now_ns() - begun_ns) / 1_000;
        self.welcomed.borrow_mut().saturating_record(since_us());
        if member.missed > 0 {
            let mut last = 0;
            while last < head {
                let frame = reader.next().await.map_err(|end| anyhow::anyhow!("catching up: {end:?}"))?;
                match self.dialect.hear(frame) {
                    Heard::Events => last = dialect::last_seq(frame).unwrap_or(last),
                    Heard::Reset => bail!("what was missed is not served over the socket"),
                    Heard::Welcome | Heard::Ack | Heard::Ping | Heard::Refused | Heard::Other => {}
                }
            }
            self.caught_up.borrow_mut().saturating_record(since_us());
        }
        drop(turn);
        Ok((writer, reader))
    }

    async fn stay(&self, writer: &Rc<Writer>, mut reader: Reader) -> End {
        loop {
            match reader.next().await {
                Ok(frame) if self.dialect.hear(frame) == Heard::Ping => {
                    Writer::send(writer, &frame::text(self.dialect.pong().as_bytes()));
                }
                Ok(_) => {}
                Err(end) => return end,
            }
        }
    }
}

/// A random part of a time that doubles with every try (full jitter), as `chat-core` waits.
fn pause(tries: u32) -> Duration {
    let longest_ms = RECONNECT_BASE_MS.saturating_mul(1 << tries.min(10)).min(RECONNECT_MAX_MS);
    Duration::from_millis(random::below(longest_ms.unsigned_abs()))
}
