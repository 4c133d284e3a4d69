//! The visitor's chat socket: a hello with the token, then commands in and events out until one side is done.

mod commands;
mod hello;
mod notices;

use std::sync::Arc;

use axum::extract::ws::WebSocket;
use broker::Subscription;
use protocol::close::CloseCode;
use protocol::id::CobrowseId;
use protocol::problem::ProblemCode;
use protocol::visitor::VisitorEvent;
use store::Customer;
use tracing::Instrument as _;

use super::link::{Ending, Input, Link, fault, reconnect_after_ms};
use super::resume::{self, Cursors};
use crate::app::App;
use crate::clock;
use crate::origin::Asker;
use crate::problem::Problem;
use crate::visitors::Connected;

/// A visitor who said hello.
struct Visitor {
    app: Arc<App>,
    link: Link,
    subscription: Subscription,
    customer: Customer,
    cursors: Cursors,
    /// Names the tab across reloads; empty when it has no name.
    page_key: String,
    /// The session this very page agreed to, which gets the ticket; other tabs only learn of it.
    consented: Option<CobrowseId>,
    _connected: Connected,
}

/// Serves one socket to its end.
pub(crate) async fn serve(app: Arc<App>, socket: WebSocket, asker: Asker) {
    let counting = Arc::clone(&app);
    let _counted = counting.drain.count_socket();
    let mut link = Link::new(socket, app.config.timing);
    let ending = match hello::read(&app, &mut link, &asker).await {
        Ok(hello) => {
            let span = tracing::info_span!("visitor", customer_id = %hello.customer.customer_id);
            let served = async {
                let mut visitor = Visitor::new(app, link, hello.customer, hello.page_key);
                let ending = match visitor.welcome(hello.cursors, hello.page).await {
                    Ok(()) => visitor.run().await,
                    Err(ending) => ending,
                };
                visitor.link.finish(ending).await;
            };
            return served.instrument(span).await;
        }
        Err(ending) => ending,
    };
    link.finish(ending).await;
}

impl Visitor {
    async fn run(&mut self) -> Ending {
        loop {
            let outcome = match self.link.input(&mut self.subscription, &self.app.drain).await {
                Ok(Input::Text(text)) => match serde_json::from_str(&text) {
                    Ok(command) => self.carry_out(command).await,
                    Err(error) => self.refuse(Problem::new(ProblemCode::BadRequest, fault(&error))).await,
                },
                Ok(Input::Notice(notice)) => self.pass_on(&notice).await,
                Ok(Input::Beat) => self.ping().await,
                Ok(Input::Move) => self.move_away().await,
                Err(ending) => Err(ending),
            };
            if let Err(ending) = outcome {
                return ending;
            }
        }
    }

    async fn send(&mut self, event: &VisitorEvent) -> Result<(), Ending> {
        self.link.send(event, &self.subscription).await
    }

    async fn ping(&mut self) -> Result<(), Ending> {
        match resume::heads(&self.app, self.cursors.conversations()).await {
            Ok(heads) => self.send(&VisitorEvent::Ping { server_time: clock::now(), heads }).await,
            Err(error) => self.refuse(error.into()).await,
        }
    }

    async fn move_away(&mut self) -> Result<(), Ending> {
        self.send(&VisitorEvent::Moving { reconnect_after_ms: reconnect_after_ms() }).await?;
        Err(Ending::Close(CloseCode::Restart))
    }

    async fn refuse(&mut self, problem: Problem) -> Result<(), Ending> {
        self.send(&VisitorEvent::Error { code: problem.code, detail: problem.detail }).await
    }
}
