//! Readers that stall while much is sent to them: what they cost the server, and whether the others notice.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, bail};

use super::{Bench, PEERS, megabytes, ms};
use crate::clock;
use crate::connection::{self, Opening, Reader, Writer};
use crate::contender::Contender;
use crate::delivery::{Clients, Plan};
use crate::dialect::{Conversation, Dialect, Side};
use crate::frame;
use crate::server::Server;
use crate::table::{Row, Table, Target, number};

/// Consoles that watch one conversation and read nothing.
const STALLED: usize = 1_000;
/// What that conversation gets in a second, and how large each message is.
const LARGE_PER_S: u64 = 20;
const LARGE_BYTES: usize = 4_000;
/// As much as a kernel keeps for a reader at the other end of a real line.
const RECEIVE_BYTES: u32 = 4 * 1024;
const SEGMENT_BYTES: u32 = 1_460;
/// A server without bounds is stopped here.
const GROWTH_BYTES_MAX: u64 = 2_000_000_000;

/// The others.
const CONVERSATIONS: usize = 500;
const PER_S: u32 = 1_000;
const TIME: Duration = Duration::from_secs(12);

struct Slow {
    contender: Contender,
    growth_mb: f64,
    before_p99_ms: f64,
    during_p99_ms: f64,
    lost: u64,
    is_stopped: bool,
}

/// Measures every contender once and gives two tables: memory, and the others' times.
pub(crate) async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    let mut found = Vec::new();
    for contender in bench.among(&PEERS) {
        eprintln!("{STALLED} stalled readers: {}", contender.name());
        found.push(run(bench, contender).await?);
    }
    let memory = |slow: &Slow| Row {
        contender: slow.contender,
        main: slow.growth_mb,
        cells: vec![
            number(slow.growth_mb),
            if slow.is_stopped { "still growing, stopped".to_owned() } else { String::new() },
        ],
    };
    let times = |slow: &Slow| Row {
        contender: slow.contender,
        main: slow.during_p99_ms / slow.before_p99_ms,
        cells: vec![
            number(slow.during_p99_ms / slow.before_p99_ms),
            number(slow.before_p99_ms),
            number(slow.during_p99_ms),
            slow.lost.to_string(),
        ],
    };
    Ok(vec![
        Table {
            title: format!(
                "{STALLED} readers that stall, {LARGE_PER_S} messages/s of {LARGE_BYTES} bytes to all of them for {TIME:?}"
            ),
            columns: vec!["MB more at the most", ""],
            target: Target::AtMost(300.0),
            rows: found.iter().map(memory).collect(),
            notes: Vec::new(),
        },
        Table {
            title: format!("The others meanwhile, {PER_S} messages/s"),
            columns: vec!["p99 during / before", "p99 before ms", "p99 during ms", "lost"],
            target: Target::AtMost(2.0),
            rows: found.iter().map(times).collect(),
            notes: Vec::new(),
        },
    ])
}

async fn run(bench: &Bench, contender: Contender) -> Result<Slow> {
    let dialect = Dialect::of(contender);
    let server = Server::start(&bench.programs, contender).await?;
    let clients = Clients::connect(&server, CONVERSATIONS).await?;
    let plan = Plan { per_s: PER_S, warm_up: Duration::from_secs(2), counted: TIME };
    let before = clients.deliver(&server, &plan).await?;
    let hall = dialect.begin(&server, 1).await?.remove(0);
    let log_in = dialect.log_in(server.address(), 0).await?;
    let mut stalled = Vec::with_capacity(STALLED);
    for _ in 0..STALLED {
        stalled.push(stall(server.address(), dialect, &log_in, &hall).await?);
    }
    let resident = server.meter().resident_bytes()?;
    let flood = tokio::task::spawn_local(flood(server.address(), dialect, hall));
    let meter = server.meter();
    let watch = tokio::task::spawn_local(async move {
        let mut most = resident;
        while most - resident < GROWTH_BYTES_MAX && !flood.is_finished() {
            tokio::time::sleep(Duration::from_millis(50)).await;
            most = meter.resident_bytes().unwrap_or(most).max(most);
        }
        let is_stopped = !flood.is_finished();
        flood.abort();
        (most - resident, is_stopped)
    });
    let during = clients.deliver(&server, &plan).await?;
    let (growth, is_stopped) = watch.await?;
    drop(stalled);
    Ok(Slow {
        contender,
        growth_mb: megabytes(growth as f64),
        before_p99_ms: ms(&before.to_peer, 0.99),
        during_p99_ms: ms(&during.to_peer, 0.99),
        lost: during.missing + during.refused,
        is_stopped,
    })
}

/// Opens a console that reads its welcome and nothing after it.
async fn stall(
    server: SocketAddr,
    dialect: Dialect,
    log_in: &str,
    hall: &Conversation,
) -> Result<(Rc<Writer>, Reader)> {
    let opening = Opening {
        receive_bytes: Some(RECEIVE_BYTES),
        segment_bytes: Some(SEGMENT_BYTES),
        ..dialect.opening(Side::Agent, log_in)
    };
    let (writer, mut reader) = connection::open(server, &opening).await?;
    dialect.greet(&writer, &mut reader, Side::Agent, std::slice::from_ref(hall)).await?;
    Ok((writer, reader))
}

/// Writes large messages into the conversation that the stalled ones watch, as long as the others are measured.
async fn flood(server: SocketAddr, dialect: Dialect, hall: Conversation) -> Result<()> {
    let (writer, mut reader) = connection::open(server, &dialect.opening(Side::Visitor, "")).await?;
    dialect.greet(&writer, &mut reader, Side::Visitor, std::slice::from_ref(&hall)).await?;
    let reading = tokio::task::spawn_local(async move { while reader.next().await.is_ok() {} });
    let text = "x".repeat(LARGE_BYTES);
    let begun_ns = clock::now_ns();
    let mut pace = tokio::time::interval(Duration::from_millis(1_000 / LARGE_PER_S));
    for number in 0.. {
        pace.tick().await;
        if Duration::from_nanos(clock::now_ns() - begun_ns) > TIME {
            break;
        }
        let message = dialect.message(&hall.conversation_id, number, &text);
        Writer::send(&writer, &frame::text(message.as_bytes()));
        if reading.is_finished() {
            bail!("the writer's socket ended");
        }
    }
    reading.abort();
    Ok(())
}
