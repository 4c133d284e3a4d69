//! To whom a conversation can be given: the choices of the popover, in order, as a search narrows them.

use protocol::conversation::ConversationHead;
use protocol::id::{AgentId, TeamId};
use protocol::people::{AgentPresence, Team};
use protocol::rest::Assign;

use super::presence::{Standing, by_standing, standing};

/// To whom a conversation goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// This agent, or a colleague.
    Agent(AgentId),
    /// The queue of a team.
    Team(TeamId),
    /// The queue of everybody.
    Queue,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The agent who looks at it.
    Me(AgentPresence),
    /// A colleague.
    Colleague(AgentPresence),
    /// A team.
    Team {
        /// The team.
        team: Team,
        /// Members who can take a chat now.
        available_count: usize,
    },
    /// Back to the queue of everybody.
    Queue,
}

impl Choice {
    /// Where the conversation goes.
    pub(crate) fn target(&self) -> Target {
        match self {
            Self::Me(agent) | Self::Colleague(agent) => Target::Agent(agent.agent_id.clone()),
            Self::Team { team, .. } => Target::Team(team.team_id.clone()),
            Self::Queue => Target::Queue,
        }
    }

    /// Tells it from other choices; fit for an element's id.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Me(agent) | Self::Colleague(agent) => agent.agent_id.as_str(),
            Self::Team { team, .. } => team.team_id.as_str(),
            Self::Queue => "queue",
        }
    }
}

/// Who can be chosen from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidates<'a> {
    /// Who looks at it.
    pub(crate) me: &'a AgentId,
    /// Every agent.
    pub(crate) agents: &'a [AgentPresence],
    /// Every team.
    pub(crate) teams: &'a [Team],
}

/// Returns the choices: oneself, colleagues who are online, teams, the queue, and last who is offline. Where the
/// conversation is already is no choice. `queue_name` is what the queue of everybody is called, for the search.
pub(crate) fn choices(
    head: &ConversationHead,
    candidates: Candidates<'_>,
    search: &str,
    queue_name: &str,
) -> Vec<Choice> {
    let assignee_id = head.assignee.as_ref().map(|agent| &agent.agent_id);
    let is_here = |agent: &AgentPresence| Some(&agent.agent_id) == assignee_id;
    let agents = by_standing(candidates.agents).into_iter().filter(|agent| !is_here(agent)).cloned();
    let (mine, colleagues): (Vec<_>, Vec<_>) = agents.partition(|agent| agent.agent_id == *candidates.me);
    let (offline, online): (Vec<_>, Vec<_>) =
        colleagues.into_iter().partition(|agent| standing(agent) == Standing::Offline);
    let team = |team: &Team| Choice::Team {
        team: team.clone(),
        available_count: candidates
            .agents
            .iter()
            .filter(|agent| agent.is_available() && team.agent_ids.contains(&agent.agent_id))
            .count(),
    };
    // Whoever answers can give it back to the queue of the team it is in already.
    let is_queued_in = |team: &Team| {
        assignee_id.is_none() && head.team.as_ref().is_some_and(|it| it.team_id == team.team_id)
    };
    let teams = candidates.teams.iter().filter(|team| !is_queued_in(team)).map(team);
    let may_queue = assignee_id.is_some() || head.team.is_some();
    let all = mine.into_iter().map(Choice::Me);
    let all = all.chain(online.into_iter().map(Choice::Colleague)).chain(teams);
    let all = all.chain(may_queue.then_some(Choice::Queue)).chain(offline.into_iter().map(Choice::Colleague));
    all.filter(|choice| is_found(name(choice, queue_name), search)).collect()
}

/// Returns what the server is asked for. It takes effect only while the conversation is answered by whom the agent
/// saw there, so that two who act at once do not undo each other's work.
pub(crate) fn request(target: Target, note: &str, seen_assignee: Option<AgentId>) -> Assign {
    let (agent_id, team_id) = match target {
        Target::Agent(agent_id) => (Some(agent_id), None),
        Target::Team(team_id) => (None, Some(team_id)),
        Target::Queue => (None, None),
    };
    let note = Some(note.trim()).filter(|note| !note.is_empty()).map(str::to_owned);
    Assign { agent_id, team_id, note, only_if: Some(seen_assignee) }
}

