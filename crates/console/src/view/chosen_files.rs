//! The files that are chosen in the composer: taken from the picker, the clipboard or a drag, checked, and drawn as
//! chips with a small picture of those that are pictures.

use browser::entropy;
use chat_core::OutboxFile;
use protocol::attachment::is_image;
use protocol::limit::{ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX};
use web_sys::{DataTransfer, File, FileList, Url};
use yew::{Callback, Html, html};

use super::icon::{Icon, icon};
use super::message_files::file_name;
use crate::shell::ChosenFile;
use crate::state::file::{FileFault, fault, shown_name, size_text};
use crate::texts::{TEXTS, fill};

/// The files of one composer.
#[derive(Default)]
pub(crate) struct ChosenFiles {
    files: Vec<Chip>,
}

struct Chip {
    chosen: ChosenFile,
    /// Where the browser shows it from; only pictures have one.
    preview: Option<Preview>,
}

/// An address of the bytes in this page, given back when it is dropped.
struct Preview(String);

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

impl Chip {
    fn new(chosen: ChosenFile) -> Self {
        let preview = is_image(&chosen.file.media_type)
            .then(|| Url::create_object_url_with_blob(&chosen.blob).ok())
            .flatten();
        Self { chosen, preview: preview.map(Preview) }
    }
}

impl ChosenFiles {
    /// Begins with those that were chosen before.
    pub(crate) fn new(chosen: Vec<ChosenFile>) -> Self {
        Self { files: chosen.into_iter().map(Chip::new).collect() }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Gives all of them.
    pub(crate) fn all(&self) -> Vec<ChosenFile> {
        self.files.iter().map(|chip| chip.chosen.clone()).collect()
    }

    /// Adds files; returns what to tell the agent about one that is not taken.
    pub(crate) fn add(&mut self, files: Vec<File>) -> Option<String> {
        let mut notice = None;
        for blob in files {
            // A size is a whole number below 2^53.
            let bytes = blob.size() as u64;
            match fault(self.files.len(), bytes) {
                None => self.files.push(Chip::new(chosen(blob, bytes))),
                Some(fault) => notice = Some(fault_text(fault, &blob.name())),
            }
        }
        notice
    }

    /// Takes one out.
    pub(crate) fn remove(&mut self, file_id: &str) {
        self.files.retain(|chip| chip.chosen.file.file_id != file_id);
    }

    /// Draws the chips; nothing when there are none.
    pub(crate) fn draw(&self, on_remove: &Callback<String>) -> Html {
        if self.files.is_empty() {
            return Html::default();
        }
        html! {
            <ul class="chips" aria-label={TEXTS.files.chosen} data-testid="chosen-files">
                { for self.files.iter().map(|chip| draw_chip(chip, on_remove)) }
            </ul>
        }
    }
}

fn chosen(blob: File, bytes: u64) -> ChosenFile {
    let file_id = format!("fil_{}", entropy::entropy().map(|byte| format!("{byte:02x}")).concat());
    let file =
        OutboxFile { file_id, name: blob.name(), media_type: blob.type_(), bytes, attachment_id: None };
    ChosenFile { file, blob }
}

fn fault_text(fault: FileFault, name: &str) -> String {
    let name = shown_name(name);
    let name = format!("{}{}", name.stem, name.ending);
    match fault {
        FileFault::TooMany => fill(TEXTS.files.too_many, &[("count", &ATTACHMENTS_MAX.to_string())]),
        FileFault::TooLarge => {
            fill(TEXTS.files.too_large, &[("name", &name), ("size", &size_text(ATTACHMENT_BYTES_MAX))])
        }
        FileFault::Empty => fill(TEXTS.files.empty, &[("name", &name)]),
    }
}

fn draw_chip(chip: &Chip, on_remove: &Callback<String>) -> Html {
    let file = &chip.chosen.file;
    let name = shown_name(&file.name);
    let remove = fill(TEXTS.files.remove, &[("name", &format!("{}{}", name.stem, name.ending))]);
    let file_id = file.file_id.clone();
    let on_click = on_remove.reform(move |_| file_id.clone());
    html! {
        <li class="chip" key={file.file_id.clone()} data-testid="chosen-file">
            if let Some(Preview(address)) = &chip.preview {
                <img class="chip__image" src={address.clone()} alt="" />
            } else {
                { icon(Icon::File, "file__icon") }
            }
            { file_name(&name) }
            <span class="file__size">{ size_text(file.bytes) }</span>
            <button class="tool" type="button" onclick={on_click} aria-label={remove.clone()} title={remove}
                data-testid="remove-file">
                { icon(Icon::Close, "") }
            </button>
        </li>
    }
}

/// Returns the files of a list.
pub(crate) fn files_of(list: Option<FileList>) -> Vec<File> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)).collect()
}

/// Whether a drag brings files.
pub(crate) fn brings_files(transfer: Option<&DataTransfer>) -> bool {
    transfer.is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0))
}
