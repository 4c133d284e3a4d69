//! Varints and zigzag over byte columns: the smallest writer and a reader that refuses instead of panicking.

/// Appends `value` as a little-endian base-128 varint.
pub(crate) fn put_varint(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push((value as u8) | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Appends a signed value so that small magnitudes stay short.
pub(crate) fn put_signed(bytes: &mut Vec<u8>, value: i32) {
    put_varint(bytes, (value.wrapping_shl(1) ^ (value >> 31)) as u32);
}

/// A reader over one column. Every method answers `None` at the end of the column or on a malformed varint.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn varint(&mut self) -> Option<u32> {
        let mut value = 0_u32;
        for shift in [0, 7, 14, 21, 28] {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            if shift == 28 && byte > 0x0f {
                return None;
            }
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    pub(crate) fn signed(&mut self) -> Option<i32> {
        let value = self.varint()?;
        Some((value >> 1) as i32 ^ -((value & 1) as i32))
    }

    /// Everything that is left.
    pub(crate) fn take_rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    pub(crate) fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_length_come_back() {
        let values = [0, 1, 127, 128, 16_383, 16_384, 2_097_152, 268_435_456, u32::MAX];
        let mut bytes = Vec::new();
        for value in values {
            put_varint(&mut bytes, value);
            put_signed(&mut bytes, value as i32);
        }
        let mut cursor = Cursor::new(&bytes);
        for value in values {
            assert_eq!(cursor.varint(), Some(value));
            assert_eq!(cursor.signed(), Some(value as i32));
        }
        assert!(cursor.is_empty());
    }

    #[test]
    fn endless_and_cut_varints_are_refused() {
        assert_eq!(Cursor::new(&[0xff; 8]).varint(), None);
        assert_eq!(Cursor::new(&[0x80]).varint(), None);
        assert_eq!(Cursor::new(&[1, 2]).take(3), None);
    }
}
