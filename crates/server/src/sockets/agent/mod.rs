//! An agent's chat connection.

mod reads;
mod writes;

use std::sync::Arc;

use axum::extract::ws::WebSocket;
use chat_host::{AgentAnswer, AgentHost, AgentRead, AgentWrite, Written};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use protocol::people::AgentPresence;
use tokio::sync::watch;
use tracing::{Instrument as _, Span};

use super::desk::Desk;
use super::serve;
use super::steady;
use super::visitor::timing;
use super::websocket::SocketWire;
use crate::app::App;
use crate::auth::guard::Caller;
use crate::auth::secret;
use crate::presence::{Connected, Presence};
use crate::random;

/// Carries out what an agent's machine wants.
struct AgentDesk {
    app: Arc<App>,
    caller: Arc<Caller>,
    presence: watch::Receiver<Arc<Vec<AgentPresence>>>,
    span: Span,
    connected: Option<Connected>,
}

/// Serves one socket to its end.
pub(crate) async fn serve(app: Arc<App>, socket: WebSocket, caller: Caller) {
    let profile = &caller.agent.profile;
    let who = (profile.agent_id.clone(), profile.name.clone());
    let span = tracing::info_span!("agent", agent_id = %profile.agent_id);
    // The name of the log-in this socket came with; it opens nothing.
    let session_key = caller.session.map(|session| secret::hex(&session.0));
    let host = AgentHost::new(who, session_key, timing(&app), random::seed(), steady::now());
    let desk = AgentDesk {
        app: Arc::clone(&app),
        caller: Arc::new(caller),
        presence: app.presence.watch(),
        span,
        connected: None,
    };
    serve::serve(app, host, desk, SocketWire::new(socket)).await;
}

impl Desk for AgentDesk {
    type Host = AgentHost;

    fn arrived(&mut self, (): ()) {
        let agent_id = self.caller.agent.profile.agent_id.clone();
        self.connected = Some(Presence::connect(&self.app, agent_id));
    }

    fn read(&mut self, read: AgentRead) -> BoxFuture<'static, AgentAnswer> {
        let (app, caller) = (Arc::clone(&self.app), Arc::clone(&self.caller));
        // Whatever changes after this moment is told after the welcome.
        let agents = Arc::clone(&self.presence.borrow_and_update());
        reads::find_out(app, caller, agents, read).instrument(self.span.clone()).boxed()
    }

    fn write(&mut self, write: AgentWrite) -> BoxFuture<'static, Written> {
        let (app, caller) = (Arc::clone(&self.app), Arc::clone(&self.caller));
        writes::carry_out(app, caller, write).instrument(self.span.clone()).boxed()
    }

    fn presence(&mut self) -> Option<&mut watch::Receiver<Arc<Vec<AgentPresence>>>> {
        Some(&mut self.presence)
    }
}
