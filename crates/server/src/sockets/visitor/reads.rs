//! What a visitor's machine wants to know.

use std::sync::Arc;

use chat_host::{Admission, VisitorAnswer, VisitorBeat, VisitorGreeting, VisitorRead};
use protocol::close::CloseCode;
use protocol::id::{CustomerId, TouchpointId};
use protocol::limit::CURSORS_MAX;
use protocol::touchpoint::TouchpointState;
use store::StoreError;

use crate::app::App;
use crate::auth::secret;
use crate::clock;
use crate::cobrowse::Party;
use crate::origin::{Asker, require_allowed};
use crate::sockets::desk::{come_again, cursors, refusal};

/// Finds something out.
pub(super) async fn find_out(app: Arc<App>, asker: Option<Asker>, read: VisitorRead) -> VisitorAnswer {
    match read {
        VisitorRead::Admit { touchpoint_id, token } => {
            VisitorAnswer::Admitted(admit(&app, asker, &touchpoint_id, &token).await)
        }
        VisitorRead::Greet { customer_id, page_key } => {
            VisitorAnswer::Greeted(greet(&app, &customer_id, &page_key).await.map_err(come_again))
        }
        VisitorRead::Events { conversation_id, after_seq, limit } => {
            let events = app.store.events(&conversation_id, after_seq, limit).await;
            VisitorAnswer::Events(events.map_err(come_again))
        }
        VisitorRead::Beat { customer_id } => {
            let heads = app.store.heads_of(&customer_id, CURSORS_MAX).await;
            let beat = heads.map(|heads| VisitorBeat { server_time: clock::now(), heads: cursors(heads) });
            VisitorAnswer::Beat(beat.map_err(|error| refusal(error.into())))
        }
        VisitorRead::Ticket { cobrowse_id } => {
            VisitorAnswer::Ticket(app.cobrowse.with_ticket(&cobrowse_id, Party::Visitor))
        }
    }
}

async fn admit(
    app: &App,
    asker: Option<Asker>,
    touchpoint_id: &TouchpointId,
    token: &str,
) -> Result<Admission, CloseCode> {
    let touchpoint = app.store.touchpoint(touchpoint_id).await.map_err(come_again)?;
    let touchpoint = touchpoint.filter(|touchpoint| touchpoint.state == TouchpointState::Active);
    let touchpoint = touchpoint.ok_or(CloseCode::Gone)?;
    let asker = asker.ok_or(CloseCode::Forbidden)?;
    require_allowed(&asker, &touchpoint).map_err(|_| CloseCode::Forbidden)?;
    let customer = app.store.customer_by_secret(&secret::hash(token)).await.map_err(come_again)?;
    let customer = customer.filter(|customer| customer.touchpoint_id == *touchpoint_id);
    let customer = customer.ok_or(CloseCode::Unauthorised)?;
    Ok(Admission { customer_id: customer.customer_id, page: customer.page })
}

async fn greet(app: &App, customer_id: &CustomerId, page_key: &str) -> Result<VisitorGreeting, StoreError> {
    let found = app.store.conversations_of(customer_id, CURSORS_MAX).await?;
    Ok(VisitorGreeting {
        server_time: clock::now(),
        conversations: found.into_iter().map(|conversation| conversation.head).collect(),
        cobrowse: app.cobrowse.for_customer(customer_id, page_key),
    })
}
