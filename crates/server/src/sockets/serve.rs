//! The loop of one chat connection: frames, notices, answers and time go into its machine, what comes out is
//! carried out. Nothing is decided here.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use broker::{Notice, Subscription};
use chat_host::{Frame, Heard, Host, HostInput, HostOutput, Outgoing, Written};
use futures_util::future::BoxFuture;
use protocol::close::CloseCode;
use protocol::people::AgentPresence;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep};

use super::desk::Desk;
use super::steady;
use super::wire::{Broken, Incoming, Wire};
use crate::app::App;
use crate::drain::Turn;

/// How long what a client said may still be carried out once it is gone.
const LAST_WRITES_MAX: Duration = Duration::from_secs(10);

type Answer<D> = <<D as Desk>::Host as Host>::Answer;

/// How a connection ends: with a code, unless the client is gone.
type Ending = Option<CloseCode>;

/// One connection.
struct Connection<D: Desk, W> {
    app: Arc<App>,
    host: D::Host,
    desk: D,
    wire: W,
    subscription: Subscription,
    read: Option<BoxFuture<'static, Answer<D>>>,
    write: Option<BoxFuture<'static, Written>>,
    /// Where within the spread of a move this connection's turn is.
    turn: Turn,
    has_moved: bool,
}

/// What keeps a connection from sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blocked {
    /// Nothing does.
    No,
    /// The other side takes nothing more.
    Full,
    /// What was put is not on its way yet.
    Unflushed,
}

/// What happens next.
enum Step<A> {
    Incoming(Incoming),
    Unblocked,
    Read(A),
    Written(Written),
    Notice(Arc<Notice>),
    Lagged,
    Presence(Arc<Vec<AgentPresence>>),
    Move,
    Tick,
}

/// Serves one connection to its end.
pub(super) async fn serve<D: Desk, W: Wire>(app: Arc<App>, host: D::Host, desk: D, wire: W) {
    let counting = Arc::clone(&app);
    let _counted = counting.drain.count_socket();
    let subscription = app.broker.subscribe();
    let mut connection = Connection {
        app,
        host,
        desk,
        wire,
        subscription,
        read: None,
        write: None,
        turn: Turn::random(),
        has_moved: false,
    };
    let ending = connection.run().await;
    let Connection { host, desk, wire, write, subscription, .. } = connection;
    drop(subscription);
    tokio::join!(wire.finish(ending), settle(host, desk, write));
}

/// What the client said before it went is carried out: it may not come back to say it again.
async fn settle<D: Desk>(mut host: D::Host, mut desk: D, mut write: Option<BoxFuture<'static, Written>>) {
    let settling = async {
        host.handle(HostInput::Gone, steady::now());
        while !host.is_settled() {
            if let Some(write) = write.take() {
                let written = write.await;
                host.handle(HostInput::Written(written), steady::now());
            }
            while let Some(output) = host.poll_output() {
                if let HostOutput::Write(next) = output {
                    write = Some(desk.write(next));
                }
            }
        }
    };
    if tokio::time::timeout(LAST_WRITES_MAX, settling).await.is_err() {
        tracing::warn!("what a client said last was not carried out in time");
    }
}

impl<D: Desk, W: Wire> Connection<D, W> {
    async fn run(&mut self) -> Ending {
        let timer = tokio::time::sleep_until(self.wake_at());
        tokio::pin!(timer);
        loop {
            let blocked = match poll_fn(|context| Poll::Ready(self.pump(context))).await {
                Ok(blocked) => blocked,
                Err(ending) => return ending,
            };
            // Deadlines move with every frame; a timer that goes off early is set again, which is cheaper than
            // setting it each time.
            let wake_at = self.wake_at();
            if wake_at < timer.deadline() {
                timer.as_mut().reset(wake_at);
            }
            match self.next(blocked, timer.as_mut()).await {
                Step::Tick => {
                    timer.as_mut().reset(self.wake_at());
                    self.host.handle(HostInput::Tick, steady::now());
                }
                Step::Incoming(Incoming::Gone) => return None,
                step @ (Step::Incoming(_)
                | Step::Unblocked
                | Step::Read(_)
                | Step::Written(_)
                | Step::Notice(_)
                | Step::Lagged
                | Step::Presence(_)
                | Step::Move) => self.take(step),
            }
        }
    }

    fn wake_at(&self) -> Instant {
        // Without a deadline of its own the machine is over, and something else happens soon.
        self.host.deadline().map_or_else(|| Instant::now() + LAST_WRITES_MAX, steady::instant)
    }

