//! The recordings of a conversation in an archive: what is known of each, and its frames as they lie on the disk. One that
//! still goes on is there as far as it has come.

use std::io::Write;

use protocol::id::ConversationId;
use protocol::limit::PAGE_ROWS_MAX;
use store::RecordingsStart;

use super::{Archive, ExportError, Source, as_it_is, packed};

impl Source<'_> {
    /// Writes them; returns how many had frames.
    pub(super) fn write_recordings<W: Write>(
        &self,
        archive: &mut Archive<W>,
        conversation_id: &ConversationId,
    ) -> Result<usize, ExportError> {
        let (mut files, mut start) = (0, None);
        loop {
            let reading = self.store.recordings(Some(conversation_id.clone()), start, PAGE_ROWS_MAX);
            let found = self.runtime.block_on(reading)?;
            for recording in &found {
                let recording_id = &recording.recording_id;
                archive.start_file(format!("recordings/{recording_id}.json"), packed())?;
                serde_json::to_writer_pretty(&mut *archive, recording)?;
                let frames = self.recordings.frames(recording_id);
                let Some(mut frames) = frames.map_err(|error| ExportError::File(error.to_string()))? else {
                    continue;
                };
                archive
                    .start_file(format!("recordings/{recording_id}.frames"), as_it_is().large_file(true))?;
                std::io::copy(&mut frames, archive)?;
                files += 1;
            }
            let last = found.last().filter(|_| found.len() == PAGE_ROWS_MAX);
            let Some(last) = last else { return Ok(files) };
            start =
                Some(RecordingsStart { begun_at: last.begun_at, recording_id: last.recording_id.clone() });
        }
    }
}
