//! The unused part of a page. `secure_delete` overwrites a row where it stands, but not the copies SQLite leaves
//! behind in a page it has put together anew: those lie between the cell pointers and the cells.
//!
//! The layout is that of the file format, section 1.6, "B-tree Pages".

use std::ops::Range;

/// The file header in front of the first page's own.
const FILE_HEADER_BYTES: usize = 100;

/// Pages from which an overflow page, which begins with a page number, could look like a b-tree page.
pub(super) const PAGES_MAX: u32 = 0x0200_0000;

/// Whether something is left in the unused part of the page.
pub(super) fn is_unclean(number: u32, page: &[u8]) -> bool {
    unused(number, page).is_some_and(|unused| page[unused].iter().any(|byte| *byte != 0))
}

/// Overwrites the unused part of the page with zeros.
pub(super) fn clean(number: u32, page: &mut [u8]) {
    if let Some(unused) = unused(number, page) {
        page[unused].fill(0);
    }
}

/// The bytes between the cell pointers and the cells; none for a page that is not of a b-tree.
fn unused(number: u32, page: &[u8]) -> Option<Range<usize>> {
    let header = if number == 1 { FILE_HEADER_BYTES } else { 0 };
    let pointers = match *page.get(header)? {
        // Interior pages of indexes and tables carry one more page number.
        2 | 5 => header + 12,
        10 | 13 => header + 8,
        _ => return None,
    };
    let cells = usize::from(u16_at(page, header + 3)?);
    let content = match u16_at(page, header + 5)? {
        0 => 65_536,
        content => usize::from(content),
    };
    let begin = pointers + 2 * cells;
    (begin <= content && content <= page.len()).then_some(begin..content)
}

fn u16_at(page: &[u8], offset: usize) -> Option<u16> {
    let bytes = page.get(offset..offset + 2)?;
    Some(u16::from_be_bytes([bytes[0], bytes[1]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of 64 bytes filled with ones, of a kind, with two cells that begin at 50.
    fn page(kind: u8, header: usize) -> Vec<u8> {
        let mut page = vec![1; header + 64];
        page[header..header + 8].copy_from_slice(&[kind, 0, 0, 0, 2, 0, 50 + header as u8, 0]);
        page
    }

    #[test]
    fn what_lies_between_pointers_and_cells_is_overwritten_and_nothing_else() {
        for (kind, pointers) in [(13, 8), (10, 8), (5, 12), (2, 12)] {
            let mut page = page(kind, 0);
            let before = page.clone();
            assert!(is_unclean(7, &page));
            clean(7, &mut page);
            assert!(!is_unclean(7, &page));
            let (begin, end) = (pointers + 4, 50);
            assert!(page[begin..end].iter().all(|byte| *byte == 0));
            assert_eq!((&page[..begin], &page[end..]), (&before[..begin], &before[end..]));
        }
    }

    #[test]
    fn the_first_page_begins_behind_the_header_of_the_file() {
        let mut page = page(13, 100);
        clean(1, &mut page);
        assert!(page[..100].iter().all(|byte| *byte == 1));
        assert!(page[112..150].iter().all(|byte| *byte == 0));
        assert!(page[150..].iter().all(|byte| *byte == 1));
    }

    #[test]
    fn pages_of_another_kind_or_without_sense_are_left_alone() {
        let overflow = vec![0; 64];
        let mut nonsense = page(13, 0);
        nonsense[5..7].copy_from_slice(&9_u16.to_be_bytes());
        let mut beyond = page(13, 0);
        beyond[5..7].copy_from_slice(&900_u16.to_be_bytes());
        for page in [overflow, nonsense, beyond, vec![13, 0], Vec::new()] {
            let mut cleaned = page.clone();
            clean(7, &mut cleaned);
            assert_eq!(cleaned, page);
            assert!(!is_unclean(7, &page));
        }
    }
}
