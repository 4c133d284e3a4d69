//! HTTP requests, each on a connection of its own, with an end to every wait.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::http::request::Builder;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::net::TcpStream;

/// The page all visitors are on; the demo's touchpoint allows it.
pub(crate) const ORIGIN: &str = "http://localhost";

const PATIENCE: Duration = Duration::from_secs(15);
const POLL_PATIENCE: Duration = Duration::from_secs(45);

/// An answer, whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) cookie: Option<String>,
    body: Bytes,
}

impl Reply {
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        if !(200..300).contains(&self.status) {
            bail!("status {}: {}", self.status, self.text());
        }
        serde_json::from_slice(&self.body).with_context(|| format!("unexpected answer: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(300).collect()
    }
}

/// `GET`, with `Authorization` or `Cookie` as `proof` says (`Bearer …`, `name=value`), or without.
pub(crate) async fn get(address: SocketAddr, path: &str, proof: &str) -> Result<Reply> {
    send(address, Request::builder().method("GET").uri(path), proof, Bytes::new()).await
}

/// `POST` of JSON.
pub(crate) async fn post(address: SocketAddr, path: &str, proof: &str, body: &Value) -> Result<Reply> {
    let request = Request::builder().method("POST").uri(path).header("content-type", "application/json");
    send(address, request, proof, Bytes::from(body.to_string())).await
}

/// `POST` of JSON whose answer may be held back as long as polls are.
pub(crate) async fn poll(address: SocketAddr, path: &str, body: &Value) -> Result<Reply> {
    let request = Request::builder().method("POST").uri(path).header("content-type", "application/json");
    let body = Bytes::from(body.to_string());
    send_within(POLL_PATIENCE, address, request, "", body).await
}

async fn send(address: SocketAddr, request: Builder, proof: &str, body: Bytes) -> Result<Reply> {
    send_within(PATIENCE, address, request, proof, body).await
}

async fn send_within(
    patience: Duration,
    address: SocketAddr,
    request: Builder,
    proof: &str,
    body: Bytes,
) -> Result<Reply> {
    let is_of_visitor = request.uri_ref().is_some_and(|uri| uri.path().starts_with("/client/"));
    // The console's pages come from the server itself.
    let origin = if is_of_visitor { ORIGIN.to_owned() } else { format!("http://{address}") };
    let request = request.header("host", address.to_string()).header("origin", origin);
    let request = match proof {
        "" => request,
        token if token.starts_with("Bearer ") => request.header("authorization", token),
        cookie => request.header("cookie", cookie),
    };
    let request = request.body(Full::new(body))?;
    tokio::time::timeout(patience, exchange(address, request)).await.context("no answer in time")?
}

async fn exchange(address: SocketAddr, request: Request<Full<Bytes>>) -> Result<Reply> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let driving = tokio::spawn(connection);
    let answer = async {
        let (parts, body) = sender.send_request(request).await?.into_parts();
        let cookie = parts.headers.get("set-cookie").and_then(|cookie| cookie.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let body = body.collect().await?.to_bytes();
        Ok(Reply { status: parts.status.as_u16(), cookie, body })
    };
    let reply = answer.await;
    driving.abort();
    reply
}

/// Whether trying again is of no use.
pub(crate) fn is_final(status: u16) -> bool {
    StatusCode::from_u16(status).is_ok_and(|status| status.is_client_error()) && status != 429
}
