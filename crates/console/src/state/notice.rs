//! Which events of a conversation are worth a line in the log, and what the line says.

use protocol::conversation::{Author, ConversationStatus, EventKind};

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
        EventKind::Assigned { agent: None } => Some(TEXTS.notice_unassigned.to_owned()),
        EventKind::Assigned { agent: Some(agent) } => Some(match author {
            Author::Agent { agent_id, name } if *agent_id != agent.agent_id => {
                fill(TEXTS.notice_handed_over, &[("agent", name), ("colleague", &agent.name)])
            }
            Author::Agent { .. } | Author::Customer | Author::System => {
                fill(TEXTS.notice_joined, &[("agent", &agent.name)])
            }
        }),
        EventKind::SurveyAnswered => Some(TEXTS.notice_survey.to_owned()),
        EventKind::Message { .. } | EventKind::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::id::AgentId;
    use protocol::people::AgentRef;

    fn agent(name: &str) -> Author {
        Author::Agent { agent_id: AgentId(name.to_owned()), name: name.to_owned() }
    }

    fn assigned(name: &str) -> EventKind {
        let agent = AgentRef { agent_id: AgentId(name.to_owned()), name: name.to_owned() };
        EventKind::Assigned { agent: Some(agent) }
    }

    #[test]
    fn whoever_takes_a_chat_joins_and_whoever_gives_it_hands_over() {
        assert_eq!(line(&assigned("Ana"), &agent("Ana")).as_deref(), Some("Ana joined"));
        assert_eq!(line(&assigned("Ben"), &agent("Ana")).as_deref(), Some("Ana handed over to Ben"));
        assert_eq!(line(&assigned("Ben"), &Author::System).as_deref(), Some("Ben joined"));
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
