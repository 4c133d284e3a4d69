//! Pages that are shared while others chat: how long a change takes to the viewer, whether the chat notices, and what
//! becomes of a viewer on a slow line.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use cobrowse::envelope::{Flags, Header, Kind};
use hdrhistogram::Histogram;
use serde_json::{Value, json};

use super::{Bench, megabytes, ms};
use crate::clock;
use crate::connection::{self, Opening, Reader, Writer};
use crate::contender::Contender;
use crate::delivery::{Clients, Delivery, Plan};
use crate::dialect::{Conversation, Dialect, Side};
use crate::frame::{self, Kind as FrameKind};
use crate::http::Http;
use crate::server::Server;
use crate::table::{Row, Table, Target, number};

/// Pages that are shared at once, and what each sends: 20 kB/s.
const SESSIONS: usize = 100;
const BUSY: Stream = Stream { interval: Duration::from_millis(50), delta_bytes: 1_000 };
/// What the page of the slow viewer sends, and how long that viewer takes for a frame.
const LARGE: Stream = Stream { interval: Duration::from_millis(25), delta_bytes: 8_000 };
const SLOW_FRAME: Duration = Duration::from_millis(100);
const KEYFRAME_BYTES: usize = 20_000;

/// The others.
const CONVERSATIONS: usize = 500;
const PER_S: u32 = 500;
const TIME: Duration = Duration::from_secs(20);

/// What a page sends.
#[derive(Debug, Clone, Copy)]
struct Stream {
    interval: Duration,
    delta_bytes: usize,
}

/// What the slow viewer saw.
#[derive(Debug, Default)]
struct Slow {
    keyframes: u32,
    /// How old the frame was that it read last.
    age_ns: u64,
}

/// Measures the product alone and gives three tables: changes, the chat meanwhile, the slow viewer.
pub(crate) async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    if bench.among(&[Contender::Tandem]).next().is_none() {
        return Ok(Vec::new());
    }
    eprintln!("{SESSIONS} shared pages");
    let server = Server::start(&bench.programs, Contender::Tandem).await?;
    let clients = Clients::connect(&server, CONVERSATIONS).await?;
    let plan = Plan { per_s: PER_S, warm_up: Duration::from_secs(2), counted: TIME };
    let before = clients.deliver(&server, &plan).await?;
    let mut office = Office::open(&server).await?;
    let mut shared = Vec::with_capacity(SESSIONS + 1);
    for conversation in Dialect::Tandem.begin(&server, SESSIONS + 1).await? {
        shared.push(office.share(conversation).await?);
    }
    let resident = server.meter().resident_bytes()?;
    let latencies = Rc::new(RefCell::new(Histogram::<u64>::new_with_bounds(1, 60_000_000, 3)?));
    let slow = Rc::new(RefCell::new(Slow::default()));
    let mut tasks = tokio::task::JoinSet::new();
    for (number, session) in shared.iter().enumerate() {
        let is_slow = number == SESSIONS;
        let stream = if is_slow { LARGE } else { BUSY };
        let recorder = session.join(&server, "/client/v1/cobrowse", &session.visitor_ticket, None).await?;
        tasks.spawn_local(record(recorder, stream, number));
        let receive_bytes = is_slow.then_some(4 * 1024);
        let viewer =
            session.join(&server, "/api/v1/cobrowse/socket", &session.agent_ticket, receive_bytes).await?;
        if is_slow {
            tasks.spawn_local(look_slowly(viewer, Rc::clone(&slow)));
        } else {
            tasks.spawn_local(look(viewer, Rc::clone(&latencies)));
        }
    }
    let during = clients.deliver(&server, &plan).await?;
    let growth = server.meter().resident_bytes()?.saturating_sub(resident);
    tasks.abort_all();
    let found = Found { latencies: latencies.borrow().clone(), before, during, growth, slow: slow.take() };
    Ok(tables(&found))
}

/// What was measured.
struct Found {
    /// From a change to the viewer, in microseconds.
    latencies: Histogram<u64>,
    before: Delivery,
    during: Delivery,
    /// Bytes of memory that were added meanwhile.
    growth: u64,
    slow: Slow,
}

