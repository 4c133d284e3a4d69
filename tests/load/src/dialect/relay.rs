//! The relays: rooms instead of conversations, nothing stored. `ws` and the bare relay speak plain JSON frames;
//! socket.io's frames begin with the packet types of engine.io 4 and socket.io 5.

use std::rc::Rc;

use anyhow::Result;

use super::{Conversation, Heard};
use crate::connection::{Opening, Reader, Writer};
use crate::frame;

/// How a relay's frames look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    Plain,
    EngineIo,
}

pub(super) fn opening(wire: Wire) -> Opening {
    let path = match wire {
        Wire::Plain => "/",
        Wire::EngineIo => "/socket.io/?EIO=4&transport=websocket",
    };
    Opening { path: path.to_owned(), ..Opening::default() }
}

pub(super) async fn greet(
    wire: Wire,
    writer: &Rc<Writer>,
    reader: &mut Reader,
    conversations: &[Conversation],
) -> Result<()> {
    let say = |text: &str| Writer::send(writer, &frame::text(text.as_bytes()));
    let rooms: Vec<&str> = conversations.iter().map(|it| it.conversation_id.as_str()).collect();
    let rooms = serde_json::to_string(&rooms)?;
    match wire {
        Wire::Plain => {
            say(&format!(r#"{{"type":"hello","rooms":{rooms}}}"#));
            expect(reader, br#"{"type":"welcome""#).await
        }
        // The namespace is open once its own answer is there; an event sent before would be dropped.
        Wire::EngineIo => {
            say("40");
            expect(reader, b"40").await?;
            say(&format!(r#"420["hello",{rooms}]"#));
            expect(reader, b"430").await
        }
    }
}

async fn expect(reader: &mut Reader, beginning: &[u8]) -> Result<()> {
    loop {
        let text = reader.next().await.map_err(|end| anyhow::anyhow!("hello: {end:?}"))?;
        if text.starts_with(beginning) {
            return Ok(());
        }
    }
}

pub(super) fn hear_engine_io(frame: &[u8]) -> Heard {
    match frame {
        [b'2', ..] => Heard::Ping,
        [b'4', b'3', ..] => Heard::Ack,
        [b'4', b'2', rest @ ..] if rest.starts_with(br#"["events""#) => Heard::Events,
        _ => Heard::Other,
    }
}
