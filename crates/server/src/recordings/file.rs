//! The file of a recording as it is read: looked through once by its heads, and given out piece by piece. Memory does not
//! depend on its size.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use cobrowse::envelope::{HEADER_BYTES, Header};
use cobrowse::recording::{MAGIC, Outline, RECORD_HEAD_BYTES, RecordHead};

/// What a file holds.
#[derive(Debug)]
pub(crate) struct Contents {
    /// Where playing can begin, and when nothing happened.
    pub(crate) outline: Outline,
    /// The length of what is whole.
    pub(crate) bytes: u64,
    /// Whether its end was written.
    pub(crate) is_ended: bool,
}

/// Looks through a file as far as it is whole.
///
/// # Errors
/// When it cannot be read.
pub(super) fn look_through(path: &Path) -> std::io::Result<Contents> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    let mut contents = Contents { outline: Outline::default(), bytes: 0, is_ended: false };
    let mut magic = [0; MAGIC.len()];
    if !read_whole(&mut reader, &mut magic)? || magic != MAGIC {
        return Ok(contents);
    }
    contents.bytes = MAGIC.len() as u64;
    let mut head = [0; RECORD_HEAD_BYTES];
    while read_whole(&mut reader, &mut head)? {
        let Some(RecordHead { frame_bytes, at_ms }) = RecordHead::parse(head) else { break };
        let end = contents.bytes + (RECORD_HEAD_BYTES + frame_bytes) as u64;
        if end > length {
            break;
        }
        if frame_bytes == 0 {
            contents.outline.handle(contents.bytes, at_ms, None);
            contents.bytes = end;
            contents.is_ended = true;
            break;
        }
        let mut frame_head = [0; HEADER_BYTES];
        if !read_whole(&mut reader, &mut frame_head)? {
            break;
        }
        let Some(header) = Header::peek(frame_head) else { break };
        contents.outline.handle(contents.bytes, at_ms, Some(header));
        reader.seek_relative((frame_bytes - HEADER_BYTES) as i64)?;
        contents.bytes = end;
    }
    Ok(contents)
}

/// Whether all of it could be read before the end of the file.
fn read_whole(reader: &mut impl std::io::Read, bytes: &mut [u8]) -> std::io::Result<bool> {
    match reader.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Returns at most so many bytes from one place on; none behind the end.
///
/// # Errors
/// When it cannot be read.
pub(super) fn piece(path: &Path, from: u64, bytes_max: usize) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(bytes_max as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Ends a file whose end was never written: cuts off what is not whole and puts an end behind the rest.
///
/// # Errors
/// When it cannot be read or written.
pub(super) fn end(path: &Path) -> std::io::Result<Contents> {
    let mut contents = look_through(path)?;
    if contents.is_ended || contents.bytes == 0 {
        return Ok(contents);
    }
    let mut file = File::options().write(true).open(path)?;
    file.set_len(contents.bytes)?;
    file.seek(SeekFrom::End(0))?;
    let head = RecordHead { frame_bytes: 0, at_ms: contents.outline.end_ms() };
    file.write_all(&head.to_bytes())?;
    file.sync_all()?;
    contents.bytes += RECORD_HEAD_BYTES as u64;
    contents.is_ended = true;
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cobrowse::envelope::{Flags, Kind};
    use cobrowse::recording::Place;

    fn record(at_ms: u32, kind: Kind, flags: Flags, payload: &[u8]) -> Vec<u8> {
        let frame = Header { kind, flags, sequence: 0, elapsed_ms: 0 }.frame(payload);
        [RecordHead { frame_bytes: frame.len(), at_ms }.to_bytes().to_vec(), frame].concat()
    }

    fn whole() -> Vec<u8> {
        let page = record(0, Kind::Keyframe, Flags::FIRST.with(Flags::LAST), b"page");
        [MAGIC.to_vec(), page, record(700, Kind::Delta, Flags::NONE, b"change")].concat()
    }

    #[test]
    fn a_file_cut_anywhere_is_good_up_to_its_last_whole_frame() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("cut");
        let whole = whole();
        let ends = [MAGIC.len(), MAGIC.len() + RECORD_HEAD_BYTES + HEADER_BYTES + 4, whole.len()];
        for length in MAGIC.len()..=whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let good = *ends.iter().rfind(|end| **end <= length).unwrap();
            let contents = look_through(&path).unwrap();
            assert_eq!((contents.bytes, contents.is_ended), (good as u64, false), "cut at {length}");
            let ended = end(&path).unwrap();
            assert_eq!(ended.bytes, (good + RECORD_HEAD_BYTES) as u64);
            let again = look_through(&path).unwrap();
            assert!(again.is_ended);
            assert_eq!(again.outline.end_ms(), if length == whole.len() { 700 } else { 0 });
            assert_eq!(piece(&path, 0, 1 << 20).unwrap()[..good], whole[..good]);
        }
        assert_eq!(look_through(&path).unwrap().outline.places(), [Place { at_ms: 0, offset: 8 }]);
    }

    #[test]
    fn nonsense_is_an_empty_recording_and_a_missing_file_an_error() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("nonsense");
        assert_eq!(look_through(&path).unwrap_err().kind(), ErrorKind::NotFound);
        for bytes in [Vec::new(), b"TDM".to_vec(), vec![7; 400]] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(look_through(&path).unwrap().bytes, 0);
        }
        std::fs::write(&path, [&whole()[..], &[0xff; 64]].concat()).unwrap();
        assert_eq!(look_through(&path).unwrap().bytes, whole().len() as u64);
    }

    #[test]
    fn pieces_are_as_large_as_asked_for_and_empty_behind_the_end() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("pieces");
        std::fs::write(&path, whole()).unwrap();
        assert_eq!(piece(&path, 8, 5).unwrap(), whole()[8..13]);
        assert!(piece(&path, 1_000, 5).unwrap().is_empty());
    }
}
