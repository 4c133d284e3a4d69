//! What survives a reload: messages the server does not have yet, and drafts. Each has a key of its own, so that
//! two tabs never write over each other.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use browser::{json, storage};
use chat_core::OutboxMessage;
use protocol::id::{AgentId, ConversationId, MessageId};

/// One agent's part of the storage.
#[derive(Clone, PartialEq)]
pub(crate) struct Keep {
    prefix: String,
    /// Drafts of this page, for browsers that store nothing.
    drafts: Rc<RefCell<BTreeMap<ConversationId, String>>>,
}

impl Keep {
    /// Gives the part of one agent.
    pub(crate) fn of(agent_id: &AgentId) -> Self {
        Self { prefix: format!("tandem.console.{agent_id}."), drafts: Rc::default() }
    }

    /// Returns the messages that wait.
    pub(super) fn messages(&self) -> Vec<OutboxMessage> {
        let prefix = format!("{}outbox.", self.prefix);
        let names = storage::keys(&prefix);
        let texts = names.iter().filter_map(|name| storage::read(&format!("{prefix}{name}")));
        texts.filter_map(|text| json::from_str(&text)).collect()
    }

    pub(super) fn save_message(&self, message: &OutboxMessage) {
        storage::write(&self.message_key(&message.message_id), &json::to_string(message));
    }

    pub(super) fn forget_message(&self, message_id: &MessageId) {
        storage::remove(&self.message_key(message_id));
    }

    /// Returns what was being written in a conversation.
    pub(crate) fn draft(&self, conversation_id: &ConversationId) -> String {
        let of_this_page = self.drafts.borrow().get(conversation_id).cloned();
        of_this_page.or_else(|| storage::read(&self.draft_key(conversation_id))).unwrap_or_default()
    }

    /// Keeps what is being written in a conversation.
    pub(crate) fn save_draft(&self, conversation_id: &ConversationId, text: &str) {
        let key = self.draft_key(conversation_id);
        self.drafts.borrow_mut().insert(conversation_id.clone(), text.to_owned());
        if text.is_empty() {
            storage::remove(&key);
        } else {
            storage::write(&key, text);
        }
    }

    /// Removes every draft: what a log-out leaves behind. Messages that wait are kept until their agent is back.
    pub(crate) fn forget_drafts(&self) {
        self.drafts.borrow_mut().clear();
        let prefix = format!("{}draft.", self.prefix);
        for name in storage::keys(&prefix) {
            storage::remove(&format!("{prefix}{name}"));
        }
    }

    fn message_key(&self, message_id: &MessageId) -> String {
        format!("{}outbox.{message_id}", self.prefix)
    }

    fn draft_key(&self, conversation_id: &ConversationId) -> String {
        format!("{}draft.{conversation_id}", self.prefix)
    }
}
