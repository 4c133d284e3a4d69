//! One load generator for Tandem and its peers: the same clients, the same messages and the same clock for each.

mod bare;
mod bench;
mod clock;
mod connection;
mod contender;
mod crowd;
mod delivery;
mod dialect;
mod frame;
mod http;
mod meter;
mod random;
mod scenario;
mod server;
mod table;

use anyhow::{Result, bail};
use tokio::task::LocalSet;

const USAGE: &str = "usage: load bench TANDEM PEERS SCRATCH OUTPUT [--rounds N] [--only CONTENDER] [TABLE …]
       load bare ADDRESS

  bench   measures the binary TANDEM beside the relays in the folder PEERS; prints the tables and writes them to the
          file OUTPUT. TABLE is one of: rates, most, idle, slow, sharing, storm, drain, start; without any, all of them.
          CONTENDER is one of: tandem, ws, socket.io, bare.
  bare    serves the relay that only copies frames.";

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // One thread: what the generator does never competes with itself, and its processor time is easy to tell.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let tasks = LocalSet::new();
    match words[..] {
        ["bench", tandem, peers, scratch, output, ref rest @ ..] => {
            let order = bench::Order::parse(tandem, peers, scratch, output, rest)?;
            tasks.block_on(&runtime, bench::run(order))
        }
        ["bare", address] => tasks.block_on(&runtime, bare::serve(address.parse()?)),
        _ => bail!("{USAGE}"),
    }
}
