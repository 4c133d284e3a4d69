//! Files: a script that is loaded with the first of them keeps their bytes, sends and draws them; here is what is wanted
//! of it, and what it says.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use browser::Value;
use chat_core::{OutboxFile, OutboxMessage, VisitorInput};
use protocol::id::MessageId;
use protocol::time::UnixMillis;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};

use super::{Redraw, Shell, Tools, now};
use crate::memory::{FILES, OUTBOX_PREFIX};
use crate::wire::{Read, field};

#[wasm_bindgen]
extern "C" {
    /// Listens for files that are chosen, dropped or pasted.
    #[wasm_bindgen(method, js_name = hearFiles)]
    fn hear_files(this: &Tools, tell: &JsValue);

    /// Gives the files that are chosen, and begins with none again.
    #[wasm_bindgen(method, js_name = takeFiles)]
    fn take_files(this: &Tools) -> JsValue;

    /// Uploads a file, going on where an earlier try came to.
    #[wasm_bindgen(method, js_name = sendFile)]
    fn send_file(this: &Tools, file_id: &str, name: &str, media_type: &str, token: &str);

    /// Lets go of the bytes of a file the server has.
    #[wasm_bindgen(method, js_name = forgetFile)]
    fn forget_file(this: &Tools, file_id: &str);

    /// Lets go of the bytes of files that nothing names any more.
    #[wasm_bindgen(method, js_name = sweepFiles)]
    fn sweep_files(this: &Tools, named: Vec<String>);

    /// Draws files into their places.
    #[wasm_bindgen(method, js_name = showFiles)]
    fn show_files(this: &Tools, token: &str, has_files: bool);
}

/// The script keeps bytes that no message names for an hour, because another tab may be about to.
const UNNAMED_MS: i64 = 60 * 60 * 1000;

/// Called with each word of the script.
type Ear = Closure<dyn Fn(JsValue)>;

/// Files that are chosen, and the ear for what the script says.
#[derive(Default)]
pub(super) struct Uploads {
    chosen_count: Cell<usize>,
    ear: RefCell<Option<Ear>>,
}

impl Shell {
    /// Listens for files from now on.
    pub(super) fn hear_files(self: &Rc<Self>) {
        let shell = Rc::downgrade(self);
        let ear = Ear::new(move |word| {
            if let Some(shell) = shell.upgrade() {
                shell.hear_file(&Value::from_js(&word));
            }
        });
        self.sharing.tools().hear_files(ear.as_ref());
        self.uploads.ear.replace(Some(ear));
    }

    /// How many files are chosen.
    pub(crate) fn file_count(&self) -> usize {
        self.uploads.chosen_count.get()
    }

    /// Sends a text with the files that are chosen. Returns whether they could be taken; if not, all stays as it is.
    pub(crate) fn send_all(self: &Rc<Self>, text: String) -> bool {
        let is_taken = self.chat().compose_fault(&text, self.file_count()).is_none();
        if is_taken {
            let files = match self.uploads.chosen_count.take() {
                0 => Vec::new(),
                _ => Vec::read(&Value::from_js(&self.sharing.tools().take_files())).unwrap_or_default(),
            };
            self.compose(text, files);
        }
        is_taken
    }

    /// Draws files into their places; the script for it is loaded when there are some.
    pub(crate) fn show_files(&self, has_files: bool) {
        self.sharing.tools().show_files(&self.token(), has_files);
    }

    pub(super) fn upload(&self, file: &OutboxFile) {
        self.sharing.tools().send_file(&file.file_id, &file.name, &file.media_type, &self.token());
    }

    /// Files are chosen; or one came further, is whole, failed, or is not wanted any more.
    fn hear_file(self: &Rc<Self>, word: &Value) {
        let Some(file_id) = field::<String>(word, "file_id") else {
            // Bytes are about to be kept.
            self.memory.keep(FILES, &now());
            self.uploads.chosen_count.set(field(word, "chosen_count").unwrap_or_default());
            self.tell_view(Redraw::Changed);
            return;
        };
        self.feed(if let Some(sent_bytes) = field(word, "bytes") {
            VisitorInput::UploadProgressed { file_id, sent_bytes }
        } else if let Some(attachment_id) = field(word, "attachment_id") {
            VisitorInput::Uploaded { file_id, attachment_id }
        } else if let Some(is_final) = field(word, "is_final") {
            VisitorInput::UploadFailed { file_id, is_final }
        } else {
            VisitorInput::RemoveFile { file_id }
        });
    }

    /// The server has a message: the bytes of its files are not needed any more.
    pub(super) fn forget_files(&self, message_id: &MessageId) {
        let message: Option<OutboxMessage> = self.memory.read(&format!("{OUTBOX_PREFIX}{message_id}"));
        for file in message.iter().flat_map(|message| &message.files) {
            self.sharing.tools().forget_file(&file.file_id);
        }
    }

    /// Lets go of bytes whose message is gone, and loads the script for this no longer than there may be some.
    pub(super) fn sweep_files(&self) {
        let Some(kept_at) = self.memory.read::<UnixMillis>(FILES) else { return };
        let messages: Vec<OutboxMessage> = self.memory.read_all(OUTBOX_PREFIX);
        let files = messages.into_iter().flat_map(|message| message.files);
        let named: Vec<String> = files.map(|file| file.file_id).collect();
        if named.is_empty() && now().since_ms(kept_at) > UNNAMED_MS {
            self.memory.forget(FILES);
        }
        self.sharing.tools().sweep_files(named);
    }

    pub(super) fn token(&self) -> String {
        self.chat().session().map(|session| session.token.clone()).unwrap_or_default()
    }
}
