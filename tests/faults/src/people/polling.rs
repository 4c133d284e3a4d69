//! Long-polling in a task of its own, with the face of a socket: for clients whose sockets are refused.

use std::net::SocketAddr;

use anyhow::Result;
use protocol::poll::PollAnswer;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::http;
use super::socket::{ABNORMAL, Tidings};

/// Frames that go into one request.
const FRAMES_MAX: usize = 32;
/// One that waits, and one that brings what is to be said.
const REQUESTS_MAX: usize = 2;

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
    let mut requests = JoinSet::new();
    loop {
        if requests.is_empty() {
            requests.spawn(ask(address, Some(poll_id.clone()), Vec::new()));
        }
        // Requests may overtake each other, so whichever is answered first is heard first.
        tokio::select! {
            biased;
            Some(answer) = requests.join_next() => match answer {
                Ok(Ok(answer)) => if let Some(code) = tell(answer, told).await {
                    return code;
                },
                Ok(Err(_)) | Err(_) => return ABNORMAL,
            },
            // What is said goes with one request after the other, so that it keeps its order.
            frame = to_send.recv(), if requests.len() < REQUESTS_MAX => {
                let Some(frame) = frame else { return ABNORMAL };
                requests.spawn(ask(address, Some(poll_id.clone()), with_others(frame, &mut to_send)));
            }
        }
    }
}

fn with_others(frame: String, to_send: &mut mpsc::Receiver<String>) -> Vec<String> {
    let mut frames = vec![frame];
    while frames.len() < FRAMES_MAX
        && let Ok(frame) = to_send.try_recv()
    {
        frames.push(frame);
    }
    frames
}

async fn ask(address: SocketAddr, poll_id: Option<String>, frames: Vec<String>) -> Result<PollAnswer> {
    let frames: Vec<Value> =
        frames.iter().map(|frame| serde_json::from_str(frame)).collect::<Result<_, _>>()?;
    let mut body = json!({ "frames": frames });
    if let Some(poll_id) = poll_id {
        body["poll_id"] = json!(poll_id);
    }
    http::poll(address, "/client/v1/poll", &body).await?.read()
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
