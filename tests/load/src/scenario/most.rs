//! The most messages a second that arrive in time, found by going up in steps.

use std::time::Duration;

use anyhow::Result;

use super::{Bench, ms};
use crate::contender::Contender;
use crate::delivery::{Clients, Delivery, Plan};
use crate::server::Server;
use crate::table::{Row, Runs, Table, Target, number};

const CONVERSATIONS: usize = 1_000;
/// The steps, each half a second of warming up and four that count.
const STEPS_PER_S: [u32; 12] =
    [2_000, 4_000, 6_000, 8_000, 10_000, 12_500, 15_000, 17_500, 20_000, 25_000, 30_000, 40_000];
/// Sustained means that nothing piles up: a queue that grows is beyond this within a step.
const PEER_P99_MS_MAX: f64 = 100.0;
/// A generator that is late by more than this measures itself.
const LATE_P99_MS_MAX: f64 = 50.0;

/// Measures every contender in turns.
pub(crate) async fn measure(bench: &Bench) -> Result<Table> {
    let mut found: Vec<(Contender, Runs, String)> =
        bench.among(&Contender::ALL).map(|it| (it, Runs::default(), String::new())).collect();
    for round in 0..bench.rounds {
        for (contender, runs, reason) in &mut found {
            eprintln!("sustained, run {} of {}: {}", round + 1, bench.rounds, contender.name());
            let (most, why) = climb(bench, *contender).await?;
            runs.add(most);
            *reason = why;
        }
    }
    let row = |(contender, runs, reason): (Contender, Runs, String)| Row {
        contender,
        main: runs.median(),
        cells: vec![runs.text(), reason],
    };
    Ok(Table {
        title: format!("Sustained messages/s: all of them at the peer, p99 within {PEER_P99_MS_MAX} ms"),
        columns: vec!["messages/s", "what ended the last climb"],
        target: Target::AtLeast(20_000.0),
        rows: found.into_iter().map(row).collect(),
        notes: vec![format!(
            "The generator shares the machine's processors; where it is late itself, the step is not counted. \
             The highest step is {}.",
            STEPS_PER_S[STEPS_PER_S.len() - 1]
        )],
    })
}

async fn climb(bench: &Bench, contender: Contender) -> Result<(f64, String)> {
    let server = Server::start(&bench.programs, contender).await?;
    let clients = Clients::connect(&server, CONVERSATIONS).await?;
    let mut most = 0.0;
    for per_s in STEPS_PER_S {
        let plan = Plan { per_s, warm_up: Duration::from_millis(500), counted: Duration::from_secs(4) };
        let delivery = clients.deliver(&server, &plan).await?;
        if let Some(reason) = failure(&delivery) {
            return Ok((most, format!("{per_s}/s: {reason}")));
        }
        most = f64::from(per_s);
    }
    Ok((most, "no step was too high".to_owned()))
}

fn failure(delivery: &Delivery) -> Option<String> {
    let (late, peer) = (ms(&delivery.lateness, 0.99), ms(&delivery.to_peer, 0.99));
    if delivery.closed > 0 {
        return Some(format!("{} sockets closed", delivery.closed));
    }
    if delivery.missing + delivery.refused > 0 {
        return Some(format!("{} missing, {} refused", delivery.missing, delivery.refused));
    }
    if late > LATE_P99_MS_MAX {
        return Some(format!("generator late by {} ms", number(late)));
    }
    (peer > PEER_P99_MS_MAX).then(|| format!("p99 {} ms", number(peer)))
}
