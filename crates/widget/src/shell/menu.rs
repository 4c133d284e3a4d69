//! The menu of the chat: a script that is loaded when it is opened for the first time, what it is told, and what it asks
//! for. The visitor's offer to share the page is kept here, so the question that comes of it needs no second yes.

use std::cell::RefCell;
use std::rc::Rc;

use browser::Value;
use chat_core::VisitorInput;
use protocol::cobrowse::{CobrowseScope, CobrowseSession};
use protocol::conversation::ConversationStatus;

use super::Shell;
use super::line::Line;
use crate::wire::{Write, field, object};

/// The script, once it is wanted, and the offer of this page.
#[derive(Default)]
pub(super) struct Menu {
    line: RefCell<Option<Line>>,
    /// What the script said last of an offer of this page: its `offer_id`, and whether the visitor was told that the
    /// session `is_recorded`. Without an id they offer nothing.
    offered: RefCell<Value>,
}

impl Shell {
    /// The button was pressed.
    pub(crate) fn press_menu(self: &Rc<Self>) {
        if self.menu.line.borrow().is_none() {
            let shell = Rc::downgrade(self);
            let line = Line::menu(self.sharing.tools(), move |word| {
                if let Some(shell) = shell.upgrade() {
                    shell.hear_menu(word);
                }
            });
            self.menu.line.replace(Some(line));
        }
        self.tell_menu(true);
    }

    /// Tells the script where things stand.
    pub(super) fn tell_menu(&self, is_pressed: bool) {
        let line = self.menu.line.borrow();
        let Some(line) = line.as_ref() else { return };
        let conversation_id = self
            .chat()
            .conversation()
            .and_then(|view| (view.status != ConversationStatus::Done).then_some(view.conversation_id.0));
        let standing = object(&mut [
            ("token", self.token().write()),
            ("conversation_id", conversation_id.unwrap_or_default().write()),
            ("is_asked", self.chat().cobrowse().is_some().write()),
            ("is_pressed", is_pressed.write()),
        ]);
        line.say(&standing.to_js());
    }

    fn hear_menu(self: &Rc<Self>, word: Value) {
        match word.field("type").as_text() {
            Some("offer") => drop(self.menu.offered.replace(word)),
            Some("begin") => self.compose(field(&word, "text").unwrap_or_default(), Vec::new()),
            // It could not be loaded; the next press tries again.
            _ => drop(self.menu.line.take()),
        }
    }

    /// Takes a question that came of an offer: this page answers one of its own by itself if the visitor knew what they
    /// are asked for, and leaves one of another page to that page. Whether there is nothing to ask here.
    pub(super) fn take_offer(self: &Rc<Self>, session: &CobrowseSession) -> bool {
        let Some(offer_id) = &session.offer_id else { return false };
        let is_recorded = session.scopes.contains(&CobrowseScope::Record);
        let offer = self.menu.offered.take();
        if offer.field("offer_id").as_text() != Some(offer_id) {
            return true;
        }
        let is_covered = !is_recorded || field(&offer, "is_recorded").unwrap_or_default();
        if is_covered {
            let cobrowse_id = session.cobrowse_id.clone();
            self.feed(VisitorInput::Consent { cobrowse_id, is_allowed: true });
        }
        is_covered
    }
}
