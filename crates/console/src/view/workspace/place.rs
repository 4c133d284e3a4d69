//! What the page's address names, `#cnv_…` or `#teams`: a reload keeps it, and the browser's back button leaves it.

use browser::{Listener, page};
use protocol::id::ConversationId;
use yew::Callback;

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
    } else {
        Place::Inbox
    }
}

/// Makes the address name a place.
pub(super) fn write(place: &Place) {
    if read() != *place {
        let name = match place {
            Place::Inbox => "",
            Place::Conversation(conversation_id) => conversation_id.as_str(),
            Place::Teams => TEAMS,
        };
        let _ = page::window().location().set_hash(name);
    }
}

/// Hears when the address names another place.
pub(super) fn listen(on_change: Callback<()>) -> Listener {
    Listener::new(&page::window(), "hashchange", move |_| on_change.emit(()))
}
