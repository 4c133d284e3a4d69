//! Which recordings are shown, and how their size and length are written.

use protocol::id::{ConversationId, RecordingId};
use protocol::people::Role;

/// Which recordings are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RecordingsPlace {
    /// All of them, as a list.
    All,
    /// Those of one conversation.
    Of(ConversationId),
    /// One of them, to be watched.
    One(RecordingId),
}

const LIST: &str = "recordings";

impl RecordingsPlace {
    /// Returns what a part of the page's address names; `None` when it names no recordings.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let recording_id = RecordingId(name.to_owned());
        if recording_id.is_well_formed() {
            return Some(Self::One(recording_id));
        }
        if name == LIST {
            return Some(Self::All);
        }
        let conversation_id = ConversationId(name.strip_prefix(LIST)?.strip_prefix('/')?.to_owned());
        conversation_id.is_well_formed().then_some(Self::Of(conversation_id))
    }

    /// The part of the address that names it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::All => LIST.to_owned(),
            Self::Of(conversation_id) => format!("{LIST}/{conversation_id}"),
            Self::One(recording_id) => recording_id.0.clone(),
        }
    }
}

/// Whether somebody may watch recordings.
pub(crate) fn may_watch(role: Role) -> bool {
    role >= Role::Supervisor
}

/// Whether somebody may delete them.
pub(crate) fn may_delete(role: Role) -> bool {
    role >= Role::Admin
}

/// Writes a length: `1:05`, and `2:01:05` from an hour on.
pub(crate) fn length_text(duration_ms: u64) -> String {
    let seconds = duration_ms / 1_000;
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{rest:02}") } else { format!("{minutes}:{rest:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_list_or_one_recording_and_comes_back() {
        let id = "0".repeat(32);
        for name in ["recordings".to_owned(), format!("recordings/cnv_{id}"), format!("rec_{id}")] {
            assert_eq!(RecordingsPlace::named(&name).unwrap().name(), name);
        }
        for name in ["", "teams", "recordings/", "recordings/cnv_1", "rec_1", &format!("cnv_{id}")] {
            assert_eq!(RecordingsPlace::named(name), None, "{name}");
        }
    }

    #[test]
    fn agents_neither_watch_nor_delete_and_supervisors_watch() {
        let may = |role| (may_watch(role), may_delete(role));
        assert_eq!(
            [Role::Agent, Role::Supervisor, Role::Admin].map(may),
            [(false, false), (true, false), (true, true)]
        );
    }

    #[test]
    fn lengths_are_written_in_minutes_and_hours() {
        let texts = [0, 59_999, 65_000, 7_265_000].map(length_text);
        assert_eq!(texts, ["0:00", "0:59", "1:05", "2:01:05"]);
    }
}
