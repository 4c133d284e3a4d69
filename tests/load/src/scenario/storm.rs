//! A server that is killed under thousands of sockets and started again: when everybody is back, and how long those
//! who missed much take to have it.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::{Bench, PEERS, ms};
use crate::clock;
use crate::connection::{self, Writer};
use crate::contender::Contender;
use crate::crowd::{Crowd, Loyalty, Member};
use crate::dialect::{self, Conversation, Dialect, Heard, Side, TEXT};
use crate::frame;
use crate::server::Server;
use crate::table::{Row, Table, Target, number};

const SOCKETS: usize = 10_000;
/// Members who lack so many events each time they come; as many as are served over a socket.
const BEHIND: usize = 200;
const MISSED: u64 = protocol::limit::RESUME_EVENTS_MAX as u64;
const BACK_MAX: Duration = Duration::from_secs(90);

struct Storm {
    contender: Contender,
    ready_s: f64,
    back_s: f64,
    welcome_p99_ms: f64,
    caught_up_p50_ms: f64,
    caught_up_p99_ms: f64,
}

/// Measures every contender once and gives two tables: everybody's return, and catching up.
pub(crate) async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    let sockets = SOCKETS.min(bench.sockets_max);
    let mut storms = Vec::new();
    for contender in bench.among(&PEERS) {
        eprintln!("reconnect storm of {sockets} sockets: {}", contender.name());
        storms.push(run(bench, contender, sockets).await?);
    }
    let back = |storm: &Storm| Row {
        contender: storm.contender,
        main: storm.back_s,
        cells: [storm.back_s, storm.ready_s, storm.welcome_p99_ms].map(number).to_vec(),
    };
    let caught_up = |storm: &Storm| Row {
        contender: storm.contender,
        main: storm.caught_up_p99_ms,
        cells: match storm.contender {
            Contender::Tandem => [storm.caught_up_p99_ms, storm.caught_up_p50_ms].map(number).to_vec(),
            Contender::Ws | Contender::SocketIo | Contender::Bare => {
                vec!["lost".to_owned(), "lost".to_owned()]
            }
        },
    };
    Ok(vec![
        Table {
            title: format!("Reconnect storm: killed with {sockets} sockets and started again, 99 % are back"),
            columns: vec!["s after the kill", "s until ready", "welcome p99 ms"],
            target: Target::None,
            rows: storms.iter().map(back).collect(),
            notes: vec![
                "Every client waits a random part of 0.5 s, doubled with each try, as the real one does."
                    .to_owned(),
            ],
        },
        Table {
            title: format!(
                "Resume in that storm: {BEHIND} of them lack {MISSED} events each, hello to all of them"
            ),
            columns: vec!["p99 ms", "p50 ms"],
            target: Target::AtMost(1_000.0),
            rows: storms.iter().map(caught_up).collect(),
            notes: Vec::new(),
        },
    ])
}

async fn run(bench: &Bench, contender: Contender, sockets: usize) -> Result<Storm> {
    let dialect = Dialect::of(contender);
    let mut server = Server::start(&bench.programs, contender).await?;
    let mut conversations = dialect.begin(&server, sockets).await?;
    let missed = if contender == Contender::Tandem { MISSED } else { 0 };
    if missed > 0 {
        conversations = fill(server.address(), conversations).await?;
    }
    let member =
        |(index, conversation)| Member { conversation, missed: if index < BEHIND { missed } else { 0 } };
    let members = conversations.into_iter().enumerate().map(member).collect();
    let crowd = Crowd::gather(&server, members, Loyalty::ComeBack).await?;
    let begun_ns = clock::now_ns();
    let since_s = || (clock::now_ns() - begun_ns) as f64 / 1e9;
    server.restart_killed().await?;
    let ready_s = since_s();
    crowd.wait_for(sockets * 99 / 100, BACK_MAX).await?;
    let back_s = since_s();
    crowd.wait_for(sockets, BACK_MAX).await?;
    let (welcomed, caught_up) = (crowd.welcomed(), crowd.caught_up());
    crowd.disperse();
    Ok(Storm {
        contender,
        ready_s,
        back_s,
        welcome_p99_ms: ms(&welcomed, 0.99),
        caught_up_p50_ms: ms(&caught_up, 0.5),
        caught_up_p99_ms: ms(&caught_up, 0.99),
    })
}

/// Lets the first members write as much as they will have missed.
async fn fill(server: SocketAddr, mut conversations: Vec<Conversation>) -> Result<Vec<Conversation>> {
    let rest = conversations.split_off(BEHIND.min(conversations.len()));
    let mut writing = tokio::task::JoinSet::new();
    for conversation in conversations {
        writing.spawn_local(write_much(server, conversation));
    }
    let mut filled = Vec::with_capacity(BEHIND + rest.len());
    while let Some(done) = writing.join_next().await {
        filled.push(done??);
    }
    filled.extend(rest);
    Ok(filled)
}

async fn write_much(server: SocketAddr, mut conversation: Conversation) -> Result<Conversation> {
    let dialect = Dialect::Tandem;
    let (writer, mut reader) = connection::open(server, &dialect.opening(Side::Visitor, "")).await?;
    let own = std::slice::from_ref(&conversation);
    dialect.greet(&writer, &mut reader, Side::Visitor, own).await?;
    for number in 0..MISSED {
        let message = dialect.message(&conversation.conversation_id, u32::try_from(number)?, TEXT);
        Writer::send(&writer, &frame::text(message.as_bytes()));
        loop {
            let frame = reader.next().await.map_err(|end| anyhow::anyhow!("writing ahead: {end:?}"))?;
            match dialect.hear(frame) {
                Heard::Ack => {
                    conversation.seq = dialect::last_seq(frame).context("an ack without seq")?;
                    break;
                }
                Heard::Refused => bail!("writing ahead was refused"),
                Heard::Welcome | Heard::Events | Heard::Ping | Heard::Reset | Heard::Other => {}
            }
        }
    }
    Ok(conversation)
}
