//! Values that tests of the console begin with.

use protocol::agent::ConversationSummary;
use protocol::conversation::{ConversationHead, ConversationStatus, Receipts};
use protocol::id::{AgentId, ConversationId, CustomerId, TeamId, TouchpointId};
use protocol::people::{AgentPresence, AgentRef, CustomerProfile, Identity, Page, Team, TeamRef};
use protocol::time::UnixMillis;

use super::inbox::{Row, owner};

/// An agent whose name is also the id.
pub(crate) fn agent(name: &str) -> AgentRef {
    AgentRef { agent_id: AgentId(name.to_owned()), name: name.to_owned() }
}

/// A team whose name is also the id.
pub(crate) fn team(name: &str) -> TeamRef {
    TeamRef { team_id: TeamId(name.to_owned()), name: name.to_owned() }
}

/// A team with members.
pub(crate) fn team_of(name: &str, members: &[&str]) -> Team {
    let agent_ids = members.iter().map(|member| AgentId((*member).to_owned())).collect();
    Team { team_id: TeamId(name.to_owned()), name: name.to_owned(), agent_ids }
}

/// An agent who is available, with one chat of three.
pub(crate) fn presence(name: &str) -> AgentPresence {
    AgentPresence {
        agent_id: AgentId(name.to_owned()),
        name: name.to_owned(),
        is_online: true,
        is_away: false,
        open_chats: 1,
        max_concurrent: 3,
    }
}

/// A conversation nobody answers.
pub(crate) fn summary(name: &str) -> ConversationSummary {
    ConversationSummary {
        head: ConversationHead {
            conversation_id: ConversationId(name.to_owned()),
            status: ConversationStatus::Unread,
            head_seq: 1,
            assignee: None,
            team: None,
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
        unread_count: 0,
        survey: None,
        cobrowse: None,
        may_cobrowse: true,
        is_page_offered: false,
        created_at: UnixMillis(0),
        waiting_since: None,
        updated_at: UnixMillis(0),
    }
}

/// The conversation as `me` sees it in the inbox.
pub(crate) fn row(summary: ConversationSummary) -> Row {
    let owner = owner(summary.head.assignee.as_ref(), &AgentId("me".to_owned()));
    Row { summary, owner, is_my_team: false, is_given: false, is_typing: false }
}
