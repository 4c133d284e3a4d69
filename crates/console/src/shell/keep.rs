//! What survives a reload: messages the server does not have yet, and drafts. Each has a key of its own, so that
//! two tabs never write over each other.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use browser::{json, storage};
use chat_core::OutboxMessage;
use protocol::id::{AgentId, ConversationId, MessageId};

use super::ChosenFile;

/// One agent's part of the storage.
#[derive(Clone, PartialEq)]
pub(crate) struct Keep {
    prefix: String,
    /// Drafts of this page, for browsers that store nothing.
    drafts: Rc<RefCell<BTreeMap<String, String>>>,
    /// Files that were chosen and not sent; they live as long as the page.
    chosen: Rc<RefCell<BTreeMap<ConversationId, Vec<ChosenFile>>>>,
}

impl Keep {
    /// Gives the part of one agent.
    pub(crate) fn of(agent_id: &AgentId) -> Self {
        Self { prefix: format!("tandem.console.{agent_id}."), drafts: Rc::default(), chosen: Rc::default() }
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

    /// Removes a message; returns the files it named.
    pub(super) fn forget_message(&self, message_id: &MessageId) -> Vec<String> {
        let key = self.message_key(message_id);
        let message: Option<OutboxMessage> = storage::read(&key).and_then(|text| json::from_str(&text));
        storage::remove(&key);
        let files = message.into_iter().flat_map(|message| message.files);
        files.map(|file| file.file_id).collect()
    }

    /// Returns what was being written in a conversation.
    pub(crate) fn draft(&self, conversation_id: &ConversationId) -> String {
        self.read_draft(conversation_id.as_str())
    }

    /// Keeps what is being written in a conversation.
    pub(crate) fn save_draft(&self, conversation_id: &ConversationId, text: &str) {
        self.write_draft(conversation_id.as_str(), text);
    }

    /// Returns what a message was being changed to; empty when it was not.
    pub(crate) fn edit_draft(&self, message_id: &MessageId) -> String {
        self.read_draft(message_id.as_str())
    }

    /// Keeps what a message is being changed to.
    pub(crate) fn save_edit_draft(&self, message_id: &MessageId, text: &str) {
        self.write_draft(message_id.as_str(), text);
    }

    /// Returns the files that were chosen in a conversation.
    pub(crate) fn chosen(&self, conversation_id: &ConversationId) -> Vec<ChosenFile> {
        self.chosen.borrow().get(conversation_id).cloned().unwrap_or_default()
    }

    /// Keeps the files that are chosen in a conversation.
    pub(crate) fn save_chosen(&self, conversation_id: &ConversationId, files: Vec<ChosenFile>) {
        self.chosen.borrow_mut().insert(conversation_id.clone(), files);
    }

    /// Removes what was being written in a conversation that is gone.
    pub(crate) fn forget_conversation(&self, conversation_id: &ConversationId) {
        self.save_draft(conversation_id, "");
        self.chosen.borrow_mut().remove(conversation_id);
    }

    /// Removes every draft: what a log-out leaves behind. Messages that wait are kept until their agent is back.
    pub(crate) fn forget_drafts(&self) {
        self.drafts.borrow_mut().clear();
        self.chosen.borrow_mut().clear();
        let prefix = format!("{}draft.", self.prefix);
        for name in storage::keys(&prefix) {
            storage::remove(&format!("{prefix}{name}"));
        }
    }

    /// Returns the name of the view that was shown last.
    pub(crate) fn view_name(&self) -> Option<String> {
        storage::read(&format!("{}view", self.prefix))
    }

    /// Keeps the name of the view that is shown.
    pub(crate) fn save_view_name(&self, name: &str) {
        storage::write(&format!("{}view", self.prefix), name);
    }

    fn read_draft(&self, id: &str) -> String {
        let of_this_page = self.drafts.borrow().get(id).cloned();
        of_this_page.or_else(|| storage::read(&self.draft_key(id))).unwrap_or_default()
    }

    fn write_draft(&self, id: &str, text: &str) {
        let key = self.draft_key(id);
        self.drafts.borrow_mut().insert(id.to_owned(), text.to_owned());
        if text.is_empty() {
            storage::remove(&key);
        } else {
            storage::write(&key, text);
        }
    }

    fn message_key(&self, message_id: &MessageId) -> String {
        format!("{}outbox.{message_id}", self.prefix)
    }

    fn draft_key(&self, id: &str) -> String {
        format!("{}draft.{id}", self.prefix)
    }
}
