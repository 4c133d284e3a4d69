//! The server is told to end while hundreds of clients write: it goes in time, and nobody notices more than a pause.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::stage;
use crate::clock;
use crate::people::{Crowd, CrowdPlan, Habits};
use crate::place::Scratch;
use crate::random::Random;
use crate::readable;

const VISITORS: usize = 496;
const AGENTS: usize = 4;
const MESSAGES_BEFORE: usize = 2_000;
const DRAIN_MAX: Duration = Duration::from_millis(protocol::limit::DRAIN_MAX_MS.unsigned_abs());

pub(super) async fn run(seed: u64) -> Result<String> {
    let mut random = Random::new(seed);
    let scratch = Scratch::new("drain")?;
    let recipe = stage::recipe(&scratch, scratch.path().join("data"), &mut random)?;
    let server = recipe.start().await?;
    let habits = Habits { pause_ms: (200, 1_200), reloads: 0, backlog_max: 20 };
    let plan = CrowdPlan { visitors: VISITORS, agents: AGENTS, habits, address: recipe.address, seed };
    let crowd = Crowd::start(recipe.address, plan).await?;
    crowd.acknowledge(MESSAGES_BEFORE, Duration::from_secs(90)).await?;
    let (status, took) = server.terminate().await?;
    let log = recipe.last_words();
    ensure!(status.success(), "the server ended with {status}:\n    {log}");
    ensure!(took <= DRAIN_MAX, "the server took {took:?} to end:\n    {log}");
    let waiting = crowd.progress().waiting();
    let mut server = recipe.start().await?;
    let back_at = clock::moment();
    let online = || crowd.progress().online() == VISITORS + AGENTS;
    stage::wait_for("everybody to be connected again", Duration::from_secs(60), online)
        .await
        .with_context(|| format!("{} of {} are", crowd.progress().online(), VISITORS + AGENTS))?;
    let back_after = back_at.elapsed();
    crowd.settle(Duration::from_secs(60)).await?;
    server.require_alive()?;
    let left =
        crowd.compare_and_leave(readable::by_rest(recipe.address).await?, Duration::from_secs(60)).await;
    let verdict = stage::prove(&recipe, &recipe.store_file(), &left).await?;
    stage::require_clean(&verdict)?;
    Ok(format!(
        "clients {}, drained in {:.1} s with {waiting} messages waiting, all back {:.1} s after the restart, {verdict}",
        VISITORS + AGENTS,
        took.as_secs_f64(),
        back_after.as_secs_f64()
    ))
}
