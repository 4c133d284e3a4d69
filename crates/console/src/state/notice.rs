//! Which events of a conversation are worth a line in the log, and what the line says.

use protocol::conversation::{Author, ConversationStatus, EventKind};
use protocol::people::{AgentRef, TeamRef};

use crate::texts::{TEXTS, fill};

/// Returns the line for an event, or none when it says nothing an agent needs.
pub(crate) fn line(what: &EventKind, author: &Author) -> Option<String> {
    match what {
        EventKind::Status { status: ConversationStatus::Done } => Some(match author {
            Author::Agent { name, .. } => fill(TEXTS.notice_closed_by, &[("agent", name)]),
            Author::Customer => TEXTS.notice_closed_by_customer.to_owned(),
            Author::System => TEXTS.notice_closed.to_owned(),
        }),
        EventKind::Status { status: ConversationStatus::Unread | ConversationStatus::Unresolved } => None,
        EventKind::Assigned { agent, team, .. } => Some(assignment(agent.as_ref(), team.as_ref(), author)),
        EventKind::SurveyAnswered => Some(TEXTS.notice_survey.to_owned()),
        EventKind::Message { .. }
        | EventKind::Edited { .. }
        | EventKind::Deleted { .. }
        | EventKind::Unknown => None,
    }
}

/// A note of one agent for the next; visitors never have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Note<'a> {
    /// Who wrote it; empty for Tandem itself.
    pub(crate) by: &'a str,
    /// What they had to say.
    pub(crate) text: &'a str,
}

/// Returns the note of an event, if it has one.
pub(crate) fn note<'a>(what: &'a EventKind, author: &'a Author) -> Option<Note<'a>> {
    let EventKind::Assigned { note: Some(text), .. } = what else { return None };
    let by = match author {
        Author::Agent { name, .. } => name,
        Author::Customer | Author::System => "",
    };
    Some(Note { by, text })
}

fn assignment(agent: Option<&AgentRef>, team: Option<&TeamRef>, author: &Author) -> String {
    match (agent, team, author) {
        (Some(agent), _, Author::Agent { agent_id, name }) if *agent_id != agent.agent_id => {
            fill(TEXTS.notice_handed_over, &[("agent", name), ("colleague", &agent.name)])
        }
        (Some(agent), _, Author::Agent { .. }) => fill(TEXTS.notice_joined, &[("agent", &agent.name)]),
        (Some(agent), _, Author::Customer | Author::System) => {
            fill(TEXTS.notice_routed, &[("agent", &agent.name)])
        }
        (None, Some(team), Author::Agent { name, .. }) => {
            fill(TEXTS.notice_team_by, &[("agent", name), ("team", &team.name)])
        }
        (None, Some(team), Author::Customer | Author::System) => {
            fill(TEXTS.notice_team, &[("team", &team.name)])
        }
        (None, None, Author::Agent { name, .. }) => fill(TEXTS.notice_unassigned_by, &[("agent", name)]),
        (None, None, Author::Customer | Author::System) => TEXTS.notice_unassigned.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample;
    use protocol::id::AgentId;

    fn agent(name: &str) -> Author {
        Author::Agent { agent_id: AgentId(name.to_owned()), name: name.to_owned() }
    }

    fn check(to: Option<&str>, team: Option<&str>, by: &Author, expected: &str) {
        let (agent, team) = (to.map(sample::agent), team.map(sample::team));
        let what = EventKind::Assigned { agent, team, note: None };
        assert_eq!(line(&what, by).as_deref(), Some(expected));
    }

    #[test]
    fn whoever_takes_a_chat_joins_and_whoever_gives_it_hands_over() {
        check(Some("Ana"), None, &agent("Ana"), "Ana joined");
        check(Some("Ben"), Some("Sales"), &agent("Ana"), "Ana handed over to Ben");
        check(Some("Ben"), None, &Author::System, "Ben was given the conversation");
    }

    #[test]
    fn the_way_back_into_a_queue_is_told_with_the_team() {
        check(None, None, &agent("Ana"), "Ana put it back into the queue");
        check(None, None, &Author::System, "Back in the queue");
        check(None, Some("Sales"), &agent("Ana"), "Ana handed over to the team Sales");
        check(None, Some("Sales"), &Author::System, "In the queue of Sales");
    }

    #[test]
    fn a_note_is_told_with_who_wrote_it() {
        let text = Some("VIP, be quick".to_owned());
        let what = EventKind::Assigned { agent: None, team: None, note: text };
        assert_eq!(note(&what, &agent("Ana")), Some(Note { by: "Ana", text: "VIP, be quick" }));
        assert_eq!(note(&EventKind::SurveyAnswered, &agent("Ana")), None);
    }

    #[test]
    fn closing_is_told_with_the_name_and_other_states_are_not() {
        let done = EventKind::Status { status: ConversationStatus::Done };
        assert_eq!(line(&done, &agent("Ana")).as_deref(), Some("Ana closed the conversation"));
        let unread = EventKind::Status { status: ConversationStatus::Unread };
        assert_eq!(line(&unread, &Author::Customer), None);
        assert_eq!(line(&EventKind::Unknown, &Author::System), None);
    }
}
