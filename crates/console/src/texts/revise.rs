//! Texts: editing messages and taking them back.

/// Editing messages and taking them back.
pub(crate) struct ReviseTexts {
    pub(crate) edit: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) editor: &'static str,
    pub(crate) save: &'static str,
    pub(crate) saving: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) edited: &'static str,
    pub(crate) deleted: &'static str,
    pub(crate) ask_title: &'static str,
    pub(crate) ask_text: &'static str,
    pub(crate) ask_yes: &'static str,
    pub(crate) ask_running: &'static str,
    pub(crate) fault_gone: &'static str,
    pub(crate) fault_forbidden: &'static str,
    pub(crate) discard: &'static str,
    pub(crate) tools: &'static str,
}

pub(super) const ENGLISH: ReviseTexts = ReviseTexts {
    edit: "Edit",
    delete: "Delete",
    editor: "Edit the message",
    save: "Save",
    saving: "Saving …",
    cancel: "Cancel",
    edited: "edited",
    deleted: "Message deleted",
    ask_title: "Delete this message?",
    ask_text: "It disappears for the customer too, with its files. This cannot be undone.",
    ask_yes: "Delete",
    ask_running: "Deleting …",
    fault_gone: "This message was deleted in the meantime. Your text is kept here; copy it if you need it.",
    fault_forbidden: "Only whoever wrote a message can change it.",
    discard: "Discard",
    tools: "Message from {time}",
};
