//! What an agent's machine wants to be done.

use std::sync::Arc;

use chat_host::{AgentWrite, NewText, Written};
use protocol::conversation::Side;
use store::{MessageAuthor, NewMessage};

use crate::app::App;
use crate::auth::guard::Caller;
use crate::clock;
use crate::sockets::desk::{done, stored};
use crate::usecase;

/// Does something and says what became of it.
pub(super) async fn carry_out(app: Arc<App>, caller: Arc<Caller>, write: AgentWrite) -> Written {
    match write {
        AgentWrite::Send(NewText { conversation_id, message_id, text, attachments }) => {
            let author = MessageAuthor::Agent(caller.agent_ref());
            let at = clock::now();
            let message = NewMessage { conversation_id, message_id, author, text, attachments, at };
            stored(usecase::message::send(&app, message).await)
        }
        AgentWrite::Receipt { conversation_id, delivered_seq, read_seq } => {
            let saved =
                usecase::receipt::save(&app, &conversation_id, None, Side::Agent, delivered_seq, read_seq);
            done(saved.await)
        }
    }
}
