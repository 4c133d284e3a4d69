//! What every route and socket reaches: the store, the broker, and what this node knows of who is connected.

use std::sync::Arc;

use broker::{Broker, MemoryBroker};
use store::Store;
use tokio::sync::{Notify, watch};

use crate::announcer::Announcer;
use crate::auth::customer_limit::CustomerLimit;
use crate::auth::login_limit::LoginLimit;
use crate::auth::password::Passwords;
use crate::cobrowse::{Sessions, Starts};
use crate::config::Config;
use crate::connections::{Connections, PerAddress};
use crate::drain::Drain;
use crate::export::Exports;
use crate::files::Files;
use crate::foreign::Foreign;
use crate::presence::Presence;
use crate::recordings::Recordings;
use crate::replays::Replays;
use crate::routing::Routing;
use crate::sockets::polling::Polls;
use crate::visitors::Visitors;
use crate::web::assets::Assets;
use crate::web::script::Scripts;

/// The parts of a running server.
pub(crate) struct App {
    pub(crate) config: Config,
    /// Who is connected.
    pub(crate) connections: Arc<Connections>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) broker: Arc<dyn Broker>,
    /// The bytes of files.
    pub(crate) files: Files,
    /// Files of other sites.
    pub(crate) foreign: Foreign,
    pub(crate) recordings: Recordings,
    pub(crate) exports: Exports,
    pub(crate) presence: Presence,
    pub(crate) routing: Routing,
    pub(crate) visitors: Visitors,
    pub(crate) cobrowse: Sessions,
    /// What visitors did to begin a session.
    pub(crate) starts: Starts,
    pub(crate) announcer: Announcer,
    /// Wakes the task that finishes erasures.
    pub(crate) erasures: Notify,
    pub(crate) polls: Polls,
    pub(crate) drain: Drain,
    pub(crate) login_limit: LoginLimit,
    pub(crate) customer_limit: CustomerLimit,
    pub(crate) replays: Arc<Replays>,
    pub(crate) passwords: Passwords,
    pub(crate) assets: Assets,
    pub(crate) scripts: Scripts,
    /// Counts the changes of touchpoints, so that whoever shows facts looks again.
    pub(crate) settings_changes: watch::Sender<u64>,
}

impl App {
    /// Puts the parts together.
    pub(crate) fn new(
        config: Config,
        store: Arc<dyn Store>,
        files: Files,
        recordings: Recordings,
    ) -> Arc<Self> {
        let assets = Assets::new(config.web.clone());
        let connections = Connections::new(&config);
        let foreign = Foreign::new(&config.asset_hosts, config.timing.asset);
        let polls = Polls::new(PerAddress::of(&config));
        Arc::new(Self {
            config,
            connections,
            store,
            broker: Arc::new(MemoryBroker::default()),
            files,
            foreign,
            recordings,
            exports: Exports::default(),
            presence: Presence::default(),
            routing: Routing::default(),
            visitors: Visitors::default(),
            cobrowse: Sessions::default(),
            starts: Starts::default(),
            polls,
            drain: Drain::default(),
            login_limit: LoginLimit::default(),
            customer_limit: CustomerLimit::default(),
            replays: Arc::default(),
            passwords: Passwords::default(),
            assets,
            scripts: Scripts::default(),
            settings_changes: watch::Sender::new(0),
            announcer: Announcer::default(),
            erasures: Notify::new(),
        })
    }
}
