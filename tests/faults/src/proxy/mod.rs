//! The chaos proxy: TCP between clients and the server, as bad as the weather.

mod plan;
mod tunnel;

pub(crate) use plan::{Plan, Trouble};

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::random::Random;

/// What new connections meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Everything passes. What was half-open stays so: its client has to find out by itself.
    Fair,
    /// Each connection has a plan of its own.
    Storm,
}

/// How often what happened.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    connections: AtomicU64,
    refused: AtomicU64,
    cut: AtomicU64,
    half_open: AtomicU64,
    stalled: AtomicU64,
}

/// A proxy that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    weather: watch::Sender<Weather>,
    tally: Arc<Tally>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Listens, and forwards to the server.
    pub(crate) async fn start(server: SocketAddr, seed: u64, weather: Weather) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (sender, receiver) = watch::channel(weather);
        let tally = Arc::new(Tally::default());
        let accepting = tokio::spawn(accept(listener, server, seed, receiver, Arc::clone(&tally)));
        Ok(Self { address, weather: sender, tally, accepting })
    }

    pub(crate) fn set_weather(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// What happened, in one line.
    pub(crate) fn report(&self) -> String {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Tally { connections, refused, cut, half_open, stalled } = &*self.tally;
        format!(
            "connections {} (refused {}, cut {}, half-open {}, stalled {})",
            count(connections),
            count(refused),
            count(cut),
            count(half_open),
            count(stalled)
        )
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Tally {
    fn note(&self, trouble: Trouble) {
        let counter = match trouble {
            Trouble::Refuse => &self.refused,
            Trouble::Cut => &self.cut,
            Trouble::HalfOpen => &self.half_open,
            Trouble::Stall(_) => &self.stalled,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

async fn accept(
    listener: TcpListener,
    server: SocketAddr,
    seed: u64,
    weather: watch::Receiver<Weather>,
    tally: Arc<Tally>,
) {
    while let Ok((client, _)) = listener.accept().await {
        let number = tally.connections.fetch_add(1, Ordering::Relaxed);
        let plan = match *weather.borrow() {
            Weather::Fair => Plan::fair(),
            Weather::Storm => Plan::draw(&mut Random::of(seed, number)),
        };
        let jitter = Random::of(!seed, number);
        tokio::spawn(tunnel::run(client, server, plan, jitter, weather.clone(), Arc::clone(&tally)));
    }
}

#[cfg(test)]
mod tests;
