//! What an operator can set, and the times tests shorten.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use protocol::limit;

use crate::origin::Origin;

/// How a server runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The folder of its data.
    pub data: PathBuf,
    /// Whether it serves the demo.
    pub is_demo: bool,
    /// How browsers reach it, when that is not by the address it listens on.
    pub public_url: Option<Origin>,
    /// Where the web files are.
    pub web: WebFiles,
    /// How long things take.
    pub timing: Timing,
}

impl Config {
    /// Returns the settings of a server on this address with this data, everything else as it comes.
    #[must_use]
    pub fn new(listen: SocketAddr, data: PathBuf) -> Self {
        Self {
            listen,
            data,
            is_demo: false,
            public_url: None,
            web: WebFiles::Embedded,
            timing: Timing::default(),
        }
    }
}

/// Where the web files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebFiles {
    /// In the binary; a debug build reads them from `www/dist/`.
    Embedded,
    /// In a folder laid out like `www/dist/`.
    Folder(PathBuf),
}

/// How long things take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// A socket without a hello is closed after this time.
    pub hello: Duration,
    /// The heartbeat of an idle socket; it varies by a fifth.
    pub heartbeat: Duration,
    /// A socket that said nothing for this time is closed.
    pub silence: Duration,
    /// Somebody whose last socket closed counts as connected for this time, so that a reload is not seen.
    pub presence_grace: Duration,
    /// A question for consent is withdrawn after this time.
    pub cobrowse_ask: Duration,
    /// A co-browse session without a recorder ends after this time.
    pub cobrowse_away: Duration,
    /// Sockets are told to move over at most this time.
    pub drain_spread: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            hello: millis(limit::HELLO_TIMEOUT_MS),
            heartbeat: millis(limit::HEARTBEAT_MS),
            silence: millis(limit::SERVER_SILENCE_MS),
            presence_grace: Duration::from_secs(1),
            cobrowse_ask: millis(limit::COBROWSE_ASK_MS),
            cobrowse_away: millis(limit::COBROWSE_AWAY_MS),
            drain_spread: millis(limit::DRAIN_SPREAD_MS),
        }
    }
}

fn millis(ms: i64) -> Duration {
    Duration::from_millis(ms.unsigned_abs())
}
