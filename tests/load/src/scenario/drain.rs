//! A server that is asked to end while thousands are connected.

use std::time::Duration;

use anyhow::Result;

use super::{Bench, PEERS};
use crate::clock;
use crate::crowd::{Crowd, Loyalty, Member};
use crate::dialect::Dialect;
use crate::server::Server;
use crate::table::{Row, Table, Target, number};

/// Sockets that have to move.
const SOCKETS: usize = 10_000;

/// Measures every contender once.
pub(crate) async fn measure(bench: &Bench) -> Result<Table> {
    let sockets = SOCKETS.min(bench.sockets_max);
    let mut rows = Vec::new();
    for contender in bench.among(&PEERS) {
        eprintln!("drain with {sockets} sockets: {}", contender.name());
        let mut server = Server::start(&bench.programs, contender).await?;
        let conversations = Dialect::of(contender).begin(&server, sockets).await?;
        let members = conversations.into_iter().map(|conversation| Member { conversation, missed: 0 });
        let crowd = Crowd::gather(&server, members.collect(), Loyalty::StayAway).await?;
        let begun_ns = clock::now_ns();
        let is_clean = server.terminate().await?;
        let seconds = (clock::now_ns() - begun_ns) as f64 / 1e9;
        // What the kernel still holds for the readers is read.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let ends = crowd.ends();
        let told = sockets - ends.get("broken").copied().unwrap_or(0) - crowd.present();
        crowd.disperse();
        let exit = if is_clean { "0" } else { "not 0" };
        let ends = ends.iter().map(|(end, count)| format!("{count} × {end}")).collect::<Vec<_>>().join(", ");
        rows.push(Row {
            contender,
            main: seconds,
            cells: vec![number(seconds), told.to_string(), ends, exit.to_owned()],
        });
    }
    Ok(Table {
        title: format!("Drain with {sockets} sockets, from SIGTERM to the end of the process"),
        columns: vec!["s", "told by a close frame", "ends", "exit code"],
        target: Target::AtMost(30.0),
        rows,
        notes: vec![
            "Tandem moves its sockets over up to 20 s on purpose, so that they do not all come back at once; \
             the relays close at once."
                .to_owned(),
        ],
    })
}
