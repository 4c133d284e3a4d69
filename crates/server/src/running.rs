//! A server from its first socket to its last.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use store::{Purpose, Store, Touchpoints as _};
use store_sqlite::SqliteStore;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::config::Config;
use crate::files::{self, AttachmentsPlace, Files};
use crate::listen::Port;
use crate::recordings::{self, Recordings};
use crate::{announcer, cobrowse, demo, folder, presence, retention, routes, routing};

/// The file of the store inside the data folder.
pub(crate) const STORE_FILE: &str = "tandem.sqlite";

/// How long requests that run may take once the sockets are gone.
const LAST_REQUESTS: Duration = Duration::from_secs(3);

/// A server that runs.
pub struct Running {
    app: Arc<App>,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    upkeep: Vec<JoinHandle<()>>,
}

impl Running {
    /// Opens the store and the port, and begins to serve.
    ///
    /// # Errors
    /// When the folder or the port cannot be used, or the folder holds other data than the server is started for.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        let store = open_store(&config).await?;
        let listener = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        let address = listener.local_addr().context("the port has no address")?;
        let is_demo = config.is_demo;
        let files = open_files(&config)?;
        let recordings = Recordings::open(&config.data)?;
        let app = App::new(config, store, files, recordings);
        if is_demo {
            demo::prepare(app.store.as_ref()).await?;
        }
        presence::refresh(&app).await?;
        let upkeep = vec![
            tokio::spawn(presence::keep_fresh(Arc::clone(&app))),
            tokio::spawn(announcer::keep_telling(Arc::clone(&app))),
            tokio::spawn(routing::keep_routing(Arc::clone(&app))),
            tokio::spawn(files::keep_tidy(Arc::clone(&app))),
            tokio::spawn(recordings::keep_tidy(Arc::clone(&app))),
            tokio::spawn(retention::keep_erasing(Arc::clone(&app))),
            tokio::spawn(retention::keep_finishing(Arc::clone(&app))),
        ];
        let (stop, stopped) = oneshot::channel();
        let port = Port {
            router: routes::router(Arc::clone(&app)),
            connections: Arc::clone(&app.connections),
            head_time: app.config.timing.request_head,
        };
        let serving = tokio::spawn(port.serve(listener, stopped));
        tracing::info!(%address, "ready");
        Ok(Self { app, address, stop, serving, upkeep })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The store it serves from.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.app.store)
    }

    /// Goes down: shared pages are let go, sockets move, requests end, everything is on disk.
    ///
    /// # Errors
    /// When the last writes cannot be brought to disk.
    pub async fn stop(self) -> anyhow::Result<()> {
        let Self { app, stop, serving, upkeep, .. } = self;
        cobrowse::end_all(&app).await;
        app.drain.run(app.config.timing.drain_spread).await;
        // The receiver is gone only when serving has ended by itself.
        let _ = stop.send(());
        if tokio::time::timeout(LAST_REQUESTS, serving).await.is_err() {
            tracing::warn!("some requests did not end in time");
        }
        upkeep.iter().for_each(JoinHandle::abort);
        app.recordings.settled(LAST_REQUESTS).await;
        app.store.flush().await.context("the last writes did not reach the disk")
    }
}

fn open_files(config: &Config) -> anyhow::Result<Files> {
    let place = config.attachments.clone().unwrap_or_else(|| AttachmentsPlace::inside(&config.data));
    Files::tidy(&place)?;
    Files::open(&config.data, &place, config.disk_reserve_bytes)
}

async fn open_store(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    let folder = config.data.display();
    folder::make(&config.data).with_context(|| format!("cannot make the data folder {folder}"))?;
    let store = SqliteStore::open(&config.data.join(STORE_FILE))
        .with_context(|| format!("cannot open the data in {folder}"))?;
    let wanted = if config.is_demo { Purpose::Demo } else { Purpose::Real };
    match (wanted, store.claim(wanted).await?) {
        (Purpose::Demo, Purpose::Real) => {
            bail!(
                "{folder} holds real data; the demo starts only in a folder of its own, choose one with --data"
            )
        }
        (Purpose::Real, Purpose::Demo) => {
            bail!(
                "{folder} holds demo data with public passwords; start with --demo or choose another with --data"
            )
        }
        (Purpose::Real, Purpose::Real) | (Purpose::Demo, Purpose::Demo) => Ok(Arc::new(store)),
    }
}
