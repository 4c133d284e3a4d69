//! Conversations that were given to this agent: by whom, and with what note.

use chat_core::{Entry, EntryKind};
use protocol::conversation::{Author, EventKind};
use protocol::id::AgentId;

/// How a conversation came to this agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gift {
    /// The colleague who gave it; none when it was found by routing.
    pub(crate) by: Option<String>,
    /// What they had to say.
    pub(crate) note: Option<String>,
}

/// Returns how the conversation came to this agent, or none when they took it themselves, or it is not theirs.
pub(crate) fn gift(entries: &[Entry], me: &AgentId) -> Option<Gift> {
    let (author, agent, note) = entries.iter().rev().find_map(|entry| match &entry.kind {
        EntryKind::Notice(EventKind::Assigned { agent, note, .. }) => Some((&entry.author, agent, note)),
        EntryKind::Notice(_) | EntryKind::Message { .. } => None,
    })?;
    agent.as_ref().filter(|agent| agent.agent_id == *me)?;
    let by = match author {
        Author::Agent { agent_id, .. } if agent_id == me => return None,
        Author::Agent { name, .. } => Some(name.clone()),
        Author::Customer | Author::System => None,
    };
    Some(Gift { by, note: note.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample;
    use protocol::time::UnixMillis;

    fn author(name: &str) -> Author {
        Author::Agent { agent_id: AgentId(name.to_owned()), name: name.to_owned() }
    }

    fn assigned(author: Author, to: Option<&str>, note: Option<&str>) -> Entry {
        let (agent, note) = (to.map(sample::agent), note.map(str::to_owned));
        let what = EventKind::Assigned { agent, team: None, note };
        Entry { seq: Some(1), at: UnixMillis(0), author, kind: EntryKind::Notice(what) }
    }

    fn check(entries: &[Entry], expected: Option<(Option<&str>, Option<&str>)>) {
        let expected =
            expected.map(|(by, note)| Gift { by: by.map(str::to_owned), note: note.map(str::to_owned) });
        assert_eq!(gift(entries, &AgentId("me".to_owned())), expected);
    }

    #[test]
    fn a_colleague_gives_with_a_note_and_routing_without_a_name() {
        check(&[assigned(author("Ana"), Some("me"), Some("VIP"))], Some((Some("Ana"), Some("VIP"))));
        check(&[assigned(Author::System, Some("me"), None)], Some((None, None)));
    }

    #[test]
    fn what_was_taken_or_went_on_to_somebody_else_is_no_gift() {
        check(&[assigned(author("me"), Some("me"), None)], None);
        let given = assigned(author("Ana"), Some("me"), None);
        check(&[given.clone(), assigned(author("Ana"), Some("ben"), None)], None);
        check(&[given, assigned(author("Ana"), None, None)], None);
        check(&[], None);
    }
}
