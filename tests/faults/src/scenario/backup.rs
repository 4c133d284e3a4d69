//! Copies are made while people write: each holds every history up to one moment, without a hole and byte for byte.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use protocol::conversation::ConversationEvent;
use protocol::id::ConversationId;

use super::stage;
use crate::clock;
use crate::people::{Crowd, CrowdPlan, Habits};
use crate::place::Scratch;
use crate::process::Recipe;
use crate::random::Random;
use crate::readable;

const VISITORS: usize = 100;
const AGENTS: usize = 3;
const COPIES: usize = 3;
const MESSAGES_BETWEEN: usize = 1_500;

type Histories = BTreeMap<ConversationId, Vec<ConversationEvent>>;

pub(super) async fn run(seed: u64) -> Result<String> {
    let mut random = Random::new(seed);
    let scratch = Scratch::new("backup")?;
    let recipe = stage::recipe(&scratch, scratch.path().join("data"), &mut random)?;
    let mut server = recipe.start().await?;
    let habits = Habits { pause_ms: (20, 120), reloads: 1, backlog_max: 20 };
    let plan = CrowdPlan { visitors: VISITORS, agents: AGENTS, habits, address: recipe.address, seed };
    let crowd = Crowd::start(recipe.address, plan).await?;
    let mut copies = Vec::new();
    for number in 1..=COPIES {
        crowd.acknowledge(number * MESSAGES_BETWEEN, Duration::from_secs(90)).await?;
        // What can be read was acknowledged, or could be at any moment.
        let before = histories(recipe.address).await?;
        let acknowledged_before = crowd.progress().acknowledged();
        let folder = scratch.path().join(format!("copy-{number}"));
        std::fs::create_dir(&folder)?;
        let begun_at = clock::moment();
        recipe.command(&["backup"], &folder.join("tandem.sqlite")).await?;
        let took_ms = begun_at.elapsed().as_millis();
        let meanwhile = crowd.progress().acknowledged() - acknowledged_before;
        copies.push((folder, before, took_ms, meanwhile));
    }
    crowd.settle(Duration::from_secs(60)).await?;
    let left =
        crowd.compare_and_leave(readable::by_rest(recipe.address).await?, Duration::from_secs(60)).await;
    let verdict = stage::prove(&recipe, &recipe.store_file(), &left).await?;
    stage::require_clean(&verdict)?;
    let whole = histories(recipe.address).await?;
    server.require_alive()?;
    let mut lines = Vec::new();
    for (number, (folder, before, took_ms, meanwhile)) in copies.into_iter().enumerate() {
        readable::in_file(&folder.join("tandem.sqlite"))?;
        let recipe = Recipe { data: folder, ..stage::recipe(&scratch, scratch.path().into(), &mut random)? };
        let server = recipe.start().await?;
        let copied = histories(recipe.address).await?;
        drop(server);
        check(&before, &copied, &whole).with_context(|| format!("copy {}", number + 1))?;
        let events: usize = copied.values().map(Vec::len).sum();
        lines.push(format!("{events} events in {took_ms} ms while {meanwhile} messages were stored"));
    }
    drop(server);
    Ok(format!("copies: {}; {verdict}", lines.join(", ")))
}

/// A copy holds what could be read before it was begun, and nothing that does not stand in the whole history.
fn check(before: &Histories, copied: &Histories, whole: &Histories) -> Result<()> {
    let nothing = Vec::new();
    for (conversation_id, events) in copied {
        let whole = whole.get(conversation_id).unwrap_or(&nothing);
        let is_prefix = events.len() <= whole.len() && text(events)? == text(&whole[..events.len()])?;
        ensure!(is_prefix, "{conversation_id} is no beginning of its history");
        let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
        ensure!(seqs == (1..=events.len() as u64).collect::<Vec<u64>>(), "{conversation_id} has a hole");
    }
    for (conversation_id, events) in before {
        let copied = copied.get(conversation_id).map_or(0, Vec::len);
        ensure!(copied >= events.len(), "{conversation_id} has {copied} of {} events", events.len());
    }
    Ok(())
}

fn text(events: &[ConversationEvent]) -> Result<String> {
    Ok(serde_json::to_string(events)?)
}

async fn histories(server: SocketAddr) -> Result<Histories> {
    let mut histories = Histories::new();
    for conversation_id in readable::conversations(server).await? {
        let history = readable::history(server, &conversation_id).await?;
        histories.insert(conversation_id, history);
    }
    Ok(histories)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::conversation::{Author, EventKind};
    use protocol::time::UnixMillis;

    fn histories(seqs: &[u64]) -> Histories {
        let event = |seq: &u64| ConversationEvent {
            seq: *seq,
            at: UnixMillis(0),
            author: Author::System,
            what: EventKind::SurveyAnswered,
        };
        BTreeMap::from([(ConversationId("cnv_1".to_owned()), seqs.iter().map(event).collect())])
    }

    #[test]
    fn a_copy_between_what_was_there_before_and_the_whole_is_fine() {
        assert!(check(&histories(&[1]), &histories(&[1, 2]), &histories(&[1, 2, 3])).is_ok());
    }

    #[test]
    fn a_copy_with_a_hole_or_without_what_was_acknowledged_or_with_something_else_is_not() {
        let whole = histories(&[1, 2, 3]);
        assert!(check(&histories(&[1, 2]), &histories(&[1]), &whole).is_err());
        assert!(check(&histories(&[1]), &histories(&[1, 3]), &whole).is_err());
        assert!(check(&histories(&[]), &histories(&[1, 2, 3, 4]), &whole).is_err());
        assert!(check(&histories(&[1]), &Histories::new(), &whole).is_err());
    }
}
