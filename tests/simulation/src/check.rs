//! What has to be true once everything is calm again.

use std::collections::{BTreeMap, BTreeSet};

use chat_core::{Connection, Entry, EntryKind};
use protocol::attachment::Attachment;
use protocol::conversation::{Author, ConversationEvent, EventKind, Revision};
use protocol::id::{ConversationId, MessageId};

use crate::actor::Sender;
use crate::server::store::Row;
use crate::truth::Typed;
use crate::world::World;
use crate::world::parties::agent_ref;

/// Tells which promise is broken.
type Check = fn(&World) -> Result<(), String>;

/// A message as it is stored.
struct Kept<'a> {
    conversation_id: &'a ConversationId,
    event: &'a ConversationEvent,
}

impl World {
    /// Returns the first promise that is broken, if one is.
    pub(crate) fn broken_promise(&self) -> Option<String> {
        let on_the_way = self.truth.broken.first().cloned();
        let at_the_end: [Check; 7] = [
            Self::places_have_no_holes,
            Self::what_was_typed_is_stored_once,
            Self::senders_keep_their_order,
            Self::nobody_takes_what_somebody_has,
            Self::clients_are_online,
            Self::clients_show_what_is_stored,
            Self::nothing_waits,
        ];
        on_the_way.or_else(|| at_the_end.into_iter().find_map(|check| check(self).err()))
    }

    fn places_have_no_holes(&self) -> Result<(), String> {
        for (conversation_id, row) in &self.server.store.rows {
            let seqs = row.events.iter().map(|event| event.seq);
            if !seqs.eq(1..=row.events.len() as u64) {
                return Err(format!("the places of {conversation_id} are not 1, 2, 3 …"));
            }
        }
        Ok(())
    }

