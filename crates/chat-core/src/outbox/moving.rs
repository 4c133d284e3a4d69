//! Messages whose conversation turns out to be somebody else's: of whom this browser was, before its session was lost.

use protocol::id::{ConversationId, MessageId};
use protocol::time::UnixMillis;

use super::parcel::Flight;
use super::{Outbox, OutboxMessage};

/// A server that refuses every conversation is not asked without a pause.
const PAUSE_MS: i64 = 1_000;

impl Outbox {
    /// The server refused a message for its conversation: all that waits in that one goes to a new one. Returns the old
    /// conversation and the messages as they are kept now; none for a message that this tab has not under way.
    pub(crate) fn move_out(
        &mut self,
        message_id: &MessageId,
        now: UnixMillis,
    ) -> Option<(ConversationId, Vec<OutboxMessage>)> {
        let parcel = self.find(message_id)?;
        if !matches!(parcel.flight, Flight::Sent { .. }) {
            return None;
        }
        let from = parcel.message.conversation_id.clone();
        let to = following(&from)?;
        let mut moved = Vec::new();
        for parcel in &mut self.parcels {
            if parcel.message.conversation_id == from && !parcel.is_stored() {
                parcel.message.conversation_id = to.clone();
                parcel.flight = Flight::Held { until: now.plus_ms(PAUSE_MS) };
                moved.push(parcel.message.clone());
            }
        }
        Some((from, moved))
    }
}

/// The id beside this one, so that every tab of the browser comes to the same without a word.
fn following(conversation_id: &ConversationId) -> Option<ConversationId> {
    let mut id = conversation_id.clone();
    let last = u8::try_from(id.0.pop()?).ok()?;
    id.0.push(if last < b'9' { char::from(last + 1) } else { '0' });
    Some(id)
}
