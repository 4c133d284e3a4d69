//! What is looked at while it happens: what leaves the server, and what clients make of it.

use std::collections::BTreeSet;

use chat_core::{Entry, EntryKind, OutboxMessage};
use protocol::close::CloseCode;
use protocol::conversation::{ConversationEvent, EventKind};
use protocol::id::{ConversationId, MessageId};
use protocol::visitor::VisitorEvent;

use super::World;
use crate::actor::Sender;

impl World {
    /// What agents write beside an assignment is never for visitors.
    pub(super) fn look_for_notes(&mut self, events: &[ConversationEvent]) {
        let has_note =
            |event: &ConversationEvent| matches!(event.what, EventKind::Assigned { note: Some(_), .. });
        if events.iter().any(has_note) {
            self.truth.break_promise("a note for agents reached a visitor".to_owned());
        }
    }

    /// Nothing is acknowledged that is not committed.
    pub(super) fn inspect_ack(&mut self, ack: Option<(&ConversationId, &MessageId, u64)>) {
        let Some((conversation_id, message_id, seq)) = ack else { return };
        let row = self.server.store.rows.get(conversation_id);
        let stored_at = row.and_then(|row| row.message(message_id)).map(|event| event.seq);
        if stored_at != Some(seq) {
            let what =
                format!("{message_id} was acknowledged with seq {seq}, and is stored with {stored_at:?}");
            self.truth.break_promise(what);
        }
    }

    /// Says on the error stream what happens, when the environment asks for it.
    pub(super) fn trace(&self, what: impl FnOnce() -> String) {
        if self.is_traced {
            eprintln!("{:>8} ms: {}", self.now, what());
        }
    }

    /// At no moment does anybody see a message twice, or an event out of its place.
    pub(super) fn look_at_views(&mut self) {
        self.look_for_what_is_gone();
        let mut wrong = None;
        for (name, page) in self.open_tabs() {
            let entries = page.machine.chat().conversation().map(|view| view.entries).unwrap_or_default();
            wrong = wrong.or_else(|| disorder(&entries).map(|what| format!("{name} shows {what}")));
        }
        for (agent, console) in self.consoles.iter().enumerate() {
            if let Some(conversation_id) = console.watched.last() {
                let entries = console.page.machine.entries(conversation_id);
                wrong = wrong
                    .or_else(|| disorder(&entries).map(|what| format!("agent {} shows {what}", agent + 1)));
            }
        }
        if let Some(what) = wrong {
            self.truth.break_promise(what);
        }
    }

    /// Whoever wrote something sees it at once.
    pub(super) fn look_for_own(&mut self, sender: Sender, wanted: &MessageId) {
        let entries = match sender {
            Sender::Tab(tab) => {
                let page = self.page(tab);
                page.and_then(|page| page.machine.chat().conversation())
                    .map(|view| view.entries)
                    .unwrap_or_default()
            }
            Sender::Agent(agent) => {
                let machine = &self.consoles[agent].page.machine;
                let newest = machine.inbox().first().map(|summary| summary.head.conversation_id.clone());
                newest.map(|newest| machine.entries(&newest)).unwrap_or_default()
            }
        };
        let is_it = |entry: &Entry| matches!(&entry.kind, EntryKind::Message { message_id, .. } if message_id == wanted);
        if !entries.iter().any(is_it) {
            self.truth.break_promise(format!("{sender} does not see what they wrote"));
        }
    }

    pub(super) fn note_close(&mut self, code: CloseCode) {
        match code {
            CloseCode::TooSlow => self.truth.met.insert("a client that reads too slowly"),
            CloseCode::Restart => self.truth.met.insert("a client that moves"),
            CloseCode::Normal
            | CloseCode::BadFrame
            | CloseCode::NoHello
            | CloseCode::TooMany
            | CloseCode::Unauthorised
            | CloseCode::Forbidden
            | CloseCode::Gone
            | CloseCode::Upgrade => false,
        };
    }

    /// A client was told that a message is stored.
    pub(super) fn note_ack(&mut self, event: &VisitorEvent) {
        if let VisitorEvent::Ack { message_id, .. } = event {
            self.truth.acknowledged.insert(message_id.clone());
        }
    }

    /// Nobody writes what the server would refuse for good, so nothing may fail but what could not be sent for a week; and,
    /// until the word of it is there, what waits for a file that another tab has taken out.
    pub(super) fn note_failure(&mut self, message: &OutboxMessage, is_long_ago: bool) {
        if message.is_failed && is_long_ago {
            self.truth.failed.insert(message.message_id.clone());
        } else if message.is_failed
            && !message.files.iter().any(|file| self.truth.taken_out.contains(&file.name))
        {
            self.truth.break_promise(format!("`{}` failed for good", message.text));
        }
    }
}

/// What is wrong with a log, if anything is.
fn disorder(entries: &[Entry]) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut last_seq = 0;
    for entry in entries {
        if let EntryKind::Message { message_id, .. } = &entry.kind
            && !seen.insert(message_id)
        {
            return Some(format!("{message_id} twice"));
        }
        if let Some(seq) = entry.seq {
            if seq <= last_seq {
                return Some(format!("seq {seq} after {last_seq}"));
            }
            last_seq = seq;
        }
    }
    None
}
