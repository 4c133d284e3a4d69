//! Texts: giving a conversation to somebody.

/// Giving a conversation to somebody.
pub(crate) struct AssignTexts {
    pub(crate) open: &'static str,
    pub(crate) title: &'static str,
    pub(crate) search: &'static str,
    pub(crate) note: &'static str,
    pub(crate) note_hint: &'static str,
    pub(crate) me: &'static str,
    pub(crate) queue: &'static str,
    pub(crate) queue_hint: &'static str,
    pub(crate) team_available: &'static str,
    pub(crate) team_nobody: &'static str,
    pub(crate) none_found: &'static str,
    pub(crate) running: &'static str,
    pub(crate) taken: &'static str,
    pub(crate) freed: &'static str,
    pub(crate) how: &'static str,
}

pub(super) const ENGLISH: AssignTexts = AssignTexts {
    open: "Assign",
    title: "Assign this conversation",
    search: "Search agents and teams",
    note: "Note for whoever gets it",
    note_hint: "Note for whoever gets it (optional)",
    me: "{agent} (you)",
    queue: "Everybody",
    queue_hint: "Back to the queue",
    team_available: "{count} available",
    team_nobody: "Nobody available",
    none_found: "Nobody is called that.",
    running: "Assigning …",
    taken: "{agent} answers this conversation by now. Choose again if it shall still change hands; your note is kept.",
    freed: "Nobody answers this conversation any more. Choose again; your note is kept.",
    how: "Enter assigns",
};
