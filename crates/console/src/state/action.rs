//! What an agent can do: components send these up, the workspace carries them out.

use browser::FetchError;
use protocol::id::{
    AgentId, AttachmentId, CobrowseId, ConversationId, CustomerId, MessageId, RecordingId, TeamId,
};
use protocol::rest::{Assign, CustomerPatch, TeamDocument};
use yew::Callback;

use super::inbox::{Filter, View};
use super::recordings::RecordingsPlace;

/// Hears whether the server did it.
pub(crate) type OnDone = Callback<Result<(), FetchError>>;

/// A picture that is shown large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// The file.
    pub(crate) attachment_id: AttachmentId,
    /// Its name.
    pub(crate) name: String,
}

/// One thing the agent asked for.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    /// Show another view of the inbox.
    ShowView(View),
    /// Narrow the views.
    SetFilter(Filter),
    /// Show a conversation.
    Open(ConversationId),
    /// Back to the inbox.
    Leave,
    /// Show the customer's panel, or put it away, where there is no room for it.
    ToggleDetails,
    /// Show the list of keys, or put it away.
    ToggleKeys,
    /// Show where a visitor's code is entered, or put that away.
    ShowCode(bool),
    /// Show to whom the conversation can be given, or put that away.
    ShowAssign(bool),
    /// Show the screen of teams, or put it away.
    ShowTeams(bool),
    /// Show recordings, or put them away.
    ShowRecordings(Option<RecordingsPlace>),
    /// Show a picture large, or put it away.
    ShowPicture(Option<Picture>),
    /// Try a failed message again.
    Retry(MessageId),
    /// Give a failed message up.
    Discard(MessageId),
    /// Open the last own message of the conversation for editing.
    EditLast,
    /// Open a message for editing, or put the editor away.
    Edit(Option<MessageId>),
    /// Ask whether a message shall be taken back, or put the question away.
    AskDelete(Option<MessageId>),
    /// The agent writes, or stopped.
    Typing(bool),
    /// The end of the log is on the screen.
    Seen,
    /// Ask the visitor to share the page.
    AskCobrowse(ConversationId),
    /// Look on at a colleague's session.
    WatchCobrowse(CobrowseId),
    /// Look away from it.
    LeaveCobrowse,
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
    /// Ask the server for something.
    Ask(Request),
}

/// What the server is asked for.
#[derive(Debug, Clone)]
pub(crate) enum Request {
    /// Answer this conversation oneself, unless somebody else does by now.
    Take {
        /// The conversation.
        conversation_id: ConversationId,
        /// Who answered it when the button was drawn.
        only_if: Option<AgentId>,
    },
    /// Give the conversation to somebody.
    Assign {
        /// The conversation.
        conversation_id: ConversationId,
        /// To whom, and with what note.
        assign: Assign,
        /// Hears how it went.
        on_done: OnDone,
    },
    /// Close the conversation.
    Close(ConversationId),
    /// Ask the visitor whose code this is to share the page.
    Redeem {
        /// The code.
        code: String,
        /// Hears how it went.
        on_done: OnDone,
    },
    /// Give a message another text.
    SaveEdit {
        /// The message.
        message_id: MessageId,
        /// The text.
        text: String,
        /// Hears how it went.
        on_done: OnDone,
    },
    /// Take a message back.
    Delete {
        /// The message.
        message_id: MessageId,
        /// Hears how it went.
        on_done: OnDone,
    },
    /// Change what is known of the customer.
    Patch {
        /// The customer.
        customer_id: CustomerId,
        /// The changes.
        patch: CustomerPatch,
        /// Hears whether it is stored.
        on_done: Callback<bool>,
    },
    /// Make a team, or replace one.
    SaveTeam {
        /// The team; none makes one.
        team_id: Option<TeamId>,
        /// What it shall be.
        document: TeamDocument,
        /// Hears how it went.
        on_done: OnDone,
    },
    /// Delete a recording.
    DeleteRecording {
        /// The recording.
        recording_id: RecordingId,
        /// Hears how it went.
        on_done: OnDone,
    },
    /// Delete a team.
    DeleteTeam {
        /// The team.
        team_id: TeamId,
        /// Hears how it went.
        on_done: OnDone,
    },
}
