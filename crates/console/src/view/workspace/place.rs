//! The conversation in the page's address, `#cnv_…`: a reload keeps it, and the browser's back button leaves it.

use browser::{Listener, page};
use protocol::id::ConversationId;
use yew::Callback;

/// Returns the conversation the address names.
pub(super) fn read() -> Option<ConversationId> {
    let hash = page::window().location().hash().unwrap_or_default();
    let conversation_id = ConversationId(hash.strip_prefix('#')?.to_owned());
    conversation_id.is_well_formed().then_some(conversation_id)
}

/// Makes the address name a conversation, or none.
pub(super) fn write(conversation_id: Option<&ConversationId>) {
    if read().as_ref() != conversation_id {
        let _ = page::window().location().set_hash(conversation_id.map_or("", ConversationId::as_str));
    }
}

/// Hears when the address names another conversation.
pub(super) fn listen(on_change: Callback<()>) -> Listener {
    Listener::new(&page::window(), "hashchange", move |_| on_change.emit(()))
}
