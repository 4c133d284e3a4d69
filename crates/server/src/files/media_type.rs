//! The type of a file: from its bytes where they tell, else from whoever sends it, unless that would be a lie or a
//! document that can hold scripts.

/// What a file is that nobody knows.
pub(crate) const UNKNOWN: &str = "application/octet-stream";

/// Characters of a media type that are looked at (RFC 6838, section 4.2).
const CHARS_MAX: usize = 127;

/// Types whose files are zip archives, to their bytes.
const ZIP_LIKE: [&str; 6] = [
    "application/zip",
    "application/x-zip-compressed",
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
    "application/epub+zip",
    "application/java-archive",
];

/// Names for one and the same.
const SAME: [(&str, &str); 8] = [
    ("image/jpg", "image/jpeg"),
    ("audio/mp3", "audio/mpeg"),
    ("audio/wav", "audio/x-wav"),
    ("audio/wave", "audio/x-wav"),
    ("audio/x-m4a", "audio/m4a"),
    ("audio/mp4", "audio/m4a"),
    ("audio/flac", "audio/x-flac"),
    ("application/x-gzip", "application/gzip"),
];

/// Returns the type a sender gives, without parameters and in lower case; [`UNKNOWN`] when it is none, or one that
/// browsers may run.
pub(crate) fn declared(given: &str) -> String {
    let plain = given.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let is_name = |text: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
        !text.is_empty() && text.bytes().all(is_allowed)
    };
    let is_type = plain.split_once('/').is_some_and(|(kind, form)| is_name(kind) && is_name(form));
    if !is_type || plain.len() > CHARS_MAX || is_active(&plain) {
        return UNKNOWN.to_owned();
    }
    plain
}

/// Returns the type of a file that begins with these bytes and was declared as this.
pub(crate) fn of(declared: &str, head: &[u8]) -> String {
    let found = infer::get(head).map(|found| found.mime_type());
    match found {
        Some(found) if is_same(declared, found) => declared.to_owned(),
        Some(found) if is_active(found) => UNKNOWN.to_owned(),
        Some(found) => found.to_owned(),
        None if is_told_by_bytes(declared) => UNKNOWN.to_owned(),
        None if declared.starts_with("text/") && !is_text(head) => UNKNOWN.to_owned(),
        None => declared.to_owned(),
    }
}

/// Documents in which scripts can run.
fn is_active(media_type: &str) -> bool {
    media_type.ends_with("+xml")
        || ["html", "xml", "javascript", "ecmascript", "xslt", "shockwave", "mhtml"]
            .iter()
            .any(|part| media_type.contains(part) && !media_type.contains("openxml"))
}

fn is_same(declared: &str, found: &str) -> bool {
    let one_name = |media_type| {
        SAME.iter().find(|(other, _)| *other == media_type).map_or(media_type, |(_, name)| *name)
    };
    let is_zip_like = |media_type: &str| ZIP_LIKE.iter().any(|prefix| media_type.starts_with(prefix));
    // A container of sound looks like one of pictures and sound.
    let is_sound_of = |form: &str| declared == format!("audio/{form}") && found == format!("video/{form}");
    one_name(declared) == one_name(found)
        || (is_zip_like(declared) && found == "application/zip")
        || ["mp4", "webm", "ogg"].into_iter().any(is_sound_of)
}

/// Whether a file of this type says so in its first bytes.
fn is_told_by_bytes(declared: &str) -> bool {
    ["image/", "audio/", "video/", "font/"].iter().any(|kind| declared.starts_with(kind))
        || matches!(declared, "application/pdf" | "application/gzip" | "application/x-gzip")
        || ZIP_LIKE.iter().any(|prefix| declared.starts_with(prefix))
}

/// Text in UTF-8 and the encodings before it holds no control characters but these.
fn is_text(head: &[u8]) -> bool {
    let is_odd = |byte: &&u8| **byte < 32 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    head.iter().filter(is_odd).count() == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF";
    const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\x08\0";
    const PDF: &[u8] = b"%PDF-1.7\n";

    #[test]
    fn the_bytes_tell_where_they_can() {
        assert_eq!(of("image/png", PNG), "image/png");
        assert_eq!(of("image/png", JPEG), "image/jpeg");
        assert_eq!(of("text/plain", PDF), "application/pdf");
        assert_eq!(of("image/jpg", JPEG), "image/jpg");
    }

    #[test]
    fn a_type_that_the_bytes_do_not_bear_out_is_unknown() {
        for lie in ["image/png", "image/svg+xml", "video/mp4", "application/pdf", "application/zip"] {
            assert_eq!(of(lie, b"hello"), UNKNOWN, "{lie}");
        }
        assert_eq!(of("text/plain", b"a\0b"), UNKNOWN);
        assert_eq!(of("image/png", b""), UNKNOWN);
    }

    #[test]
    fn the_sender_is_believed_where_bytes_say_nothing() {
        assert_eq!(of("text/csv", b"a;b\r\n1;2\r\n"), "text/csv");
        assert_eq!(of("application/vnd.acme", b"\x01\x02"), "application/vnd.acme");
        let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        assert_eq!(of(sheet, ZIP), sheet);
        assert_eq!(of("application/x-msdownload", ZIP), "application/zip");
    }

    #[test]
    fn a_document_that_can_hold_scripts_is_never_called_one() {
        for active in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/javascript"] {
            assert_eq!(declared(active), UNKNOWN, "{active}");
        }
        for page in ["<!DOCTYPE html><script>1</script>", "<html>", "<?xml version=\"1.0\"?><svg/>"] {
            assert!(!is_active(&of("image/png", page.as_bytes())), "{page}");
            assert_eq!(of("image/gif", page.as_bytes()), UNKNOWN, "{page}");
        }
    }

    #[test]
    fn what_is_declared_loses_its_parameters_and_its_capitals() {
        assert_eq!(declared("Text/Plain; charset=utf-8"), "text/plain");
        for odd in ["", "png", "a/b/c", "image/p ng", "image/\r\nx: y"] {
            assert_eq!(declared(odd), UNKNOWN, "{odd}");
        }
        assert_eq!(declared(&format!("a/{}", "b".repeat(CHARS_MAX))), UNKNOWN);
    }
}
