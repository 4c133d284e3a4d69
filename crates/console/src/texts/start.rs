//! Texts: sessions that a visitor begins, with an offer or a code.

/// Sessions that a visitor begins.
pub(crate) struct StartTexts {
    pub(crate) offered: &'static str,
    pub(crate) offered_mark: &'static str,
    pub(crate) look: &'static str,
    pub(crate) code_title: &'static str,
    pub(crate) code_text: &'static str,
    pub(crate) code_label: &'static str,
    pub(crate) code_connect: &'static str,
    pub(crate) code_running: &'static str,
    pub(crate) code_cancel: &'static str,
    pub(crate) code_short: &'static str,
    pub(crate) code_wrong: &'static str,
    pub(crate) code_many: &'static str,
}

pub(super) const ENGLISH: StartTexts = StartTexts {
    offered: "{customer} offers to show you the page.",
    offered_mark: "Offers to show the page",
    look: "Look at it now",
    code_title: "Connect by code",
    code_text: "The visitor finds a code in the menu of their chat and reads it out. They are asked before you see \
                anything, and the conversation becomes yours.",
    code_label: "Six digits",
    code_connect: "Connect",
    code_running: "Connecting …",
    code_cancel: "Cancel",
    code_short: "A code has six digits.",
    code_wrong: "This code is wrong, was used, or is too old. Ask for a new one.",
    code_many: "Too many codes were wrong. Try again in some minutes.",
};
