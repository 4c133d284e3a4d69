//! Forgetting for good: a customer who wants it, and conversations that were kept long enough.

use std::sync::Arc;

use broker::{Notice, Topic};
use protocol::cobrowse::CobrowseEnd;
use protocol::id::{CustomerId, TouchpointId};
use protocol::time::UnixMillis;
use store::{Erased, StoreError};

use crate::app::App;
use crate::cobrowse;
use crate::problem::Problem;

/// Erases a customer with all that belongs to them; their sockets close. What was begun is finished, also when
/// whoever asked goes away.
///
/// # Errors
/// `not_found`, `busy` or `internal`.
pub(crate) async fn erase_customer(app: &Arc<App>, customer_id: &CustomerId) -> Result<(), Problem> {
    let (app, customer_id) = (Arc::clone(app), customer_id.clone());
    let erasing = tokio::spawn(async move { erase(&app, &customer_id).await });
    erasing.await.unwrap_or_else(|error| Err(StoreError::Broken(error.to_string()).into()))
}

async fn erase(app: &App, customer_id: &CustomerId) -> Result<(), Problem> {
    for conversation in
        app.store.customer_record(customer_id).await?.into_iter().flat_map(|it| it.conversations)
    {
        app.starts.forget(&conversation.head.conversation_id);
        if let Some(session) = app.cobrowse.of_conversation(&conversation.head.conversation_id) {
            cobrowse::end(app, &session.cobrowse_id, CobrowseEnd::Server).await;
        }
    }
    let erased = app.store.erase_customer(customer_id).await?;
    if erased.is_scrub_due {
        tracing::warn!("bytes of what was erased are left until nobody else reads the files of the store");
        finish(app);
    }
    tracing::info!(%customer_id, conversations = erased.conversation_ids.len(), "a customer was erased");
    settle(app, Some(customer_id), erased).await;
    Ok(())
}

/// Erases closed conversations of a touchpoint that did not change since `before`, and customers who have none left, at
/// most `limit` of each; whether there may be more. Their bytes are left to [`finish`].
///
/// # Errors
/// `busy` or `internal`.
pub(crate) async fn erase_closed_before(
    app: &App,
    touchpoint_id: &TouchpointId,
    before: UnixMillis,
    limit: usize,
) -> Result<bool, Problem> {
    let erased = app.store.erase_closed_before(touchpoint_id, before, limit).await?;
    let (conversations, customers) = (erased.conversation_ids.len(), erased.customers);
    if conversations + customers > 0 {
        tracing::info!(%touchpoint_id, conversations, customers, "what was kept long enough was erased");
        settle(app, None, erased).await;
    }
    Ok(conversations == limit || customers == limit)
}

/// Has the bytes of all that was erased removed, as soon as nobody else reads the files of the store.
pub(crate) fn finish(app: &App) {
    app.erasures.notify_one();
}

/// Tells whoever showed it, and removes the bytes of the files.
async fn settle(app: &App, customer_id: Option<&CustomerId>, erased: Erased) {
    let Erased { conversation_ids, attachment_ids, recording_ids, .. } = erased;
    let notice = Notice::Erased { customer_id: customer_id.cloned(), conversation_ids };
    if let Some(customer_id) = customer_id {
        app.broker.publish(&Topic::Customer(customer_id.clone()), notice.clone().into());
    }
    app.announcer.erased(notice);
    app.presence.look_again();
    app.files.forget(&attachment_ids).await;
    app.recordings.forget(&recording_ids).await;
}
