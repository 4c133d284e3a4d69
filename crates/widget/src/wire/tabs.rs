//! What the frames of one visitor's tabs say to each other. Frames of the chat travel as the text they are on the wire.

use browser::Value;
use chat_core::{Standing, TabHeard, TabPost};
use protocol::visitor::VisitorEvent;

use super::{Read, Write, field, tagged};

/// Writes what the tab `from` says.
pub(crate) fn write_post(post: &TabPost, from: &str) -> Value {
    match post {
        TabPost::Join(cursors) => {
            tagged("type", "join", &mut [("from", from.write()), ("cursors", cursors.write())])
        }
        TabPost::Say(command) => tagged("type", "say", &mut [("frame", command.write().stringify().write())]),
        TabPost::Lead(standing) => {
            let (is_online, code) = match standing {
                Standing::Online => (true, None),
                Standing::Offline(code) => (false, *code),
            };
            let fields =
                &mut [("from", from.write()), ("is_online", is_online.write()), ("code", code.write())];
            tagged("type", "lead", fields)
        }
        TabPost::Forward(frame) => tagged("type", "said", &mut [("frame", frame.write())]),
        TabPost::Tell { to, event } => {
            tagged("type", "said", &mut [("to", to.write()), ("frame", event.write().stringify().write())])
        }
    }
}

impl Read for TabHeard {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.field("type").as_text()? {
            "join" => Self::Join { from: field(value, "from")?, cursors: field(value, "cursors")? },
            "say" => Self::Say(field(value, "frame")?),
            "lead" => {
                let standing = match field(value, "is_online")? {
                    true => Standing::Online,
                    false => Standing::Offline(field(value, "code")?),
                };
                Self::Lead { from: field(value, "from")?, standing }
            }
            "said" => {
                let frame = Value::parse(value.field("frame").as_text()?)?;
                Self::Said { to: field(value, "to")?, event: Box::new(VisitorEvent::read(&frame)?) }
            }
            _ => return None,
        })
    }
}
