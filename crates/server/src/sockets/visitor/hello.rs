//! The visitor's hello: who it is, from which page, and what they missed.

use std::sync::Arc;

use broker::Topic;
use protocol::PROTOCOL_VERSION;
use protocol::close::CloseCode;
use protocol::conversation::ConversationHead;
use protocol::id::TouchpointId;
use protocol::limit::{CURSORS_MAX, PAGE_KEY_CHARS_MAX};
use protocol::people::Page;
use protocol::touchpoint::TouchpointState;
use protocol::visitor::{Cursor, VisitorCommand, VisitorEvent};
use store::{Customer, StoreError};

use super::Visitor;
use crate::app::App;
use crate::auth::secret;
use crate::clock;
use crate::origin::{Asker, require_allowed};
use crate::sockets::link::{Ending, Link};
use crate::sockets::resume::{CatchUp, Cursors};
use crate::usecase;
use crate::visitors::Visitors;

/// A hello that was accepted.
pub(super) struct Hello {
    pub(super) customer: Customer,
    pub(super) cursors: Vec<Cursor>,
    pub(super) page: Page,
    pub(super) page_key: String,
}

/// Reads the hello and accepts it, or says how the socket ends.
pub(super) async fn read(app: &App, link: &mut Link, asker: &Asker) -> Result<Hello, Ending> {
    let text = link.receive_hello(app.config.timing.hello).await?;
    let Ok(VisitorCommand::Hello { protocol, touchpoint_id, token, cursors, page, page_key }) =
        serde_json::from_str(&text)
    else {
        return Err(Ending::Close(CloseCode::BadFrame));
    };
    if protocol != PROTOCOL_VERSION {
        return Err(Ending::Close(CloseCode::Upgrade));
    }
    if cursors.len() > CURSORS_MAX || page_key.chars().count() > PAGE_KEY_CHARS_MAX {
        return Err(Ending::Close(CloseCode::BadFrame));
    }
    let customer = accept(app, asker, &touchpoint_id, &token).await.map_err(Ending::Close)?;
    Ok(Hello { customer, cursors, page: usecase::customer::shortened(page), page_key })
}

async fn accept(
    app: &App,
    asker: &Asker,
    touchpoint_id: &TouchpointId,
    token: &str,
) -> Result<Customer, CloseCode> {
    // A store that refuses for a moment is a reason to come again.
    let restart = |_: StoreError| CloseCode::Restart;
    let touchpoint = app.store.touchpoint(touchpoint_id).await.map_err(restart)?;
    let touchpoint = touchpoint.filter(|touchpoint| touchpoint.state == TouchpointState::Active);
    let touchpoint = touchpoint.ok_or(CloseCode::Gone)?;
    require_allowed(asker, &touchpoint).map_err(|_| CloseCode::Forbidden)?;
    let customer = app.store.customer_by_secret(&secret::hash(token)).await.map_err(restart)?;
    customer.filter(|customer| customer.touchpoint_id == *touchpoint_id).ok_or(CloseCode::Unauthorised)
}

impl Visitor {
    /// Listens before anything is read, so that nothing falls between the two.
    pub(super) fn new(app: Arc<App>, link: Link, customer: Customer, page_key: String) -> Self {
        let mut subscription = app.broker.subscribe();
        subscription.listen(Topic::Customer(customer.customer_id.clone()));
        let connected = Visitors::connect(&app, customer.customer_id.clone());
        Self {
            app,
            link,
            subscription,
            customer,
            cursors: Cursors::new(),
            page_key,
            consented: None,
            _connected: connected,
        }
    }

    /// Answers the hello and sends what was missed.
    pub(super) async fn welcome(&mut self, cursors: Vec<Cursor>, page: Page) -> Result<(), Ending> {
        let found = self.app.store.conversations_of(&self.customer.customer_id, CURSORS_MAX).await;
        let found = found.map_err(|_| Ending::Close(CloseCode::Restart))?;
        let heads: Vec<ConversationHead> = found.into_iter().map(|conversation| conversation.head).collect();
        let welcome = VisitorEvent::Welcome {
            customer_id: self.customer.customer_id.clone(),
            server_time: clock::now(),
            conversations: heads.clone(),
            cobrowse: self.app.cobrowse.for_customer(&self.customer.customer_id, &self.page_key),
        };
        self.send(&welcome).await?;
        for head in heads {
            let cursor = cursors.iter().find(|cursor| cursor.conversation_id == head.conversation_id);
            self.catch_up(&head, cursor.map_or(0, |cursor| cursor.seq)).await?;
        }
        if page != self.customer.page
            && let Err(problem) =
                usecase::customer::moved_to(&self.app, &self.customer.customer_id, page).await
        {
            return self.refuse(problem).await;
        }
        Ok(())
    }

    async fn catch_up(&mut self, head: &ConversationHead, seq: u64) -> Result<(), Ending> {
        let conversation_id = &head.conversation_id;
        let catch_up = self.cursors.begin(&self.app, conversation_id, seq, head.head_seq).await;
        match catch_up.map_err(|_| Ending::Close(CloseCode::Restart))? {
            CatchUp::Reset { after_seq } => {
                self.send(&VisitorEvent::Reset { conversation_id: conversation_id.clone(), after_seq }).await
            }
            CatchUp::Events(frames) => {
                for events in frames {
                    let conversation_id = conversation_id.clone();
                    self.send(&VisitorEvent::Events { conversation_id, events }).await?;
                }
                Ok(())
            }
        }
    }
}
