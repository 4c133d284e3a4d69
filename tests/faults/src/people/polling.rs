//! Long-polling in a task of its own, with the face of a socket: for clients whose sockets are refused.

use std::net::SocketAddr;

use anyhow::Result;
use protocol::poll::PollAnswer;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::http;
use super::socket::{ABNORMAL, Tidings};

/// Frames that go into one request.
const FRAMES_MAX: usize = 32;

/// Says hello by the first request, then keeps one waiting; what is to be said goes with a newer one, which takes over.
pub(super) async fn live(
    address: SocketAddr,
    mut to_send: mpsc::Receiver<String>,
    told: &mpsc::Sender<Tidings>,
) -> u16 {
    if told.send(Tidings::Opened).await.is_err() {
        return ABNORMAL;
    }
    let Some(hello) = to_send.recv().await else { return ABNORMAL };
    let Ok(answer) = ask(address, None, vec![hello]).await else { return ABNORMAL };
    let poll_id = answer.poll_id.clone();
    if let Some(code) = tell(answer, told).await {
        return code;
    }
    let mut waiting = spawn(address, &poll_id, Vec::new());
    loop {
        tokio::select! {
            biased;
            answer = &mut waiting => {
                if let Some(code) = tell_outcome(answer, told).await {
                    return code;
                }
                waiting = spawn(address, &poll_id, Vec::new());
            }
            frame = to_send.recv() => {
                let Some(frame) = frame else { return ABNORMAL };
                let newer = spawn(address, &poll_id, with_others(frame, &mut to_send));
                // The one that waited is answered with what there was, and that comes first.
                let older = std::mem::replace(&mut waiting, newer);
                if let Some(code) = tell_outcome(older.await, told).await {
                    return code;
                }
            }
        }
    }
}

type Outcome = Result<Result<PollAnswer>, tokio::task::JoinError>;

fn with_others(frame: String, to_send: &mut mpsc::Receiver<String>) -> Vec<String> {
    let mut frames = vec![frame];
    while frames.len() < FRAMES_MAX
        && let Ok(frame) = to_send.try_recv()
    {
        frames.push(frame);
    }
    frames
}

fn spawn(address: SocketAddr, poll_id: &str, frames: Vec<String>) -> JoinHandle<Result<PollAnswer>> {
    let poll_id = poll_id.to_owned();
    tokio::spawn(async move { ask(address, Some(&poll_id), frames).await })
}

async fn ask(address: SocketAddr, poll_id: Option<&str>, frames: Vec<String>) -> Result<PollAnswer> {
    let frames: Vec<Value> =
        frames.iter().map(|frame| serde_json::from_str(frame)).collect::<Result<_, _>>()?;
    let mut body = json!({ "frames": frames });
    if let Some(poll_id) = poll_id {
        body["poll_id"] = json!(poll_id);
    }
    http::poll(address, "/client/v1/poll", &body).await?.read()
}

async fn tell_outcome(outcome: Outcome, told: &mpsc::Sender<Tidings>) -> Option<u16> {
    match outcome {
        Ok(Ok(answer)) => tell(answer, told).await,
        Ok(Err(_)) | Err(_) => Some(ABNORMAL),
    }
}

/// Hands the frames on. Returns the code the connection ended with, if it did.
async fn tell(answer: PollAnswer, told: &mpsc::Sender<Tidings>) -> Option<u16> {
    for frame in answer.frames {
        let Ok(text) = serde_json::to_string(&frame) else { return Some(ABNORMAL) };
        if told.send(Tidings::Text(text.into())).await.is_err() {
            return Some(ABNORMAL);
        }
    }
    answer.close
}
