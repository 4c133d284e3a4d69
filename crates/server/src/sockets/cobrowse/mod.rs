//! The co-browse sockets: a hello with the ticket of one side of one session, then frames that are passed on as
//! they are, until the session is over.

mod link;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::ws::WebSocket;
use cobrowse::control::{self as actions, Report};
use cobrowse::envelope::{Header, Kind};
use cobrowse::limit::AGENT_NAME_BYTES_MAX;
use protocol::close::CloseCode;
use protocol::cobrowse::{CobrowseEnd, CobrowseScope};
use protocol::id::CobrowseId;
use protocol::people::AgentRef;
use serde::{Deserialize, Serialize};
use store::CobrowseStep;
use tokio::sync::{Notify, mpsc};
use tracing::Instrument as _;

use crate::app::App;
use crate::clock;
use crate::cobrowse::{
    self as sessions, Admission, Channel, Control, News, Party, PushError, Standing, ToRecorder,
};
use link::{Ending, Frame, Link};

/// What both sides say in text.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Command {
    /// The first frame.
    Hello { cobrowse_id: CobrowseId, ticket: String },
    /// An agent asks to act on the page; without scopes, takes the question back.
    Ask { scopes: Vec<CobrowseScope> },
    /// An agent gives back what they were given.
    Release,
    /// The visitor's answer: what of a question they allow.
    Answer { number: u32, scopes: Vec<CobrowseScope> },
    /// The visitor takes back what they gave.
    Revoke,
    /// The visitor holds the sharing for a moment, or goes on.
    Hold { is_held: bool },
}

/// What both sides hear in text.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    /// The ticket was accepted.
    Welcome {
        role: &'static str,
        /// To viewers: where they ask for files of other sites, if the server fetches them.
        #[serde(skip_serializing_if = "Option::is_none")]
        assets: Option<String>,
    },
    /// The recorder is asked for a whole page.
    KeyframeNeeded,
    /// So many viewers look on.
    Viewers { count: usize },
    /// Viewers do not get what lies at this address; the page may have it.
    Missing { address: String },
    /// Who looks on and who may act.
    Control(Standing),
    /// The session is over.
    Ended { by: CobrowseEnd },
}

/// What happens next.
enum Step {
    Frame(Frame),
    Tell(Option<ToRecorder>),
    Ready,
    Control,
    Ended(CobrowseEnd),
    Beat,
    Move,
}

/// Serves one socket of one side to its end.
pub(crate) async fn serve(app: Arc<App>, socket: WebSocket, party: Party) {
    let counting = Arc::clone(&app);
    let _counted = counting.drain.count_socket();
    let mut link = Link::new(socket, app.config.timing);
    let ending = match admit(&app, &mut link, party).await {
        Ok((cobrowse_id, admission)) => {
            let span = tracing::info_span!("cobrowse", %cobrowse_id);
            match party {
                Party::Visitor => record(&app, &mut link, cobrowse_id, admission).instrument(span).await,
                Party::Agent => view(&app, &mut link, cobrowse_id, admission).instrument(span).await,
            }
        }
        Err(ending) => ending,
    };
    link.finish(ending).await;
}

async fn admit(app: &App, link: &mut Link, party: Party) -> Result<(CobrowseId, Admission), Ending> {
    let text = link.receive_hello(app.config.timing.hello).await?;
    let Ok(Command::Hello { cobrowse_id, ticket }) = serde_json::from_str(&text) else {
        return Err(Ending::Close(CloseCode::BadFrame));
    };
    // A session that is over and a ticket that never was look the same from outside.
    let admission = app.cobrowse.admit(&cobrowse_id, &ticket, party).ok_or(Ending::Close(CloseCode::Gone))?;
    let welcome = match party {
        Party::Visitor => Event::Welcome { role: "visitor", assets: None },
        Party::Agent => Event::Welcome { role: "agent", assets: asset_route(app, &cobrowse_id).await },
    };
    link.send(&welcome).await?;
    Ok((cobrowse_id, admission))
}

/// Where viewers ask for files of other sites. Where that cannot be looked up, the page is shown without them.
async fn asset_route(app: &App, cobrowse_id: &CobrowseId) -> Option<String> {
    let touchpoint_id = app.cobrowse.get(cobrowse_id)?.touchpoint_id;
    let touchpoint = app.store.touchpoint(&touchpoint_id).await.ok().flatten()?;
    app.foreign.route(&touchpoint, &cobrowse_id.0)
}

