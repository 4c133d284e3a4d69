//! Visitors and agents write through a bad network while the server is killed again and again.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::stage;
use crate::clock;
use crate::people::{Crowd, CrowdPlan, Habits};
use crate::place::{Scratch, number};
use crate::proxy::{Proxy, Weather};
use crate::random::Random;
use crate::readable;

const VISITORS: usize = 200;
const AGENTS: usize = 4;
const KILLS: u64 = 20;
const ACKNOWLEDGED_MIN: u64 = 50_000;

pub(super) async fn run(seed: u64) -> Result<String> {
    let (kills, wanted) =
        (number("TANDEM_FAULTS_KILLS", KILLS)?, number("TANDEM_FAULTS_MESSAGES", ACKNOWLEDGED_MIN)?);
    let begun_at = clock::moment();
    let mut random = Random::new(seed);
    let scratch = Scratch::new("killed")?;
    let recipe = stage::recipe(&scratch, scratch.path().join("data"), &mut random)?;
    let mut server = recipe.start().await?;
    let proxy = Proxy::start(recipe.address, seed, Weather::Storm).await?;
    let habits = Habits { pause_ms: (100, 500), reloads: 1, backlog_max: 20 };
    let crowd = Crowd::start(
        recipe.address,
        CrowdPlan { visitors: VISITORS, agents: AGENTS, habits, address: proxy.address, seed },
    )
    .await?;
    for kill in 1..=kills {
        // Each kill comes after its share of the messages, and a while that nobody can foresee.
        let share = usize::try_from(wanted * kill / kills)?;
        crowd.acknowledge(share, Duration::from_secs(120)).await?;
        tokio::time::sleep(Duration::from_millis(random.below(400))).await;
        server.require_alive()?;
        server.kill().await?;
        tokio::time::sleep(Duration::from_millis(random.below(300))).await;
        server = recipe.start().await?;
    }
    let busy_for = begun_at.elapsed();
    proxy.set_weather(Weather::Fair);
    crowd.settle(Duration::from_secs(60)).await?;
    let refused = crowd.progress().refused();
    let left =
        crowd.compare_and_leave(readable::by_rest(recipe.address).await?, Duration::from_secs(60)).await;
    let verdict = stage::prove(&recipe, &recipe.store_file(), &left).await?;
    stage::require_clean(&verdict)?;
    ensure!(
        verdict.acknowledged as u64 >= wanted,
        "{} messages were acknowledged, {wanted} are wanted",
        verdict.acknowledged
    );
    server.require_alive()?;
    drop(server);
    Ok(format!(
        "kills {kills}, {verdict}; refused {refused}; {}; busy for {:.1} s, in all {:.1} s",
        proxy.report(),
        busy_for.as_secs_f64(),
        begun_at.elapsed().as_secs_f64()
    ))
}
