//! The tab that leads: it answers tabs that join from its own state, carries what they say to the server, and hands
//! on what the server says.

use protocol::time::UnixMillis;
use protocol::visitor::{Cursor, VisitorEvent};

use super::following::Way;
use super::message::{Standing, TabId, TabOutput, TabPost};
use super::{Role, TabChat};
use crate::visitor::VisitorInput;

impl TabChat {
    /// The lock is this tab's.
    pub(super) fn lead(&mut self, now: UnixMillis) {
        let before = std::mem::replace(&mut self.role, Role::Leading { told: None });
        match before {
            Role::Asking { wish, .. } => {
                if let Some(transport) = wish {
                    self.open_own(transport);
                }
            }
            // The way through the leader before is gone.
            Role::Following(following) if following.way != Way::Direct => {
                self.feed(VisitorInput::Reconnect, now);
            }
            Role::Following(_) => {}
            Role::Alone | Role::Leading { .. } => self.role = before,
        }
    }

    /// A tab joins: it hears how things stand, and from where on it has to read.
    pub(super) fn answer(&mut self, to: &TabId, cursors: &[Cursor], now: UnixMillis) {
        let Role::Leading { told } = self.role else { return };
        if self.is_online() {
            for event in self.chat.answer_tab(cursors, now) {
                self.post(TabPost::Tell { to: Some(to.clone()), event });
            }
        }
        if let Some(told) = told {
            self.post(TabPost::Lead(told));
        }
    }

    /// A tab that follows says something to the server.
    pub(super) fn relay(&mut self, text: String) {
        if matches!(self.role, Role::Leading { .. }) && self.is_online() {
            self.outputs.push_back(TabOutput::Relay(text));
        }
    }

    /// Tells the others when the connection came or went. A connection that is refused for good is no use to lead
    /// with: another tab, of a newer page perhaps, may have more luck.
    pub(super) fn tell_standing(&mut self) {
        let standing = if self.is_online() { Standing::Online } else { Standing::Offline(self.final_code) };
        if let Role::Leading { told } = &mut self.role
            && *told != Some(standing)
        {
            *told = Some(standing);
            self.post(TabPost::Lead(standing));
        }
    }

    /// What the others get of a frame of the server. What is about the connection itself is the leader's alone.
    pub(super) fn forwarded(&self, event: &VisitorEvent, text: String) -> Option<TabPost> {
        if !matches!(self.role, Role::Leading { .. }) {
            return None;
        }
        match event {
            VisitorEvent::Welcome { .. } | VisitorEvent::Reset { .. } | VisitorEvent::Moving { .. } => None,
            // The ticket is for the tab that shares its page.
            VisitorEvent::Cobrowse { session } if session.ticket.is_some() => {
                let mut session = session.clone();
                session.ticket = None;
                Some(TabPost::Tell { to: None, event: VisitorEvent::Cobrowse { session } })
            }
            VisitorEvent::Cobrowse { .. }
            | VisitorEvent::CobrowseEnded { .. }
            | VisitorEvent::Events { .. }
            | VisitorEvent::Ack { .. }
            | VisitorEvent::Refused { .. }
            | VisitorEvent::Receipts { .. }
            | VisitorEvent::Typing { .. }
            | VisitorEvent::SurveyStored { .. }
            | VisitorEvent::Ping { .. }
            | VisitorEvent::Error { .. } => Some(TabPost::Forward(text)),
        }
    }
}
