//! The rows of a log: a line for each new day, and messages grouped by who wrote them shortly after each other.

use chat_core::{Entry, EntryFile, EntryKind, MessageState};
use protocol::conversation::{Author, EventKind, Revision};
use protocol::id::MessageId;
use protocol::time::UnixMillis;

/// Messages of one author with less than this time between them stand together.
const GROUP_MS: i64 = 3 * 60 * 1000;

/// One row of a log.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// A new day begins; the time is that of its first entry.
    Day(UnixMillis),
    /// A message.
    Message(MessageRow),
    /// Something that happened.
    Notice {
        /// Its place.
        seq: Option<u64>,
        /// When.
        at: UnixMillis,
        /// Who caused it.
        author: Author,
        /// What it was.
        event: EventKind,
    },
}

/// A message in its place among its neighbours.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageRow {
    /// Its place; none while the server has not given one.
    pub seq: Option<u64>,
    /// When it was stored, or written.
    pub at: UnixMillis,
    /// Who wrote it.
    pub author: Author,
    /// The message.
    pub message_id: MessageId,
    /// Its text.
    pub text: String,
    /// Its files.
    pub files: Vec<EntryFile>,
    /// Whether it still is what was written first.
    pub revision: Revision,
    /// How far it came; none for messages of the other side.
    pub state: Option<MessageState>,
    /// Whether a group begins with it.
    pub is_first: bool,
    /// Whether a group ends with it.
    pub is_last: bool,
}

/// Returns the rows of entries in their order. `day_of` numbers the days as the reader's calendar does.
#[must_use]
pub fn log_rows(entries: &[Entry], day_of: impl Fn(UnixMillis) -> i64) -> Vec<Row> {
    let mut rows = Vec::with_capacity(entries.len() + 2);
    for (index, entry) in entries.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &entries[before]);
        let is_new_day = |entry: &Entry, before: &Entry| day_of(before.at) != day_of(entry.at);
        if before.is_none_or(|before| is_new_day(entry, before)) {
            rows.push(Row::Day(entry.at));
        }
        rows.push(match &entry.kind {
            EntryKind::Message { message_id, text, files, revision, state } => {
                let follows = |entry: &Entry, before: &Entry| {
                    belongs_to_group(entry, before) && !is_new_day(entry, before)
                };
                Row::Message(MessageRow {
                    seq: entry.seq,
                    at: entry.at,
                    author: entry.author.clone(),
                    message_id: message_id.clone(),
                    text: text.clone(),
                    files: files.clone(),
                    revision: *revision,
                    state: *state,
                    is_first: !before.is_some_and(|before| follows(entry, before)),
                    is_last: !entries.get(index + 1).is_some_and(|after| follows(after, entry)),
                })
            }
            EntryKind::Notice(event) => Row::Notice {
                seq: entry.seq,
                at: entry.at,
                author: entry.author.clone(),
                event: event.clone(),
            },
        });
    }
    rows
}

fn belongs_to_group(entry: &Entry, before: &Entry) -> bool {
    let are_messages = [entry, before].iter().all(|entry| matches!(entry.kind, EntryKind::Message { .. }));
    are_messages && entry.author == before.author && entry.at.since_ms(before.at) < GROUP_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::conversation::ConversationStatus;

    const HOUR_MS: i64 = 3_600_000;

    fn message(at_ms: i64, author: Author) -> Entry {
        let kind = EntryKind::Message {
            message_id: MessageId::new(UnixMillis(at_ms), [0; 10]),
            text: "a".to_owned(),
            files: Vec::new(),
            revision: Revision::Original,
            state: None,
        };
        Entry { seq: None, at: UnixMillis(at_ms), author, kind }
    }

    fn outline(entries: &[Entry]) -> Vec<&'static str> {
        let rows = log_rows(entries, |at| at.0.div_euclid(24 * HOUR_MS));
        let word = |row: &Row| match row {
            Row::Day(_) => "day",
            Row::Notice { .. } => "notice",
            Row::Message(MessageRow { is_first: true, is_last: true, .. }) => "alone",
            Row::Message(MessageRow { is_first: true, .. }) => "first",
            Row::Message(MessageRow { is_last: true, .. }) => "last",
            Row::Message(_) => "inner",
        };
        rows.iter().map(word).collect()
    }

    #[test]
    fn messages_of_one_author_stand_together_until_another_writes() {
        let entries = [
            message(0, Author::Customer),
            message(1000, Author::Customer),
            message(2000, Author::Customer),
            message(3000, Author::System),
        ];
        assert_eq!(outline(&entries), ["day", "first", "inner", "last", "alone"]);
    }

    #[test]
    fn a_pause_or_a_notice_ends_a_group() {
        let status = EntryKind::Notice(EventKind::Status { status: ConversationStatus::Done });
        let entries = [
            message(0, Author::Customer),
            message(GROUP_MS, Author::Customer),
            Entry { seq: Some(3), at: UnixMillis(GROUP_MS + 1), author: Author::System, kind: status },
            message(GROUP_MS + 2, Author::Customer),
        ];
        assert_eq!(outline(&entries), ["day", "alone", "alone", "notice", "alone"]);
    }

    #[test]
    fn a_new_day_gets_a_line_and_ends_the_group() {
        let entries = [message(24 * HOUR_MS - 1, Author::Customer), message(24 * HOUR_MS, Author::Customer)];
        assert_eq!(outline(&entries), ["day", "alone", "day", "alone"]);
        assert_eq!(outline(&[]), [""; 0]);
    }
}
