//! The way of a file: chosen, kept here, uploaded when the machine asks for it, forgotten with its message.

use std::cell::RefCell;
use std::rc::Weak;

use browser::object::{field, text_field};
use chat_core::{AgentInput, OutboxFile, OutboxMessage};
use protocol::id::AttachmentId;
use wasm_bindgen::prelude::Closure;

use super::{Core, Report, feed_weak, report};
use crate::tools::Files;

/// Lets go of the bytes of messages that are gone.
pub(super) fn sweep(files: Files, messages: &[OutboxMessage]) {
    let named = messages.iter().flat_map(|message| &message.files).map(|file| file.file_id.clone());
    let named: Vec<String> = named.collect();
    browser::spawn(async move { files.forget_all_but(named).await });
}

/// Lets go of the bytes of one message.
pub(super) fn forget(files: Files, file_ids: Vec<String>) {
    browser::spawn(async move {
        for file_id in file_ids {
            files.forget(&file_id).await;
        }
    });
}

/// Uploads a file and tells the machine how that goes and how it ends.
pub(super) async fn upload(core: Weak<RefCell<Core>>, files: Files, file: OutboxFile) {
    let OutboxFile { file_id, name, media_type, .. } = file;
    let progress = {
        let (core, file_id) = (core.clone(), file_id.clone());
        Closure::<dyn Fn(f64)>::new(move |sent_bytes: f64| {
            // A number of bytes from the script is a whole number below 2^53.
            let sent_bytes = sent_bytes as u64;
            feed_weak(&core, AgentInput::UploadProgressed { file_id: file_id.clone(), sent_bytes });
        })
    };
    match files.send(&file_id, &name, &media_type, &progress).await {
        Ok(answer) => {
            let attachment_id = AttachmentId(answer.as_string().unwrap_or_default());
            feed_weak(&core, AgentInput::Uploaded { file_id, attachment_id });
        }
        Err(error) => {
            let is_final = field(&error, "isFinal").as_bool().unwrap_or(false);
            feed_weak(&core, AgentInput::UploadFailed { file_id, is_final });
            if let Some(core) = core.upgrade().filter(|_| is_final) {
                let detail = text_field(&error, "detail").unwrap_or_default();
                report(&core, Report::FileRefused { name, detail });
            }
        }
    }
}
