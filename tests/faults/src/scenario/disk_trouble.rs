//! The disk runs full, or takes no writes any more, while people write: their messages wait with them, reading goes
//! on, the server says what is wrong, and goes on by itself when the disk does.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use nix::mount::{MsFlags, mount};

use super::stage;
use crate::clock;
use crate::disk::{Mood, Mounted};
use crate::people::{Crowd, CrowdPlan, Habits, http};
use crate::place::Scratch;
use crate::process::Recipe;
use crate::random::Random;
use crate::readable;

const VISITORS: usize = 40;
const AGENTS: usize = 2;
/// Messages before the trouble begins.
const MESSAGES_BEFORE: usize = 300;
/// Refusals during the trouble, so that every client met it more than once.
const REFUSALS: usize = 100;
const SMALL_DISK_BYTES: usize = 24 * 1024 * 1024;
/// `/readyz` answers by the last write, which may be this long ago.
const NOTICED_WITHIN: Duration = Duration::from_secs(20);

/// What is wrong with the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// A small disk in memory is filled to its last byte.
    SmallDisk,
    /// Nothing that needs room is taken: ENOSPC.
    Full,
    /// Nothing is taken: EROFS.
    ReadOnly,
}

/// A disk that can be made bad and good again.
enum TroubledDisk {
    Small { filler: PathBuf },
    Layer { mounted: Mounted, mood: Mood },
}

pub(super) async fn run(seed: u64) -> Result<String> {
    let mut lines = Vec::new();
    for trouble in [Trouble::SmallDisk, Trouble::Full, Trouble::ReadOnly] {
        let line = live_through(trouble, seed).await.with_context(|| format!("{trouble:?}"))?;
        lines.push(format!("{trouble:?}: {line}"));
    }
    Ok(lines.join("; "))
}

async fn live_through(trouble: Trouble, seed: u64) -> Result<String> {
    let mut random = Random::new(seed);
    let scratch = Scratch::new("disk")?;
    let mut disk = TroubledDisk::new(trouble, &scratch.path().join("disk"))?;
    let recipe = stage::recipe(&scratch, scratch.path().join("disk/data"), &mut random)?;
    let mut server = recipe.start().await?;
    let habits = Habits { pause_ms: (20, 120), reloads: 1, backlog_max: 20 };
    let plan = CrowdPlan { visitors: VISITORS, agents: AGENTS, habits, address: recipe.address, seed };
    let crowd = Crowd::start(recipe.address, plan).await?;
    crowd.acknowledge(MESSAGES_BEFORE, Duration::from_secs(60)).await?;
    require_ready(&recipe, true).await?;

    disk.begin()?;
    let refused_before = crowd.progress().refused();
    stage::wait_for("clients to be refused", Duration::from_secs(60), || {
        crowd.progress().refused() >= refused_before + REFUSALS
    })
    .await?;
    let said = require_ready(&recipe, false).await?;
    let frozen = readable::by_rest(recipe.address).await.context("reading does not go on")?;
    ensure!(crowd.progress().waiting() > 0, "nothing waits although nothing is stored");
    ensure!(crowd.progress().online() > 0, "everybody lost the connection");
    server.require_alive()?;

    disk.end()?;
    let good_at = clock::moment();
    require_ready(&recipe, true).await?;
    let noticed_after = good_at.elapsed();
    let wanted = crowd.progress().acknowledged() + MESSAGES_BEFORE;
    crowd.acknowledge(wanted, Duration::from_secs(60)).await?;
    crowd.settle(Duration::from_secs(60)).await?;
    server.require_alive()?;
    let refused = crowd.progress().refused() - refused_before;
    let left =
        crowd.compare_and_leave(readable::by_rest(recipe.address).await?, Duration::from_secs(60)).await;
    server.terminate().await?;
    let copy = disk.store_file(&recipe, &scratch)?;
    let server = recipe.start().await?;
    let verdict = stage::prove(&recipe, &copy, &left).await?;
    stage::require_clean(&verdict)?;
    drop(server);
    let messages = frozen.values().map(Vec::len).sum::<usize>();
    Ok(format!(
        "refused {refused}, said `{said}`, {messages} events readable meanwhile, ready again after {:.1} s, {verdict}",
        noticed_after.as_secs_f64()
    ))
}

/// Waits until `/readyz` says so and returns what it says.
async fn require_ready(recipe: &Recipe, is_ready: bool) -> Result<String> {
    let wanted = if is_ready { 200 } else { 503 };
    let begun_at = clock::moment();
    loop {
        let reply = http::get(recipe.address, "/readyz", "").await?;
        if reply.status == wanted {
            let problem: Option<serde_json::Value> = serde_json::from_str(&reply.text()).ok();
            let detail = problem.and_then(|problem| problem["detail"].as_str().map(str::to_owned));
            ensure!(is_ready || detail.is_some(), "/readyz does not say what is wrong: {}", reply.text());
            return Ok(detail.unwrap_or_else(|| reply.text().trim().to_owned()));
        }
        if begun_at.elapsed() > NOTICED_WITHIN {
            bail!("/readyz says {} {}, expected {wanted}", reply.status, reply.text());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

impl TroubledDisk {
    fn new(trouble: Trouble, folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mood = match trouble {
            Trouble::Full => Mood::Full,
            Trouble::ReadOnly => Mood::ReadOnly,
            Trouble::SmallDisk => {
                let size = format!("size={SMALL_DISK_BYTES}");
                mount(Some("tandem-faults"), folder, Some("tmpfs"), MsFlags::empty(), Some(size.as_str()))
                    .context("cannot mount a disk in memory; this test needs root")?;
                return Ok(Self::Small { filler: folder.join("filler") });
            }
        };
        Ok(Self::Layer { mounted: Mounted::new(folder)?, mood })
    }

    fn begin(&mut self) -> Result<()> {
        match self {
            Self::Small { filler } => fill(filler),
            Self::Layer { mounted, mood } => {
                mounted.disk().set_mood(*mood);
                Ok(())
            }
        }
    }

    fn end(&mut self) -> Result<()> {
        match self {
            Self::Small { filler } => Ok(std::fs::remove_file(filler)?),
            Self::Layer { mounted, .. } => {
                mounted.disk().set_mood(Mood::Well);
                Ok(())
            }
        }
    }

    /// Where the store can be read past the server.
    fn store_file(&self, recipe: &Recipe, scratch: &Scratch) -> Result<PathBuf> {
        match self {
            Self::Small { .. } => Ok(recipe.store_file()),
            Self::Layer { mounted, .. } => {
                let copy = scratch.path().join("copy");
                mounted.disk().copy_to(&copy)?;
                Ok(copy.join("data/tandem.sqlite"))
            }
        }
    }
}

/// Writes until nothing more fits.
fn fill(filler: &Path) -> Result<()> {
    use std::io::{ErrorKind, Write as _};
    let mut file = std::fs::File::create(filler)?;
    let mut piece: &[u8] = &[0; 4_096];
    loop {
        match file.write(piece) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::StorageFull && piece.len() > 1 => piece = &piece[..1],
            Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}
