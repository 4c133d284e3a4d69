//! All that is known of a customer, as one zip archive: `customer.json`, `conversations/{id}.json` with every event and
//! the survey's answers, `attachments/{id}-{name}` with the files, `recordings/{id}.json` and `.frames` with the
//! recordings of shared pages. It is written as it is read: no part of it is held
//! whole in memory.

mod pace;
mod recordings;
mod stream;
mod turns;

use std::io::Write;

use futures_util::StreamExt as _;
use protocol::attachment::Attachment;
use protocol::conversation::{ConversationEvent, ConversationHead, EventKind, Side, SurveyResult};
use protocol::id::{ConversationId, CustomerId, TouchpointId};
use protocol::limit::PAGE_ROWS_MAX;
use protocol::people::{Identity, Page};
use protocol::time::UnixMillis;
use serde::Serialize;
use store::{Conversation, CustomerRecord, Store, StoreError};
use tokio::runtime::Handle;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

use crate::files::Place;
use crate::recordings::Recordings;

pub(crate) use stream::respond;
pub(crate) use turns::Exports;

/// Why an archive was not written to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportError {
    /// Whoever wanted it takes it no longer, or the disk does not.
    #[error("cannot write: {0}")]
    Write(#[from] std::io::Error),
    /// The archive cannot be put together.
    #[error("cannot write the archive: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// A document cannot be written as JSON.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bytes of a file cannot be read.
    #[error("cannot read a file: {0}")]
    File(String),
}

/// `customer.json`.
#[derive(Serialize)]
struct CustomerDocument<'a> {
    customer_id: &'a CustomerId,
    touchpoint_id: &'a TouchpointId,
    identity: &'a Identity,
    /// What agents wrote down, for those who read for the owner of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a str>,
    page: &'a Page,
    created_at: UnixMillis,
    exported_at: UnixMillis,
    conversations: Vec<&'a ConversationId>,
}

/// The beginning of `conversations/{id}.json`; the events follow.
#[derive(Serialize)]
struct ConversationDocument<'a> {
    #[serde(flatten)]
    head: &'a ConversationHead,
    touchpoint_id: &'a TouchpointId,
    survey: &'a Option<SurveyResult>,
    created_at: UnixMillis,
    updated_at: UnixMillis,
}

/// Where an archive is put together from. Only for threads that may wait.
pub(crate) struct Source<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) place: &'a Place,
    pub(crate) recordings: &'a Recordings,
    pub(crate) runtime: &'a Handle,
    /// Who will read it: customers do not see what agents say among themselves.
    pub(crate) reader: Side,
    pub(crate) now: UnixMillis,
}

type Archive<W> = ZipWriter<StreamWriter<W>>;

impl Source<'_> {
    /// Writes the archive and returns how many files are in it.
    pub(crate) fn write(&self, record: &CustomerRecord, target: impl Write) -> Result<usize, ExportError> {
        let mut archive = ZipWriter::new_stream(target);
        let customer = &record.customer;
        archive.start_file("customer.json", packed())?;
        let document = CustomerDocument {
            customer_id: &customer.customer_id,
            touchpoint_id: &customer.touchpoint_id,
            identity: &customer.identity,
            notes: (self.reader == Side::Agent).then_some(customer.notes.as_str()),
            page: &customer.page,
            created_at: customer.created_at,
            exported_at: self.now,
            conversations: record.conversations.iter().map(|found| &found.head.conversation_id).collect(),
        };
        serde_json::to_writer_pretty(&mut archive, &document)?;
        let mut files = 0;
        for conversation in &record.conversations {
            for attachment in self.write_conversation(&mut archive, conversation)? {
                files += usize::from(self.write_file(&mut archive, &attachment)?);
            }
            files += self.write_recordings(&mut archive, &conversation.head.conversation_id)?;
        }
        archive.finish()?.into_inner().flush()?;
        Ok(files)
    }

    /// Writes a conversation and returns the files of its messages.
    fn write_conversation<W: Write>(
        &self,
        archive: &mut Archive<W>,
        conversation: &Conversation,
    ) -> Result<Vec<Attachment>, ExportError> {
        let conversation_id = &conversation.head.conversation_id;
        archive.start_file(format!("conversations/{conversation_id}.json"), packed())?;
        let document = ConversationDocument {
            head: &conversation.head,
            touchpoint_id: &conversation.touchpoint_id,
            survey: &conversation.survey,
            created_at: conversation.created_at,
            updated_at: conversation.updated_at,
        };
        let head = serde_json::to_string(&document)?;
        archive.write_all(head.strip_suffix('}').unwrap_or(&head).as_bytes())?;
        archive.write_all(b",\"events\":[")?;
        let (mut files, mut after_seq) = (Vec::new(), 0);
        loop {
            let events =
                self.runtime.block_on(self.store.events(conversation_id, after_seq, PAGE_ROWS_MAX))?;
            let Some(last) = events.last() else { break };
            let first_seq = after_seq;
            after_seq = last.seq;
            for (place, event) in events.into_iter().enumerate() {
                files.extend(attachments(&event).iter().cloned());
                archive.write_all(if first_seq == 0 && place == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut *archive, &event.seen_by(self.reader))?;
            }
        }
        archive.write_all(b"\n]}\n")?;
        Ok(files)
    }

    /// Writes a file; whether it was still there.
    fn write_file<W: Write>(
        &self,
        archive: &mut Archive<W>,
        attachment: &Attachment,
    ) -> Result<bool, ExportError> {
        let unreadable = |error: String| ExportError::File(error);
        let reading = self.runtime.block_on(self.place.read(&attachment.attachment_id, None));
        let Some(mut reading) = reading.map_err(|error| unreadable(format!("{error:#}")))? else {
            return Ok(false);
        };
        let name = format!("attachments/{}-{}", attachment.attachment_id, attachment.name);
        archive.start_file(name, as_it_is())?;
        while let Some(bytes) = self.runtime.block_on(reading.bytes.next()) {
            archive.write_all(&bytes.map_err(|error| unreadable(error.to_string()))?)?;
        }
        Ok(true)
    }
}

fn attachments(event: &ConversationEvent) -> &[Attachment] {
    if let EventKind::Message { attachments, .. } = &event.what { attachments } else { &[] }
}

/// Pictures, sound, archives and frames are packed already.
fn as_it_is() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored)
}

fn packed() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}
