//! `tandem serve`

use std::io::Write as _;
use std::net::SocketAddr;

use anyhow::Context as _;
use store::UploadQuota;
use tokio::signal::unix::{SignalKind, signal};

use super::{DataFolder, FilesPlace};
use crate::config::Config;
use crate::connections;
use crate::demo;
use crate::forwarded::Network;
use crate::origin::Origin;
use crate::running::Running;

/// The flags of `tandem serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// The address and port to listen on.
    #[arg(long, env = "TANDEM_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    #[command(flatten)]
    folder: DataFolder,
    #[command(flatten)]
    place: FilesPlace,
    /// Serves a demo shop with demo log-ins.
    #[arg(long, env = "TANDEM_DEMO")]
    demo: bool,
    /// A proxy before the server, whose X-Forwarded-For and X-Forwarded-Proto are believed: an address or a network,
    /// 10.0.0.0/8. May be given several times, or divided by commas.
    #[arg(long, env = "TANDEM_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<Network>,
    /// How many visitors of one address may write their first message within ten minutes; 0 is no limit. Without this
    /// flag 120, and no limit in the demo.
    #[arg(long, env = "TANDEM_NEW_CUSTOMERS_PER_ADDRESS")]
    new_customers_per_address: Option<u32>,
    /// How many connections one address may have at once; 0 is no limit. This machine, private networks and
    /// trusted proxies have none;
    /// an IPv6 network of 64 bits counts as one address.
    #[arg(long, env = "TANDEM_CONNECTIONS_PER_ADDRESS", default_value_t = 1_000)]
    connections_per_address: u32,
    /// How many connections there may be at once. Without this flag as many as the system's limit of open files
    /// allows, which is the most in any case.
    #[arg(long, env = "TANDEM_CONNECTIONS")]
    connections: Option<usize>,
    /// How many MiB of files one customer may have uploaded that belong to no message yet; 0 is no limit.
    #[arg(long, env = "TANDEM_UNSENT_MIB_PER_CUSTOMER", default_value_t = 200)]
    unsent_mib_per_customer: u32,
    /// How many MiB of files one customer may have here altogether; 0 is no limit.
    #[arg(long, env = "TANDEM_MIB_PER_CUSTOMER", default_value_t = 1_024)]
    mib_per_customer: u32,
    /// A host with its port that the server asks for images, styles and fonts of shared pages although it is no public
    /// address: `intranet.example:8000`. May be given several times, or divided by commas.
    #[arg(long, env = "TANDEM_ASSET_ALLOW", value_delimiter = ',')]
    asset_allow: Vec<String>,
    /// How many MiB one recording of a shared page may have; what comes after that is not recorded, and the session goes
    /// on.
    #[arg(long, env = "TANDEM_RECORDING_MIB", default_value_t = 256,
        value_parser = clap::value_parser!(u32).range(1..))]
    recording_mib: u32,
    /// After how many days recordings of shared pages are deleted, where the touchpoint does not say it; 0 keeps them as
    /// long as their conversations.
    #[arg(long, env = "TANDEM_RECORDING_DAYS", default_value_t = 0,
        value_parser = clap::value_parser!(u32).range(..=36_500))]
    recording_days: u32,
    /// How browsers reach this server, when a proxy stands before it: `https://chat.example.com`.
    #[arg(long, env = "TANDEM_PUBLIC_URL")]
    public_url: Option<Origin>,
}

impl Serve {
    /// Serves until the process is told to end, then goes down without losing anything.
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen to signals")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen to signals")?;
        let mut config = Config::new(self.listen, self.folder.data);
        config.is_demo = self.demo;
        config.attachments = self.place.attachments;
        config.trusted_proxies = self.trusted_proxy;
        match self.new_customers_per_address {
            Some(0) => config.customers_per_address = None,
            None if self.demo => config.customers_per_address = None,
            Some(max) => config.customers_per_address = Some(max),
            None => {}
        }
        config.connections_per_address = Some(self.connections_per_address).filter(|max| *max > 0);
        config.connections_max = self.connections;
        config.customer_quota = UploadQuota {
            unsent_bytes: bytes(self.unsent_mib_per_customer),
            all_bytes: bytes(self.mib_per_customer),
        };
        config.asset_hosts = self.asset_allow;
        config.recording_bytes_max = u64::from(self.recording_mib) * 1024 * 1024;
        config.recording_days = Some(self.recording_days).filter(|days| *days > 0);
        config.public_url = self.public_url.clone();
        connections::raise_limit();
        let running = Running::start(config).await?;
        let address = match &self.public_url {
            Some(origin) => origin.to_string(),
            None => format!("http://{}", running.address()),
        };
        say(&format!("Tandem is ready on {address}"));
        if self.demo {
            say(&demo::greeting(&address));
        } else {
            print_next_steps(&running, &address).await?;
        }
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        running.stop().await
    }
}

/// Returns so many MiB in bytes; nothing is no limit.
fn bytes(mib: u32) -> Option<u64> {
    (mib > 0).then(|| u64::from(mib) * 1024 * 1024)
}

/// A server that was just installed says what is missing until the first chat.
async fn print_next_steps(running: &Running, address: &str) -> anyhow::Result<()> {
    let store = running.store();
    say(&format!("\n  Console  {address}/console/"));
    if store.agents().await?.is_empty() {
        say(
            "\n  Nobody can log in yet:\n    tandem agent create --name You --email you@example.com --role admin",
        );
    }
    if store.touchpoints().await?.is_empty() {
        say(
            "\n  No page offers chat yet:\n    tandem touchpoint create --name Shop --domain shop.example.com",
        );
    }
    say("");
    Ok(())
}

/// A server goes on when nobody reads what it says any more.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
