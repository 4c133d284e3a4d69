//! `tandem serve`

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

use super::DataFolder;
use crate::config::Config;
use crate::demo;
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
    /// Serves a demo shop with demo log-ins.
    #[arg(long, env = "TANDEM_DEMO")]
    demo: bool,
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
        config.public_url = self.public_url.clone();
        let running = Running::start(config).await?;
        let address = match &self.public_url {
            Some(origin) => origin.to_string(),
            None => format!("http://{}", running.address()),
        };
        println!("Tandem is ready on {address}");
        if self.demo {
            println!("{}", demo::greeting(&address));
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

/// A server that was just installed says what is missing until the first chat.
async fn print_next_steps(running: &Running, address: &str) -> anyhow::Result<()> {
    let store = running.store();
    println!("\n  Console  {address}/console/");
    if store.agents().await?.is_empty() {
        println!(
            "\n  Nobody can log in yet:\n    tandem agent create --name You --email you@example.com --role admin"
        );
    }
    if store.touchpoints().await?.is_empty() {
        println!(
            "\n  No page offers chat yet:\n    tandem touchpoint create --name Shop --domain shop.example.com"
        );
    }
    println!();
    Ok(())
}
