//! What may be passed on: pictures, fonts and style sheets, each up to a size.

const MIB: usize = 1024 * 1024;

/// What a file is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Image,
    Font,
    Style,
}

impl Kind {
    /// The largest file of its kind, in bytes.
    pub(super) fn bytes_max(self) -> usize {
        match self {
            Self::Image => 6 * MIB,
            Self::Font => 3 * MIB,
            Self::Style => 2 * MIB,
        }
    }
}

const IMAGES: [&str; 10] =
    ["png", "apng", "jpeg", "gif", "webp", "avif", "svg+xml", "bmp", "x-icon", "vnd.microsoft.icon"];

/// Font types as they are written, whatever their registration.
const FONTS: [(&str, &str); 12] = [
    ("application/font-woff", "font/woff"),
    ("application/x-font-woff", "font/woff"),
    ("application/font-woff2", "font/woff2"),
    ("application/x-font-woff2", "font/woff2"),
    ("application/font-sfnt", "font/sfnt"),
    ("application/x-font-ttf", "font/ttf"),
    ("application/x-font-truetype", "font/ttf"),
    ("application/x-font-otf", "font/otf"),
    ("application/x-font-opentype", "font/otf"),
    ("application/font-ttf", "font/ttf"),
    ("application/font-otf", "font/otf"),
    ("application/vnd.ms-opentype", "font/otf"),
];

/// Reads what a site says of a file: its kind and the type it is passed on as. `None` for what is not passed on, and for
/// what says nothing.
pub(super) fn of_type(content_type: &str) -> Option<(Kind, String)> {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.split_once('/')? {
        ("image", "jpg") => Some((Kind::Image, "image/jpeg".to_owned())),
        ("image", name) if IMAGES.contains(&name) => Some((Kind::Image, essence)),
        ("font", "woff" | "woff2" | "ttf" | "otf" | "sfnt" | "collection") => Some((Kind::Font, essence)),
        // Addresses inside are looked at as UTF-8, so it is passed on as that.
        ("text", "css") => Some((Kind::Style, "text/css; charset=utf-8".to_owned())),
        _ => FONTS
            .iter()
            .find(|(written, _)| *written == essence)
            .map(|(_, meant)| (Kind::Font, (*meant).to_owned())),
    }
}

/// Whether a site says nothing of a file that it could be held to.
pub(super) fn says_nothing(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.is_empty()
        || ["application/octet-stream", "binary/octet-stream"]
            .iter()
            .any(|nothing| essence.eq_ignore_ascii_case(nothing))
}

/// Tells the kind of a file by its first bytes.
pub(super) fn of_bytes(bytes: &[u8]) -> Option<(Kind, String)> {
    of_type(infer::get(bytes)?.mime_type())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content_type: &str, expected: Option<(Kind, &str)>) {
        assert_eq!(
            of_type(content_type),
            expected.map(|(kind, name)| (kind, name.to_owned())),
            "{content_type}"
        );
    }

    #[test]
    fn pictures_fonts_and_styles_are_passed_on_and_nothing_else() {
        check("image/PNG; charset=binary", Some((Kind::Image, "image/png")));
        check("image/jpg", Some((Kind::Image, "image/jpeg")));
        check("image/svg+xml", Some((Kind::Image, "image/svg+xml")));
        check("application/x-font-ttf", Some((Kind::Font, "font/ttf")));
        check("text/css;charset=latin1", Some((Kind::Style, "text/css; charset=utf-8")));
        for other in ["text/html", "application/json", "text/javascript", "image/", "image/x-evil", "", "x"] {
            check(other, None);
        }
    }

    #[test]
    fn what_says_nothing_is_told_by_its_first_bytes() {
        assert!(says_nothing("") && says_nothing("Application/Octet-Stream") && !says_nothing("text/html"));
        assert_eq!(of_bytes(b"wOFF\0\x01\0\0"), Some((Kind::Font, "font/woff".to_owned())));
        assert_eq!(of_bytes(b"\x89PNG\r\n\x1a\n"), Some((Kind::Image, "image/png".to_owned())));
        assert_eq!(of_bytes(b"<html><script>"), None);
    }
}
