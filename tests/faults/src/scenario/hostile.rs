//! Slow and hostile clients: readers that stall, floods, huge and broken frames, thousands of half-open connections.
//! Memory and open files stay bounded, and the others are served.

mod attack;

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::stage;
use crate::checker::{Evidence, check};
use crate::clock;
use crate::people::prober::Probers;
use crate::place::Scratch;
use crate::process::{Recipe, Server};
use crate::random::Random;
use crate::readable;

const PROBERS: u64 = 20;
const MEASURED: Duration = Duration::from_secs(6);
const STALLED_READERS: usize = 1_000;
const HALF_OPEN: usize = 3_000;
const MIB: u64 = 1024 * 1024;
/// What a thousand stalled readers may cost.
const STALLED_BYTES_MAX: u64 = 300 * MIB;
/// What any other attack may cost.
const ATTACK_BYTES_MAX: u64 = 100 * MIB;
/// Files and sockets that may stay open by chance when an attack is over.
const FILES_SLACK: usize = 60;
/// A reader is dropped after 20 s without progress, a silent one after 75 s; an attack is over before that.
const TIDY_WITHIN: Duration = Duration::from_secs(45);

/// A server with what it needed before anybody attacked it.
struct Defender<'a> {
    server: &'a Server,
    recipe: &'a Recipe,
    calm_files: usize,
    evidence: Vec<Evidence>,
}

pub(super) async fn run(seed: u64) -> Result<String> {
    let mut random = Random::new(seed);
    let scratch = Scratch::new("hostile")?;
    let recipe = stage::recipe(&scratch, scratch.path().join("data"), &mut random)?;
    let mut server = recipe.start().await?;
    let address = recipe.address;
    let calm = Probers::measure(address, PROBERS, MEASURED, &mut random).await?;
    let calm_bytes = server.memory_bytes()?;
    let mut defender = Defender {
        calm_files: server.open_files()?,
        server: &server,
        recipe: &recipe,
        evidence: calm.people.clone(),
    };
    let mut lines = vec![format!(
        "calm: {:.0} MiB, p50 {:.1} ms, p99 {:.1} ms",
        calm_bytes as f64 / MIB as f64,
        calm.per_mille_ms(500),
        calm.per_mille_ms(990)
    )];
    let open_files = || server.open_files().unwrap_or(0);
    let stalled = attack::stalled_readers(address, STALLED_READERS, open_files, &mut random);
    lines.push(defender.hold("stalled readers", stalled, STALLED_BYTES_MAX, &mut Random::of(seed, 1)).await?);
    let floods = attack::floods(address, &mut random);
    lines.push(defender.hold("floods", floods, ATTACK_BYTES_MAX, &mut Random::of(seed, 2)).await?);
    let frames = attack::bad_frames(address);
    lines.push(defender.hold("bad frames", frames, ATTACK_BYTES_MAX, &mut Random::of(seed, 3)).await?);
    let half_open = attack::half_open(address, HALF_OPEN);
    lines.push(defender.hold("half-open", half_open, ATTACK_BYTES_MAX, &mut Random::of(seed, 4)).await?);
    let evidence = std::mem::take(&mut defender.evidence);
    server.require_alive()?;
    let grown = server.memory_bytes()?.saturating_sub(calm_bytes);
    ensure!(grown <= STALLED_BYTES_MAX + ATTACK_BYTES_MAX, "{} MiB more after all of it", grown / MIB);
    let verdict = check(&evidence, &readable::by_rest(address).await?);
    stage::require_clean(&verdict)?;
    Ok(format!("{}; {verdict}", lines.join("; ")))
}

impl Defender<'_> {
    /// Measures the others while an attack goes on, and what the attack costs. When it is over, everything it held
    /// has to be let go.
    async fn hold(
        &mut self,
        name: &str,
        attack: impl Future<Output = Result<String>>,
        bytes_max: u64,
        random: &mut Random,
    ) -> Result<String> {
        // What an attack cost before stays with the allocator; each is charged with what comes on top.
        let bytes_before = self.server.memory_bytes()?;
        let probers = Probers::start(self.recipe.address, PROBERS, random);
        let (mut peak_bytes, mut peak_files) = (0, 0);
        let watching = async {
            loop {
                peak_bytes = peak_bytes.max(self.server.memory_bytes().unwrap_or(0));
                peak_files = peak_files.max(self.server.open_files().unwrap_or(0));
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let told = tokio::select! {
            told = attack => told.with_context(|| name.to_owned())?,
            () = watching => String::new(),
        };
        let probed = probers.stop().await.with_context(|| format!("{name}: the others are not served"))?;
        let cost = peak_bytes.saturating_sub(bytes_before);
        ensure!(cost <= bytes_max, "{name}: {} MiB more, at most {}", cost / MIB, bytes_max / MIB);
        let tidy_after = self.wait_until_tidy().await.with_context(|| name.to_owned())?;
        let line = format!(
            "{name}: {told}, {} MiB more, {peak_files} files, others' p50 {:.1} ms, p99 {:.1} ms of {}, tidy after {:.1} s",
            cost / MIB,
            probed.per_mille_ms(500),
            probed.per_mille_ms(990),
            probed.count(),
            tidy_after.as_secs_f64()
        );
        self.evidence.extend(probed.people);
        Ok(line)
    }

    async fn wait_until_tidy(&self) -> Result<Duration> {
        let begun_at = clock::moment();
        loop {
            let files = self.server.open_files()?;
            if files <= self.calm_files + FILES_SLACK {
                return Ok(begun_at.elapsed());
            }
            ensure!(
                begun_at.elapsed() < TIDY_WITHIN,
                "{files} files are open, {} before it",
                self.calm_files
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
