//! Long-polling: the visitor's chat connection for networks that let no WebSocket through. The same machine and the
//! same loop serve it; what differs is the wire.

mod line;
mod wire;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::limit::POLLS_MAX;
use protocol::problem::ProblemCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use store::SecretHash;
use tokio::time::Instant;

use super::visitor;
use crate::app::App;
use crate::auth::secret;
use crate::connections::{Counted, Enough, PerAddress, Refusal};
use crate::origin::Asker;
use crate::problem::Problem;
use crate::random;
use line::{Answer, Line};
use wire::PollWire;

/// `protocol::poll::PollRequest`, with frames that are read one by one: one that cannot be read is answered with an
/// error of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PollBody {
    #[serde(default)]
    poll_id: Option<String>,
    #[serde(default)]
    frames: Vec<Box<RawValue>>,
}

/// `protocol::poll::PollAnswer`, with frames as they were written already.
#[derive(Debug, Serialize)]
pub(crate) struct PollReply {
    poll_id: String,
    frames: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    close: Option<u16>,
}

/// The polling connections of this node, by the hash of their secret.
#[derive(Debug)]
pub(crate) struct Polls {
    /// A connection that polls is open also while no request of it is.
    by_address: Arc<PerAddress>,
    lines: Mutex<BTreeMap<SecretHash, Arc<Line>>>,
}

/// Forgets a connection when its serving ends.
struct Kept {
    app: Arc<App>,
    hash: SecretHash,
    _counted: Counted,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.app.polls.lines().remove(&self.hash);
    }
}

impl Polls {
    /// Makes an empty list, with the limit of what one address may have.
    pub(crate) fn new(by_address: Arc<PerAddress>) -> Self {
        Self { by_address, lines: Mutex::default() }
    }

    fn lines(&self) -> MutexGuard<'_, BTreeMap<SecretHash, Arc<Line>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, poll_id: &str) -> Option<Arc<Line>> {
        self.lines().get(&secret::hash(poll_id)).cloned()
    }
}

/// Carries out one request and waits for its answer.
///
/// # Errors
/// `not_found` for a connection that is not there, or not any more; `too_many` when the address has enough; `busy` when
/// there are too many.
pub(crate) async fn poll(
    app: &Arc<App>,
    asker: Asker,
    address: IpAddr,
    body: PollBody,
) -> Result<PollReply, Problem> {
    let (poll_id, line) = match body.poll_id {
        Some(poll_id) => {
            let line = app.polls.find(&poll_id).ok_or_else(|| Problem::not_found("connection"))?;
            (poll_id, line)
        }
        None => open(app, asker, address)?,
    };
    let frames = body.frames.into_iter().map(|frame| Box::<str>::from(frame).into_string()).collect();
    // The serving ends without an answer only when the server goes down in the middle of it.
    let Answer { frames, close } =
        line.request(frames, Instant::now()).await.map_err(|_| Problem::not_found("connection"))?;
    let frames = frames.into_iter().filter_map(|text| RawValue::from_string(text).ok()).collect();
    Ok(PollReply { poll_id, frames, close: close.map(protocol::close::CloseCode::number) })
}

fn open(app: &Arc<App>, asker: Asker, address: IpAddr) -> Result<(String, Arc<Line>), Problem> {
    super::upgrade::require_open(app)?;
    let counted = app.polls.by_address.count(address).map_err(|Enough| {
        app.connections.refusals.count(Refusal::OfAddress);
        Problem::new(ProblemCode::TooMany, "too many connections of this address poll at once")
    })?;
    let (poll_id, hash) = random::token();
    let line = Arc::new(Line::new(Instant::now()));
    let mut lines = app.polls.lines();
    if lines.len() >= POLLS_MAX {
        return Err(Problem::new(ProblemCode::Busy, "too many connections poll at once"));
    }
    lines.insert(hash, Arc::clone(&line));
    drop(lines);
    let kept = Kept { app: Arc::clone(app), hash, _counted: counted };
    let wire = PollWire::new(Arc::clone(&line), &app.config.timing);
    let serving = Arc::clone(app);
    tokio::spawn(async move {
        visitor::serve_wire(serving, wire, asker).await;
        drop(kept);
    });
    Ok((poll_id, line))
}
