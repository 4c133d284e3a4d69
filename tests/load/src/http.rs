//! A connection for small HTTP requests, one after the other.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// A connection that is used again.
pub(crate) struct Http {
    server: SocketAddr,
    stream: TcpStream,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Status line and header lines.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Returns the value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// Returns the body as JSON, or fails with what the server said.
    pub(crate) fn json(&self) -> Result<serde_json::Value> {
        if !(200..300).contains(&self.status) {
            bail!("answered {}: {}", self.status, String::from_utf8_lossy(&self.body));
        }
        Ok(serde_json::from_slice(&self.body)?)
    }
}

impl Http {
    pub(crate) async fn open(server: SocketAddr) -> Result<Self> {
        Self::open_from(server, 1).await
    }

    /// Opens one from `127.0.0.source`.
    pub(crate) async fn open_from(server: SocketAddr, source: u8) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::new(127, 0, 0, source), 0).into())?;
        let stream = socket.connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { server, stream })
    }

    /// Asks; `headers` are whole lines with their breaks.
    pub(crate) async fn ask(&mut self, line: &str, headers: &str, body: &str) -> Result<Answer> {
        let (server, length) = (self.server, body.len());
        let request = format!(
            "{line} HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\n{headers}\
             Content-Length: {length}\r\n\r\n{body}"
        );
        self.stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::with_capacity(1024);
        let head_bytes = loop {
            if let Some(at) = memchr::memmem::find(&bytes, b"\r\n\r\n") {
                break at;
            }
            self.read(&mut bytes).await?;
        };
        let head = String::from_utf8_lossy(&bytes[..head_bytes]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status")?;
        let mut answer = Answer { status, head, body: Vec::new() };
        let length: usize = answer.header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
        while bytes.len() < head_bytes + 4 + length {
            self.read(&mut bytes).await?;
        }
        answer.body = bytes.split_off(head_bytes + 4);
        Ok(answer)
    }

    async fn read(&mut self, bytes: &mut Vec<u8>) -> Result<()> {
        if self.stream.read_buf(bytes).await? == 0 {
            bail!("the connection ended before the answer");
        }
        Ok(())
    }
}
