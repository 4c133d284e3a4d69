//! What the scenarios share: a server with its data on a stage, and the proof at the end.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::checker::{Verdict, check, check_shown};
use crate::clock;
use crate::disk::Mounted;
use crate::people::Left;
use crate::place::{Scratch, binary, free_port};
use crate::process::Recipe;
use crate::random::Random;
use crate::readable;

/// Prepares a server with its data in this folder of the scratch.
pub(super) fn recipe(scratch: &Scratch, data: PathBuf, random: &mut Random) -> Result<Recipe> {
    Ok(Recipe {
        binary: binary()?,
        data,
        address: free_port(random)?,
        log: scratch.path().join("server.log"),
    })
}

/// Holds what people can swear to against what can be read by REST, in the store's file and in every window.
/// Everything that was typed has to be there.
pub(super) async fn prove(recipe: &Recipe, store_file: &Path, left: &Left) -> Result<Verdict> {
    let by_rest = readable::by_rest(recipe.address).await?;
    let in_file = readable::in_file(store_file)?;
    let mut verdict = check(&left.people, &by_rest);
    verdict.add(check(&left.people, &in_file));
    for (conversation_id, shown) in &left.shown {
        let readable = by_rest.get(conversation_id).map(Vec::as_slice).unwrap_or_default();
        verdict.add(check_shown(conversation_id, shown, readable));
    }
    if by_rest != in_file {
        bail!("REST and the store's file tell different histories");
    }
    Ok(verdict)
}

/// Turns a verdict with faults into a failure.
pub(super) fn require_clean(verdict: &Verdict) -> Result<()> {
    if !verdict.is_clean() {
        bail!("{verdict}");
    }
    Ok(())
}

/// Waits until the power is gone.
pub(super) async fn wait_until_dead(mounted: &Mounted) -> Result<()> {
    wait_for("the power to go", Duration::from_secs(30), || mounted.disk().is_dead()).await
}

/// Waits until something holds, and fails with its name when it does not in time.
pub(super) async fn wait_for(what: &str, patience: Duration, holds: impl Fn() -> bool) -> Result<()> {
    let begun_at = clock::moment();
    while !holds() {
        if begun_at.elapsed() > patience {
            bail!("waited {patience:?} for {what}");
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}
