//! Messages of agents: written, given another text, taken back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use protocol::id::{ConversationId, MessageId};
use protocol::rest::{MessagePatch, NewAgentMessage, StoredMessage};
use store::{MessageAuthor, NewMessage};

use crate::app::App;
use crate::auth::guard::Caller;
use crate::clock;
use crate::problem::Problem;
use crate::routes::body::Body;
use crate::usecase::{message, revision};

/// `POST /api/v1/conversations/{conversation_id}/messages`
pub(in crate::routes) async fn send(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    Extension(caller): Extension<Caller>,
    Body(NewAgentMessage { message_id, text, attachments }): Body<NewAgentMessage>,
) -> Result<(StatusCode, Json<StoredMessage>), Problem> {
    let author = MessageAuthor::Agent(caller.agent_ref());
    let at = clock::now();
    let new = NewMessage { conversation_id, message_id: message_id.clone(), author, text, attachments, at };
    let stored = message::send(&app, new).await?;
    Ok((StatusCode::CREATED, Json(StoredMessage { message_id, seq: stored.seq, at: stored.at })))
}

/// `PATCH /api/v1/conversations/{conversation_id}/messages/{message_id}`
pub(in crate::routes) async fn edit(
    State(app): State<Arc<App>>,
    Path((conversation_id, message_id)): Path<(ConversationId, MessageId)>,
    Extension(caller): Extension<Caller>,
    Body(MessagePatch { text }): Body<MessagePatch>,
) -> Result<StatusCode, Problem> {
    revision::edit(&app, &caller, &conversation_id, &message_id, text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/conversations/{conversation_id}/messages/{message_id}`
pub(in crate::routes) async fn take_back(
    State(app): State<Arc<App>>,
    Path((conversation_id, message_id)): Path<(ConversationId, MessageId)>,
    Extension(caller): Extension<Caller>,
) -> Result<StatusCode, Problem> {
    revision::take_back(&app, &caller, &conversation_id, &message_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
