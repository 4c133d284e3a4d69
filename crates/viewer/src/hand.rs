//! What the agent does on the visitor's page, before it is sent: which element is meant, and on which page.

use std::collections::VecDeque;

use cobrowse::control::{Action, Command, Destination};
use cobrowse::node::NodeId;
use js_sys::Math;

/// The agent's side of control.
#[derive(Debug)]
pub(crate) struct Hand {
    number: u32,
    /// The mark of the recorder that is connected.
    next_epoch: u32,
    /// The mark of the recorder whose page is shown.
    epoch: u32,
    /// Where typed text goes; none for whatever has the focus on the page.
    typing: NodeId,
    /// What was marked last, so that it is marked once.
    marked: NodeId,
    /// What was hovered last.
    hovered: NodeId,
    /// The newest hovers: nobody is told what came of them.
    hovers: VecDeque<u32>,
}

/// Hovers whose outcome may still come.
const HOVERS_KEPT: usize = 64;

impl Default for Hand {
    fn default() -> Self {
        // Several viewers of one page count apart.
        let number = (Math::random() * f64::from(u32::MAX)) as u32;
        Self {
            number,
            next_epoch: 0,
            epoch: 0,
            typing: NodeId::NONE,
            marked: NodeId::NONE,
            hovered: NodeId::NONE,
            hovers: VecDeque::new(),
        }
    }
}

impl Hand {
    /// A recorder has said hello.
    pub(crate) fn handle_epoch(&mut self, epoch: u32) {
        self.next_epoch = epoch;
    }

    /// Its page is shown from here on.
    pub(crate) fn handle_document(&mut self) {
        if self.epoch != self.next_epoch {
            self.epoch = self.next_epoch;
            self.typing = NodeId::NONE;
        }
        self.marked = NodeId::NONE;
        self.hovered = NodeId::NONE;
    }

    /// The focus is elsewhere on the visitor's page.
    pub(crate) fn handle_focus(&mut self, focus: NodeId) {
        if !focus.is_none() {
            self.typing = focus;
        }
    }

    /// Whether an agent wants to hear what came of the action with this number: of a pointer that only passed over
    /// something they do not.
    pub(crate) fn is_of_interest(&self, number: u32) -> bool {
        !self.hovers.contains(&number)
    }

    /// Where typed text goes.
    pub(crate) fn typing(&self) -> NodeId {
        self.typing
    }

    /// Marks an element; `None` when it is marked already.
    pub(crate) fn mark(&mut self, node_id: NodeId) -> Option<Command> {
        let is_news = std::mem::replace(&mut self.marked, node_id) != node_id;
        is_news.then(|| self.command(Action::Mark { node_id }))
    }

    /// Returns the command of an action; `None` for a hover that is none.
    pub(crate) fn act(&mut self, action: Action) -> Option<Command> {
        match &action {
            Action::Hover { node_id, .. } if std::mem::replace(&mut self.hovered, *node_id) == *node_id => {
                return None;
            }
            Action::Hover { .. } => {
                let command = self.command(action);
                self.hovers.push_back(command.number);
                if self.hovers.len() > HOVERS_KEPT {
                    self.hovers.pop_front();
                }
                return Some(command);
            }
            Action::Click { node_id, .. } => self.typing = *node_id,
            // The page decides where the focus goes next.
            Action::Key { key, .. } if matches!(key.as_str(), "Tab" | "Enter" | "Escape") => {
                let command = self.command(action);
                self.typing = NodeId::NONE;
                return Some(command);
            }
            Action::Mark { .. }
            | Action::Draw { .. }
            | Action::Scroll { .. }
            | Action::Insert { .. }
            | Action::Key { .. }
            | Action::Choose { .. }
            | Action::Navigate(_) => {}
        }
        Some(self.command(action))
    }

    fn command(&mut self, action: Action) -> Command {
        self.number = self.number.wrapping_add(1);
        Command { number: self.number, epoch: self.epoch, action }
    }
}

/// Returns where a word leads; `None` for a word that is none.
pub(crate) fn destination(way: &str, address: String) -> Option<Destination> {
    match way {
        "back" => Some(Destination::Back),
        "forward" => Some(Destination::Forward),
        "reload" => Some(Destination::Reload),
        "address" => Some(Destination::Address(address)),
        _ => None,
    }
}
