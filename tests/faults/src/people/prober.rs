//! Plain clients for measuring: each sends one message after the other and takes the time to its acknowledgement.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::id::{ConversationId, MessageId};
use protocol::rest::CustomerToken;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::{http, socket};
use crate::checker::{Evidence, Placed, Typed};
use crate::clock;
use crate::random::Random;

/// Between an acknowledgement and the next message.
const PAUSE: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(30);

/// A WebSocket that is read and written by hand.
pub(crate) type RawSocket = WebSocketStream<TcpStream>;

/// Becomes a customer.
pub(crate) async fn customer(address: SocketAddr) -> Result<CustomerToken> {
    http::post(address, "/client/v1/touchpoints/tp_demo/customers", "", &json!({})).await?.read()
}

/// Opens a visitor's socket and waits for the welcome.
pub(crate) async fn greet(address: SocketAddr, token: &str) -> Result<RawSocket> {
    let mut raw = socket::connect(address, "/client/v1/socket", "").await?;
    let hello = json!({
        "type": "hello", "protocol": protocol::PROTOCOL_VERSION, "touchpoint_id": "tp_demo", "token": token,
        "cursors": [], "page": {},
    });
    raw.send(Message::text(hello.to_string())).await?;
    next_of(&mut raw, "welcome").await?;
    Ok(raw)
}

/// A frame that sends a message.
pub(crate) fn message(conversation_id: &ConversationId, message_id: &MessageId, text: &str) -> Message {
    let send =
        json!({ "type": "send", "conversation_id": conversation_id, "message_id": message_id, "text": text });
    Message::text(send.to_string())
}

/// Returns the next event of this type; the others are passed over, pings are answered.
pub(crate) async fn next_of(raw: &mut RawSocket, kind: &str) -> Result<Value> {
    let found = async {
        while let Some(frame) = raw.next().await {
            let Message::Text(text) = frame? else { continue };
            let event: Value = serde_json::from_str(&text)?;
            if event["type"] == kind {
                return Ok(event);
            }
            if event["type"] == "ping" {
                raw.send(Message::text(json!({ "type": "pong" }).to_string())).await?;
            }
        }
        bail!("the socket closed before a {kind} came")
    };
    tokio::time::timeout(PATIENCE, found).await.with_context(|| format!("no {kind} in time"))?
}

/// Clients that measure until they are stopped.
#[derive(Debug)]
pub(crate) struct Probers {
    stop: watch::Sender<bool>,
    people: JoinSet<Result<(Evidence, Vec<Duration>)>>,
}

/// What they measured and can swear to.
#[derive(Debug, Default)]
pub(crate) struct Probed {
    pub(crate) people: Vec<Evidence>,
    /// Times to acknowledgement, shortest first.
    times: Vec<Duration>,
}

impl Probed {
    /// The time that so many of a thousand did not exceed, in milliseconds.
    pub(crate) fn per_mille_ms(&self, per_mille: usize) -> f64 {
        let at = (self.times.len() * per_mille / 1_000).min(self.times.len().saturating_sub(1));
        self.times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }

    pub(crate) fn count(&self) -> usize {
        self.times.len()
    }
}

impl Probers {
    pub(crate) fn start(address: SocketAddr, count: u64, random: &mut Random) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut people = JoinSet::new();
        let run = random.next();
        for number in 0..count {
            people.spawn(probe(address, Random::of(run, number), stopped.clone()));
        }
        Self { stop, people }
    }

    pub(crate) async fn stop(mut self) -> Result<Probed> {
        self.stop.send_replace(true);
        let mut probed = Probed::default();
        while let Some(ended) = self.people.join_next().await {
            let (evidence, times) = ended??;
            probed.people.push(evidence);
            probed.times.extend(times);
        }
        probed.times.sort_unstable();
        Ok(probed)
    }

    /// Lets them measure for a while.
    pub(crate) async fn measure(
        address: SocketAddr,
        count: u64,
        time: Duration,
        random: &mut Random,
    ) -> Result<Probed> {
        let probers = Self::start(address, count, random);
        tokio::time::sleep(time).await;
        probers.stop().await
    }
}

async fn probe(
    address: SocketAddr,
    mut random: Random,
    stopped: watch::Receiver<bool>,
) -> Result<(Evidence, Vec<Duration>)> {
    let customer = Arc::new(customer(address).await?);
    let mut raw = greet(address, &customer.token).await?;
    let conversation_id = ConversationId::new(clock::now(), random.entropy());
    let (mut evidence, mut times) = (Evidence::default(), Vec::new());
    while !*stopped.borrow() {
        let message_id = MessageId::new(clock::now(), random.entropy());
        let text = format!("probe {message_id}");
        let sent_at = clock::moment();
        raw.send(message(&conversation_id, &message_id, &text)).await?;
        let ack = next_of(&mut raw, "ack").await?;
        times.push(sent_at.elapsed());
        let seq = ack["seq"].as_u64().context("an ack without seq")?;
        evidence.typed.push(Typed {
            conversation_id: conversation_id.clone(),
            message_id: message_id.clone(),
            text,
        });
        evidence.acknowledged.insert(Placed { conversation_id: conversation_id.clone(), seq, message_id });
        tokio::time::sleep(PAUSE).await;
    }
    let _ = raw.close(None).await;
    Ok((evidence, times))
}
