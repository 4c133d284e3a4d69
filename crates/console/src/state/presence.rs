//! How a colleague stands: who can take a chat now, and who cannot and why.

use protocol::people::AgentPresence;

/// How an agent stands. The order is that of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// Takes chats.
    Available,
    /// Has as many as they take.
    Busy,
    /// Asked for no new ones.
    Away,
    /// Not connected.
    Offline,
}

/// Returns how an agent stands.
pub(crate) fn standing(agent: &AgentPresence) -> Standing {
    if !agent.is_online {
        Standing::Offline
    } else if agent.is_away {
        Standing::Away
    } else if agent.is_available() {
        Standing::Available
    } else {
        Standing::Busy
    }
}

/// Returns the agents with those first who can take a chat, each part by load and then by name.
pub(crate) fn by_standing(agents: &[AgentPresence]) -> Vec<&AgentPresence> {
    let mut all: Vec<&AgentPresence> = agents.iter().collect();
    all.sort_by_key(|agent| {
        // Of two who are available the one with more room for their maximum comes first.
        let load = u64::from(agent.open_chats) * 1_000 / u64::from(agent.max_concurrent.max(1));
        let is_ranked = standing(agent) == Standing::Available;
        (standing(agent), if is_ranked { load } else { 0 }, agent.name.clone())
    });
    all
}

/// Returns the load as `2/3`.
pub(crate) fn load_text(agent: &AgentPresence) -> String {
    format!("{}/{}", agent.open_chats, agent.max_concurrent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample::presence;

    #[test]
    fn who_can_take_a_chat_comes_first_and_the_least_busy_of_them_before_all() {
        let away = AgentPresence { is_away: true, ..presence("Away") };
        let full = AgentPresence { open_chats: 3, ..presence("Full") };
        let gone = AgentPresence { is_online: false, is_away: true, ..presence("Gone") };
        let idle = AgentPresence { open_chats: 0, ..presence("Zoe") };
        let agents = [gone, away, full, presence("Ben"), presence("Ana"), idle];
        let names: Vec<&str> = by_standing(&agents).iter().map(|agent| agent.name.as_str()).collect();
        assert_eq!(names, ["Zoe", "Ana", "Ben", "Full", "Away", "Gone"]);
    }

    #[test]
    fn an_agent_who_takes_none_is_busy_and_not_a_division_by_zero() {
        let none = AgentPresence { open_chats: 0, max_concurrent: 0, ..presence("None") };
        assert_eq!(standing(&none), Standing::Busy);
        assert_eq!(by_standing(&[none]).len(), 1);
    }
}
