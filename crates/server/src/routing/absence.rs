//! Since when agents are gone, and when their conversations wait for somebody else. Pure: the time comes in.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{AgentId, ConversationId};
use protocol::people::AgentPresence;
use protocol::time::UnixMillis;

/// Since when an agent is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gone {
    since: UnixMillis,
    /// No conversation is given back before this moment.
    not_before: UnixMillis,
}

/// The agents who are gone.
#[derive(Debug)]
pub(super) struct Absences {
    /// Nobody is expected to be back before this moment: after a start, consoles connect again one by one.
    everybody_back_at: UnixMillis,
    gone: BTreeMap<AgentId, Gone>,
    /// Conversations that were given to an agent while they were gone, and since when.
    given: BTreeMap<ConversationId, UnixMillis>,
}

impl Absences {
    /// Begins with nobody there.
    pub(super) fn new(everybody_back_at: UnixMillis) -> Self {
        Self { everybody_back_at, gone: BTreeMap::new(), given: BTreeMap::new() }
    }

    /// Takes note of who is there. Whoever came back is forgotten.
    pub(super) fn observe(&mut self, agents: &[AgentPresence], now: UnixMillis) {
        let (there, gone): (Vec<_>, Vec<_>) = agents.iter().partition(|agent| agent.is_online);
        for agent in there {
            self.gone.remove(&agent.agent_id);
        }
        let not_before = now.max(self.everybody_back_at);
        for agent in gone {
            self.gone.entry(agent.agent_id.clone()).or_insert(Gone { since: now, not_before });
        }
    }

    /// Returns the agents who are gone.
    pub(super) fn gone(&self) -> BTreeSet<AgentId> {
        self.gone.keys().cloned().collect()
    }

    /// Takes note of which conversations the agents who are gone have, so that one that is given to somebody who is
    /// not there has its own time to wait for them. Those nobody who is gone has are forgotten.
    pub(super) fn observe_given(&mut self, conversations: &BTreeSet<ConversationId>, now: UnixMillis) {
        self.given.retain(|conversation_id, _| conversations.contains(conversation_id));
        for conversation_id in conversations {
            self.given.entry(conversation_id.clone()).or_insert(now);
        }
    }

    /// Returns when an agent's conversation waits for somebody else; `None` while the agent is there.
    pub(super) fn given_back_at(
        &self,
        agent_id: &AgentId,
        conversation_id: &ConversationId,
        after_s: u32,
    ) -> Option<UnixMillis> {
        let gone = self.gone.get(agent_id)?;
        let given = self.given.get(conversation_id).copied().unwrap_or(gone.since);
        Some(gone.since.max(given).plus_ms(i64::from(after_s) * 1_000).max(gone.not_before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixMillis = UnixMillis(1_000_000);

    fn agent(name: &str, is_online: bool) -> AgentPresence {
        AgentPresence {
            agent_id: id(name),
            name: name.to_owned(),
            is_online,
            is_away: false,
            open_chats: 1,
            max_concurrent: 5,
        }
    }

    fn id(name: &str) -> AgentId {
        AgentId(format!("agt_{name}"))
    }

    fn conversations(names: &[&str]) -> BTreeSet<ConversationId> {
        names.iter().map(|name| conversation(name)).collect()
    }

    fn conversation(name: &str) -> ConversationId {
        ConversationId(format!("cnv_{name}"))
    }

    #[test]
    fn conversations_wait_for_somebody_else_once_the_grace_is_over() {
        let mut absences = Absences::new(START);
        absences.observe(&[agent("ana", true)], START);
        assert_eq!(absences.given_back_at(&id("ana"), &conversation("1"), 60), None);
        let left_at = START.plus_ms(5_000);
        absences.observe(&[agent("ana", false)], left_at);
        absences.observe_given(&conversations(&["1"]), left_at);
        absences.observe(&[agent("ana", false)], left_at.plus_ms(10_000));
        absences.observe_given(&conversations(&["1"]), left_at.plus_ms(10_000));
        let due = absences.given_back_at(&id("ana"), &conversation("1"), 60);
        assert_eq!(due, Some(left_at.plus_ms(60_000)));
    }

    #[test]
    fn who_comes_back_in_time_keeps_them_and_begins_anew_when_they_leave_again() {
        let mut absences = Absences::new(START);
        absences.observe(&[agent("ana", false)], START);
        absences.observe(&[agent("ana", true)], START.plus_ms(59_000));
        assert_eq!(absences.given_back_at(&id("ana"), &conversation("1"), 60), None);
        absences.observe(&[agent("ana", false)], START.plus_ms(70_000));
        let due = absences.given_back_at(&id("ana"), &conversation("1"), 60);
        assert_eq!(due, Some(START.plus_ms(130_000)));
    }

    #[test]
    fn nobody_loses_a_conversation_before_everybody_could_be_back_after_a_start() {
        let back_at = START.plus_ms(30_000);
        let mut absences = Absences::new(back_at);
        absences.observe(&[agent("ana", false), agent("ben", false)], START);
        assert_eq!(absences.given_back_at(&id("ana"), &conversation("1"), 0), Some(back_at));
        let due = absences.given_back_at(&id("ana"), &conversation("1"), 60);
        assert_eq!(due, Some(START.plus_ms(60_000)));
    }

    #[test]
    fn a_conversation_given_to_somebody_who_is_gone_waits_for_them_from_then_on() {
        let mut absences = Absences::new(START);
        absences.observe(&[agent("ana", false)], START);
        let given_at = START.plus_ms(600_000);
        absences.observe_given(&conversations(&["2"]), given_at);
        let due = absences.given_back_at(&id("ana"), &conversation("2"), 60);
        assert_eq!(due, Some(given_at.plus_ms(60_000)));
        absences.observe_given(&conversations(&[]), given_at);
        let due = absences.given_back_at(&id("ana"), &conversation("2"), 60);
        assert_eq!(due, Some(START.plus_ms(60_000)));
    }
}
