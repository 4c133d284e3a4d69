//! The inbox in parts: which conversation stands where, and what counts as waiting for this agent.

use protocol::agent::{ConversationSummary, is_open};
use protocol::id::{AgentId, ConversationId};

/// The parts the agent can switch between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    /// Everything that is not closed.
    Open,
    /// What is closed.
    Done,
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
    /// Whether the customer writes at the moment.
    pub(crate) is_typing: bool,
}

impl Row {
    /// Gives the conversation's id.
    pub(crate) fn conversation_id(&self) -> &ConversationId {
        &self.summary.head.conversation_id
    }

    /// Whether it stands in this part of the inbox.
    pub(crate) fn is_in(&self, tab: Tab) -> bool {
        is_open(self.summary.head.status) == (tab == Tab::Open)
    }
}

/// Returns whose the conversation is.
pub(crate) fn owner(summary: &ConversationSummary, me: &AgentId) -> Owner {
    match &summary.head.assignee {
        None => Owner::Nobody,
        Some(assignee) if assignee.agent_id == *me => Owner::Me,
        Some(_) => Owner::Colleague,
    }
}

/// Returns the rows of one part in the order of the list: the open part in groups by owner, each part with the
/// newest change first, as the rows came in.
pub(crate) fn arrange(rows: &[Row], tab: Tab) -> Vec<Row> {
    let mut shown: Vec<Row> = rows.iter().filter(|row| row.is_in(tab)).cloned().collect();
    if tab == Tab::Open {
        shown.sort_by_key(|row| row.owner);
    }
    shown
}

/// Counts the unread messages that wait for this agent: in open conversations that are theirs or nobody's.
pub(crate) fn waiting_count(rows: &[Row]) -> u32 {
    let waits = |row: &&Row| row.is_in(Tab::Open) && row.owner != Owner::Colleague;
    rows.iter().filter(waits).map(|row| row.summary.unread_count).sum()
}

/// Returns the title of the browser's tab.
pub(crate) fn page_title(product: &str, waiting_count: u32) -> String {
    if waiting_count == 0 { product.to_owned() } else { format!("({waiting_count}) {product}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::conversation::{ConversationHead, ConversationStatus, Receipts};
    use protocol::id::{CustomerId, TouchpointId};
    use protocol::people::{AgentRef, CustomerProfile, Identity, Page};
    use protocol::time::UnixMillis;

    fn row(name: &str, status: ConversationStatus, assignee: Option<&str>, unread_count: u32) -> Row {
        let assignee = assignee.map(|id| AgentRef { agent_id: AgentId(id.to_owned()), name: id.to_owned() });
        let summary = ConversationSummary {
            head: ConversationHead {
                conversation_id: ConversationId(name.to_owned()),
                status,
                head_seq: 1,
                assignee,
                receipts: Receipts::default(),
                is_survey_done: false,
            },
            touchpoint_id: TouchpointId("tp_demo".to_owned()),
            touchpoint_name: "Demo".to_owned(),
            customer: CustomerProfile {
                customer_id: CustomerId("cus_1".to_owned()),
                identity: Identity::default(),
                notes: String::new(),
                page: Page::default(),
                is_online: true,
                created_at: UnixMillis(0),
            },
            last_message: None,
            unread_count,
            survey: None,
            cobrowse: None,
            may_cobrowse: true,
            created_at: UnixMillis(0),
            updated_at: UnixMillis(0),
        };
        let owner = owner(&summary, &AgentId("me".to_owned()));
        Row { summary, owner, is_typing: false }
    }

    fn rows() -> Vec<Row> {
        vec![
            row("theirs", ConversationStatus::Unread, Some("ben"), 4),
            row("mine new", ConversationStatus::Unread, Some("me"), 1),
            row("free", ConversationStatus::Unread, None, 2),
            row("closed", ConversationStatus::Done, Some("me"), 8),
            row("mine old", ConversationStatus::Unresolved, Some("me"), 0),
        ]
    }

    fn names(rows: &[Row]) -> Vec<&str> {
        rows.iter().map(|row| row.conversation_id().as_str()).collect()
    }

    #[test]
    fn open_conversations_nobody_answers_come_first_and_colleagues_last() {
        let shown = arrange(&rows(), Tab::Open);
        assert_eq!(names(&shown), ["free", "mine new", "mine old", "theirs"]);
    }

    #[test]
    fn closed_conversations_have_their_own_part() {
        assert_eq!(names(&arrange(&rows(), Tab::Done)), ["closed"]);
    }

    #[test]
    fn the_title_counts_what_waits_for_this_agent_only() {
        assert_eq!(waiting_count(&rows()), 3);
        assert_eq!(page_title("Tandem", 3), "(3) Tandem");
        assert_eq!(page_title("Tandem", 0), "Tandem");
    }
}
