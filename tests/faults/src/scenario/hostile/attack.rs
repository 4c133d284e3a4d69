//! The attacks. Each goes on until it has done its worst, ends all its connections, and tells what it saw.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::close::CloseCode;
use protocol::id::{ConversationId, MessageId};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::clock;
use crate::people::prober::{RawSocket, customer, greet, message, next_of};
use crate::people::socket;
use crate::random::Random;

/// Customers whose conversations the stalled readers listen to.
const TALKERS: usize = 10;
/// Long messages each of them writes: more than a queue for a slow reader holds.
const LONG_MESSAGES: usize = 60;
const RECEIVE_BUFFER_BYTES: u32 = 4 * 1024;
/// A reader without progress is given up within this time.
const DROPPED_WITHIN: Duration = Duration::from_secs(40);
/// Files others may have opened meanwhile.
const FILES_SLACK: usize = 40;

/// Readers who say hello and then read nothing, while a lot is written for them.
pub(super) async fn stalled_readers(
    address: SocketAddr,
    count: usize,
    open_files: impl Fn() -> usize,
    random: &mut Random,
) -> Result<String> {
    let files_before = open_files();
    let mut readers = Vec::new();
    let mut talkers = Vec::new();
    for _ in 0..TALKERS {
        let customer = customer(address).await?;
        for _ in 0..count / TALKERS {
            readers.push(stall(address, &customer.token).await?);
        }
        let conversation_id = ConversationId::new(clock::now(), random.entropy());
        talkers.push((greet(address, &customer.token).await?, conversation_id));
    }
    // Four bytes for each character make about the longest message that is taken.
    let most = "𝄞".repeat(protocol::limit::MESSAGE_CHARS_MAX - 40);
    for number in 0..LONG_MESSAGES {
        for (raw, conversation_id) in &mut talkers {
            // No text is written twice.
            let text = format!("{number} {conversation_id}{most}");
            let message_id = MessageId::new(clock::now(), random.entropy());
            raw.send(message(conversation_id, &message_id, &text)).await?;
            next_of(raw, "ack").await?;
        }
    }
    // Those who read nothing are given up, not fed for ever.
    let begun_at = clock::moment();
    // A close cannot reach a client that takes nothing in, so it shows at the server only.
    while open_files() > files_before + TALKERS + FILES_SLACK {
        ensure!(begun_at.elapsed() < DROPPED_WITHIN, "stalled readers are kept: {} files", open_files());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(format!("{} dropped after {:.1} s", readers.len(), begun_at.elapsed().as_secs_f64()))
}

/// Says hello over a connection that takes next to nothing in.
async fn stall(address: SocketAddr, token: &str) -> Result<TcpStream> {
    let tcp = TcpSocket::new_v4()?;
    tcp.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
    let stream = tcp.connect(address).await?;
    let mut raw = socket::upgrade(stream, address, "/client/v1/socket", "").await?;
    let hello = json!({
        "type": "hello", "protocol": protocol::PROTOCOL_VERSION, "touchpoint_id": "tp_demo", "token": token,
        "cursors": [], "page": {},
    });
    raw.send(Message::text(hello.to_string())).await?;
    next_of(&mut raw, "welcome").await?;
    Ok(raw.into_inner())
}

/// Clients that send as fast as they can: whole frames, and a message of endless one-byte pieces.
pub(super) async fn floods(address: SocketAddr, random: &mut Random) -> Result<String> {
    let customer = customer(address).await?;
    let conversation_id = ConversationId::new(clock::now(), random.entropy());
    let typing =
        json!({ "type": "typing", "conversation_id": conversation_id, "is_typing": true }).to_string();
    let mut codes = Vec::new();
    for _ in 0..20 {
        let raw = greet(address, &customer.token).await?;
        codes.push(pour(raw, Message::text(typing.clone())).await);
    }
    let wanted = CloseCode::TooMany.number();
    ensure!(codes.iter().all(|code| *code == Some(wanted)), "floods ended with {codes:?}, not with {wanted}");
    let mut pieces = 0;
    for _ in 0..5 {
        pieces += pour_pieces(greet(address, &customer.token).await?.into_inner()).await?;
    }
    Ok(format!("20 floods closed with {wanted}, 5 messages in pieces cut off after {} pieces", pieces / 5))
}

/// Sends a frame again and again until the server closes. Returns its code.
async fn pour(raw: RawSocket, frame: Message) -> Option<u16> {
    let (mut sender, mut receiver) = raw.split();
    let sending = tokio::spawn(async move {
        while sender.feed(frame.clone()).await.is_ok() {}
        sender
    });
    let closed = async {
        while let Some(message) = receiver.next().await {
            if let Ok(Message::Close(Some(close))) = message {
                return Some(close.code.into());
            }
        }
        None
    };
    let code = tokio::time::timeout(Duration::from_secs(20), closed).await.ok().flatten();
    sending.abort();
    code
}

/// Sends a message that never ends, one byte at a time. Returns after how many pieces the server had enough.
async fn pour_pieces(mut stream: TcpStream) -> Result<u64> {
    let piece = |number: u64| {
        let kind = if number == 0 { Data::Text } else { Data::Continue };
        let mut frame = Frame::message(vec![b' '], OpCode::Data(kind), false);
        frame.header_mut().mask = Some([0; 4]);
        let mut bytes = Vec::new();
        frame.format(&mut bytes).map(|()| bytes)
    };
    for number in 0..10_000_000 {
        let bytes = piece(number)?;
        match tokio::time::timeout(Duration::from_secs(20), stream.write_all(&bytes)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Ok(number),
            Err(_) => anyhow::bail!("the server neither reads nor closes"),
        }
    }
    anyhow::bail!("the server takes a message without an end")
}

/// Frames that are huge, no text, no JSON, or come before the hello: each is answered with a close or an error.
pub(super) async fn bad_frames(address: SocketAddr) -> Result<String> {
    let customer = customer(address).await?;
    let mut answers = Vec::new();
    for _ in 0..20 {
        let mut raw = greet(address, &customer.token).await?;
        let huge = "x".repeat(8 * 1024 * 1024);
        // The server may close while the frame is still on its way.
        let _ = raw.send(Message::text(huge)).await;
        answers.push(("huge", end_of(&mut raw).await?));
        let mut raw = greet(address, &customer.token).await?;
        let _ = raw.send(Message::binary(vec![0xff, 0xfe])).await;
        answers.push(("binary", end_of(&mut raw).await?));
        let mut stream = greet(address, &customer.token).await?.into_inner();
        // A text frame of two bytes that are no UTF-8, masked with zeros.
        stream.write_all(&[0x81, 0x82, 0, 0, 0, 0, 0xff, 0xff]).await?;
        let mut raw = RawSocket::from_raw_socket(stream, Role::Client, None).await;
        answers.push(("no UTF-8", end_of(&mut raw).await?));
        let mut raw = greet(address, &customer.token).await?;
        raw.send(Message::text("{\"type\":\"nonsense\"}")).await?;
        next_of(&mut raw, "error").await.context("nonsense is answered with an error")?;
    }
    // What is wrong by RFC 6455 itself is closed with the code of that standard.
    let wanted = |kind: &str| if kind == "no UTF-8" { 1007 } else { CloseCode::BadFrame.number() };
    let odd = answers.iter().find(|(kind, code)| ![Some(wanted(kind)), None].contains(code));
    ensure!(odd.is_none(), "a bad frame was answered with {odd:?}");
    let closed = answers.iter().filter(|(_, code)| code.is_some()).count();
    Ok(format!("{} bad frames, {closed} closed with a numbered code", answers.len()))
}

/// Reads on to the end and returns the code, if one came before the connection broke.
async fn end_of(raw: &mut RawSocket) -> Result<Option<u16>> {
    let end = async {
        while let Some(message) = raw.next().await {
            match message {
                Ok(Message::Close(Some(close))) => return Some(close.code.into()),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
        None
    };
    tokio::time::timeout(Duration::from_secs(15), end).await.context("the server keeps the connection")
}

/// Connections that never become anything: silent ones, half a request, and sockets without a hello.
pub(super) async fn half_open(address: SocketAddr, count: usize) -> Result<String> {
    let mut silent = Vec::new();
    let mut greeted = Vec::new();
    for number in 0..count {
        let mut stream = TcpStream::connect(address).await?;
        match number % 3 {
            0 => silent.push(stream),
            1 => {
                stream.write_all(b"GET /client/v1/socket HTTP/1.1\r\nHost: local").await?;
                silent.push(stream);
            }
            _ => greeted.push(socket::upgrade(stream, address, "/client/v1/socket", "").await?),
        }
    }
    let mut codes = Vec::new();
    for raw in &mut greeted {
        codes.push(end_of(raw).await?);
    }
    let wanted = CloseCode::NoHello.number();
    let right = codes.iter().filter(|code| **code == Some(wanted)).count();
    ensure!(
        right == codes.len(),
        "{right} of {} sockets without a hello were closed with {wanted}",
        codes.len()
    );
    Ok(format!("{right} of {count} closed with {wanted}"))
}
