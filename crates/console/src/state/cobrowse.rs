//! What a conversation says about sharing, from one agent's point of view.

use protocol::agent::ConversationSummary;
use protocol::cobrowse::{CobrowseEnd, CobrowseSession, CobrowseStage};
use protocol::id::{AgentId, CobrowseId};

use super::inbox::Row;

/// Where sharing stands in a conversation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sharing {
    /// Nothing is shared, and nobody asked.
    None,
    /// The visitor thinks about it.
    Asked {
        /// The session.
        cobrowse_id: CobrowseId,
        /// Who asked.
        by: Asker,
    },
    /// The page is shared.
    Live {
        /// The session.
        cobrowse_id: CobrowseId,
        /// Who sees it.
        by: Asker,
    },
}

/// Who asked for a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asker {
    /// This agent.
    Me,
    /// A colleague, by name.
    Colleague(String),
}

/// Returns where sharing stands.
pub(crate) fn sharing(summary: &ConversationSummary, me: &AgentId) -> Sharing {
    let Some(CobrowseSession { cobrowse_id, agent, stage, .. }) = &summary.cobrowse else {
        return Sharing::None;
    };
    let by = if agent.agent_id == *me { Asker::Me } else { Asker::Colleague(agent.name.clone()) };
    let cobrowse_id = cobrowse_id.clone();
    match stage {
        CobrowseStage::Asked => Sharing::Asked { cobrowse_id, by },
        CobrowseStage::Live => Sharing::Live { cobrowse_id, by },
    }
}

/// Whether a session is live by what the inbox knows.
pub(crate) fn is_live(rows: &[Row], cobrowse_id: &CobrowseId) -> bool {
    let sessions = rows.iter().filter_map(|row| row.summary.cobrowse.as_ref());
    sessions
        .into_iter()
        .any(|session| session.cobrowse_id == *cobrowse_id && session.stage == CobrowseStage::Live)
}

/// Whether an ending is news to the agent, who knows of those they caused themselves.
pub(crate) fn is_news(end: CobrowseEnd) -> bool {
    match end {
        CobrowseEnd::Refused
        | CobrowseEnd::Withdrawn
        | CobrowseEnd::Visitor
        | CobrowseEnd::Away
        | CobrowseEnd::Server => true,
        CobrowseEnd::Agent => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_hears_of_every_ending_but_their_own() {
        for end in [
            CobrowseEnd::Refused,
            CobrowseEnd::Withdrawn,
            CobrowseEnd::Visitor,
            CobrowseEnd::Away,
            CobrowseEnd::Server,
        ] {
            assert!(is_news(end), "{end:?}");
        }
        assert!(!is_news(CobrowseEnd::Agent));
    }
}
