//! A tab that follows: its chat believes to have a connection, which is the leader's.

use protocol::time::UnixMillis;
use protocol::visitor::{VisitorCommand, VisitorEvent};

use super::message::{Standing, TabId, TabPost};
use super::{Role, TabChat};
use crate::link::ABNORMAL;
use crate::visitor::VisitorInput;

#[derive(Debug, Default, PartialEq)]
pub(super) struct Following {
    /// Who leads, once it was heard.
    pub(super) leader: Option<TabId>,
    pub(super) way: Way,
}

/// The way through the leader.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Way {
    /// The chat has no connection.
    #[default]
    Closed,
    /// The chat greeted, the leader has not welcomed it yet.
    Joining {
        since: UnixMillis,
        /// Whether the leader is known to be there.
        is_answered: bool,
    },
    /// The chat hears what the server says to the leader.
    Live,
    /// The leader is silent: the tab connects by itself until one is heard again.
    Direct,
}

impl Following {
    /// What goes to the leader of what the chat says.
    pub(super) fn post(&self, command: VisitorCommand) -> Option<TabPost> {
        match (&self.way, command) {
            (Way::Joining { .. }, VisitorCommand::Hello { cursors, .. }) => Some(TabPost::Join(cursors)),
            // The leader answers the heartbeat for all.
            (Way::Live, VisitorCommand::Hello { .. } | VisitorCommand::Pong { is_probe: false }) => None,
            (Way::Live, command) => Some(TabPost::Say(command)),
            (Way::Closed | Way::Joining { .. } | Way::Direct, _) => None,
        }
    }

    /// Since when the leader owes a word.
    pub(super) fn unanswered_since(&self) -> Option<UnixMillis> {
        match self.way {
            Way::Joining { since, is_answered: false } => Some(since),
            Way::Joining { is_answered: true, .. } | Way::Closed | Way::Live | Way::Direct => None,
        }
    }
}

impl TabChat {
    /// Another tab has the lock.
    pub(super) fn follow(&mut self, now: UnixMillis) {
        let Role::Asking { wish, .. } = &self.role else { return };
        let wish = *wish;
        self.role = Role::Following(Following::default());
        if self.has_socket {
            self.feed(VisitorInput::Reconnect, now);
        } else if let Some(transport) = wish {
            self.open(transport, now);
        }
    }

    /// A leader says where its connection stands: when that changes, and when somebody joins.
    pub(super) fn hear_leader(&mut self, from: TabId, standing: Standing, now: UnixMillis) {
        let Role::Following(following) = &mut self.role else { return };
        let is_new = following.leader.as_ref().is_some_and(|leader| *leader != from);
        following.leader = Some(from);
        match (&mut following.way, standing) {
            (Way::Closed, Standing::Offline(None)) | (Way::Direct, Standing::Offline(_)) => {}
            (Way::Closed, Standing::Online) => self.feed(VisitorInput::WakeUp, now),
            (Way::Direct, Standing::Online) => {
                following.way = Way::Closed;
                self.feed(VisitorInput::Reconnect, now);
            }
            (Way::Joining { is_answered, .. }, Standing::Offline(None)) => *is_answered = true,
            (Way::Joining { .. }, Standing::Online) => {
                let cursors = self.chat.cursors();
                self.post(TabPost::Join(cursors));
            }
            (Way::Live, _) if is_new => self.feed(VisitorInput::Reconnect, now),
            (Way::Live, Standing::Online) => {}
            (Way::Live, Standing::Offline(None)) => self.lose(ABNORMAL, now),
            (Way::Closed | Way::Joining { .. } | Way::Live, Standing::Offline(Some(code))) => {
                self.lose(code, now);
            }
        }
    }

    /// The server said something to the leader, or the leader answers this tab.
    pub(super) fn hear_server(&mut self, to: Option<TabId>, event: VisitorEvent, now: UnixMillis) {
        let Role::Following(following) = &mut self.role else { return };
        let is_for_all = to.is_none();
        if !is_for_all && to.as_ref() != Some(&self.config.tab_id) {
            return;
        }
        let is_welcome = matches!(event, VisitorEvent::Welcome { .. });
        match following.way {
            Way::Joining { .. } if is_welcome => {
                following.way = Way::Live;
                self.feed(VisitorInput::Received(event), now);
                self.tell_page(now);
            }
            Way::Live if !is_welcome => self.feed(VisitorInput::Received(event), now),
            Way::Live | Way::Closed | Way::Joining { .. } | Way::Direct => {}
        }
    }

    fn lose(&mut self, code: u16, now: UnixMillis) {
        if let Role::Following(following) = &mut self.role {
            following.way = Way::Closed;
        }
        self.feed(VisitorInput::SocketClosed { code }, now);
    }
}
