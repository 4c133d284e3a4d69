//! What an operator can set, and the times tests shorten.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use protocol::limit;
use store::UploadQuota;

use crate::files::AttachmentsPlace;
use crate::forwarded::Network;
use crate::origin::Origin;

/// New customers of one address in ten minutes, unless it is said otherwise: an office behind one address.
const CUSTOMERS_PER_ADDRESS: u32 = 120;

/// Connections of one address at once, unless it is said otherwise: an office behind one address, with several pages open
/// each.
const CONNECTIONS_PER_ADDRESS: u32 = 1_000;

/// Bytes of the disk that files of messages leave alone, unless it is said otherwise.
const DISK_RESERVE_BYTES: u64 = 64 * 1024 * 1024;

/// Bytes of files of one customer that belong to no message yet, unless it is said otherwise.
const UNSENT_BYTES_PER_CUSTOMER: u64 = 200 * 1024 * 1024;

/// Bytes of all files of one customer, unless it is said otherwise.
const BYTES_PER_CUSTOMER: u64 = 1024 * 1024 * 1024;

/// Bytes of one recording, unless it is said otherwise: hours of a busy page.
const RECORDING_BYTES_MAX: u64 = 256 * 1024 * 1024;

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
    /// Proxies before the server: what they say of who asks is believed.
    pub trusted_proxies: Vec<Network>,
    /// New customers of one address in ten minutes; none means no limit.
    pub customers_per_address: Option<u32>,
    /// Connections of one address at once; none means no limit. This machine and trusted proxies have none.
    pub connections_per_address: Option<u32>,
    /// Connections at once; none means as many as the system's limit of open files allows, and it is never more.
    pub connections_max: Option<usize>,
    /// Where files of messages are kept; none is a folder inside the data folder.
    pub attachments: Option<AttachmentsPlace>,
    /// Bytes of the disk that files of messages leave alone.
    pub disk_reserve_bytes: u64,
    /// Bytes of files one customer may have here.
    pub customer_quota: UploadQuota,
    /// Bytes of one recording; one that is as large ends, and its session goes on.
    pub recording_bytes_max: u64,
    /// Hosts with their ports that are asked for images, styles and fonts of a visitor's page although they are no
    /// public addresses: `127.0.0.1:8000`.
    pub asset_hosts: Vec<String>,
    /// Days after which recordings are deleted where the touchpoint does not say it; none keeps them as long as their
    /// conversation.
    pub recording_days: Option<u32>,
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
            trusted_proxies: Vec::new(),
            customers_per_address: Some(CUSTOMERS_PER_ADDRESS),
            connections_per_address: Some(CONNECTIONS_PER_ADDRESS),
            connections_max: None,
            attachments: None,
            disk_reserve_bytes: DISK_RESERVE_BYTES,
            customer_quota: UploadQuota {
                unsent_bytes: Some(UNSENT_BYTES_PER_CUSTOMER),
                all_bytes: Some(BYTES_PER_CUSTOMER),
            },
            recording_bytes_max: RECORDING_BYTES_MAX,
            asset_hosts: Vec::new(),
            recording_days: None,
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
    /// After a start, agents have this time to connect again before a conversation of theirs is given back.
    pub agents_back: Duration,
    /// The head of a request has to come in this time; a connection that says nothing for as long is closed.
    pub request_head: Duration,
    /// The body of a request has to come in this time, uploads apart.
    pub request_body: Duration,
    /// An upload that brings too little in this time is cut off.
    pub upload_stretch: Duration,
    /// Somebody who wants an archive while others are written waits this long for a turn.
    pub export_wait: Duration,
    /// Each MiB of an archive has to be taken in while the server waits this long.
    pub export_stretch: Duration,
    /// After this time somebody slow gives their turn to those who wait.
    pub export_turn: Duration,
    /// A question for consent is withdrawn after this time.
    pub cobrowse_ask: Duration,
    /// A visitor's offer to show their page lapses after this time.
    pub cobrowse_offer: Duration,
    /// An offer the visitor's page does not stand by any more lapses after this time.
    pub cobrowse_offer_silence: Duration,
    /// A co-browse session without a recorder ends after this time.
    pub cobrowse_away: Duration,
    /// A file of another site, for those who look at a shared page, is had in this time or not at all.
    pub asset: Duration,
    /// A poll with nothing to say is answered after this time.
    pub poll_wait: Duration,
    /// A polling connection without a request ends after this time.
    pub poll_idle: Duration,
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
            agents_back: millis(limit::RECONNECT_MAX_MS),
            request_head: Duration::from_secs(30),
            request_body: Duration::from_secs(30),
            upload_stretch: Duration::from_secs(30),
            export_wait: Duration::from_secs(10),
            export_stretch: Duration::from_secs(30),
            export_turn: Duration::from_secs(10 * 60),
            cobrowse_ask: millis(limit::COBROWSE_ASK_MS),
            cobrowse_offer: millis(limit::COBROWSE_OFFER_MS),
            cobrowse_offer_silence: millis(limit::COBROWSE_OFFER_SILENCE_MS),
            cobrowse_away: millis(limit::COBROWSE_AWAY_MS),
            asset: Duration::from_secs(10),
            poll_wait: millis(limit::POLL_WAIT_MS),
            poll_idle: millis(limit::POLL_IDLE_MS),
            drain_spread: millis(limit::DRAIN_SPREAD_MS),
        }
    }
}

fn millis(ms: i64) -> Duration {
    Duration::from_millis(ms.unsigned_abs())
}
