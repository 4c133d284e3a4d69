//! Texts: files of messages.

/// Files of messages.
pub(crate) struct FilesTexts {
    pub(crate) attach: &'static str,
    pub(crate) sent: &'static str,
    pub(crate) drop: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) chosen: &'static str,
    pub(crate) too_many: &'static str,
    pub(crate) too_large: &'static str,
    pub(crate) empty: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) bytes_gone: &'static str,
    pub(crate) uploading: &'static str,
    pub(crate) download: &'static str,
    pub(crate) show: &'static str,
    pub(crate) close: &'static str,
}

pub(super) const ENGLISH: FilesTexts = FilesTexts {
    attach: "Attach files",
    sent: "Sent a file",
    drop: "Drop files to attach them",
    remove: "Remove {name}",
    chosen: "Files to send",
    too_many: "A message takes at most {count} files.",
    too_large: "{name} is larger than {size}.",
    empty: "{name} is empty.",
    refused: "{name} was not sent: {detail}",
    bytes_gone: "{name} was not sent: its bytes are gone from this browser. Choose the file again.",
    uploading: "{percent} % of {size}",
    download: "Download {name}",
    show: "Show {name} larger",
    close: "Close",
};