/// Takes the recorder's frames and tells it what the viewers need.
async fn record(app: &Arc<App>, link: &mut Link, cobrowse_id: CobrowseId, admission: Admission) -> Ending {
    let Admission { channel, control, .. } = admission;
    let (number, mut queue) = channel.join_recorder();
    // What was given was given on the page before.
    control.page_left();
    let mut news = control.news();
    let mut is_told = false;
    let ending = loop {
        if !std::mem::replace(&mut is_told, true)
            && let Err(ending) = link.send(&Event::Control(control.standing(None, clock::now()))).await
        {
            break ending;
        }
        let step = match next(app, link, (&channel, &control), &mut news, Some(&mut queue), None).await {
            Ok(step) => step,
            Err(ending) => break ending,
        };
        let outcome = match step {
            Step::Frame(Frame::Binary(frame)) => {
                note_report(app, &cobrowse_id, &control, &frame).await;
                push(&channel, number, own(&frame))
            }
            Step::Frame(Frame::Text(text)) => hear_visitor(app, &cobrowse_id, &control, &text).await,
            Step::Tell(Some(ToRecorder::KeyframeNeeded)) => link.send(&Event::KeyframeNeeded).await,
            Step::Tell(Some(ToRecorder::Viewers(count))) => link.send(&Event::Viewers { count }).await,
            Step::Tell(Some(ToRecorder::Missing(address))) => link.send(&Event::Missing { address }).await,
            Step::Tell(Some(ToRecorder::Frame(frame))) => link.send_bytes(frame).await,
            // Another page of the same visitor records now.
            Step::Tell(None) => Err(Ending::Close(CloseCode::Gone)),
            Step::Control => {
                is_told = false;
                Ok(())
            }
            step @ (Step::Ready | Step::Ended(_) | Step::Beat | Step::Move) => common(link, step).await,
        };
        if let Err(ending) = outcome {
            break ending;
        }
    };
    if channel.leave_recorder(number) {
        control.page_left();
        sessions::recorder_left(app, &cobrowse_id);
    }
    ending
}

/// Gives a viewer the frames at the pace it takes them.
async fn view(app: &Arc<App>, link: &mut Link, cobrowse_id: CobrowseId, admission: Admission) -> Ending {
    let Admission { channel, control, agent } = admission;
    let (number, arrived) = channel.join_viewer();
    control.join(&agent);
    let mut news = control.news();
    let mut is_told = false;
    let ending = loop {
        if !std::mem::replace(&mut is_told, true)
            && let Err(ending) =
                link.send(&Event::Control(control.standing(Some(&agent), clock::now()))).await
        {
            break ending;
        }
        if let Some(frame) = channel.next_frame(number) {
            // A session that ends does not wait for a slow reader.
            let sent = tokio::select! {
                biased;
                by = channel.ended() => common(link, Step::Ended(by)).await,
                sent = link.send_bytes(frame) => sent,
            };
            match sent {
                Ok(()) => continue,
                Err(ending) => break ending,
            }
        }
        let step = match next(app, link, (&channel, &control), &mut news, None, Some(&arrived)).await {
            Ok(step) => step,
            Err(ending) => break ending,
        };
        let outcome = match step {
            Step::Frame(Frame::Binary(frame)) => pass_back(&channel, &control, &agent, own(&frame)),
            Step::Frame(Frame::Text(text)) => hear_agent(app, &cobrowse_id, &control, &agent, &text).await,
            Step::Control if control.is_expelled(&agent) => Err(Ending::Close(CloseCode::Gone)),
            Step::Control => {
                is_told = false;
                Ok(())
            }
            step @ (Step::Tell(_) | Step::Ready | Step::Ended(_) | Step::Beat | Step::Move) => {
                common(link, step).await
            }
        };
        if let Err(ending) = outcome {
            break ending;
        }
    };
    channel.leave_viewer(number);
    control.leave(&agent);
    ending
}

