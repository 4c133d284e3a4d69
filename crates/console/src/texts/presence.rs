//! Texts: how agents stand, and who answers in a team.

/// How agents stand, and who answers in a team.
pub(crate) struct PresenceTexts {
    pub(crate) colleagues: &'static str,
    pub(crate) online: &'static str,
    pub(crate) available: &'static str,
    pub(crate) busy: &'static str,
    pub(crate) away: &'static str,
    pub(crate) offline: &'static str,
    pub(crate) own_load: &'static str,
    pub(crate) own_full: &'static str,
    pub(crate) you: &'static str,
}

pub(super) const ENGLISH: PresenceTexts = PresenceTexts {
    colleagues: "Colleagues",
    online: "{count} online",
    available: "Available",
    busy: "Busy",
    away: "Away",
    offline: "Offline",
    own_load: "You have {load} chats",
    own_full: "You have {load} chats, so no new ones come to you",
    you: "{agent} (you)",
};
