//! Whose messages an agent may change, and which one is meant by "the last".

use chat_core::{Entry, EntryKind, MessageState};
use protocol::conversation::{Author, Revision};
use protocol::id::{AgentId, MessageId};
use protocol::people::Role;

/// Who looks at the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reviser {
    /// The agent.
    pub(crate) agent_id: AgentId,
    /// What they may do.
    pub(crate) role: Role,
}

/// What may be done to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rights {
    /// Give it another text.
    pub(crate) may_edit: bool,
    /// Take it back.
    pub(crate) may_delete: bool,
}

/// A message as far as the rights on it depend on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// Who wrote it.
    pub(crate) author: &'a Author,
    /// Its text.
    pub(crate) text: &'a str,
    /// Whether it still is what was written first.
    pub(crate) revision: Revision,
    /// Its place; none while the server has not given one.
    pub(crate) seq: Option<u64>,
    /// How far it came.
    pub(crate) state: Option<MessageState>,
}

/// Returns what may be done to a message: agents change what they wrote themselves, supervisors and admins take back
/// every message. A message that is not stored yet, or was taken back, cannot be changed.
pub(crate) fn rights(subject: Subject<'_>, reviser: &Reviser) -> Rights {
    let is_on_its_way = matches!(subject.state, Some(MessageState::Sending | MessageState::Failed));
    if subject.seq.is_none() || is_on_its_way || subject.revision == Revision::Deleted {
        return Rights::default();
    }
    let is_own = matches!(subject.author, Author::Agent { agent_id, .. } if *agent_id == reviser.agent_id);
    Rights {
        may_edit: is_own && !subject.text.is_empty(),
        may_delete: is_own || reviser.role >= Role::Supervisor,
    }
}

/// Returns the last message the agent can edit.
pub(crate) fn last_editable(entries: &[Entry], reviser: &Reviser) -> Option<MessageId> {
    entries.iter().rev().find_map(|entry| match &entry.kind {
        EntryKind::Message { message_id, text, revision, state, .. } => {
            let (author, seq) = (&entry.author, entry.seq);
            let subject = Subject { author, text, revision: *revision, seq, state: *state };
            rights(subject, reviser).may_edit.then(|| message_id.clone())
        }
        EntryKind::Notice(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::time::UnixMillis;

    fn author(name: &str) -> Author {
        Author::Agent { agent_id: AgentId(name.to_owned()), name: name.to_owned() }
    }

    fn reviser(role: Role) -> Reviser {
        Reviser { agent_id: AgentId("me".to_owned()), role }
    }

    fn check(author: &Author, role: Role, may_edit: bool, may_delete: bool) {
        let state = Some(MessageState::Read);
        let subject = Subject { author, text: "Hi", revision: Revision::Edited, seq: Some(1), state };
        assert_eq!(rights(subject, &reviser(role)), Rights { may_edit, may_delete }, "{author:?} {role:?}");
    }

    #[test]
    fn agents_change_their_own_messages_and_supervisors_take_back_all() {
        check(&author("me"), Role::Agent, true, true);
        check(&author("ben"), Role::Agent, false, false);
        check(&Author::Customer, Role::Agent, false, false);
        check(&author("ben"), Role::Supervisor, false, true);
        check(&Author::Customer, Role::Admin, false, true);
    }

    #[test]
    fn what_is_on_its_way_or_was_taken_back_cannot_be_changed() {
        let own = author("me");
        let good = Subject {
            author: &own,
            text: "Hi",
            revision: Revision::Original,
            seq: Some(1),
            state: Some(MessageState::Sent),
        };
        let none = Rights::default();
        let admin = reviser(Role::Admin);
        assert_eq!(rights(Subject { revision: Revision::Deleted, ..good }, &admin), none);
        assert_eq!(rights(Subject { seq: None, ..good }, &admin), none);
        assert_eq!(rights(Subject { state: Some(MessageState::Failed), ..good }, &admin), none);
        let only_files = rights(Subject { text: "", ..good }, &admin);
        assert_eq!(only_files, Rights { may_edit: false, may_delete: true });
    }

    #[test]
    fn the_last_editable_message_is_the_agents_own_and_stored() {
        let entry = |seq: Option<u64>, author: Author, revision| Entry {
            seq,
            at: UnixMillis(0),
            author,
            kind: EntryKind::Message {
                message_id: MessageId::new(UnixMillis(seq.unwrap_or(99).cast_signed()), [0; 10]),
                text: "Hi".to_owned(),
                files: Vec::new(),
                revision,
                state: None,
            },
        };
        let entries = [
            entry(Some(1), author("me"), Revision::Original),
            entry(Some(2), author("me"), Revision::Deleted),
            entry(Some(3), Author::Customer, Revision::Original),
            entry(None, author("me"), Revision::Original),
        ];
        let expected = MessageId::new(UnixMillis(1), [0; 10]);
        assert_eq!(last_editable(&entries, &reviser(Role::Agent)), Some(expected));
        assert_eq!(last_editable(&entries[1..], &reviser(Role::Admin)), None);
    }
}
