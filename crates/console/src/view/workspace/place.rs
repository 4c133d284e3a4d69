//! What the page's address names, `#cnv_…`, `#teams`, `#recordings` or `#rec_…`: a reload keeps it, and the browser's back button leaves it.

use browser::{Listener, page};
use protocol::id::ConversationId;
use yew::Callback;

use crate::state::recordings::RecordingsPlace;

const TEAMS: &str = "teams";

/// What is shown beside the inbox, or instead of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing: the inbox alone.
    Inbox,
    /// A conversation.
    Conversation(ConversationId),
    /// The screen of teams.
    Teams,
    /// The screen of recordings.
    Recordings(RecordingsPlace),
}

/// Returns what the address names.
pub(super) fn read() -> Place {
    let hash = page::window().location().hash().unwrap_or_default();
    let name = hash.strip_prefix('#').unwrap_or_default();
    let conversation_id = ConversationId(name.to_owned());
    if name == TEAMS {
        Place::Teams
    } else if conversation_id.is_well_formed() {
        Place::Conversation(conversation_id)
    } else if let Some(recordings) = RecordingsPlace::named(name) {
        Place::Recordings(recordings)
    } else {
        Place::Inbox
    }
}

/// Makes the address name a place.
pub(super) fn write(place: &Place) {
    if read() != *place {
        let name = match place {
            Place::Inbox => String::new(),
            Place::Conversation(conversation_id) => conversation_id.0.clone(),
            Place::Teams => TEAMS.to_owned(),
            Place::Recordings(recordings) => recordings.name(),
        };
        let _ = page::window().location().set_hash(&name);
    }
}

/// Hears when the address names another place.
pub(super) fn listen(on_change: Callback<()>) -> Listener {
    Listener::new(&page::window(), "hashchange", move |_| on_change.emit(()))
}