    /// Carries out what the machine wants and sends what there is room for.
    fn pump(&mut self, context: &mut Context<'_>) -> Result<Blocked, Ending> {
        loop {
            self.carry_out();
            if let Some(code) = self.host.poll_close() {
                return Err(Some(code));
            }
            match self.wire.poll_room(context) {
                Poll::Pending => return Ok(Blocked::Full),
                Poll::Ready(Err(Broken)) => return Err(None),
                Poll::Ready(Ok(())) => {}
            }
            match self.host.poll_frame(steady::now()) {
                Some(Outgoing::Event(event)) => self.put(serde_json::to_string(&event))?,
                Some(Outgoing::Shared(frame)) => {
                    self.put(frame.text(serde_json::to_string).map(str::to_owned))?;
                }
                Some(Outgoing::Close(code)) => return Err(Some(code)),
                None => break,
            }
        }
        match self.wire.poll_flush(context) {
            Poll::Pending => Ok(Blocked::Unflushed),
            Poll::Ready(Err(Broken)) => Err(None),
            Poll::Ready(Ok(())) => Ok(Blocked::No),
        }
    }

    fn put(&mut self, text: serde_json::Result<String>) -> Result<(), Ending> {
        let Ok(text) = text else {
            tracing::error!("an event cannot be written as JSON");
            return Ok(());
        };
        self.wire.put(text).map_err(|Broken| None)
    }

    fn carry_out(&mut self) {
        while let Some(output) = self.host.poll_output() {
            match output {
                HostOutput::Arrived(arrival) => self.desk.arrived(arrival),
                HostOutput::Listen(topic) => self.subscription.listen(topic),
                HostOutput::Ignore(topic) => self.subscription.ignore(&topic),
                HostOutput::Publish(topic, notice) => self.app.broker.publish(&topic, notice.into()),
                HostOutput::Read(read) => self.read = Some(self.desk.read(read)),
                HostOutput::Write(write) => self.write = Some(self.desk.write(write)),
            }
        }
    }

    /// Returns what happens next. May be dropped and called again.
    async fn next(&mut self, blocked: Blocked, timer: Pin<&mut Sleep>) -> Step<Answer<D>> {
        let wants_frame = self.host.wants_frame();
        let wire = &mut self.wire;
        let wired = poll_fn(|context| {
            let is_unblocked = match blocked {
                Blocked::No => false,
                Blocked::Full => wire.poll_room(context).is_ready(),
                Blocked::Unflushed => wire.poll_flush(context).is_ready(),
            };
            if is_unblocked {
                return Poll::Ready(Step::Unblocked);
            }
            if wants_frame { wire.poll_incoming(context).map(Step::Incoming) } else { Poll::Pending }
        });
        // What is seldom comes first, so that what is frequent cannot keep it waiting. A client may say only so much
        // in a second, and notices that pile up are answered with a close.
        tokio::select! {
            biased;
            written = answer(&mut self.write) => Step::Written(written),
            found = answer(&mut self.read) => Step::Read(found),
            () = timer => Step::Tick,
            () = self.app.drain.turn_of(self.turn), if !self.has_moved => Step::Move,
            agents = changed(self.desk.presence()) => Step::Presence(agents),
            step = wired => step,
            notice = self.subscription.next() => notice.map_or(Step::Lagged, Step::Notice),
        }
    }

    fn take(&mut self, step: Step<Answer<D>>) {
        let input = match step {
            Step::Incoming(incoming) => heard(incoming),
            Step::Read(found) => HostInput::Read(found),
            Step::Written(written) => HostInput::Written(written),
            Step::Notice(notice) => HostInput::Notice(notice),
            Step::Lagged => HostInput::Lagged,
            Step::Presence(agents) => HostInput::Presence(agents),
            Step::Move => {
                self.has_moved = true;
                HostInput::Move
            }
            Step::Tick => HostInput::Tick,
            Step::Unblocked => return,
        };
        self.host.handle(input, steady::now());
    }
}

/// Waits for the answer to what is under way, and for ever when nothing is.
async fn answer<T>(under_way: &mut Option<BoxFuture<'static, T>>) -> T {
    match under_way {
        Some(future) => {
            let answer = future.await;
            *under_way = None;
            answer
        }
        None => pending().await,
    }
}

/// Waits until presence is another one, and for ever where it is of no concern.
async fn changed(presence: Option<&mut watch::Receiver<Arc<Vec<AgentPresence>>>>) -> Arc<Vec<AgentPresence>> {
    if let Some(presence) = presence
        && presence.changed().await.is_ok()
    {
        return Arc::clone(&presence.borrow_and_update());
    }
    pending().await
}

/// Reads a frame as the machine takes it.
fn heard<C: serde::de::DeserializeOwned, A>(incoming: Incoming) -> HostInput<C, A> {
    let (bytes, heard) = match incoming {
        Incoming::Text(text) => {
            let heard = match serde_json::from_str(&text) {
                Ok(command) => Heard::Command(command),
                Err(error) => Heard::Unreadable(fault(&error)),
            };
            (text.len(), heard)
        }
        Incoming::Unfit => (0, Heard::Broken),
        Incoming::Flood => (0, Heard::Flood),
        Incoming::Sign => (0, Heard::Sign),
        Incoming::Gone => return HostInput::Gone,
    };
    HostInput::Frame(Frame { bytes, heard })
}

/// Says what is wrong with a frame without repeating what it held.
fn fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(['`', '"']) {
        Some((before, _)) => format!("the frame cannot be read: {}", before.trim_end()),
        None => format!("the frame cannot be read: {text}"),
    }
}
