//! The task that carries out what routing decides: whenever something changes it goes by, and when time alone does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use protocol::conversation::Author;
use protocol::id::{AgentId, ConversationId, TouchpointId};
use protocol::people::AgentPresence;
use protocol::problem::ProblemCode;
use protocol::routing::{RoutingSettings, RoutingStrategy};
use protocol::time::UnixMillis;
use store::{Assignee, Conversation, NewAssignment, StoreError};

use super::WAITING_MAX;
use super::absence::Absences;
use super::decide::{Router, Situation, Step};
use crate::app::App;
use crate::problem::Problem;
use crate::usecase::assignment;
use crate::{clock, presence};

/// Changes that come close together are looked at in one go.
const GATHER: Duration = Duration::from_millis(50);
/// When the store refused, routing looks again after this time.
const RETRY_MS: i64 = 1_000;
/// Open conversations of one agent that are looked at in one go.
const OPEN_MAX: usize = 500;

/// What the task remembers.
struct Memory {
    router: Router,
    absences: Absences,
    /// The agents who were gone at the last look, with what they had, and when to look again.
    looked_at: (Vec<(AgentId, u32)>, Option<UnixMillis>),
}

/// Routes as long as the server runs.
pub(crate) async fn keep_routing(app: Arc<App>) {
    let everybody_back_ms = i64::try_from(app.config.timing.agents_back.as_millis()).unwrap_or(i64::MAX);
    let mut memory = Memory {
        router: Router::default(),
        absences: Absences::new(clock::now().plus_ms(everybody_back_ms)),
        looked_at: (Vec::new(), None),
    };
    let mut presence = app.presence.watch();
    let mut settings = app.settings_changes.subscribe();
    loop {
        presence.mark_unchanged();
        settings.mark_unchanged();
        let look_again_at = match look(&app, &mut memory).await {
            Ok(look_again_at) => look_again_at,
            Err(problem) => {
                tracing::warn!(detail = problem.detail, "conversations could not be routed");
                Some(clock::now().plus_ms(RETRY_MS))
            }
        };
        tokio::time::sleep(GATHER).await;
        tokio::select! {
            _ = presence.changed() => {}
            _ = settings.changed() => memory.looked_at = (Vec::new(), None),
            () = app.routing.wake.notified() => {}
            () = until(look_again_at) => {}
        }
    }
}

async fn until(moment: Option<UnixMillis>) {
    match moment {
        Some(moment) => {
            let left_ms = moment.since_ms(clock::now()).max(0).unsigned_abs();
            tokio::time::sleep(Duration::from_millis(left_ms)).await;
        }
        None => std::future::pending().await,
    }
}

/// Does what is to be done now, and returns when time alone changes something.
async fn look(app: &App, memory: &mut Memory) -> Result<Option<UnixMillis>, Problem> {
    // Read each time: a touchpoint may also be made by the command line, which tells nobody.
    let routing = read_settings(app).await?;
    let agents = presence::read(app).await?;
    let given_back_at = give_back(app, memory, &routing, &agents).await?;
    let decided_at = route(app, &mut memory.router, &routing, &agents).await?;
    Ok([given_back_at, decided_at].into_iter().flatten().min())
}

async fn read_settings(app: &App) -> Result<BTreeMap<TouchpointId, RoutingSettings>, StoreError> {
    let touchpoints = app.store.touchpoints().await?;
    Ok(touchpoints.into_iter().map(|touchpoint| (touchpoint.touchpoint_id, touchpoint.routing)).collect())
}

