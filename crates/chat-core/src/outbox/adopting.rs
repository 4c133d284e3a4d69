//! What other tabs of this browser keep, taken in.

use protocol::time::UnixMillis;

use super::parcel::Flight;
use super::{Outbox, OutboxMessage, Parcel};

impl Outbox {
    /// Takes in a message as another tab of this browser keeps it; that tab is left to send it until then.
    pub(crate) fn adopt(&mut self, message: OutboxMessage, adopted_until: UnixMillis) {
        let is_here = |parcel: &Parcel| parcel.message.message_id == message.message_id;
        let known = self.parcels.iter().position(is_here);
        let mut parcel = Parcel::new(message);
        parcel.is_adopted = true;
        parcel.flight = Flight::Held { until: adopted_until };
        let Some(at) = known else {
            self.insert(parcel);
            return;
        };
        let own = &mut self.parcels[at];
        if own.is_stored() {
            return;
        }
        if own.message.is_failed && !parcel.message.is_failed {
            self.parcels.remove(at);
            self.parcels.push(parcel);
            return;
        }
        own.message.is_failed = parcel.message.is_failed;
        // What the other tab has uploaded need not be uploaded here.
        for (own_file, file) in own.message.files.iter_mut().zip(parcel.message.files) {
            own_file.attachment_id = file.attachment_id.or(own_file.attachment_id.take());
        }
    }
}
