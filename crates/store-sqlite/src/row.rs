//! Columns to values and back: ids, times, words and documents.

use protocol::cobrowse::CobrowseEnd;
use protocol::conversation::{ConversationStatus, Revision};
use protocol::people::Role;
use rusqlite::types::Type;

/// A cell that holds what this build cannot read.
pub(crate) fn unreadable(column: usize, what: &str) -> rusqlite::Error {
    let message = format!("unreadable {what}");
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, message.into())
}

/// A count or place, which is never negative.
pub(crate) fn unsigned(column: usize, value: i64) -> rusqlite::Result<u64> {
    u64::try_from(value).map_err(|_| unreadable(column, "count"))
}

/// A place as SQLite keeps it.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The word of a status.
pub(crate) fn status_word(status: ConversationStatus) -> &'static str {
    match status {
        ConversationStatus::Unread => "UNREAD",
        ConversationStatus::Unresolved => "UNRESOLVED",
        ConversationStatus::Done => "DONE",
    }
}

/// The status of a word.
pub(crate) fn status_of(column: usize, word: &str) -> rusqlite::Result<ConversationStatus> {
    match word {
        "UNREAD" => Ok(ConversationStatus::Unread),
        "UNRESOLVED" => Ok(ConversationStatus::Unresolved),
        "DONE" => Ok(ConversationStatus::Done),
        _ => Err(unreadable(column, "status")),
    }
}

/// The word of a revision; an original has none.
pub(crate) fn revision_word(revision: Revision) -> Option<&'static str> {
    match revision {
        Revision::Original => None,
        Revision::Edited => Some("edited"),
        Revision::Deleted => Some("deleted"),
    }
}

/// The revision of a word.
pub(crate) fn revision_of(column: usize, word: &str) -> rusqlite::Result<Revision> {
    match word {
        "edited" => Ok(Revision::Edited),
        "deleted" => Ok(Revision::Deleted),
        _ => Err(unreadable(column, "revision")),
    }
}

/// The word of a role.
pub(crate) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Agent => "agent",
        Role::Supervisor => "supervisor",
        Role::Admin => "admin",
    }
}

/// The role of a word.
pub(crate) fn role_of(column: usize, word: &str) -> rusqlite::Result<Role> {
    match word {
        "agent" => Ok(Role::Agent),
        "supervisor" => Ok(Role::Supervisor),
        "admin" => Ok(Role::Admin),
        _ => Err(unreadable(column, "role")),
    }
}

/// The word of an end.
pub(crate) fn end_word(end: CobrowseEnd) -> &'static str {
    match end {
        CobrowseEnd::Refused => "refused",
        CobrowseEnd::Withdrawn => "withdrawn",
        CobrowseEnd::Visitor => "visitor",
        CobrowseEnd::Agent => "agent",
        CobrowseEnd::Away => "away",
        CobrowseEnd::Server => "server",
    }
}

/// The end of a word.
pub(crate) fn end_of(column: usize, word: &str) -> rusqlite::Result<CobrowseEnd> {
    match word {
        "refused" => Ok(CobrowseEnd::Refused),
        "withdrawn" => Ok(CobrowseEnd::Withdrawn),
        "visitor" => Ok(CobrowseEnd::Visitor),
        "agent" => Ok(CobrowseEnd::Agent),
        "away" => Ok(CobrowseEnd::Away),
        "server" => Ok(CobrowseEnd::Server),
        _ => Err(unreadable(column, "end")),
    }
}
