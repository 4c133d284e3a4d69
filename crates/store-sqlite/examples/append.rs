//! Measures how many messages a second are stored, and how long each waits for its acknowledgement.
//!
//! `cargo run --release -p store-sqlite --example append -- [folder] [seconds]` prints a row for each number of
//! senders that write one message after the other, and one for 2,000 messages a second.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use store::suite::samples::{NOW, agent, customer, customer_id, touchpoint, touchpoint_id};
use store::{MessageAuthor, NewMessage, Store, StoreError};
use store_sqlite::SqliteStore;
use tokio::task::JoinSet;

use protocol::id::{ConversationId, MessageId};

/// Characters of a message.
const TEXT_CHARS: usize = 80;
/// Messages a second of the paced run.
const PACE: u64 = 2_000;

fn main() -> Result<(), StoreError> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(5);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    let time = Duration::from_secs(seconds);
    runtime.block_on(async {
        println!(
            "{:>12} {:>10} {:>8} {:>8} {:>8} {:>10}",
            "senders", "rows/s", "p50 ms", "p99 ms", "max ms", "cpu us/row"
        );
        for senders in [1_u16, 10, 100, 1_000] {
            let before = cpu_time();
            let waits = run(&folder, senders, time, None).await?;
            print(&senders.to_string(), waits, time, cpu_time().saturating_sub(before));
        }
        let before = cpu_time();
        let waits = run(&folder, 100, time, Some(PACE)).await?;
        print(&format!("{PACE}/s"), waits, time, cpu_time().saturating_sub(before));
        Ok(())
    })
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "figures for people to read"
)]
fn print(name: &str, mut waits: Vec<Duration>, time: Duration, cpu: Duration) {
    waits.sort();
    let at = |share: f64| {
        let place = (waits.len() as f64 * share) as usize;
        waits.get(place.min(waits.len().saturating_sub(1))).map_or(0.0, |wait| wait.as_secs_f64() * 1_000.0)
    };
    let rate = waits.len() as f64 / time.as_secs_f64();
    let cpu_us = cpu.as_secs_f64() * 1_000_000.0 / waits.len() as f64;
    println!("{name:>12} {rate:>10.0} {:>8.2} {:>8.2} {:>8.2} {cpu_us:>10.1}", at(0.5), at(0.99), at(1.0));
}

/// What this process has used, senders included (proc(5), `stat`, fields 14 and 15, in hundredths of a second).
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.split_whitespace().skip(13).take(2).filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Writes for a time on a file of its own and returns how long each message waited.
async fn run(
    folder: &Path,
    senders: u16,
    time: Duration,
    pace: Option<u64>,
) -> Result<Vec<Duration>, StoreError> {
    let file = folder.join(format!("append-{}.sqlite", std::process::id()));
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&file)?);
    prepare(store.as_ref()).await?;
    let mut tasks = JoinSet::new();
    for sender in 0..senders {
        let store = Arc::clone(&store);
        tasks.spawn(send(store, sender, time, pace.map(|pace| pace / u64::from(senders))));
    }
    let mut waits = Vec::new();
    for outcome in tasks.join_all().await {
        waits.extend(outcome?);
    }
    drop(store);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    Ok(waits)
}

async fn prepare(store: &dyn Store) -> Result<(), StoreError> {
    store.put_touchpoint(touchpoint()).await?;
    store.create_agent(agent(1)).await?;
    for number in 0..=255 {
        store.create_customer(customer(number)).await?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "what is measured here is time")]
async fn send(
    store: Arc<dyn Store>,
    sender: u16,
    time: Duration,
    pace: Option<u64>,
) -> Result<Vec<Duration>, StoreError> {
    let [high, low] = sender.to_be_bytes();
    let author = MessageAuthor::Customer { customer_id: customer_id(low), touchpoint_id: touchpoint_id() };
    let conversation_id = ConversationId::new(NOW, [high, low, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut ticks = pace.map(|pace| tokio::time::interval(Duration::from_micros(1_000_000 / pace)));
    if ticks.is_some() {
        // Senders that begin together would come in waves.
        tokio::time::sleep(Duration::from_micros(u64::from(sender) * 483)).await;
    }
    let begun_at = Instant::now();
    let mut waits = Vec::new();
    for number in 0_u32.. {
        if let Some(ticks) = &mut ticks {
            ticks.tick().await;
        }
        let sent_at = Instant::now();
        if sent_at - begun_at >= time {
            break;
        }
        let [a, b, c, d] = number.to_be_bytes();
        let at = NOW.plus_ms(i64::try_from((sent_at - begun_at).as_millis()).unwrap_or(0));
        let message = NewMessage {
            conversation_id: conversation_id.clone(),
            message_id: MessageId::new(at, [high, low, 0, a, b, c, d, 0, 0, 0]),
            author: author.clone(),
            text: "x".repeat(TEXT_CHARS),
            attachments: Vec::new(),
            at,
        };
        store.append_message(message).await?;
        waits.push(sent_at.elapsed());
    }
    Ok(waits)
}