fn tables(found: &Found) -> Vec<Table> {
    let Found { latencies, before, during, growth, slow } = found;
    let row = |main: f64, cells: Vec<String>| vec![Row { contender: Contender::Tandem, main, cells }];
    let (p99_before, p99_during) = (ms(&before.to_ack, 0.99), ms(&during.to_ack, 0.99));
    let age_s = Duration::from_nanos(slow.age_ns).as_secs_f64();
    vec![
        Table {
            title: format!("{SESSIONS} shared pages of 20 kB/s: a change from the page to the viewer"),
            columns: vec!["p99 ms", "p50 ms", "changes"],
            target: Target::AtMost(50.0),
            rows: row(
                ms(latencies, 0.99),
                vec![number(ms(latencies, 0.99)), number(ms(latencies, 0.5)), latencies.len().to_string()],
            ),
            notes: Vec::new(),
        },
        Table {
            title: format!("The chat meanwhile, {PER_S} messages/s: acknowledgements"),
            columns: vec![
                "p99 during / before",
                "p99 before ms",
                "p99 during ms",
                "p50 before ms",
                "p50 during ms",
            ],
            target: Target::AtMost(1.2),
            rows: row(
                p99_during / p99_before,
                vec![
                    number(p99_during / p99_before),
                    number(p99_before),
                    number(p99_during),
                    number(ms(&before.to_ack, 0.5)),
                    number(ms(&during.to_ack, 0.5)),
                ],
            ),
            notes: Vec::new(),
        },
        Table {
            title: "A viewer that takes a quarter of what its page sends".to_owned(),
            columns: vec!["MB more, of all", "keyframes it was given", "age of what it shows, s"],
            target: Target::AtMost(100.0),
            rows: row(
                megabytes(*growth as f64),
                vec![number(megabytes(*growth as f64)), slow.keyframes.to_string(), number(age_s)],
            ),
            notes: vec![
                "Where it falls behind it starts again from the newest keyframe; nothing grows for it."
                    .to_owned(),
            ],
        },
    ]
}

/// One agent who looks at everything.
struct Office {
    server: SocketAddr,
    log_in: String,
    console: Reader,
    _writer: Rc<Writer>,
}

/// A page that is shared, with the sockets of its chat.
struct Shared {
    cobrowse_id: String,
    visitor_ticket: String,
    agent_ticket: String,
    _visitor: (Rc<Writer>, Reader),
}

impl Office {
    async fn open(server: &Server) -> Result<Self> {
        let (dialect, address) = (Dialect::Tandem, server.address());
        let log_in = dialect.log_in(address, 0).await?;
        let (writer, mut console) = connection::open(address, &dialect.opening(Side::Agent, &log_in)).await?;
        dialect.greet(&writer, &mut console, Side::Agent, &[]).await?;
        Ok(Self { server: address, log_in, console, _writer: writer })
    }

    /// Asks the visitor of a conversation, who says yes.
    async fn share(&mut self, conversation: Conversation) -> Result<Shared> {
        let dialect = Dialect::Tandem;
        let (writer, mut visitor) =
            connection::open(self.server, &dialect.opening(Side::Visitor, "")).await?;
        dialect.greet(&writer, &mut visitor, Side::Visitor, std::slice::from_ref(&conversation)).await?;
        let line = format!("POST /api/v1/conversations/{}/cobrowse", conversation.conversation_id);
        Http::open(self.server)
            .await?
            .ask(&line, &self.log_in, "")
            .await?
            .json()
            .context("asking to share")?;
        let asked = session(&mut visitor, |session| session["stage"] == "asked").await?;
        let consent = json!({
            "type": "cobrowse_consent", "cobrowse_id": asked["cobrowse_id"], "is_allowed": true,
        });
        Writer::send(&writer, &frame::text(consent.to_string().as_bytes()));
        let of_visitor = session(&mut visitor, |session| session["ticket"].is_string()).await?;
        let is_same =
            |session: &Value| session["cobrowse_id"] == asked["cobrowse_id"] && session["ticket"].is_string();
        let of_agent = session(&mut self.console, is_same).await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(Shared {
            cobrowse_id: text(&asked["cobrowse_id"]),
            visitor_ticket: text(&of_visitor["ticket"]),
            agent_ticket: text(&of_agent["ticket"]),
            _visitor: (writer, visitor),
        })
    }
}

