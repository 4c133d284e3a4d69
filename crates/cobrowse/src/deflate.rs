//! One deflate stream per keyframe epoch, cut into frames at sync points, so that each frame can be read as soon as
//! it has come and still profits from all that came before.

use miniz_oxide::deflate::core::{CompressorOxide, create_comp_flags_from_zip_params};
use miniz_oxide::deflate::stream::deflate;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush};

use crate::limit;

/// Every sync point ends with an empty stored block, of which these bytes are always the same and are left out
/// on the wire, as RFC 7692 does.
const SYNC_TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// The balance between the main thread of a page that records itself and the bytes on the wire.
const LEVEL: i32 = 4;

/// The writing side of a stream.
pub(crate) struct Deflater {
    state: Box<CompressorOxide>,
    buffer: Vec<u8>,
}

impl std::fmt::Debug for Deflater {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Deflater")
    }
}

impl Deflater {
    pub(crate) fn new() -> Self {
        let flags = create_comp_flags_from_zip_params(LEVEL, -15, 0);
        Self { state: Box::new(CompressorOxide::new(flags)), buffer: vec![0; 32 * 1024] }
    }

    /// Begins a new stream that knows nothing of the former one.
    pub(crate) fn restart(&mut self) {
        self.state.reset();
    }

    /// Returns the piece of the stream that carries `payload`.
    pub(crate) fn piece(&mut self, mut payload: &[u8]) -> Vec<u8> {
        let mut piece = Vec::with_capacity(payload.len() / 3 + 16);
        loop {
            let step = deflate(&mut self.state, payload, &mut self.buffer, MZFlush::Sync);
            piece.extend_from_slice(&self.buffer[..step.bytes_written]);
            payload = &payload[step.bytes_consumed..];
            if step.status.is_err() || (payload.is_empty() && step.bytes_written < self.buffer.len()) {
                break;
            }
        }
        if piece.ends_with(&SYNC_TAIL) {
            piece.truncate(piece.len() - SYNC_TAIL.len());
        }
        piece
    }
}

/// The reading side of a stream.
pub(crate) struct Inflater {
    state: Box<InflateState>,
    buffer: Vec<u8>,
}

impl std::fmt::Debug for Inflater {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Inflater")
    }
}

impl Inflater {
    pub(crate) fn new() -> Self {
        Self { state: InflateState::new_boxed(DataFormat::Raw), buffer: vec![0; 32 * 1024] }
    }

    /// Begins a new stream.
    pub(crate) fn restart(&mut self) {
        self.state.reset(DataFormat::Raw);
    }

    /// Returns what the piece carries, or `None` when it is corrupt or inflates to more than is allowed.
    pub(crate) fn payload(&mut self, piece: &[u8]) -> Option<Vec<u8>> {
        let mut payload = Vec::new();
        for mut input in [piece, SYNC_TAIL.as_slice()] {
            loop {
                let step = inflate(&mut self.state, input, &mut self.buffer, MZFlush::None);
                payload.extend_from_slice(&self.buffer[..step.bytes_written]);
                if payload.len() > limit::INFLATED_BYTES_MAX {
                    return None;
                }
                input = &input[step.bytes_consumed..];
                let is_drained = input.is_empty() && step.bytes_written < self.buffer.len();
                let is_stuck = step.bytes_consumed == 0 && step.bytes_written == 0;
                if is_drained || (is_stuck && input.is_empty()) {
                    break;
                }
                if step.status.is_err() || is_stuck {
                    return None;
                }
            }
        }
        Some(payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_back_in_order_and_later_ones_are_smaller() {
        let (mut deflater, mut inflater) = (Deflater::new(), Inflater::new());
        let text = "the same words about co-browsing a page, over and over ".repeat(5);
        let first = deflater.piece(text.as_bytes());
        let second = deflater.piece(text.as_bytes());
        assert!(second.len() < first.len());
        assert_eq!(inflater.payload(&first).as_deref(), Some(text.as_bytes()));
        assert_eq!(inflater.payload(&second).as_deref(), Some(text.as_bytes()));
        let large: Vec<u8> = (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(inflater.payload(&deflater.piece(&large)), Some(large));
        assert_eq!(inflater.payload(&deflater.piece(b"")), Some(Vec::new()));
    }

    #[test]
    fn restarted_streams_understand_each_other() {
        let (mut deflater, mut inflater) = (Deflater::new(), Inflater::new());
        assert!(inflater.payload(&deflater.piece(b"before")).is_some());
        deflater.restart();
        let mut late = Inflater::new();
        inflater.restart();
        let piece = deflater.piece(b"after");
        assert_eq!(inflater.payload(&piece).as_deref(), Some(b"after".as_slice()));
        assert_eq!(late.payload(&piece).as_deref(), Some(b"after".as_slice()));
    }

    #[test]
    fn bomb_is_refused_before_it_fills_memory() {
        let mut deflater = Deflater::new();
        let bomb = deflater.piece(&vec![0; limit::INFLATED_BYTES_MAX + 1]);
        assert!(bomb.len() < 1024 * 1024);
        assert_eq!(Inflater::new().payload(&bomb), None);
    }
}
