//! Which pages were changed, as the write-ahead log tells (file format, section 4, "The Write-Ahead Log").

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

const HEADER_BYTES: u64 = 32;
const FRAME_HEADER_BYTES: u64 = 24;

/// How far a log was read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Position {
    frames: u64,
    /// Tells one round of the log from the next, which begins at its first frame again.
    salt: [u8; 8],
}

/// Returns the numbers of the pages in the log behind a position, and where it ends. There may be pages among them
/// that were changed earlier: frames of a former round of the log stay in the file until they are overwritten.
pub(crate) fn pages_since(file: &Path, position: Position) -> io::Result<(Vec<u32>, Position)> {
    let mut log = match File::open(path_of(file)) {
        Ok(log) => log,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), position)),
        Err(error) => return Err(error),
    };
    let log_bytes = log.metadata()?.len();
    if log_bytes < HEADER_BYTES {
        return Ok((Vec::new(), position));
    }
    let mut header = [0; HEADER_BYTES as usize];
    log.read_exact(&mut header)?;
    let page_bytes = u32::from_be_bytes([header[8], header[9], header[10], header[11]]);
    let frame_bytes = FRAME_HEADER_BYTES + u64::from(page_bytes);
    let frames = (log_bytes - HEADER_BYTES) / frame_bytes;
    let mut salt = [0; 8];
    salt.copy_from_slice(&header[16..24]);
    let known = if salt == position.salt { position.frames.min(frames) } else { 0 };
    let mut pages = BTreeSet::new();
    log.seek(SeekFrom::Start(HEADER_BYTES + known * frame_bytes))?;
    let mut log = BufReader::new(log);
    for _ in known..frames {
        let mut number = [0; 4];
        log.read_exact(&mut number)?;
        pages.insert(u32::from_be_bytes(number));
        log.seek_relative(i64::try_from(frame_bytes - 4).unwrap_or(i64::MAX))?;
    }
    Ok((pages.into_iter().collect(), Position { frames, salt }))
}

fn path_of(file: &Path) -> PathBuf {
    let mut path = file.to_owned().into_os_string();
    path.push("-wal");
    PathBuf::from(path)
}
