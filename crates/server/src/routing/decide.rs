//! Which waiting conversation goes to whom. Pure: what stands in the store and the time come in, assignments come out.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{AgentId, ConversationId, TeamId, TouchpointId};
use protocol::people::AgentPresence;
use protocol::routing::{RoutingSettings, RoutingStrategy};
use protocol::time::UnixMillis;
use store::WaitingConversation;

/// How things stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Situation<'a> {
    pub(super) now: UnixMillis,
    /// Those that wait longest come first.
    pub(super) waiting: &'a [WaitingConversation],
    pub(super) agents: &'a [AgentPresence],
    pub(super) teams: &'a BTreeMap<TeamId, BTreeSet<AgentId>>,
    pub(super) routing: &'a BTreeMap<TouchpointId, RoutingSettings>,
}

/// Something to be carried out, unless the conversation waits no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The conversation waits in another queue: a team's, or everybody's.
    Queue(ConversationId, Option<TeamId>),
    /// The conversation is this agent's.
    Give(ConversationId, AgentId),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Decision {
    /// In this order.
    pub(super) steps: Vec<Step>,
    /// When time alone changes something; none when it does not.
    pub(super) look_again_at: Option<UnixMillis>,
}

/// Decides, and remembers whose turn it was.
#[derive(Debug, Default)]
pub(super) struct Router {
    /// Counts the conversations that were given away.
    turns: u64,
    /// The turn in which an agent was given one last.
    last_turns: BTreeMap<AgentId, u64>,
    /// Conversations that went to their fallback, and since when they wait: what somebody does with them after that
    /// is not undone.
    fell_back: BTreeMap<ConversationId, UnixMillis>,
}

/// The agents, and how many conversations they have once the steps so far are carried out.
struct Desk<'a> {
    agents: &'a [AgentPresence],
    open_chats: BTreeMap<&'a AgentId, u32>,
}

impl<'a> Desk<'a> {
    fn new(agents: &'a [AgentPresence]) -> Self {
        let open_chats = agents.iter().map(|agent| (&agent.agent_id, agent.open_chats)).collect();
        Self { agents, open_chats }
    }

    fn open_chats(&self, agent: &AgentPresence) -> u32 {
        self.open_chats.get(&agent.agent_id).copied().unwrap_or(0)
    }

    fn available(&self) -> impl Iterator<Item = &'a AgentPresence> {
        self.agents.iter().filter(|agent| {
            agent.is_online && !agent.is_away && self.open_chats(agent) < agent.max_concurrent
        })
    }

    fn give(&mut self, agent: &'a AgentPresence) {
        *self.open_chats.entry(&agent.agent_id).or_default() += 1;
    }
}

impl Router {
    /// Decides what is to be done now.
    pub(super) fn decide(&mut self, situation: Situation<'_>) -> Decision {
        let waiting: BTreeMap<_, _> =
            situation.waiting.iter().map(|found| (&found.conversation_id, found.since)).collect();
        self.fell_back.retain(|conversation_id, since| waiting.get(conversation_id) == Some(since));
        let mut decision = Decision::default();
        let mut desk = Desk::new(situation.agents);
        for conversation in situation.waiting {
            if let Some(settings) = situation.routing.get(&conversation.touchpoint_id) {
                self.place(situation, conversation, settings, &mut desk, &mut decision);
            }
        }
        decision
    }

    /// Takes it back that these went to their fallback: it could not be stored, and is decided again.
    pub(super) fn forget_fallbacks(&mut self, conversation_ids: impl Iterator<Item = ConversationId>) {
        for conversation_id in conversation_ids {
            self.fell_back.remove(&conversation_id);
        }
    }

    fn place<'a>(
        &mut self,
        situation: Situation<'a>,
        conversation: &WaitingConversation,
        settings: &RoutingSettings,
        desk: &mut Desk<'a>,
        decision: &mut Decision,
    ) {
        let conversation_id = &conversation.conversation_id;
        let has_fallen_back = self.fell_back.contains_key(conversation_id);
        let known = |team_id: &&TeamId| situation.teams.contains_key(*team_id);
        let mut queue = conversation.team_id.as_ref().filter(known);
        if queue.is_none() && !has_fallen_back {
            queue = team_of(settings, &conversation.labels).filter(known);
        }
        let mut taker = self.taker(settings.strategy, queue, situation, desk);
        if taker.is_none()
            && !has_fallen_back
            && queue.is_some()
            && let Some(fallback) = &settings.fallback
        {
            let due_at = conversation.since.plus_ms(i64::from(fallback.after_s) * 1_000);
            if due_at <= situation.now {
                self.fell_back.insert(conversation_id.clone(), conversation.since);
                queue = fallback.team_id.as_ref().filter(known);
                taker = self.taker(settings.strategy, queue, situation, desk);
            } else {
                let earlier = decision.look_again_at.filter(|at| *at <= due_at);
                decision.look_again_at = Some(earlier.unwrap_or(due_at));
            }
        }
        if queue != conversation.team_id.as_ref() {
            decision.steps.push(Step::Queue(conversation_id.clone(), queue.cloned()));
        }
        if let Some(agent) = taker {
            desk.give(agent);
            self.turns += 1;
            self.last_turns.insert(agent.agent_id.clone(), self.turns);
            decision.steps.push(Step::Give(conversation_id.clone(), agent.agent_id.clone()));
        }
    }

    /// Returns who gets a conversation of this queue; `None` when nobody can take it, or nobody gets any.
    fn taker<'a>(
        &self,
        strategy: RoutingStrategy,
        queue: Option<&TeamId>,
        situation: Situation<'a>,
        desk: &Desk<'a>,
    ) -> Option<&'a AgentPresence> {
        let members = queue.and_then(|team_id| situation.teams.get(team_id));
        let last_turn =
            |agent: &AgentPresence| self.last_turns.get(&agent.agent_id).copied().unwrap_or_default();
        let candidates =
            desk.available().filter(|agent| members.is_none_or(|members| members.contains(&agent.agent_id)));
        match strategy {
            RoutingStrategy::Manual => None,
            RoutingStrategy::RoundRobin => candidates.min_by_key(|agent| (last_turn(agent), &agent.agent_id)),
            RoutingStrategy::LeastBusy => candidates.min_by_key(|agent| {
                (load_ppm(desk.open_chats(agent), agent), last_turn(agent), &agent.agent_id)
            }),
        }
    }
}

/// How much of what an agent can take they have, in millionths. Only agents who take something are asked.
fn load_ppm(open_chats: u32, agent: &AgentPresence) -> u64 {
    u64::from(open_chats) * 1_000_000 / u64::from(agent.max_concurrent.max(1))
}

/// Returns the team a customer with these labels belongs to.
fn team_of<'a>(settings: &'a RoutingSettings, labels: &[String]) -> Option<&'a TeamId> {
    let labels: BTreeSet<String> = labels.iter().map(|label| label.to_lowercase()).collect();
    let route = settings.by_label.iter().find(|route| labels.contains(&route.label.trim().to_lowercase()));
    route.map(|route| &route.team_id).or(settings.team_id.as_ref())
}

#[cfg(test)]
mod tests;
