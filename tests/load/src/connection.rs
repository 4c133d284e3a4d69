//! One client's WebSocket: opened from a chosen source address, written without waiting, read frame by frame.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;

use anyhow::{Context as _, Result, bail};
use tokio::net::{TcpSocket, TcpStream};

use crate::frame::{self, Kind};

/// How a socket is opened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opening {
    /// Path and query.
    pub(crate) path: String,
    /// Further header lines, each with its line break.
    pub(crate) headers: String,
    /// The last part of the source address 127.0.0.x: one address has too few ports for many sockets.
    pub(crate) source: u8,
    /// Bytes the kernel may keep for this reader; the system's own when none.
    pub(crate) receive_bytes: Option<u32>,
    /// Bytes of a segment; loopback's own 64 kB would make kernels keep megabytes for each reader.
    pub(crate) segment_bytes: Option<u32>,
}

/// The writing side, which may be shared.
pub(crate) struct Writer {
    stream: TcpStream,
    unsent: RefCell<Vec<u8>>,
}

/// The reading side.
pub(crate) struct Reader {
    writer: Rc<Writer>,
    buffer: Vec<u8>,
    /// Where the next frame begins.
    start: usize,
    /// Where what was read ends.
    filled: usize,
}

/// Why nothing more comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// A close frame with this code.
    Closed(u16),
    /// The connection broke, or ended without a close frame.
    Broken,
}

const READ_BYTES: usize = 2 * 1024;

/// Opens a WebSocket.
pub(crate) async fn open(server: SocketAddr, opening: &Opening) -> Result<(Rc<Writer>, Reader)> {
    let socket = TcpSocket::new_v4()?;
    if let Some(bytes) = opening.receive_bytes {
        socket.set_recv_buffer_size(bytes)?;
    }
    if let Some(bytes) = opening.segment_bytes {
        socket2::SockRef::from(&socket).set_tcp_mss(bytes)?;
    }
    if opening.source > 1 {
        socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, opening.source), 0)))?;
    }
    let stream = socket.connect(server).await?;
    stream.set_nodelay(true)?;
    let Opening { path, headers, .. } = opening;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    );
    let (writer, mut reader) = Reader::on(stream);
    Writer::send(&writer, request.as_bytes());
    let head = reader.head().await?;
    if !head.starts_with(b"HTTP/1.1 101") {
        let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
        bail!("the upgrade was answered with {}", String::from_utf8_lossy(line));
    }
    Ok((writer, reader))
}

impl Writer {
    /// Sends what the kernel takes now and the rest as soon as it takes more, in order.
    pub(crate) fn send(writer: &Rc<Self>, bytes: &[u8]) {
        let mut unsent = writer.unsent.borrow_mut();
        if !unsent.is_empty() {
            unsent.extend(bytes);
            return;
        }
        let sent = writer.stream.try_write(bytes).unwrap_or(0);
        if sent < bytes.len() {
            unsent.extend(&bytes[sent..]);
            tokio::task::spawn_local(Self::flush(Rc::clone(writer)));
        }
    }

    async fn flush(writer: Rc<Self>) {
        while !writer.unsent.borrow().is_empty() {
            if writer.stream.writable().await.is_err() {
                break;
            }
            let mut unsent = writer.unsent.borrow_mut();
            match writer.stream.try_write(&unsent) {
                Ok(sent) => drop(unsent.drain(..sent)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                // The reader of this socket learns of it as well.
                Err(_) => unsent.clear(),
            }
        }
    }
}

impl Reader {
    /// Takes a connection that was accepted, for the bare relay.
    pub(crate) fn accepting(stream: TcpStream) -> Result<(Rc<Writer>, Self)> {
        stream.set_nodelay(true)?;
        Ok(Self::on(stream))
    }

    fn on(stream: TcpStream) -> (Rc<Writer>, Self) {
        let writer = Rc::new(Writer { stream, unsent: RefCell::default() });
        let reader = Self { writer: Rc::clone(&writer), buffer: vec![0; READ_BYTES], start: 0, filled: 0 };
        (writer, reader)
    }

    /// Returns the head of a request or an answer; frames begin behind it.
    pub(crate) async fn head(&mut self) -> Result<&[u8]> {
        loop {
            if let Some(length) = memchr::memmem::find(&self.buffer[..self.filled], b"\r\n\r\n") {
                self.start = length + 4;
                return Ok(&self.buffer[..length]);
            }
            self.fill().await.ok().context("the connection ended during the upgrade")?;
        }
    }

    /// Returns the next text. Pings are answered on the way.
    pub(crate) async fn next(&mut self) -> Result<&[u8], End> {
        self.next_of(Kind::Text).await
    }

    /// Returns the next text or binary frame, and passes over those of the other kind.
    pub(crate) async fn next_of(&mut self, kind: Kind) -> Result<&[u8], End> {
        loop {
            while let Some(frame) = frame::parse(&self.buffer[..self.filled], self.start) {
                self.start = frame.end;
                match frame.kind {
                    own if own == kind => return Ok(&self.buffer[frame.payload]),
                    Kind::Close => return Err(End::Closed(frame::close_code(&self.buffer[frame.payload]))),
                    Kind::Ping => Writer::send(&self.writer, &frame::pong(&self.buffer[frame.payload])),
                    Kind::Text | Kind::Binary | Kind::Other => {}
                }
            }
            self.fill().await?;
        }
    }

    /// Reads once, into a buffer that grows only for a frame that does not fit.
    async fn fill(&mut self) -> Result<(), End> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        loop {
            self.writer.stream.readable().await.map_err(|_| End::Broken)?;
            match self.writer.stream.try_read(&mut self.buffer[self.filled..]) {
                Ok(0) => return Err(End::Broken),
                Ok(count) => {
                    self.filled += count;
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return Err(End::Broken),
            }
        }
    }
}
