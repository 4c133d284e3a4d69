//! Texts: conversations that come to this agent.

/// Conversations that come to this agent.
pub(crate) struct GivenTexts {
    pub(crate) by: &'static str,
    pub(crate) by_routing: &'static str,
    pub(crate) open: &'static str,
}

pub(super) const ENGLISH: GivenTexts = GivenTexts {
    by: "{agent} gave you the conversation with {customer}",
    by_routing: "A new conversation for you: {customer}",
    open: "Open",
};
