//! What every route and socket reaches: the store, the broker, and what this node knows of who is connected.

use std::sync::Arc;

use broker::{Broker, MemoryBroker};
use store::Store;
use tokio::sync::watch;

use crate::announcer::Announcer;
use crate::auth::login_limit::LoginLimit;
use crate::auth::password::Passwords;
use crate::cobrowse::Sessions;
use crate::config::Config;
use crate::drain::Drain;
use crate::presence::Presence;
use crate::visitors::Visitors;
use crate::web::assets::Assets;
use crate::web::script::Scripts;

/// The parts of a running server.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) broker: Arc<dyn Broker>,
    pub(crate) presence: Presence,
    pub(crate) visitors: Visitors,
    pub(crate) cobrowse: Sessions,
    pub(crate) announcer: Announcer,
    pub(crate) drain: Drain,
    pub(crate) login_limit: LoginLimit,
    pub(crate) passwords: Passwords,
    pub(crate) assets: Assets,
    pub(crate) scripts: Scripts,
    /// Counts the changes of touchpoints, so that whoever shows facts looks again.
    pub(crate) settings_changes: watch::Sender<u64>,
}

impl App {
    /// Puts the parts together.
    pub(crate) fn new(config: Config, store: Arc<dyn Store>) -> Arc<Self> {
        let assets = Assets::new(config.web.clone());
        Arc::new(Self {
            config,
            store,
            broker: Arc::new(MemoryBroker::default()),
            presence: Presence::default(),
            visitors: Visitors::default(),
            cobrowse: Sessions::default(),
            drain: Drain::default(),
            login_limit: LoginLimit::default(),
            passwords: Passwords::default(),
            assets,
            scripts: Scripts::default(),
            settings_changes: watch::Sender::new(0),
            announcer: Announcer::default(),
        })
    }
}