async fn next(
    app: &App,
    link: &mut Link,
    (channel, control): (&Channel, &Control),
    news: &mut News,
    queue: Option<&mut mpsc::Receiver<ToRecorder>>,
    arrived: Option<&Arc<Notify>>,
) -> Result<Step, Ending> {
    let turn = link.turn();
    let look_at = link.look_at();
    let lapsed = async {
        match control.given_for(clock::now()) {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    let told = async {
        match queue {
            Some(queue) => queue.recv().await,
            None => std::future::pending().await,
        }
    };
    let ready = async {
        match arrived {
            Some(arrived) => arrived.notified().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        by = channel.ended() => Ok(Step::Ended(by)),
        frame = link.receive() => frame.map(Step::Frame),
        message = told => Ok(Step::Tell(message)),
        () = news.next() => Ok(Step::Control),
        () = lapsed => Ok(Step::Control),
        () = ready => Ok(Step::Ready),
        () = tokio::time::sleep_until(look_at) => Ok(Step::Beat),
        () = app.drain.turn_of(turn) => Ok(Step::Move),
    }
}

async fn common(link: &mut Link, step: Step) -> Result<(), Ending> {
    match step {
        Step::Ended(by) => {
            link.send(&Event::Ended { by }).await?;
            Err(Ending::Close(CloseCode::Normal))
        }
        Step::Beat if link.is_beat_due()? => link.ping().await,
        Step::Move => Err(Ending::Close(CloseCode::Restart)),
        Step::Beat | Step::Ready | Step::Control | Step::Tell(_) | Step::Frame(_) => Ok(()),
    }
}

/// A frame as it is read is a slice of the socket's whole read buffer, which lives as long as the slice does: what
/// is kept or queued is copied, so that it holds its own bytes and no more.
fn own(frame: &Bytes) -> Bytes {
    Bytes::copy_from_slice(frame)
}

fn push(channel: &Channel, number: u64, frame: Bytes) -> Result<(), Ending> {
    match channel.push(number, frame, clock::now()) {
        Ok(()) => Ok(()),
        Err(PushError::Replaced) => Err(Ending::Close(CloseCode::Gone)),
        Err(PushError::Malformed) => Err(Ending::Close(CloseCode::BadFrame)),
    }
}

/// Text of a later version is of no concern; another hello is a mistake.
fn command(text: &str) -> Result<Option<Command>, Ending> {
    match serde_json::from_str(text) {
        Ok(Command::Hello { .. }) => Err(Ending::Close(CloseCode::BadFrame)),
        Ok(command) => Ok(Some(command)),
        Err(_) => Ok(None),
    }
}

/// What an agent says beside their frames.
async fn hear_agent(
    app: &App,
    cobrowse_id: &CobrowseId,
    control: &Control,
    agent: &AgentRef,
    text: &str,
) -> Result<(), Ending> {
    let step = match command(text)? {
        Some(Command::Ask { scopes }) => control.ask(agent, &scopes, clock::now()),
        Some(Command::Release) => control.release(agent, clock::now()),
        Some(Command::Hello { .. } | Command::Answer { .. } | Command::Revoke | Command::Hold { .. })
        | None => None,
    };
    record_steps(app, cobrowse_id, control, step).await;
    Ok(())
}

/// What the visitor says beside their frames.
async fn hear_visitor(
    app: &App,
    cobrowse_id: &CobrowseId,
    control: &Control,
    text: &str,
) -> Result<(), Ending> {
    let step = match command(text)? {
        Some(Command::Answer { number, scopes }) => control.answer(number, &scopes, clock::now()),
        Some(Command::Revoke) => control.revoke(clock::now()),
        Some(Command::Hold { is_held }) => {
            control.hold(is_held);
            None
        }
        Some(Command::Hello { .. } | Command::Ask { .. } | Command::Release) | None => None,
    };
    record_steps(app, cobrowse_id, control, step).await;
    Ok(())
}

/// Records a step, and before it the actions that it ends.
async fn record_steps(app: &App, cobrowse_id: &CobrowseId, control: &Control, step: Option<CobrowseStep>) {
    let Some(step) = step else { return };
    for step in control.take_last().into_iter().chain([step]) {
        sessions::record_step(app, cobrowse_id, step).await;
    }
}

/// The page tells what came of an action.
async fn note_report(app: &App, cobrowse_id: &CobrowseId, control: &Control, frame: &Bytes) {
    let Ok((Header { kind: Kind::Control, .. }, payload)) = Header::parse(frame) else { return };
    let step = Report::from_payload(payload).and_then(|report| control.done(report, clock::now()));
    if let Some(step) = step {
        sessions::record_step(app, cobrowse_id, step).await;
    }
}

/// A viewer may send only what was granted to its agent.
fn pass_back(channel: &Channel, control: &Control, agent: &AgentRef, frame: Bytes) -> Result<(), Ending> {
    let Ok((header, payload)) = Header::parse(&frame) else { return Err(Ending::Close(CloseCode::BadFrame)) };
    if header.kind == Kind::Control {
        let Some(command) = actions::Command::from_payload(payload) else {
            return Err(Ending::Close(CloseCode::BadFrame));
        };
        if !control.admits(agent, &command, clock::now()) {
            return Ok(());
        }
    }
    if header.kind == Kind::Hello {
        // An agent is called what the office calls them.
        let name = &agent.name[..agent.name.floor_char_boundary(AGENT_NAME_BYTES_MAX)];
        channel.to_recorder(header.frame(name.as_bytes()).into());
    } else if header.kind.may_come_from_viewer() {
        channel.to_recorder(frame);
    }
    Ok(())
}
