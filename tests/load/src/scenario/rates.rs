//! A fixed rate: how long messages take, and what they cost the server.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;

use super::{Bench, ms};
use crate::contender::Contender;
use crate::delivery::{Clients, Delivery, Plan};
use crate::server::Server;
use crate::table::{Row, Runs, Table, Target, number};

/// Visitors, each in a conversation with an agent.
const CONVERSATIONS: usize = 1_000;

#[derive(Debug, Clone, Default)]
struct Sums {
    peer_p50: Runs,
    peer_p99: Runs,
    ack_p50: Runs,
    ack_p99: Runs,
    cpu_s: Runs,
    generator_late_p99: Runs,
    lost: u64,
    doubled: u64,
    closed: u64,
}

/// Measures one rate in turns and gives two tables: latency, and processor time.
pub(crate) async fn measure(bench: &Bench, per_s: u32, peer_p99_ms_max: f64) -> Result<Vec<Table>> {
    let mut sums: BTreeMap<Contender, Sums> = BTreeMap::new();
    for round in 0..bench.rounds {
        for contender in bench.among(&Contender::ALL) {
            eprintln!("{per_s} messages/s, run {} of {}: {}", round + 1, bench.rounds, contender.name());
            let delivery = run(bench, contender, per_s).await?;
            sums.entry(contender).or_default().add(&delivery);
        }
    }
    Ok(vec![latency(per_s, peer_p99_ms_max, &sums), processor(per_s, &sums)])
}

async fn run(bench: &Bench, contender: Contender, per_s: u32) -> Result<Delivery> {
    let server = Server::start(&bench.programs, contender).await?;
    let clients = Clients::connect(&server, CONVERSATIONS).await?;
    let plan = Plan { per_s, warm_up: Duration::from_secs(2), counted: Duration::from_secs(8) };
    clients.deliver(&server, &plan).await
}

impl Sums {
    fn add(&mut self, delivery: &Delivery) {
        self.peer_p50.add(ms(&delivery.to_peer, 0.5));
        self.peer_p99.add(ms(&delivery.to_peer, 0.99));
        self.ack_p50.add(ms(&delivery.to_ack, 0.5));
        self.ack_p99.add(ms(&delivery.to_ack, 0.99));
        self.generator_late_p99.add(ms(&delivery.lateness, 0.99));
        self.cpu_s.add(delivery.server_cpu.as_secs_f64() * 1e6 / delivery.messages as f64);
        self.lost += delivery.missing + delivery.refused;
        self.doubled += delivery.doubled;
        self.closed += delivery.closed;
    }

    /// Messages that did not arrive within five seconds or arrived again, and sockets that were closed.
    fn faults(&self) -> String {
        format!("{} / {} / {}", self.lost, self.doubled, self.closed)
    }
}

fn latency(per_s: u32, peer_p99_ms_max: f64, sums: &BTreeMap<Contender, Sums>) -> Table {
    let row = |(contender, sum): (&Contender, &Sums)| Row {
        contender: *contender,
        // Percentiles of what arrived say nothing where something did not.
        main: if sum.lost == 0 { sum.peer_p99.median() } else { f64::INFINITY },
        cells: vec![
            sum.peer_p99.text(),
            sum.peer_p50.text(),
            sum.ack_p99.text(),
            sum.ack_p50.text(),
            sum.faults(),
            number(sum.generator_late_p99.median()),
        ],
    };
    Table {
        title: format!("{per_s} messages/s between {CONVERSATIONS} visitors and their agents, in ms"),
        columns: vec![
            "to peer p99",
            "to peer p50",
            "to ack p99",
            "to ack p50",
            "lost/doubled/closed",
            "generator late p99",
        ],
        target: Target::AtMost(peer_p99_ms_max),
        rows: sums.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn processor(per_s: u32, sums: &BTreeMap<Contender, Sums>) -> Table {
    let row = |(contender, sum): (&Contender, &Sums)| Row {
        contender: *contender,
        main: sum.cpu_s.median(),
        cells: vec![sum.cpu_s.text()],
    };
    Table {
        title: format!("Processor seconds of the server per million messages, at {per_s} messages/s"),
        columns: vec!["CPU s / 1M"],
        target: Target::Below(Contender::Ws),
        rows: sums.iter().map(row).collect(),
        notes: Vec::new(),
    }
}
