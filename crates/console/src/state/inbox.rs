//! The inbox in views: which conversation stands where, in which order, and what counts as waiting for this agent.

use protocol::agent::{ConversationSummary, is_open};
use protocol::id::{AgentId, ConversationId, TeamId};
use protocol::people::{AgentRef, Team, TeamRef};

/// The views the agent can switch between, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// Everything that is not closed.
    All,
    /// What this agent answers.
    Mine,
    /// What nobody answers, the longest wait first.
    Waiting,
    /// What belongs to this agent's teams.
    Teams,
    /// What is closed.
    Closed,
}

impl View {
    /// Every view, in the order they are shown.
    pub(crate) const ALL: [Self; 5] = [Self::All, Self::Mine, Self::Waiting, Self::Teams, Self::Closed];

    /// The name by which a view is stored.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mine => "mine",
            Self::Waiting => "waiting",
            Self::Teams => "teams",
            Self::Closed => "closed",
        }
    }

    /// Returns the view of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}

/// What narrows a view; nothing given lets everything through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Filter {
    /// Only conversations of this team.
    pub(crate) team_id: Option<TeamId>,
    /// Only conversations this agent answers.
    pub(crate) agent_id: Option<AgentId>,
}

impl Filter {
    /// Whether it lets everything through.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn lets_through(&self, row: &Row) -> bool {
        let head = &row.summary.head;
        let is_team = |wanted: &TeamId| head.team.as_ref().is_some_and(|team| team.team_id == *wanted);
        let is_agent = |wanted: &AgentId| head.assignee.as_ref().is_some_and(|it| it.agent_id == *wanted);
        self.team_id.as_ref().is_none_or(is_team) && self.agent_id.as_ref().is_none_or(is_agent)
    }
}

/// Whose a conversation is, from one agent's point of view. The order is that of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    /// Nobody's.
    Nobody,
    /// This agent's.
    Me,
    /// A colleague's.
    Colleague,
}

/// A conversation with what the inbox knows of it beyond the summary.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// The conversation.
    pub(crate) summary: ConversationSummary,
    /// Whose it is.
    pub(crate) owner: Owner,
    /// Whether it belongs to a team of this agent.
    pub(crate) is_my_team: bool,
    /// Whether it was given to this agent, who has not opened it since.
    pub(crate) is_given: bool,
    /// Whether the customer writes at the moment.
    pub(crate) is_typing: bool,
}

impl Row {
    /// Gives the conversation's id.
    pub(crate) fn conversation_id(&self) -> &ConversationId {
        &self.summary.head.conversation_id
    }

    /// Whether it stands in this view.
    pub(crate) fn is_in(&self, view: View) -> bool {
        let is_open = self.is_open();
        match view {
            View::All => is_open,
            View::Mine => is_open && self.owner == Owner::Me,
            View::Waiting => is_open && self.owner == Owner::Nobody,
            View::Teams => is_open && self.is_my_team,
            View::Closed => !is_open,
        }
    }

    /// Whether it is not closed.
    pub(crate) fn is_open(&self) -> bool {
        is_open(self.summary.head.status)
    }

    /// Whether it is this agent's turn: theirs, or waiting for anybody of a team of theirs, or of none.
    fn is_for_me(&self) -> bool {
        let may_take = self.is_my_team || self.summary.head.team.is_none();
        self.is_open() && (self.owner == Owner::Me || (self.owner == Owner::Nobody && may_take))
    }
}

/// Returns whose a conversation is that this agent answers, or who else.
pub(crate) fn owner(assignee: Option<&AgentRef>, me: &AgentId) -> Owner {
    match assignee {
        None => Owner::Nobody,
        Some(assignee) if assignee.agent_id == *me => Owner::Me,
        Some(_) => Owner::Colleague,
    }
}

/// Whether this agent is in the team.
pub(crate) fn is_in_team(team: Option<&TeamRef>, teams: &[Team], me: &AgentId) -> bool {
    let Some(team) = team else { return false };
    teams.iter().any(|it| it.team_id == team.team_id && it.agent_ids.contains(me))
}

/// What stands above a part of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heading {
    /// Nothing: the view is one part.
    None,
    /// Whose the conversations are.
    Owner(Owner),
    /// The team.
    Team(TeamRef),
}

/// A part of the list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    /// What stands above it.
    pub(crate) heading: Heading,
    /// At least one row.
    pub(crate) rows: Vec<Row>,
}

/// Returns a view's parts. Rows come in with the newest change first, and stay so; only what waits is ordered by
/// how long it does, the longest first.
pub(crate) fn arrange(rows: &[Row], view: View, filter: &Filter) -> Vec<Section> {
    let is_shown = |row: &&Row| row.is_in(view) && filter.lets_through(row);
    let mut shown: Vec<Row> = rows.iter().filter(is_shown).cloned().collect();
    shown.sort_by_key(|row| {
        let waits_since = row.summary.waiting_since.filter(|_| row.owner == Owner::Nobody);
        (row.owner, waits_since)
    });
    let heading = |row: &Row| match (view, &row.summary.head.team) {
        (View::All, _) => Heading::Owner(row.owner),
        (View::Teams, Some(team)) => Heading::Team(team.clone()),
        (View::Teams | View::Mine | View::Waiting | View::Closed, _) => Heading::None,
    };
    if view == View::Closed {
        shown.sort_by_key(|row| std::cmp::Reverse(row.summary.updated_at));
    }
    if view == View::Teams {
        shown.sort_by_key(|row| row.summary.head.team.as_ref().map(|team| team.name.clone()));
    }
    let mut sections: Vec<Section> = Vec::new();
    for row in shown {
        let heading = heading(&row);
        match sections.last_mut().filter(|section| section.heading == heading) {
            Some(section) => section.rows.push(row),
            None => sections.push(Section { heading, rows: vec![row] }),
        }
    }
    sections
}

/// Counts a view's conversations.
pub(crate) fn count(rows: &[Row], view: View) -> usize {
    rows.iter().filter(|row| row.is_in(view)).count()
}

/// Counts what waits for this agent: unread messages in open conversations that are theirs or may become theirs,
/// and conversations they were given without one.
pub(crate) fn waiting_count(rows: &[Row]) -> u32 {
    let waiting = rows.iter().filter(|row| row.is_for_me());
    waiting.map(|row| row.summary.unread_count.max(u32::from(row.is_given))).sum()
}

/// Returns the title of the browser's tab.
pub(crate) fn page_title(product: &str, waiting_count: u32) -> String {
    if waiting_count == 0 { product.to_owned() } else { format!("({waiting_count}) {product}") }
}

#[cfg(test)]
#[path = "inbox_tests.rs"]
mod tests;
