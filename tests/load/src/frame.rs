//! As much of RFC 6455 as a client under measurement needs: small frames out, whole frames in. A generator that
//! spent more on its frames than the servers do would measure itself.

/// A frame that came in, as a range of the buffer it lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: Kind,
    pub(crate) payload: std::ops::Range<usize>,
    /// Where the next frame begins.
    pub(crate) end: usize,
}

/// What a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Binary,
    Close,
    Ping,
    /// Pongs, and what these servers do not send.
    Other,
}

/// Appends a masked frame. The mask is zero, which RFC 6455 allows to whoever needs no protection from proxies and
/// which leaves the server the same work as any other.
fn put(out: &mut Vec<u8>, first: u8, payload: &[u8]) {
    out.push(first);
    match payload.len() {
        length @ 0..=125 => out.push(0x80 | length as u8),
        length @ 126..=0xffff => {
            out.push(0x80 | 126);
            out.extend((length as u16).to_be_bytes());
        }
        length => {
            out.push(0x80 | 127);
            out.extend((length as u64).to_be_bytes());
        }
    }
    out.extend([0; 4]);
    out.extend(payload);
}

/// Returns a text frame.
pub(crate) fn text(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + 14);
    put(&mut out, 0x81, payload);
    out
}

/// Returns a binary frame.
pub(crate) fn binary(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + 14);
    put(&mut out, 0x82, payload);
    out
}

/// Returns a text frame as a server sends it: without a mask.
pub(crate) fn from_server(payload: &[u8]) -> Vec<u8> {
    let mut out = text(payload);
    out[1] &= 0x7f;
    let mask_at = out.len() - payload.len() - 4;
    out.drain(mask_at..mask_at + 4);
    out
}

/// Returns the answer to a ping.
pub(crate) fn pong(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + 6);
    put(&mut out, 0x8a, payload);
    out
}

/// Returns the frame at `start`, or `None` while it is not whole. A mask is taken for the zero mask of `text`.
pub(crate) fn parse(buffer: &[u8], start: usize) -> Option<Frame> {
    let head = buffer.get(start..start + 2)?;
    let kind = match head[0] & 0x0f {
        1 => Kind::Text,
        2 => Kind::Binary,
        8 => Kind::Close,
        9 => Kind::Ping,
        _ => Kind::Other,
    };
    let mask_bytes = if head[1] & 0x80 == 0 { 0 } else { 4 };
    let (length, length_end) = match head[1] & 0x7f {
        126 => {
            let bytes = buffer.get(start + 2..start + 4)?;
            (usize::from(u16::from_be_bytes([bytes[0], bytes[1]])), start + 4)
        }
        127 => {
            let bytes: [u8; 8] = buffer.get(start + 2..start + 10)?.try_into().ok()?;
            (usize::try_from(u64::from_be_bytes(bytes)).ok()?, start + 10)
        }
        length => (usize::from(length), start + 2),
    };
    let payload_at = length_end + mask_bytes;
    let end = payload_at.checked_add(length)?;
    (end <= buffer.len()).then_some(Frame { kind, payload: payload_at..end, end })
}

/// Returns the code of a close frame, 1005 when it has none.
pub(crate) fn close_code(payload: &[u8]) -> u16 {
    payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_every_length_are_read_as_they_were_written_and_not_before_they_are_whole() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let frame = from_server(&vec![b'x'; length]);
            let read = parse(&frame, 0).unwrap();
            assert_eq!((read.kind, read.payload.len(), read.end), (Kind::Text, length, frame.len()));
            assert_eq!(parse(&frame[..frame.len() - 1], 0), None);
        }
    }

    #[test]
    fn a_masked_frame_is_read_where_its_payload_begins() {
        let frame = text(b"hello");
        assert_eq!(&frame[parse(&frame, 0).unwrap().payload], b"hello");
    }

    #[test]
    fn a_close_frame_gives_its_code() {
        assert_eq!(close_code(&4008u16.to_be_bytes()), 4008);
        assert_eq!(close_code(&[]), 1005);
    }
}
