//! A relay that copies frames and does nothing else: the generator measured against it shows what the generator
//! itself adds. It speaks the plain dialect and reads ids where they stand.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};

use crate::connection::{Reader, Writer};
use crate::dialect;

/// Who is in which room.
type Rooms = Rc<RefCell<HashMap<String, Vec<Rc<Writer>>>>>;

/// Serves until the process is killed.
pub(crate) async fn serve(address: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(address).await?;
    let rooms = Rooms::default();
    loop {
        let (stream, _) = listener.accept().await?;
        let rooms = Rc::clone(&rooms);
        tokio::task::spawn_local(async move {
            // A client that breaks off is of no concern to the others.
            let _ = relay(stream, rooms).await;
        });
    }
}

async fn relay(stream: TcpStream, rooms: Rooms) -> Result<()> {
    let (writer, mut reader) = Reader::accepting(stream)?;
    let head = reader.head().await?;
    if head.starts_with(b"GET /healthz") {
        Writer::send(&writer, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        return Ok(());
    }
    Writer::send(
        &writer,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
          Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
    );
    let mut joined = Vec::new();
    while let Ok(text) = reader.next().await {
        if let Some(rest) = text.strip_prefix(br#"{"type":"hello","rooms":"#) {
            let list = rest.strip_suffix(b"}").unwrap_or(rest);
            joined = serde_json::from_slice::<Vec<String>>(list)?;
            for room in &joined {
                rooms.borrow_mut().entry(room.clone()).or_default().push(Rc::clone(&writer));
            }
            Writer::send(&writer, &crate::frame::from_server(br#"{"type":"welcome"}"#));
        } else {
            pass_on(text, &writer, &rooms);
        }
    }
    for room in joined {
        if let Some(members) = rooms.borrow_mut().get_mut(&room) {
            members.retain(|member| !Rc::ptr_eq(member, &writer));
        }
    }
    Ok(())
}

fn pass_on(text: &[u8], sender: &Rc<Writer>, rooms: &Rooms) {
    let Some(room) = dialect::conversation_of(text) else { return };
    let body = String::from_utf8_lossy(text);
    let event = match body.strip_prefix(r#"{"type":"send""#) {
        Some(rest) => {
            let ack = format!(r#"{{"type":"ack","seq":1{rest}"#);
            Writer::send(sender, &crate::frame::from_server(ack.as_bytes()));
            format!(r#"{{"type":"events","seq":1{rest}"#)
        }
        None => body.into_owned(),
    };
    let frame = crate::frame::from_server(event.as_bytes());
    for member in rooms.borrow().get(room).into_iter().flatten() {
        if !Rc::ptr_eq(member, sender) {
            Writer::send(member, &frame);
        }
    }
}
