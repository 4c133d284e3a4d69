//! Long-polling: the visitor's chat connection for networks that let no WebSocket through. The same machine and the
//! same loop serve it; what differs is the wire.

mod line;
mod wire;

use std::collections::BTreeMap;
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
#[derive(Debug, Default)]
pub(crate) struct Polls {
    lines: Mutex<BTreeMap<SecretHash, Arc<Line>>>,
}

/// Forgets a connection when its serving ends.
struct Kept {
    app: Arc<App>,
    hash: SecretHash,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.app.polls.lines().remove(&self.hash);
    }
}

impl Polls {
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
/// `not_found` for a connection that is not there, or not any more; `busy` when there are too many.
pub(crate) async fn poll(app: &Arc<App>, asker: Asker, body: PollBody) -> Result<PollReply, Problem> {
    let (poll_id, line) = match body.poll_id {
        Some(poll_id) => {
            let line = app.polls.find(&poll_id).ok_or_else(|| Problem::not_found("connection"))?;
            (poll_id, line)
        }
        None => open(app, asker)?,
    };
    let frames = body.frames.into_iter().map(|frame| Box::<str>::from(frame).into_string()).collect();
    // The serving ends without an answer only when the server goes down in the middle of it.
    let Answer { frames, close } =
        line.request(frames, Instant::now()).await.map_err(|_| Problem::not_found("connection"))?;
    let frames = frames.into_iter().filter_map(|text| RawValue::from_string(text).ok()).collect();
    Ok(PollReply { poll_id, frames, close: close.map(protocol::close::CloseCode::number) })
}

fn open(app: &Arc<App>, asker: Asker) -> Result<(String, Arc<Line>), Problem> {
    super::upgrade::require_open(app)?;
    let (poll_id, hash) = random::token();
    let line = Arc::new(Line::new(Instant::now()));
    let mut lines = app.polls.lines();
    if lines.len() >= POLLS_MAX {
        return Err(Problem::new(ProblemCode::Busy, "too many connections poll at once"));
    }
    lines.insert(hash, Arc::clone(&line));
    drop(lines);
    let kept = Kept { app: Arc::clone(app), hash };
    let wire = PollWire::new(Arc::clone(&line), &app.config.timing);
    let serving = Arc::clone(app);
    tokio::spawn(async move {
        visitor::serve_wire(serving, wire, asker).await;
        drop(kept);
    });
    Ok((poll_id, line))
}
