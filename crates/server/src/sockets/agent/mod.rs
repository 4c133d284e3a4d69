//! The agent's chat socket: the whole inbox at the start, every change of it, and the conversations they watch.

mod commands;
mod hello;
mod notices;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::ws::WebSocket;
use broker::Subscription;
use protocol::agent::AgentEvent;
use protocol::id::{ConversationId, CustomerId};
use protocol::people::AgentPresence;
use protocol::problem::ProblemCode;
use tokio::sync::watch;
use tracing::Instrument as _;

use super::link::{Ending, Input, Link, fault, reconnect_after_ms};
use super::resume::{self, Cursors};
use crate::app::App;
use crate::auth::{guard::Caller, secret};
use crate::presence::{Connected, Presence};
use crate::problem::Problem;
use crate::{clock, cobrowse};

/// An agent who said hello.
struct Agent {
    app: Arc<App>,
    link: Link,
    subscription: Subscription,
    presence: watch::Receiver<Arc<Vec<AgentPresence>>>,
    caller: Caller,
    cursors: Cursors,
    /// Whose each watched conversation is.
    customers: BTreeMap<ConversationId, CustomerId>,
    _connected: Connected,
}

/// Serves one socket to its end.
pub(crate) async fn serve(app: Arc<App>, socket: WebSocket, caller: Caller) {
    let span = tracing::info_span!("agent", agent_id = %caller.agent.profile.agent_id);
    let counting = Arc::clone(&app);
    let _counted = counting.drain.count_socket();
    let served = async move {
        let mut link = Link::new(socket, app.config.timing);
        match hello::read(&app, &mut link).await {
            Ok(cursors) => {
                let mut agent = Agent::new(app, link, caller);
                let ending = match agent.welcome(cursors).await {
                    Ok(()) => agent.run().await,
                    Err(ending) => ending,
                };
                agent.link.finish(ending).await;
            }
            Err(ending) => link.finish(ending).await,
        }
    };
    served.instrument(span).await;
}

impl Agent {
    fn new(app: Arc<App>, link: Link, caller: Caller) -> Self {
        let connected = Presence::connect(&app, caller.agent.profile.agent_id.clone());
        let subscription = app.broker.subscribe();
        let presence = app.presence.watch();
        let (cursors, customers) = (Cursors::new(), BTreeMap::new());
        Self { app, link, subscription, presence, caller, cursors, customers, _connected: connected }
    }

    async fn run(&mut self) -> Ending {
        loop {
            let input = tokio::select! {
                input = self.link.input(&mut self.subscription, &self.app.drain) => input.map(Some),
                Ok(()) = self.presence.changed() => Ok(None),
            };
            let outcome = match input {
                Ok(Some(Input::Text(text))) => match serde_json::from_str(&text) {
                    Ok(command) => self.carry_out(command).await,
                    Err(error) => self.refuse(Problem::new(ProblemCode::BadRequest, fault(&error))).await,
                },
                Ok(Some(Input::Notice(notice))) => self.pass_on(&notice).await,
                Ok(Some(Input::Beat)) => self.beat().await,
                Ok(Some(Input::Move)) => self.move_away().await,
                Ok(None) => self.show_presence().await,
                Err(ending) => Err(ending),
            };
            if let Err(ending) = outcome {
                return ending;
            }
        }
    }

    async fn send(&mut self, event: &AgentEvent) -> Result<(), Ending> {
        self.link.send(event, &self.subscription).await
    }

    async fn refuse(&mut self, problem: Problem) -> Result<(), Ending> {
        self.send(&AgentEvent::Error { code: problem.code, detail: problem.detail }).await
    }

    async fn show_presence(&mut self) -> Result<(), Ending> {
        let agents = self.presence.borrow_and_update().as_ref().clone();
        self.send(&AgentEvent::Agents { agents }).await
    }

    async fn ping(&mut self) -> Result<(), Ending> {
        match resume::heads(&self.app, self.cursors.conversations()).await {
            Ok(heads) => self.send(&AgentEvent::Ping { server_time: clock::now(), heads }).await,
            Err(error) => self.refuse(error.into()).await,
        }
    }

    /// A heartbeat also looks whether the log-in still holds.
    async fn beat(&mut self) -> Result<(), Ending> {
        if let Some(session) = &self.caller.session
            && let Ok(None) = self.app.store.session(session, clock::now()).await
        {
            cobrowse::end_asked_by(&self.app, &self.caller.agent.profile.agent_id).await;
            return Err(hello::logged_out());
        }
        self.ping().await
    }

    async fn move_away(&mut self) -> Result<(), Ending> {
        self.send(&AgentEvent::Moving { reconnect_after_ms: reconnect_after_ms() }).await?;
        Err(Ending::Close(protocol::close::CloseCode::Restart))
    }

    /// The name of the log-in this socket came with; it opens nothing.
    fn session_key(&self) -> Option<String> {
        self.caller.session.map(|session| secret::hex(&session.0))
    }
}