async fn route(
    app: &App,
    router: &mut Router,
    routing: &BTreeMap<TouchpointId, RoutingSettings>,
    agents: &[AgentPresence],
) -> Result<Option<UnixMillis>, Problem> {
    if !routing.values().any(decides) {
        return Ok(None);
    }
    let waiting = app.store.waiting(WAITING_MAX).await?;
    let teams = app.store.teams().await?;
    let teams = teams.into_iter().map(|team| (team.team_id, team.agent_ids.into_iter().collect())).collect();
    let now = clock::now();
    let situation = Situation { now, waiting: &waiting, agents, teams: &teams, routing };
    let decision = router.decide(situation);
    let mut steps = decision.steps.into_iter();
    while let Some(step) = steps.next() {
        let (conversation_id, to) = match step {
            Step::Queue(conversation_id, Some(team_id)) => (conversation_id, Assignee::Team(team_id)),
            Step::Queue(conversation_id, None) => (conversation_id, Assignee::Nobody),
            Step::Give(conversation_id, agent_id) => (conversation_id, Assignee::Agent(agent_id)),
        };
        if let Err(problem) = assign(app, conversation_id.clone(), to, None).await {
            let left = steps.map(|step| match step {
                Step::Queue(left, _) | Step::Give(left, _) => left,
            });
            router.forget_fallbacks(left.chain([conversation_id]));
            return Err(problem);
        }
    }
    Ok(decision.look_again_at)
}

/// Whether these settings ever move a conversation.
fn decides(routing: &RoutingSettings) -> bool {
    routing.strategy != RoutingStrategy::Manual
        || routing.team_id.is_some()
        || !routing.by_label.is_empty()
        || routing.fallback.is_some()
}

/// Lets the conversations of agents who are gone for too long wait for somebody else, and returns when the next one
/// will.
async fn give_back(
    app: &App,
    memory: &mut Memory,
    routing: &BTreeMap<TouchpointId, RoutingSettings>,
    agents: &[AgentPresence],
) -> Result<Option<UnixMillis>, Problem> {
    let now = clock::now();
    memory.absences.observe(agents, now);
    let gone = memory.absences.gone();
    let with_chats: Vec<(AgentId, u32)> = agents
        .iter()
        .filter(|agent| agent.open_chats > 0 && gone.contains(&agent.agent_id))
        .map(|agent| (agent.agent_id.clone(), agent.open_chats))
        .collect();
    let (seen, look_again_at) = &memory.looked_at;
    if *seen == with_chats && look_again_at.is_none_or(|at| now < at) {
        return Ok(*look_again_at);
    }
    let mut owned = Vec::new();
    for (agent_id, _) in &with_chats {
        for conversation_id in app.store.open_of(agent_id, OPEN_MAX).await? {
            owned.push((agent_id, conversation_id));
        }
    }
    let ids: BTreeSet<ConversationId> =
        owned.iter().map(|(_, conversation_id)| conversation_id.clone()).collect();
    memory.absences.observe_given(&ids, now);
    let mut next = None;
    for (agent_id, conversation_id) in owned {
        let Some(found) = app.store.conversation(&conversation_id).await? else { continue };
        let settings = routing.get(&found.touchpoint_id).cloned().unwrap_or_default();
        let after_s = settings.give_back_after_s;
        let Some(due_at) = memory.absences.given_back_at(agent_id, &conversation_id, after_s) else {
            continue;
        };
        if due_at <= now {
            return_to_queue(app, found, agent_id).await?;
        } else {
            next = Some(next.map_or(due_at, |next: UnixMillis| next.min(due_at)));
        }
    }
    memory.looked_at = (with_chats, next);
    Ok(next)
}

async fn return_to_queue(app: &App, found: Conversation, agent_id: &AgentId) -> Result<(), Problem> {
    let to = found.head.team.map_or(Assignee::Nobody, |team| Assignee::Team(team.team_id));
    tracing::info!(conversation_id = %found.head.conversation_id, %agent_id, "given back");
    assign(app, found.head.conversation_id, to, Some(agent_id.clone())).await
}

/// Gives a conversation away while `holder` has it. Somebody who was quicker is as welcome.
async fn assign(
    app: &App,
    conversation_id: ConversationId,
    to: Assignee,
    holder: Option<AgentId>,
) -> Result<(), Problem> {
    let assignment = NewAssignment {
        conversation_id,
        to,
        only_if: Some(holder),
        note: None,
        author: Author::System,
        at: clock::now(),
    };
    match assignment::give(app, assignment).await {
        Err(problem) if matches!(problem.code, ProblemCode::Conflict | ProblemCode::NotFound) => Ok(()),
        outcome => outcome,
    }
}