impl Shared {
    async fn join(
        &self,
        server: &Server,
        path: &str,
        ticket: &str,
        receive_bytes: Option<u32>,
    ) -> Result<(Rc<Writer>, Reader)> {
        let opening = Opening { path: path.to_owned(), receive_bytes, ..Opening::default() };
        let (writer, mut reader) = connection::open(server.address(), &opening).await?;
        let hello = json!({ "type": "hello", "cobrowse_id": self.cobrowse_id, "ticket": ticket });
        Writer::send(&writer, &frame::text(hello.to_string().as_bytes()));
        let welcome = reader.next().await.map_err(|end| anyhow::anyhow!("{path}: {end:?}"))?;
        anyhow::ensure!(memchr::memmem::find(welcome, b"welcome").is_some(), "{path} did not welcome");
        Ok((writer, reader))
    }
}

/// Reads on to the news of a session.
async fn session(reader: &mut Reader, holds: impl Fn(&Value) -> bool) -> Result<Value> {
    loop {
        let text = reader.next().await.map_err(|end| anyhow::anyhow!("waiting for a session: {end:?}"))?;
        let event: Value = serde_json::from_slice(text)?;
        if event["type"] == "cobrowse" && holds(&event["session"]) {
            return Ok(event["session"].clone());
        }
    }
}

/// Sends what a page sends, each frame with the moment it was planned for; a keyframe whenever one is asked for.
async fn record((writer, mut reader): (Rc<Writer>, Reader), stream: Stream, number: usize) {
    let asked = Rc::new(RefCell::new(true));
    let listening = Rc::clone(&asked);
    tokio::task::spawn_local(async move {
        while let Ok(text) = reader.next().await {
            if memchr::memmem::find(text, b"keyframe_needed").is_some() {
                listening.replace(true);
            }
        }
    });
    // Pages do not paint in step.
    tokio::time::sleep(stream.interval * number as u32 / SESSIONS as u32).await;
    let mut pace = tokio::time::interval(stream.interval);
    for sequence in 0.. {
        pace.tick().await;
        let is_keyframe = asked.replace(false);
        let (kind, flags, bytes) = match is_keyframe {
            true => (Kind::Keyframe, Flags::FIRST.with(Flags::LAST), KEYFRAME_BYTES),
            false => (Kind::Delta, Flags::NONE, stream.delta_bytes),
        };
        let mut payload = vec![7; bytes];
        payload[..8].copy_from_slice(&clock::now_ns().to_le_bytes());
        let header = Header { kind, flags, sequence, elapsed_ms: 0 };
        Writer::send(&writer, &frame::binary(&header.frame(&payload)));
    }
}

/// Returns a frame's kind and how old it is.
fn age(frame: &[u8]) -> Option<(Kind, u64)> {
    let (header, payload) = Header::parse(frame).ok()?;
    let sent_ns = u64::from_le_bytes(*payload.first_chunk()?);
    Some((header.kind, clock::now_ns().saturating_sub(sent_ns)))
}

async fn look((_writer, mut reader): (Rc<Writer>, Reader), latencies: Rc<RefCell<Histogram<u64>>>) {
    while let Ok(frame) = reader.next_of(FrameKind::Binary).await {
        if let Some((Kind::Delta, age_ns)) = age(frame) {
            latencies.borrow_mut().saturating_record(age_ns / 1_000);
        }
    }
}

async fn look_slowly((_writer, mut reader): (Rc<Writer>, Reader), slow: Rc<RefCell<Slow>>) {
    while let Ok(frame) = reader.next_of(FrameKind::Binary).await {
        if let Some((kind, age_ns)) = age(frame) {
            let mut slow = slow.borrow_mut();
            slow.keyframes += u32::from(kind == Kind::Keyframe);
            slow.age_ns = age_ns;
        }
        tokio::time::sleep(SLOW_FRAME).await;
    }
}
