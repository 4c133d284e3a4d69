//! The product's own words: customers by REST, then the two chat sockets as `protocol` writes them.

use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::{Context as _, Result, bail};
use protocol::agent::AgentCommand;
use protocol::id::TouchpointId;
use protocol::people::Page;
use protocol::visitor::{Cursor, VisitorCommand};
use protocol::{CHAT_SUBPROTOCOL, PROTOCOL_VERSION};

use super::{Conversation, Dialect, Heard, Side, TEXT};
use crate::connection::{self, Opening, Reader, Writer};
use crate::frame;
use crate::http::Http;

/// The password of every agent of [`email`].
pub(crate) const PASSWORD: &str = "under-load";
const LOG_INS_PER_ADDRESS: usize = 10;

/// Connections that make customers at the same time.
const HANDS: usize = 64;

/// The number of a conversation's first message, which no measurement counts.
const FIRST: u32 = u32::MAX;

/// Returns the log-in of an agent; they are made when the server is hired for.
pub(crate) fn email(agent: usize) -> String {
    format!("agent{agent}@load.test")
}

pub(super) fn opening(side: Side, log_in: &str) -> Opening {
    let path = match side {
        Side::Visitor => "/client/v1/socket",
        Side::Agent => "/api/v1/socket",
    };
    let headers = format!("Sec-WebSocket-Protocol: {CHAT_SUBPROTOCOL}\r\n{log_in}");
    Opening { path: path.to_owned(), headers, ..Opening::default() }
}

/// Makes customers who have each written once.
pub(super) async fn begin(
    server: SocketAddr,
    touchpoint_id: &str,
    count: usize,
) -> Result<Vec<Conversation>> {
    let mut hands = tokio::task::JoinSet::new();
    for hand in 0..HANDS.min(count) {
        let share = (count - hand).div_ceil(HANDS);
        let touchpoint_id = touchpoint_id.to_owned();
        hands.spawn_local(async move {
            let mut http = Http::open(server).await?;
            let mut begun = Vec::with_capacity(share);
            for _ in 0..share {
                begun.push(begin_one(server, &touchpoint_id, &mut http).await?);
            }
            anyhow::Ok(begun)
        });
    }
    let mut begun = Vec::with_capacity(count);
    while let Some(done) = hands.join_next().await {
        begun.extend(done??);
    }
    Ok(begun)
}

async fn begin_one(server: SocketAddr, touchpoint_id: &str, http: &mut Http) -> Result<Conversation> {
    let line = format!("POST /client/v1/touchpoints/{touchpoint_id}/customers");
    let answer = http.ask(&line, "", r#"{"page":{}}"#).await?.json().context("making a customer")?;
    let token = answer["token"].as_str().context("a customer without token")?.to_owned();
    let mut conversation = Conversation::new(touchpoint_id.to_owned(), token);
    let (writer, mut reader) = connection::open(server, &opening(Side::Visitor, "")).await?;
    let hello = hello(Side::Visitor, std::slice::from_ref(&conversation))?;
    Writer::send(&writer, &frame::text(hello.as_bytes()));
    let message = Dialect::Tandem.message(&conversation.conversation_id, FIRST, TEXT);
    Writer::send(&writer, &frame::text(message.as_bytes()));
    loop {
        let frame = reader.next().await.map_err(|end| anyhow::anyhow!("first message: {end:?}"))?;
        match hear(frame) {
            Heard::Ack => conversation.seq = super::last_seq(frame).context("an ack without seq")?,
            Heard::Refused => bail!("a first message was refused: {}", String::from_utf8_lossy(frame)),
            Heard::Welcome | Heard::Events | Heard::Ping | Heard::Reset | Heard::Other => continue,
        }
        return Ok(conversation);
    }
}

pub(super) async fn log_in(server: SocketAddr, agent: usize) -> Result<String> {
    // Attempts are limited per address.
    let source = u8::try_from(2 + agent / LOG_INS_PER_ADDRESS)?;
    let email = email(agent);
    let log_in = format!(r#"{{"email":"{email}","password":"{PASSWORD}"}}"#);
    let mut http = Http::open_from(server, source).await?;
    let answer = http.ask("POST /api/v1/session", "", &log_in).await?;
    let cookie = answer.header("set-cookie").context("the log-in gave no cookie")?;
    let pair = cookie.split(';').next().unwrap_or_default();
    Ok(format!("Cookie: {pair}\r\nOrigin: http://{server}\r\n"))
}

pub(super) async fn greet(
    writer: &Rc<Writer>,
    reader: &mut Reader,
    side: Side,
    conversations: &[Conversation],
) -> Result<()> {
    Writer::send(writer, &frame::text(hello(side, conversations)?.as_bytes()));
    loop {
        let frame = reader.next().await.map_err(|end| anyhow::anyhow!("hello: {end:?}"))?;
        if hear(frame) == Heard::Welcome {
            return Ok(());
        }
    }
}

fn hello(side: Side, conversations: &[Conversation]) -> Result<String> {
    let cursor = |it: &Conversation| Cursor { conversation_id: it.conversation_id.clone(), seq: it.seq };
    let cursors: Vec<Cursor> = conversations.iter().map(cursor).collect();
    Ok(match side {
        Side::Visitor => serde_json::to_string(&VisitorCommand::Hello {
            protocol: PROTOCOL_VERSION,
            touchpoint_id: TouchpointId(
                conversations.first().map(|it| it.touchpoint_id.clone()).unwrap_or_default(),
            ),
            token: conversations.first().map(|it| it.token.clone()).unwrap_or_default(),
            cursors,
            page: Page::default(),
            page_key: String::new(),
        })?,
        Side::Agent => serde_json::to_string(&AgentCommand::Hello { protocol: PROTOCOL_VERSION, cursors })?,
    })
}

/// Goes by the frame's first words: serde writes the tag first.
pub(super) fn hear(frame: &[u8]) -> Heard {
    let Some(rest) = frame.strip_prefix(br#"{"type":""#) else { return Heard::Other };
    let tag = rest.split(|byte| *byte == b'"').next().unwrap_or_default();
    match tag {
        b"ack" => Heard::Ack,
        b"events" => Heard::Events,
        b"ping" => Heard::Ping,
        b"welcome" => Heard::Welcome,
        b"refused" | b"error" => Heard::Refused,
        b"reset" => Heard::Reset,
        _ => Heard::Other,
    }
}
