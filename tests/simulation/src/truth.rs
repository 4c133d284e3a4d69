//! What people did, and what they were told, as nobody but the checker knows it.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::MessageId;

use crate::actor::Sender;

/// A text that somebody wrote and whose client took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) sender: Sender,
    pub(crate) text: String,
    /// The names of its files.
    pub(crate) files: Vec<String>,
    pub(crate) message_id: MessageId,
}

/// What people did, and what they were told.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    /// In the order of writing.
    pub(crate) typed: Vec<Typed>,
    /// Messages of which a client was told that they are stored.
    pub(crate) acknowledged: BTreeSet<MessageId>,
    /// Texts agents gave to messages.
    pub(crate) edits: BTreeMap<MessageId, Vec<String>>,
    /// Messages that agents wanted to take back.
    pub(crate) taken_back: BTreeSet<MessageId>,
    /// Names of files that visitors took out of their messages.
    pub(crate) taken_out: BTreeSet<String>,
    /// Messages that waited for a week and failed for good.
    pub(crate) failed: BTreeSet<MessageId>,
    /// What happened at all, so that it can be told whether histories meet what they are made for.
    pub(crate) met: BTreeSet<&'static str>,
    /// What broke a promise on the way; the first counts.
    pub(crate) broken: Vec<String>,
}

impl Truth {
    pub(crate) fn break_promise(&mut self, what: String) {
        self.broken.push(what);
    }
}
