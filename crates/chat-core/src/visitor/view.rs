//! What the window shows: read only.

use protocol::cobrowse::CobrowseSession;
use protocol::conversation::{Author, ConversationStatus, Side};
use protocol::id::{CobrowseId, ConversationId};
use protocol::people::{AgentRef, Page};
use protocol::time::UnixMillis;
use protocol::visitor::{Cursor, VisitorEvent};

use super::{SavedSession, VisitorChat};
use crate::entry::Entry;
use crate::link::Connection;
use crate::thread::Thread;

/// The conversation the window shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversationView {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Where it stands; `UNREAD` while the server does not know it yet.
    pub status: ConversationStatus,
    /// Who answers.
    pub assignee: Option<AgentRef>,
    /// The log, oldest first: stored events, then messages on their way.
    pub entries: Vec<Entry>,
}

impl VisitorChat {
    /// Where the connection stands.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.link.connection()
    }

    /// Who the visitor is to the server, once they have acted.
    #[must_use]
    pub fn session(&self) -> Option<&SavedSession> {
        self.session.as_ref()
    }

    /// The conversation the window shows; none before the first message.
    #[must_use]
    pub fn conversation(&self) -> Option<ConversationView> {
        let conversation_id = self.current_id()?;
        let head = self.head(&conversation_id);
        // A message can wait for a conversation of which nothing has come yet.
        let untold = Thread::new(conversation_id.clone(), Side::Customer);
        let entries = self.thread(&conversation_id).unwrap_or(&untold).entries(
            &self.outbox,
            &self.uploads,
            &Author::Customer,
        );
        Some(ConversationView {
            status: head.map_or(ConversationStatus::Unread, |head| head.status),
            assignee: head.and_then(|head| head.assignee.clone()),
            conversation_id,
            entries,
        })
    }

    /// Whether a conversation is running: not closed, or with a message on its way.
    #[must_use]
    pub fn has_open_conversation(&self) -> bool {
        self.outbox.has_unsent()
            || self
                .heads
                .iter()
                .any(|head| head.status != ConversationStatus::Done && self.is_current(&head.conversation_id))
    }

    /// Who writes at the moment.
    #[must_use]
    pub fn agent_typing(&self) -> Option<&str> {
        self.thread(&self.current_id()?)?.typing.name()
    }

    /// Messages of agents that were not on the screen yet.
    #[must_use]
    pub fn unread_count(&self) -> usize {
        self.current_id()
            .and_then(|current| self.thread(&current).map(|thread| thread.unread_count()))
            .unwrap_or(0)
    }

    /// The conversation whose survey is due: it is closed, and nothing was answered or skipped.
    #[must_use]
    pub fn survey_due(&self) -> Option<&ConversationId> {
        let head = self.head(&self.current_id()?)?;
        (head.status == ConversationStatus::Done && !head.is_survey_done).then_some(&head.conversation_id)
    }

    /// Whether answers are on their way.
    #[must_use]
    pub fn is_survey_sending(&self) -> bool {
        self.pending.survey.is_some()
    }

    /// A co-browse session that is asked for or live; live ones carry the visitor's ticket.
    #[must_use]
    pub fn cobrowse(&self) -> Option<&CobrowseSession> {
        self.cobrowse.as_ref()
    }

    /// The session whose question the visitor has answered, until it is live or over.
    #[must_use]
    pub fn consent_given(&self) -> Option<&CobrowseId> {
        self.pending.consent.as_ref().map(|consent| &consent.cobrowse_id)
    }

    /// The page the visitor is on.
    pub(crate) fn page(&self) -> &Page {
        &self.config.page
    }

    /// What the server would say to another tab of this browser that has events up to these positions. Events it
    /// lacks are left to the server itself: they are read over HTTP.
    pub(crate) fn answer_tab(&self, cursors: &[Cursor], now: UnixMillis) -> Vec<VisitorEvent> {
        let Some(session) = &self.session else { return Vec::new() };
        let mut conversations = Vec::new();
        let mut behind = Vec::new();
        for head in &self.heads {
            let mut head = head.clone();
            let mut head_seq = head.head_seq;
            if let Some(thread) = self.thread(&head.conversation_id) {
                head.receipts = thread.receipts;
                // The head itself stays as of its own seq: what lies beyond a gap may have changed it.
                head_seq = head_seq.max(thread.timeline.head_seq());
            }
            let is_it = |cursor: &&Cursor| cursor.conversation_id == head.conversation_id;
            let after_seq = cursors.iter().find(is_it).map_or(0, |cursor| cursor.seq);
            if after_seq < head_seq {
                let conversation_id = head.conversation_id.clone();
                behind.push(VisitorEvent::Reset { conversation_id, after_seq });
            }
            conversations.push(head);
        }
        let welcome = VisitorEvent::Welcome {
            customer_id: session.customer_id.clone(),
            server_time: now.plus_ms(self.clock_offset_ms),
            conversations,
            cobrowse: self.cobrowse.clone().map(|session| CobrowseSession { ticket: None, ..session }),
        };
        behind.insert(0, welcome);
        behind
    }

    /// The server's clock minus this browser's, in milliseconds.
    #[must_use]
    pub fn clock_offset_ms(&self) -> i64 {
        self.clock_offset_ms
    }
}
