//! One connection through the proxy, from its first byte to its trouble.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;

use super::{Plan, Tally, Trouble, Weather};
use crate::random::Random;

const PIECE_BYTES: usize = 8 * 1024;

/// Why a direction stopped.
enum End {
    /// One side closed.
    Closed,
    /// The plan says so.
    Cut,
    /// Nothing moves any more and both sides stay connected.
    HalfOpen,
}

/// What both directions of a connection share.
struct Shared {
    plan: Plan,
    passed_bytes: AtomicU64,
    weather: watch::Receiver<Weather>,
    tally: Arc<Tally>,
}

/// Forwards until one side closes or the plan ends it.
pub(super) async fn run(
    client: TcpStream,
    server: SocketAddr,
    plan: Plan,
    jitter: Random,
    weather: watch::Receiver<Weather>,
    tally: Arc<Tally>,
) {
    if let Some((_, Trouble::Refuse)) = plan.trouble {
        tally.note(Trouble::Refuse);
        return reset(&client);
    }
    // A server that is down refuses, and so does the way to it.
    let Ok(server) = TcpStream::connect(server).await else { return reset(&client) };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let shared = Shared { plan, passed_bytes: AtomicU64::new(0), weather, tally };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut other_jitter = jitter.clone();
    let mut jitter = jitter;
    let end = tokio::select! {
        end = forward(&mut from_client, &mut to_server, &shared, &mut jitter) => end,
        end = forward(&mut from_server, &mut to_client, &shared, &mut other_jitter) => end,
    };
    match end {
        // What one side still has to say is not waited for: the ends close together, as they do behind a router.
        End::Closed => {}
        End::Cut => {
            reset(to_client.as_ref());
            reset(to_server.as_ref());
        }
        End::HalfOpen => tokio::join!(swallow(&mut from_client), swallow(&mut from_server)).0,
    }
}

async fn forward(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    shared: &Shared,
    jitter: &mut Random,
) -> End {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let Ok(count @ 1..) = from.read(&mut piece).await else { return End::Closed };
        pause(&shared.plan, count, jitter).await;
        let passed_before = shared.passed_bytes.fetch_add(count as u64, Ordering::Relaxed);
        let due = shared.trouble_within(passed_before, count);
        // Up to the trouble everything arrives: the last frame is torn in two.
        let before_it = due.map_or(count, |(bytes, _)| bytes);
        if to.write_all(&piece[..before_it]).await.is_err() {
            return End::Closed;
        }
        let Some((_, trouble)) = due else { continue };
        shared.tally.note(trouble);
        match trouble {
            Trouble::Refuse | Trouble::Cut => return End::Cut,
            Trouble::HalfOpen => return End::HalfOpen,
            Trouble::Stall(time) => tokio::time::sleep(time).await,
        }
        if to.write_all(&piece[before_it..count]).await.is_err() {
            return End::Closed;
        }
    }
}

impl Shared {
    /// Whether the trouble lies within a piece: how many of its bytes still pass, and what happens then.
    fn trouble_within(&self, passed_before: u64, count: usize) -> Option<(usize, Trouble)> {
        let (at, trouble) = self.plan.trouble?;
        let bytes = usize::try_from(at.checked_sub(passed_before)?).ok()?;
        (bytes < count && *self.weather.borrow() == Weather::Storm).then_some((bytes, trouble))
    }
}

async fn pause(plan: &Plan, count: usize, jitter: &mut Random) {
    let mut time = Duration::ZERO;
    if plan.delay > Duration::ZERO {
        let delay_us = u64::try_from(plan.delay.as_micros()).unwrap_or(u64::MAX);
        time += Duration::from_micros(jitter.between(delay_us, 2 * delay_us));
    }
    if let Some(bytes_per_s) = plan.throttle {
        time += Duration::from_secs_f64(count as f64 / bytes_per_s as f64);
    }
    if time > Duration::ZERO {
        tokio::time::sleep(time).await;
    }
}

/// Takes what comes and forgets it, until that side gives up.
async fn swallow(from: &mut OwnedReadHalf) {
    let mut piece = vec![0; PIECE_BYTES];
    while let Ok(1..) = from.read(&mut piece).await {}
}

/// Ends a connection with a reset instead of a farewell.
fn reset(stream: &TcpStream) {
    let _ = stream.set_zero_linger();
}
