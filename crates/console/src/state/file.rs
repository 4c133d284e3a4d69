//! Files as the console shows them: names that cannot lie, sizes people read, and what is taken.

use protocol::limit::{ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX};

/// A name in two parts, so that its end is seen however long it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShownName {
    /// All but the ending; may be shortened.
    pub(crate) stem: String,
    /// The ending with its dot; empty when there is none.
    pub(crate) ending: String,
}

/// Endings longer than this are no endings.
const ENDING_CHARS_MAX: usize = 8;

/// Returns the name as it is shown. Marks that change the direction of text are taken out: with them `gpj.exe` could
/// pass for `exe.jpg`.
pub(crate) fn shown_name(name: &str) -> ShownName {
    let plain: String = name.chars().filter(|letter| !is_deceptive(*letter)).collect();
    let plain = plain.trim();
    let at = plain.rfind('.').filter(|at| *at > 0 && plain[*at..].chars().count() <= ENDING_CHARS_MAX + 1);
    let (stem, ending) = plain.split_at(at.unwrap_or(plain.len()));
    ShownName { stem: stem.to_owned(), ending: ending.to_owned() }
}

fn is_deceptive(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(letter, '\u{061c}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
}

/// Returns a size as people read it: `512 B`, `1.4 kB`, `10 MB`; a thousand of one is one of the next.
pub(crate) fn size_text(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "KB", "MB", "GB"];
    let (mut unit, mut scale) = (0, 1u64);
    while unit + 1 < UNITS.len() && bytes >= scale * 1024 {
        unit += 1;
        scale *= 1024;
    }
    let tenths = (bytes * 10 + scale / 2) / scale;
    let number = if unit == 0 || tenths >= 100 || tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    format!("{number} {}", UNITS[unit])
}

/// Returns how much of a file is there, in percent.
pub(crate) fn percent(sent_bytes: u64, bytes: u64) -> u64 {
    (sent_bytes.min(bytes) * 100).checked_div(bytes).unwrap_or(100)
}

/// Why a file cannot go beside those that are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileFault {
    /// There are as many as a message takes.
    TooMany,
    /// It is larger than any file may be.
    TooLarge,
    /// There is nothing in it.
    Empty,
}

/// Returns why a file is not taken, or none when it is. What else the server refuses it says itself.
pub(crate) fn fault(chosen_count: usize, bytes: u64) -> Option<FileFault> {
    if chosen_count >= ATTACHMENTS_MAX {
        Some(FileFault::TooMany)
    } else if bytes > ATTACHMENT_BYTES_MAX {
        Some(FileFault::TooLarge)
    } else if bytes == 0 {
        Some(FileFault::Empty)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_name(name: &str, stem: &str, ending: &str) {
        assert_eq!(
            shown_name(name),
            ShownName { stem: stem.to_owned(), ending: ending.to_owned() },
            "{name:?}"
        );
    }

    #[test]
    fn the_ending_of_a_name_stands_apart() {
        check_name("invoice.pdf", "invoice", ".pdf");
        check_name("photo.jpg.exe", "photo.jpg", ".exe");
        check_name("README", "README", "");
        check_name(".profile", ".profile", "");
        check_name("v1.this is no ending", "v1.this is no ending", "");
    }

    #[test]
    fn marks_that_turn_text_around_cannot_hide_an_ending() {
        check_name("photo\u{202e}gpj.exe", "photogpj", ".exe");
        check_name("a\u{200f}\u{2066}b\n.tx\u{feff}t", "ab", ".txt");
    }

    #[test]
    fn sizes_are_told_in_the_largest_unit_that_fits() {
        for (bytes, expected) in [
            (0, "0 B"),
            (512, "512 B"),
            (1_434, "1.4 KB"),
            (10 * 1024 * 1024, "10 MB"),
            (1024 * 1024 * 3 / 2, "1.5 MB"),
            (u64::from(u32::MAX), "4 GB"),
        ] {
            assert_eq!(size_text(bytes), expected);
        }
    }

    #[test]
    fn progress_is_told_in_percent_and_an_empty_file_is_there_at_once() {
        assert_eq!(percent(0, 200), 0);
        assert_eq!(percent(50, 200), 25);
        assert_eq!(percent(400, 200), 100);
        assert_eq!(percent(0, 0), 100);
    }

    #[test]
    fn too_many_too_large_and_empty_files_are_not_taken() {
        assert_eq!(fault(0, 1), None);
        assert_eq!(fault(ATTACHMENTS_MAX, 1), Some(FileFault::TooMany));
        assert_eq!(fault(0, ATTACHMENT_BYTES_MAX), None);
        assert_eq!(fault(0, ATTACHMENT_BYTES_MAX + 1), Some(FileFault::TooLarge));
        assert_eq!(fault(0, 0), Some(FileFault::Empty));
    }
}
