//! Messages that get another text or are taken back.

use chat_host::Refusal;
use protocol::conversation::{Author, ConversationEvent, EventKind, Revision};
use protocol::id::MessageId;
use protocol::problem::ProblemCode;
use protocol::time::UnixMillis;

use super::{Row, refused};

impl Row {
    /// Edits lose their text to what comes after them.
    fn empty_edits(&mut self, of: &MessageId) {
        for event in &mut self.events {
            if let EventKind::Edited { message_id, text } = &mut event.what
                && message_id == of
            {
                text.clear();
            }
        }
    }
}

pub(super) fn edit(
    row: &mut Row,
    author: &Author,
    message_id: &MessageId,
    new: String,
    at: UnixMillis,
) -> Result<Vec<ConversationEvent>, Refusal> {
    row.empty_edits(message_id);
    let event = row.message_mut(message_id).ok_or_else(|| refused(ProblemCode::NotFound))?;
    let EventKind::Message { text, revision, .. } = &mut event.what else {
        return Err(refused(ProblemCode::NotFound));
    };
    if *revision == Revision::Deleted {
        return Err(refused(ProblemCode::NotFound));
    }
    text.clone_from(&new);
    *revision = Revision::Edited;
    let what = EventKind::Edited { message_id: message_id.clone(), text: new };
    Ok(vec![row.push(at, author.clone(), what)])
}

pub(super) fn take_back(
    row: &mut Row,
    author: &Author,
    message_id: &MessageId,
    at: UnixMillis,
) -> Result<Vec<ConversationEvent>, Refusal> {
    row.empty_edits(message_id);
    let event = row.message_mut(message_id).ok_or_else(|| refused(ProblemCode::NotFound))?;
    let EventKind::Message { text, revision, attachments, .. } = &mut event.what else {
        return Err(refused(ProblemCode::NotFound));
    };
    if *revision == Revision::Deleted {
        return Ok(Vec::new());
    }
    text.clear();
    attachments.clear();
    *revision = Revision::Deleted;
    let what = EventKind::Deleted { message_id: message_id.clone() };
    Ok(vec![row.push(at, author.clone(), what)])
}
