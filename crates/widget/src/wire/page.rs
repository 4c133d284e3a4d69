//! What the frame and the page's side say to each other.

use browser::Value;

use super::shape::read_words;
use super::{Read, Write, field, field_or_default, object, tagged};
use crate::init::Init;
use crate::page_port::{Call, FromPage, SiteIdentity, ToPage, Wish};

read_words!(Wish { Show = "show", Hide = "hide" });

impl Read for Init {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            settings: field(value, "settings")?,
            storage: texts(value.field("storage")),
            page: field(value, "page")?,
            page_key: field(value, "page_key")?,
            is_sharing: field(value, "is_sharing")?,
            opened_ms_ago: field(value, "opened_ms_ago")?,
            override_wish: field(value, "override")?,
        })
    }
}

/// The fields of an object that are texts.
fn texts(value: &Value) -> Vec<(String, String)> {
    let Value::Object(fields) = value else { return Vec::new() };
    fields.iter().filter_map(|(key, value)| Some((key.clone(), value.as_text()?.to_owned()))).collect()
}

impl Read for FromPage {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.field("type").as_text()? {
            "open" => Self::Open { is_entered: field(value, "is_entered")? },
            "close" => Self::Close,
            "page" => Self::Page { page: field(value, "page")? },
            "stored" => Self::Stored { key: field(value, "key")?, value: field(value, "value")? },
            "override" => Self::Override { wish: field(value, "wish")? },
            "call" => Self::Call {
                call: field(value, "call")?,
                what: call(value.field("name"), value.field("value")),
            },
            "reader_failed" => Self::ReaderFailed,
            _ => return None,
        })
    }
}

/// A call that cannot be read is answered as such, so that the site's promise ends.
fn call(name: &Value, value: &Value) -> Option<Call> {
    Some(match name.as_text()? {
        "identify" => Call::Identify(SiteIdentity::read(value)?),
        "send" => Call::Send(String::read(value)?),
        "explain" => Call::Explain,
        _ => return None,
    })
}

impl Read for SiteIdentity {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: field(value, "id")?,
            email: field(value, "email")?,
            firstname: field(value, "firstname")?,
            lastname: field(value, "lastname")?,
            labels: field_or_default(value, "labels")?,
        })
    }
}

fn kept(word: &str, key: &str, value: Option<&str>, over: Option<&str>) -> Value {
    let text = |text: Option<&str>| text.map_or(Value::Null, str::write);
    tagged("type", word, &mut [("key", key.write()), ("value", text(value)), ("over", text(over))])
}

impl Write for ToPage<'_> {
    fn write(&self) -> Value {
        match self {
            Self::Ready => tagged("type", "ready", &mut []),
            Self::Claim { key, value, over } => kept("claim", key, *value, *over),
            Self::Keep { key, value } => kept("keep", key, *value, None),
            Self::Launcher { is_visible } => {
                tagged("type", "launcher", &mut [("is_visible", is_visible.write())])
            }
            Self::Panel { is_open } => tagged("type", "panel", &mut [("is_open", is_open.write())]),
            Self::Banner { is_shown } => tagged("type", "banner", &mut [("is_shown", is_shown.write())]),
            Self::Sharing { is_sharing } => {
                tagged("type", "sharing", &mut [("is_sharing", is_sharing.write())])
            }
            Self::Unread { count } => tagged("type", "unread", &mut [("count", count.write())]),
            Self::Result { call, value, error } => {
                let error = error.map_or(Value::Null, str::write);
                tagged(
                    "type",
                    "result",
                    &mut [("call", call.write()), ("value", value.clone()), ("error", error)],
                )
            }
            Self::Event { name, detail } => {
                tagged("type", "event", &mut [("name", name.write()), ("detail", detail.clone())])
            }
            Self::ReaderStart { url, config } => {
                let config = object(&mut [
                    ("profile", config.profile.write()),
                    ("mask", config.mask.write()),
                    ("unmask", config.unmask.write()),
                    ("block", config.block.write()),
                ]);
                tagged("type", "reader_start", &mut [("url", url.write()), ("config", config)])
            }
            Self::ReaderStop => tagged("type", "reader_stop", &mut []),
        }
    }
}
