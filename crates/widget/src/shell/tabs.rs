//! The tabs of one visitor: the channel between them, and the lock of the one that leads. Both belong to this frame's
//! origin below the site that shows it, and are named by touchpoint and customer.

use std::rc::Rc;

use browser::Value;
use chat_core::{TabInput, TabPost};
use protocol::id::CustomerId;

use super::Shell;
use super::line::Line;
use crate::wire::{Read, write_post};

impl Shell {
    pub(super) fn gather(self: &Rc<Self>, customer_id: &CustomerId) {
        let name = format!("tandem.1.{}.{customer_id}", self.settings.touchpoint_id);
        let shell = Rc::downgrade(self);
        let hear = move |word: Value| {
            let Some(shell) = shell.upgrade() else { return };
            let input = match word.field("type").as_text() {
                Some("leads") => Some(TabInput::Leads),
                Some("follows") => Some(TabInput::Follows),
                Some("failed") => Some(TabInput::StaysAlone),
                _ => Read::read(&word).map(TabInput::Heard),
            };
            if let Some(input) = input {
                shell.take(input);
            }
        };
        let line = Line::tabs(self.sharing.tools(), &name, hear);
        drop(self.tabs.replace(Some(line)));
    }

    pub(super) fn scatter(&self) {
        drop(self.tabs.take());
    }

    pub(super) fn post(&self, post: &TabPost) {
        if let Some(line) = self.tabs.borrow().as_ref() {
            line.say(&write_post(post, &self.tab_id).to_js());
        }
    }
}
