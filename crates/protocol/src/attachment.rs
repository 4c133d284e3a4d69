//! Files that belong to messages. They are uploaded first, in pieces that can be resumed (tus 1.0.0, with its
//! extensions creation, expiration and termination), and named by the message that carries them.
//!
//! `POST /client/v1/attachments` makes an upload: `Upload-Length` in bytes, `Upload-Metadata` with `filename` and
//! `filetype`; 201 and its `Location`. `HEAD` there tells the `Upload-Offset`, `PATCH` goes on from it, `DELETE`
//! gives it up, `GET` gives the file once it is whole. Visitors prove themselves by their token, agents do the same
//! below `/api/v1/attachments`.

use serde::{Deserialize, Serialize};

use crate::id::AttachmentId;

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file.
    pub attachment_id: AttachmentId,
    /// Its name, without folders and control characters, 1..=120 characters.
    pub name: String,
    /// Its media type (RFC 9110, section 8.3.1) as the server takes it: from the bytes where they tell, else from
    /// the sender.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
}

impl Attachment {
    /// Whether browsers show it as a picture.
    #[must_use]
    pub fn is_image(&self) -> bool {
        is_image(&self.media_type)
    }
}

/// Whether browsers show a file of this media type as a picture. SVG is none: it is a document that can hold scripts.
#[must_use]
pub fn is_image(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif")
}

/// What a touchpoint takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentSettings {
    /// Whether visitors may send files.
    pub is_enabled: bool,
    /// Bytes of one file, at most 100 MiB.
    pub bytes_max: u64,
    /// Media types that are taken: `image/png`, `image/*`; `*/*` takes everything.
    pub media_types: Vec<String>,
}

impl Default for AttachmentSettings {
    fn default() -> Self {
        let media_types = [
            "image/*",
            "application/pdf",
            "text/plain",
            "text/csv",
            "application/zip",
            "video/mp4",
            "audio/*",
        ];
        Self {
            is_enabled: true,
            bytes_max: 10 * 1024 * 1024,
            media_types: media_types.into_iter().map(str::to_owned).collect(),
        }
    }
}

impl AttachmentSettings {
    /// Whether a file of this media type is taken. Parameters do not count, case neither.
    #[must_use]
    pub fn takes(&self, media_type: &str) -> bool {
        let wanted = media_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        let (kind, _) = wanted.split_once('/').unwrap_or((&wanted, ""));
        self.media_types.iter().any(|taken| {
            taken == "*/*"
                || taken.eq_ignore_ascii_case(&wanted)
                || taken.strip_suffix("/*").is_some_and(|it| it.eq_ignore_ascii_case(kind))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_taken_by_name_by_kind_or_all() {
        let settings = AttachmentSettings::default();
        assert!(settings.takes("image/png") && settings.takes("TEXT/plain; charset=utf-8"));
        assert!(
            !settings.takes("application/x-msdownload")
                && !settings.takes("")
                && !settings.takes("text/html")
        );
        let all = AttachmentSettings { media_types: vec!["*/*".to_owned()], ..settings };
        assert!(all.takes("application/x-msdownload"));
    }
}
