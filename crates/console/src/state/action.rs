//! What an agent can do: components send these up, the workspace carries them out.

use protocol::id::{AgentId, CobrowseId, ConversationId, CustomerId, MessageId};
use protocol::rest::CustomerPatch;
use yew::Callback;

use super::inbox::Tab;

/// One thing the agent asked for.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    /// Show another part of the inbox.
    ShowTab(Tab),
    /// Show a conversation.
    Open(ConversationId),
    /// Back to the inbox.
    Leave,
    /// Show the customer's panel, or put it away, where there is no room for it.
    ToggleDetails,
    /// Show the list of keys, or put it away.
    ToggleKeys,
    /// Try a failed message again.
    Retry(MessageId),
    /// The agent writes, or stopped.
    Typing(bool),
    /// The end of the log is on the screen.
    Seen,
    /// Answer this conversation oneself, unless somebody else does by now.
    Take {
        /// The conversation.
        conversation_id: ConversationId,
        /// Who answered it when the button was drawn.
        only_if: Option<AgentId>,
    },
    /// Give the conversation to a colleague.
    HandOver {
        /// The conversation.
        conversation_id: ConversationId,
        /// The colleague.
        agent_id: AgentId,
    },
    /// Close the conversation.
    Close(ConversationId),
    /// Change what is known of the customer.
    Patch {
        /// The customer.
        customer_id: CustomerId,
        /// The changes.
        patch: CustomerPatch,
        /// Hears whether it is stored.
        on_done: Callback<bool>,
    },
    /// Ask the visitor to share the page.
    AskCobrowse(ConversationId),
    /// End a session, or take the question back.
    EndCobrowse(CobrowseId),
    /// Put away how the last session of a conversation ended.
    DropEnding(ConversationId),
    /// Ask for new chats, or for none.
    SetAway(bool),
    /// Log out.
    LogOut,
    /// Put a toast away.
    DropToast(u32),
}