fn name<'a>(choice: &'a Choice, queue_name: &'a str) -> &'a str {
    match choice {
        Choice::Me(agent) | Choice::Colleague(agent) => &agent.name,
        Choice::Team { team, .. } => &team.name,
        Choice::Queue => queue_name,
    }
}

/// Whether each word of the search stands somewhere in the name.
pub(crate) fn is_found(name: &str, search: &str) -> bool {
    let name = name.to_lowercase();
    search.split_whitespace().all(|word| name.contains(&word.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample::{agent, presence, summary, team, team_of};

    fn keys(assignee: Option<&str>, team_name: Option<&str>, search: &str) -> Vec<String> {
        let mut head = summary("one").head;
        head.assignee = assignee.map(agent);
        head.team = team_name.map(team);
        let away = AgentPresence { is_away: true, ..presence("Cleo") };
        let offline = AgentPresence { is_online: false, ..presence("Dan") };
        let agents = [offline, away, presence("Ben"), presence("Me")];
        let teams = [team_of("Sales", &["Ben", "Cleo"]), team_of("Support", &["Dan"])];
        let me = AgentId("Me".to_owned());
        let candidates = Candidates { me: &me, agents: &agents, teams: &teams };
        let choices = choices(&head, candidates, search, "Everybody");
        choices.iter().map(|choice| choice.key().to_owned()).collect()
    }

    #[test]
    fn oneself_comes_first_then_who_is_online_then_teams_and_who_is_offline_last() {
        assert_eq!(keys(None, None, ""), ["Me", "Ben", "Cleo", "Sales", "Support", "Dan"]);
    }

    #[test]
    fn where_the_conversation_is_already_is_no_choice() {
        assert_eq!(keys(Some("Me"), None, ""), ["Ben", "Cleo", "Sales", "Support", "queue", "Dan"]);
        assert_eq!(keys(Some("Ben"), None, ""), ["Me", "Cleo", "Sales", "Support", "queue", "Dan"]);
        assert_eq!(keys(None, Some("Sales"), ""), ["Me", "Ben", "Cleo", "Support", "queue", "Dan"]);
        let given_back = keys(Some("Me"), Some("Sales"), "");
        assert!(given_back.contains(&"Sales".to_owned()), "an answered chat can go back to its team's queue");
    }

    #[test]
    fn a_search_narrows_by_words_in_any_case() {
        assert_eq!(keys(Some("Me"), None, "s"), ["Sales", "Support"]);
        assert_eq!(keys(Some("Me"), None, "  BEN "), ["Ben"]);
        assert_eq!(keys(Some("Me"), None, "every"), ["queue"]);
        assert_eq!(keys(Some("Me"), None, "ben x"), [""; 0]);
        assert!(is_found("Ana María Ruiz", "ruiz ANA"));
    }

    #[test]
    fn a_team_tells_how_many_of_it_can_take_a_chat() {
        let agents = [presence("Ben"), AgentPresence { is_away: true, ..presence("Cleo") }];
        let teams = [team_of("Sales", &["Ben", "Cleo"])];
        let me = AgentId("Me".to_owned());
        let candidates = Candidates { me: &me, agents: &agents, teams: &teams };
        let choices = choices(&summary("one").head, candidates, "sales", "");
        assert!(matches!(&choices[..], [Choice::Team { available_count: 1, .. }]));
    }

    #[test]
    fn an_agent_and_a_team_are_never_asked_for_together_and_blank_notes_are_none() {
        let ben = AgentId("ben".to_owned());
        let to_agent = request(Target::Agent(ben.clone()), "  ", None);
        assert_eq!((to_agent.agent_id, to_agent.team_id, to_agent.note), (Some(ben.clone()), None, None));
        assert_eq!(to_agent.only_if, Some(None));
        let to_team = request(Target::Team(TeamId("sales".to_owned())), " why ", Some(ben.clone()));
        assert_eq!((to_team.agent_id, to_team.note), (None, Some("why".to_owned())));
        assert_eq!(to_team.only_if, Some(Some(ben)));
        let to_queue = request(Target::Queue, "", None);
        assert_eq!((to_queue.agent_id, to_queue.team_id), (None, None));
    }
}