    fn kept(&self) -> Result<BTreeMap<&MessageId, Kept<'_>>, String> {
        let mut kept = BTreeMap::new();
        for (conversation_id, row) in &self.server.store.rows {
            for event in &row.events {
                if let EventKind::Message { message_id, .. } = &event.what
                    && kept.insert(message_id, Kept { conversation_id, event }).is_some()
                {
                    return Err(format!("{message_id} is stored twice"));
                }
            }
        }
        Ok(kept)
    }

    fn what_was_typed_is_stored_once(&self) -> Result<(), String> {
        let kept = self.kept()?;
        for message_id in &self.truth.acknowledged {
            if !kept.contains_key(message_id) {
                return Err(format!("{message_id} was acknowledged and is not stored"));
            }
        }
        for typed in &self.truth.typed {
            let Some(message) = kept.get(&typed.message_id) else {
                return Err(format!("`{}` of {} is not stored", typed.text, typed.sender));
            };
            self.is_as_typed(typed, message.event)?;
        }
        let typed: BTreeSet<&MessageId> = self.truth.typed.iter().map(|typed| &typed.message_id).collect();
        match kept.keys().find(|message_id| !typed.contains(*message_id)) {
            Some(message_id) => Err(format!("{message_id} is stored and nobody wrote it")),
            None => Ok(()),
        }
    }

    fn is_as_typed(&self, typed: &Typed, event: &ConversationEvent) -> Result<(), String> {
        let EventKind::Message { text, attachments, revision, .. } = &event.what else { return Ok(()) };
        let is_author = match (typed.sender, &event.author) {
            (Sender::Tab(_), author) => *author == Author::Customer,
            (Sender::Agent(agent), Author::Agent { agent_id, .. }) => *agent_id == agent_ref(agent).agent_id,
            (Sender::Agent(_), Author::Customer | Author::System) => false,
        };
        let is_body = match revision {
            Revision::Original => *text == typed.text,
            Revision::Edited => {
                self.truth.edits.get(&typed.message_id).is_some_and(|texts| texts.contains(text))
            }
            Revision::Deleted => {
                text.is_empty() && attachments.is_empty() && self.truth.taken_back.contains(&typed.message_id)
            }
        };
        let has_files = *revision == Revision::Deleted || self.has_files(typed, attachments);
        if is_author && is_body && has_files {
            return Ok(());
        }
        Err(format!("`{}` of {} is stored as {event:?}", typed.text, typed.sender))
    }

    /// The files stand in their order. One that was taken out may be there all the same: the message may have been with
    /// the server already.
    fn has_files(&self, typed: &Typed, attachments: &[Attachment]) -> bool {
        let mut stored = attachments.iter().map(|file| &file.name).peekable();
        let is_right = |name: &String| {
            stored.next_if(|stored| *stored == name).is_some() || self.truth.taken_out.contains(name)
        };
        typed.files.iter().all(is_right) && stored.next().is_none()
    }

    /// Of one sender, what was written first stands first, in each conversation. Two kinds of messages have no place of
    /// their own among the others: one whose files are still on their way is passed by; and one that waited for a week
    /// failed for good, so that others went on without it, until somebody tried it again, or a tab that had not heard of
    /// it sent it.
    fn senders_keep_their_order(&self) -> Result<(), String> {
        let kept = self.kept()?;
        let mut last: BTreeMap<(Sender, &ConversationId), (u64, &str)> = BTreeMap::new();
        for typed in &self.truth.typed {
            let is_exempt = !typed.files.is_empty() || self.truth.failed.contains(&typed.message_id);
            let Some(message) = kept.get(&typed.message_id).filter(|_| !is_exempt) else { continue };
            let place = (message.event.seq, typed.text.as_str());
            let before = last.insert((typed.sender, message.conversation_id), place);
            if let Some((seq, text)) = before
                && seq > place.0
            {
                return Err(format!(
                    "{} wrote `{text}` before `{}`, and it stands after it",
                    typed.sender, typed.text
                ));
            }
        }
        Ok(())
    }

    /// Of two agents who take a conversation at once, one wins.
    fn nobody_takes_what_somebody_has(&self) -> Result<(), String> {
        for (conversation_id, row) in &self.server.store.rows {
            let mut is_taken = false;
            for event in &row.events {
                if let EventKind::Assigned { agent, .. } = &event.what {
                    if is_taken && agent.is_some() {
                        return Err(format!("{conversation_id} was taken by two agents"));
                    }
                    is_taken = agent.is_some();
                }
            }
        }
        Ok(())
    }

    fn clients_are_online(&self) -> Result<(), String> {
        for (name, page) in self.open_tabs() {
            let chat = page.machine.chat();
            if chat.session().is_some() && !matches!(chat.connection(), Connection::Online { .. }) {
                return Err(format!("{name} is {:?}", chat.connection()));
            }
        }
        for (agent, console) in self.consoles.iter().enumerate() {
            let connection = console.page.machine.connection();
            if !matches!(connection, Connection::Online { .. }) {
                return Err(format!("agent {} is {connection:?}", agent + 1));
            }
        }
        Ok(())
    }

    fn clients_show_what_is_stored(&self) -> Result<(), String> {
        for (name, page) in self.open_tabs() {
            let chat = page.machine.chat();
            let Some(view) = chat.conversation() else { continue };
            let Some(row) = self.server.store.rows.get(&view.conversation_id) else {
                return Err(format!("{name} shows a conversation that is not there"));
            };
            compare(&name, &view.entries, row)?;
            if view.status != row.head(&view.conversation_id).status {
                return Err(format!("{name} shows the status {:?}", view.status));
            }
        }
        for (agent, console) in self.consoles.iter().enumerate() {
            let name = format!("agent {}", agent + 1);
            let machine = &console.page.machine;
            for (conversation_id, row) in &self.server.store.rows {
                compare(&name, &machine.entries(conversation_id), row)?;
                let shown = machine.summary(conversation_id).map(|summary| &summary.head);
                let head = row.head(conversation_id);
                if shown.map(|shown| (shown.head_seq, shown.status, &shown.assignee))
                    != Some((head.head_seq, head.status, &head.assignee))
                {
                    return Err(format!("the inbox of {name} shows {shown:?}, and it is {head:?}"));
                }
            }
        }
        Ok(())
    }

    fn nothing_waits(&self) -> Result<(), String> {
        for (browser, own) in self.browsers.iter().enumerate() {
            if let Some(message) = own.outbox.values().next() {
                return Err(format!(
                    "`{}` still waits in the storage of browser {}",
                    message.text,
                    browser + 1
                ));
            }
        }
        for (agent, console) in self.consoles.iter().enumerate() {
            if let Some(message) = console.outbox.values().next() {
                return Err(format!("`{}` still waits in the storage of agent {}", message.text, agent + 1));
            }
        }
        Ok(())
    }
}

/// Compares what a client shows with what is stored: messages as they stand, and what happened beside them.
fn compare(name: &str, entries: &[Entry], row: &Row) -> Result<(), String> {
    let is_shown = |event: &&ConversationEvent| {
        !matches!(event.what, EventKind::Edited { .. } | EventKind::Deleted { .. })
    };
    let stored: Vec<&ConversationEvent> = row.events.iter().filter(is_shown).collect();
    for (entry, event) in entries.iter().zip(&stored) {
        if !is_same(entry, event) {
            return Err(format!("{name} shows {entry:?} in place of {event:?}"));
        }
    }
    if entries.len() != stored.len() {
        return Err(format!("{name} shows {} entries of {}", entries.len(), stored.len()));
    }
    Ok(())
}

fn is_same(entry: &Entry, event: &ConversationEvent) -> bool {
    let is_same_kind = match (&entry.kind, &event.what) {
        (
            EntryKind::Message { message_id, text, files, revision, .. },
            EventKind::Message {
                message_id: stored_id,
                text: stored,
                attachments,
                revision: stored_revision,
            },
        ) => {
            let shown = files.iter().map(|file| file.attachment_id.as_ref());
            (message_id, text, revision) == (stored_id, stored, stored_revision)
                && shown.eq(attachments.iter().map(|file| Some(&file.attachment_id)))
        }
        (EntryKind::Notice(EventKind::Assigned { agent, .. }), EventKind::Assigned { agent: stored, .. }) => {
            agent == stored
        }
        (EntryKind::Notice(what), stored) => what == stored,
        (EntryKind::Message { .. }, _) => false,
    };
    entry.seq == Some(event.seq) && entry.at == event.at && entry.author == event.author && is_same_kind
}
