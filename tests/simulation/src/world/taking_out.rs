//! Files that are taken out of messages that wait, and what other tabs make of it.

use chat_core::{Entry, EntryKind, MessageState, TabInput, VisitorInput};

use super::World;
use crate::actor::{Client, Tab};

impl World {
    /// The visitor takes out the first file they are offered to: of a message that may be with the server already it is
    /// none.
    pub(super) fn take_out(&mut self, tab: Tab) {
        if !self.is_awake(tab) {
            return;
        }
        let Some(page) = self.page(tab) else { return };
        let life = page.life;
        let view = page.machine.chat().conversation();
        let Some((file_id, name)) = view.and_then(|view| view.entries.iter().find_map(offered)) else {
            return;
        };
        self.truth.met.insert("a file that is taken out");
        self.truth.taken_out.insert(name);
        self.browsers[tab.browser].gone.insert(file_id.clone(), (tab.tab, life));
        self.give_tab(tab, TabInput::Chat(VisitorInput::RemoveFile { file_id }));
    }

    /// Another tab looks for bytes that are gone.
    pub(super) fn miss(&mut self, client: Client, file_id: String) {
        self.truth.met.insert("a tab that misses the bytes of a file");
        let after_ms = self.chance.pause(8);
        self.answer_tab(client, after_ms, VisitorInput::UploadFailed { file_id, is_final: true });
    }

    /// What the visitor took out of a message is not in it again.
    pub(super) fn look_for_what_is_gone(&mut self) {
        let mut back = None;
        for (number, browser) in self.browsers.iter().enumerate() {
            for (tab, page) in &browser.tabs {
                let is_back = |entry: &Entry| {
                    waiting_files(entry).any(|file_id| browser.gone.get(file_id) == Some(&(*tab, page.life)))
                };
                let view = page.machine.chat().conversation();
                if view.is_some_and(|view| view.entries.iter().any(is_back)) {
                    back = Some(Tab { browser: number, tab: *tab });
                }
            }
        }
        if let Some(tab) = back {
            self.truth.break_promise(format!("{tab} shows a file again that was taken out there"));
        }
    }

    /// Whether this is of an upload that ended when the tab took its file out.
    pub(super) fn is_over(&self, tab: Tab, input: &VisitorInput) -> bool {
        let (VisitorInput::Uploaded { file_id, .. }
        | VisitorInput::UploadFailed { file_id, .. }
        | VisitorInput::UploadProgressed { file_id, .. }) = input
        else {
            return false;
        };
        self.browsers[tab.browser].gone.get(file_id).is_some_and(|(by, _)| *by == tab.tab)
    }
}

fn waiting_files(entry: &Entry) -> impl Iterator<Item = &String> {
    let files = match &entry.kind {
        EntryKind::Message { files, .. } => files.as_slice(),
        EntryKind::Notice(_) => &[],
    };
    files.iter().filter_map(|file| file.file_id.as_ref())
}

/// The file that can be taken out of a message, and its name.
fn offered(entry: &Entry) -> Option<(String, String)> {
    let EntryKind::Message { files, state, .. } = &entry.kind else { return None };
    let is_whole = files.iter().all(|file| file.attachment_id.is_some());
    let can_remove = match state {
        Some(MessageState::Failed) => true,
        Some(MessageState::Sending) => !is_whole,
        Some(MessageState::Sent | MessageState::Delivered | MessageState::Read) | None => false,
    };
    let file = files.first().filter(|_| can_remove)?;
    Some((file.file_id.clone()?, file.name.clone()))
}
