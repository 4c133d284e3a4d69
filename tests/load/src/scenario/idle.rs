//! Memory per idle visitor, each with a session and a conversation, after a round of heartbeats.

use std::time::Duration;

use anyhow::Result;

use super::{Bench, PEERS};
use crate::crowd::{Crowd, Loyalty, Member};
use crate::dialect::Dialect;
use crate::server::Server;
use crate::table::{Row, Table, Target, number};

/// Longer than the longest pause between two heartbeats of the product, 30 s.
const ROUND: Duration = Duration::from_secs(32);

/// Measures every contender once: a hundredth more or less does not matter over so many sockets.
pub(crate) async fn measure(bench: &Bench) -> Result<Table> {
    let sockets = bench.sockets_max;
    let mut rows = Vec::new();
    for contender in bench.among(&PEERS) {
        eprintln!("{sockets} idle sockets: {}", contender.name());
        let server = Server::start(&bench.programs, contender).await?;
        let before = server.meter().resident_bytes()?;
        let conversations = Dialect::of(contender).begin(&server, sockets).await?;
        let members = conversations.into_iter().map(|conversation| Member { conversation, missed: 0 });
        let crowd = Crowd::gather(&server, members.collect(), Loyalty::StayAway).await?;
        let cpu_before = server.meter().cpu()?;
        tokio::time::sleep(ROUND).await;
        let growth = server.meter().resident_bytes()?.saturating_sub(before);
        let cpu = (server.meter().cpu()? - cpu_before).as_secs_f64() / ROUND.as_secs_f64();
        let per_socket_kb = growth as f64 / sockets as f64 / 1e3;
        let cells = vec![
            number(per_socket_kb),
            number(before as f64 / 1e6),
            number(cpu * 100.0),
            (sockets - crowd.present()).to_string(),
        ];
        crowd.disperse();
        rows.push(Row { contender, main: per_socket_kb, cells });
    }
    Ok(Table {
        title: format!(
            "Memory per idle socket with its session, {sockets} sockets, after a round of heartbeats"
        ),
        columns: vec!["kB / socket", "MB before", "CPU % meanwhile", "lost sockets"],
        target: Target::AtMost(12.0),
        rows,
        notes: vec![
            "Growth of resident memory from the fresh server, caches of the store included; the kernel's own \
             buffers are not in it. The relays know no sessions: a room per socket."
                .to_owned(),
        ],
    })
}
