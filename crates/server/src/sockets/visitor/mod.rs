//! A visitor's chat connection, whatever carries it.

mod reads;
mod writes;

use std::sync::Arc;

use axum::extract::ws::WebSocket;
use chat_host::{HostTiming, VisitorAnswer, VisitorArrival, VisitorHost, VisitorRead, VisitorWrite, Written};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use protocol::people::AgentPresence;
use tokio::sync::watch;
use tracing::{Instrument as _, Span};

use super::desk::Desk;
use super::serve;
use super::steady;
use super::websocket::SocketWire;
use super::wire::Wire;
use crate::app::App;
use crate::origin::Asker;
use crate::random;
use crate::visitors::{Connected, Visitors};

/// Carries out what a visitor's machine wants.
struct VisitorDesk {
    app: Arc<App>,
    /// The page that asks; of no concern any more once the hello is accepted.
    asker: Option<Asker>,
    who: Option<Arc<VisitorArrival>>,
    span: Span,
    connected: Option<Connected>,
}

/// Serves one socket to its end.
pub(crate) async fn serve(app: Arc<App>, socket: WebSocket, asker: Asker) {
    serve_wire(app, SocketWire::new(socket), asker).await;
}

/// Serves one connection to its end.
pub(super) async fn serve_wire(app: Arc<App>, wire: impl Wire, asker: Asker) {
    let host = VisitorHost::new(timing(&app), random::seed(), steady::now());
    let desk = VisitorDesk {
        app: Arc::clone(&app),
        asker: Some(asker),
        who: None,
        span: Span::none(),
        connected: None,
    };
    serve::serve(app, host, desk, wire).await;
}

/// Returns how long things take, as machines take it.
pub(super) fn timing(app: &App) -> HostTiming {
    let timing = &app.config.timing;
    HostTiming {
        hello_ms: steady::ms(timing.hello),
        heartbeat_ms: steady::ms(timing.heartbeat),
        silence_ms: steady::ms(timing.silence),
    }
}

impl Desk for VisitorDesk {
    type Host = VisitorHost;

    fn arrived(&mut self, arrival: VisitorArrival) {
        self.asker = None;
        self.span = tracing::info_span!("visitor", customer_id = %arrival.customer_id);
        self.connected = Some(Visitors::connect(&self.app, arrival.customer_id.clone()));
        self.who = Some(Arc::new(arrival));
    }

    fn read(&mut self, read: VisitorRead) -> BoxFuture<'static, VisitorAnswer> {
        let (app, asker) = (Arc::clone(&self.app), self.asker.clone());
        reads::find_out(app, asker, read).instrument(self.span.clone()).boxed()
    }

    fn write(&mut self, write: VisitorWrite) -> BoxFuture<'static, Written> {
        // Machines let nobody write before the hello is accepted.
        let who = self.who.clone().expect("somebody arrived before they wrote");
        writes::carry_out(Arc::clone(&self.app), who, write).instrument(self.span.clone()).boxed()
    }

    fn presence(&mut self) -> Option<&mut watch::Receiver<Arc<Vec<AgentPresence>>>> {
        None
    }
}
