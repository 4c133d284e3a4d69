//! From the start of the process to its first answer, and what it takes while nobody is there.

use std::time::Duration;

use anyhow::Result;

use super::{Bench, PEERS, megabytes};
use crate::clock;
use crate::server::Server;
use crate::table::{Row, Runs, Table, Target};

const STARTS: usize = 7;
/// Until what is done once after the start is done.
const SETTLING: Duration = Duration::from_secs(2);

/// Measures in turns and gives two tables: time and memory.
pub(crate) async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    let mut runs = PEERS.map(|contender| (contender, Runs::default(), Runs::default(), Runs::default()));
    for round in 0..STARTS {
        eprintln!("cold start {} of {STARTS}", round + 1);
        for (contender, first_ms, again_ms, idle_mb) in &mut runs {
            let begun_ns = clock::now_ns();
            let mut server = Server::start(&bench.programs, *contender).await?;
            first_ms.add(since_ms(begun_ns));
            tokio::time::sleep(SETTLING).await;
            idle_mb.add(megabytes(server.meter().resident_bytes()? as f64));
            server.terminate().await?;
            let begun_ns = clock::now_ns();
            server.start_again().await?;
            again_ms.add(since_ms(begun_ns));
        }
    }
    let times = |(contender, first, again, _): &(_, Runs, Runs, Runs)| Row {
        contender: *contender,
        main: again.median(),
        cells: vec![again.text(), first.text()],
    };
    let memory = |(contender, _, _, idle): &(_, Runs, Runs, Runs)| Row {
        contender: *contender,
        main: idle.median(),
        cells: vec![idle.text()],
    };
    Ok(vec![
        Table {
            title: "Cold start, from the process to its first answer".to_owned(),
            columns: vec!["ms", "ms, empty folder"],
            target: Target::AtMost(200.0),
            rows: runs.iter().map(times).collect(),
            notes: vec!["An empty folder makes the tables and hashes the demo's password once.".to_owned()],
        },
        Table {
            title: "Memory of the server while nobody is there".to_owned(),
            columns: vec!["resident MB"],
            target: Target::AtMost(30.0),
            rows: runs.iter().map(memory).collect(),
            notes: Vec::new(),
        },
    ])
}

fn since_ms(begun_ns: u64) -> f64 {
    (clock::now_ns() - begun_ns) as f64 / 1e6
}
