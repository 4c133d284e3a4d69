//! The power goes while visitors and agents write: what was acknowledged is there when it comes back.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::stage;
use crate::clock;
use crate::disk::{Loss, Mounted};
use crate::people::{Crowd, CrowdPlan, Habits};
use crate::place::{Scratch, number};
use crate::random::Random;
use crate::readable;

const VISITORS: usize = 40;
const AGENTS: usize = 2;
const ROUNDS: u64 = 20;
const MESSAGES_PER_ROUND: usize = 250;
/// The power goes after fewer than this many writes and syncs, wherever that is.
const CHANGES_MAX: u64 = 120;

pub(super) async fn run(seed: u64) -> Result<String> {
    let rounds = number("TANDEM_FAULTS_ROUNDS", ROUNDS)?;
    let begun_at = clock::moment();
    let mut random = Random::new(seed);
    let scratch = Scratch::new("power")?;
    let mut mounted = Mounted::new(&scratch.path().join("disk"))?;
    // The server makes its folder itself: its name has to be as safe as what is in it.
    let recipe = stage::recipe(&scratch, scratch.path().join("disk/data"), &mut random)?;
    let mut server = recipe.start().await?;
    let habits = Habits { pause_ms: (20, 120), reloads: 1, backlog_max: 20 };
    let plan = CrowdPlan { visitors: VISITORS, agents: AGENTS, habits, address: recipe.address, seed };
    let crowd = Crowd::start(recipe.address, plan).await?;
    let (mut lost, mut syncs) = (Loss::default(), 0);
    for round in 0..rounds {
        // The first loss comes right after the first messages: nothing was ever tidied up by then.
        let wanted = crowd.progress().acknowledged() + if round == 0 { 1 } else { MESSAGES_PER_ROUND };
        crowd.acknowledge(wanted, Duration::from_secs(60)).await?;
        server.require_alive()?;
        mounted.disk().die_after(random.between(1, CHANGES_MAX));
        stage::wait_until_dead(&mounted).await?;
        syncs = mounted.disk().syncs();
        server.kill().await?;
        let loss = mounted.lose_power(&mut random)?;
        lost.changes += loss.changes;
        lost.names += loss.names;
        let copy = scratch.path().join("copy");
        mounted.disk().copy_to(&copy)?;
        let file = copy.join("data/tandem.sqlite");
        ensure!(file.is_file(), "round {round}: the store's file is gone; its folder was not synced");
        readable::in_file(&file).with_context(|| format!("round {round}"))?;
        server = recipe.start().await.with_context(|| format!("round {round}"))?;
    }
    crowd.settle(Duration::from_secs(60)).await?;
    let left =
        crowd.compare_and_leave(readable::by_rest(recipe.address).await?, Duration::from_secs(60)).await;
    let copy = scratch.path().join("copy");
    mounted.disk().copy_to(&copy)?;
    let verdict = stage::prove(&recipe, &copy.join("data/tandem.sqlite"), &left).await?;
    stage::require_clean(&verdict)?;
    drop(server);
    Ok(format!(
        "rounds {rounds}, {verdict}; unsynced changes {}, unsynced names {}, syncs {syncs}; in all {:.1} s",
        lost.changes,
        lost.names,
        begun_at.elapsed().as_secs_f64()
    ))
}
