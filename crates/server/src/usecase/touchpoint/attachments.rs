//! Which files a touchpoint takes, checked before it is kept.

use protocol::attachment::AttachmentSettings;
use protocol::limit::ATTACHMENT_BYTES_MAX;

use crate::problem::Problem;

const MEDIA_TYPES_MAX: usize = 100;
const MEDIA_TYPE_CHARS_MAX: usize = 127;

/// Accepts settings that can be kept.
///
/// # Errors
/// `invalid` with the path to the first fault.
pub(super) fn check(attachments: &AttachmentSettings) -> Result<(), Problem> {
    if attachments.bytes_max == 0 || attachments.bytes_max > ATTACHMENT_BYTES_MAX {
        let why = format!("must be 1 to {ATTACHMENT_BYTES_MAX}");
        return Err(Problem::invalid("attachments.bytes_max", &why));
    }
    if attachments.media_types.len() > MEDIA_TYPES_MAX {
        let why = format!("are more than {MEDIA_TYPES_MAX}");
        return Err(Problem::invalid("attachments.media_types", &why));
    }
    for (index, pattern) in attachments.media_types.iter().enumerate() {
        if !is_pattern(pattern) {
            let path = format!("attachments.media_types[{index}]");
            return Err(Problem::invalid(&path, "must be like image/png, image/* or */*"));
        }
    }
    Ok(())
}

fn is_pattern(pattern: &str) -> bool {
    let Some((kind, form)) = pattern.split_once('/') else { return false };
    let is_short = pattern.len() <= MEDIA_TYPE_CHARS_MAX;
    is_short && (pattern == "*/*" || (is_name(kind) && (form == "*" || is_name(form))))
}

/// Whether the text is one half of a media type (RFC 6838, section 4.2).
fn is_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
    text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric()) && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_names_kinds_or_everything() {
        for good in ["image/png", "image/*", "*/*", "application/vnd.ms-excel", "image/svg+xml"] {
            assert!(is_pattern(good), "{good}");
        }
        for bad in ["", "image", "image/", "/png", "*/png", "image/p*", "image/png; q=1", "a b/c", "é/x"] {
            assert!(!is_pattern(bad), "{bad}");
        }
    }

    #[test]
    fn a_fault_in_the_settings_is_named_with_its_path() {
        let plain = AttachmentSettings::default();
        assert_eq!(check(&plain), Ok(()));
        let refusal = |settings: AttachmentSettings| check(&settings).unwrap_err().detail;
        for bytes_max in [0, ATTACHMENT_BYTES_MAX + 1] {
            let settings = AttachmentSettings { bytes_max, ..plain.clone() };
            assert!(refusal(settings).starts_with("attachments.bytes_max: "));
        }
        let media_types = vec!["image/*".to_owned(), "png".to_owned()];
        let settings = AttachmentSettings { media_types, ..plain.clone() };
        assert!(refusal(settings).starts_with("attachments.media_types[1]: "));
        let settings =
            AttachmentSettings { media_types: vec!["*/*".to_owned(); MEDIA_TYPES_MAX + 1], ..plain };
        assert!(refusal(settings).starts_with("attachments.media_types: "));
    }
}
