//! Proves that the disk takes away what was not synced: a writer that commits without syncing loses rows it has
//! acknowledged, one that syncs every commit does not. Without this, the other tests of power would prove nothing.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use rusqlite::Connection;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::stage;
use crate::clock;
use crate::disk::Mounted;
use crate::place::Scratch;
use crate::random::Random;

/// The word that makes this program the writer.
pub(crate) const WRITER: &str = "write-rows";

const ROUNDS: u64 = 20;

/// What SQLite's `PRAGMA synchronous` may be.
const OFF: &str = "OFF";
const NORMAL: &str = "NORMAL";
const FULL: &str = "FULL";

pub(super) async fn run(seed: u64) -> Result<String> {
    let begun_at = clock::moment();
    let mut counts = Vec::new();
    for synchronous in [OFF, NORMAL, FULL] {
        let mut random = Random::new(seed);
        let (mut acknowledged, mut lost) = (0, 0);
        for _ in 0..ROUNDS {
            let (rows, left) = round(synchronous, &mut random).await?;
            acknowledged += rows;
            lost += rows.saturating_sub(left);
        }
        counts.push((synchronous, acknowledged, lost));
    }
    for (synchronous, acknowledged, lost) in &counts {
        let is_to_lose = *synchronous != FULL;
        ensure!(
            (*lost > 0) == is_to_lose,
            "synchronous={synchronous} lost {lost} of {acknowledged} acknowledged rows"
        );
    }
    let told: Vec<String> =
        counts.iter().map(|(how, rows, lost)| format!("{how} lost {lost} of {rows}")).collect();
    Ok(format!("rounds {ROUNDS}, {} rows; in all {:.1} s", told.join(", "), begun_at.elapsed().as_secs_f64()))
}

/// Lets a writer write until the power goes. Returns how many rows it acknowledged and how many of them are left.
async fn round(synchronous: &str, random: &mut Random) -> Result<(u64, u64)> {
    let scratch = Scratch::new("unsynced")?;
    let mut mounted = Mounted::new(&scratch.path().join("disk"))?;
    let mut writer = Command::new(std::env::current_exe()?)
        .arg(WRITER)
        .arg(scratch.path().join("disk/rows.sqlite"))
        .arg(synchronous)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(writer.stdout.take().context("the writer has no output")?).lines();
    let first = tokio::time::timeout(Duration::from_secs(20), lines.next_line()).await??;
    ensure!(first.as_deref() == Some("1"), "the writer did not begin: {first:?}");
    mounted.disk().die_after(random.between(50, 500));
    stage::wait_until_dead(&mounted).await?;
    let _ = writer.start_kill();
    let mut acknowledged = 1;
    while let Some(line) = lines.next_line().await? {
        acknowledged = line.parse()?;
    }
    writer.wait().await?;
    mounted.lose_power(random)?;
    let copy = scratch.path().join("copy");
    mounted.disk().copy_to(&copy)?;
    Ok((acknowledged, rows_left(&copy.join("rows.sqlite"), acknowledged)))
}

/// A file that cannot be read any more has no rows.
fn rows_left(file: &Path, acknowledged: u64) -> u64 {
    let count = || -> rusqlite::Result<i64> {
        let connection = Connection::open(file)?;
        connection.query_row(
            "SELECT count(*) FROM line WHERE number <= ?1",
            [i64::try_from(acknowledged).unwrap_or(i64::MAX)],
            |row| row.get(0),
        )
    };
    count().map_or(0, |count| u64::try_from(count).unwrap_or(0))
}

/// The writer: one row after the other, each acknowledged on standard output after its commit.
pub(crate) fn write_rows(words: &[String]) -> Result<()> {
    let [file, synchronous] = words else { bail!("{WRITER} FILE SYNCHRONOUS") };
    let connection = Connection::open(file)?;
    // The table is made the safe way: only what comes after it is put to the test.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch("CREATE TABLE line (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")?;
    std::fs::File::open(Path::new(file).parent().context("the file lies in no folder")?)?.sync_all()?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    let mut out = std::io::stdout();
    for number in 1_i64.. {
        connection.execute("INSERT INTO line VALUES (?1, 'a line that takes some room')", [number])?;
        writeln!(out, "{number}")?;
        out.flush()?;
    }
    Ok(())
}
