//! What a visitor's machine wants to be done.

use std::sync::Arc;

use chat_host::{NewText, VisitorArrival, VisitorWrite, Written};
use protocol::cobrowse::CobrowseEnd;
use protocol::conversation::{Author, Side};
use protocol::id::{CobrowseId, ConversationId};
use protocol::survey::SurveyAnswers;
use store::{MessageAuthor, NewMessage, StoreError};

use crate::app::App;
use crate::clock;
use crate::cobrowse::{self, Consent};
use crate::problem::Problem;
use crate::sockets::desk::{done, stored};
use crate::usecase;

/// Does something and says what became of it.
pub(super) async fn carry_out(app: Arc<App>, who: Arc<VisitorArrival>, write: VisitorWrite) -> Written {
    let VisitorArrival { customer_id, touchpoint_id } = who.as_ref();
    match write {
        VisitorWrite::Send(NewText { conversation_id, message_id, text, attachments }) => {
            let (customer_id, touchpoint_id) = (customer_id.clone(), touchpoint_id.clone());
            let author = MessageAuthor::Customer { customer_id, touchpoint_id };
            let at = clock::now();
            let message = NewMessage { conversation_id, message_id, author, text, attachments, at };
            stored(usecase::message::send(&app, message).await)
        }
        VisitorWrite::Receipt { conversation_id, delivered_seq, read_seq } => {
            let (owner, side) = (Some(customer_id), Side::Customer);
            let saved = usecase::receipt::save(&app, &conversation_id, owner, side, delivered_seq, read_seq);
            done(saved.await)
        }
        VisitorWrite::Page(page) => done(usecase::customer::moved_to(&app, customer_id, page).await),
        VisitorWrite::Identify(identity) => {
            done(usecase::customer::identify(&app, customer_id, identity).await)
        }
        VisitorWrite::End(conversation_id) => {
            done(usecase::closing::close(&app, &conversation_id, Some(customer_id), Author::Customer).await)
        }
        VisitorWrite::Survey { conversation_id, answers } => {
            done(answer_survey(&app, &who, &conversation_id, answers).await)
        }
        VisitorWrite::Consent { cobrowse_id, page_key, is_allowed } => {
            let consent = Consent { cobrowse_id: &cobrowse_id, customer_id, page_key: &page_key, is_allowed };
            done(cobrowse::consent(&app, consent).await)
        }
        VisitorWrite::StopSharing(cobrowse_id) => {
            stop_sharing(&app, &who, &cobrowse_id).await;
            Written::Done
        }
    }
}

async fn answer_survey(
    app: &App,
    who: &VisitorArrival,
    conversation_id: &ConversationId,
    answers: SurveyAnswers,
) -> Result<(), Problem> {
    let customer = app.store.customer(&who.customer_id).await?.ok_or(StoreError::NoCustomer)?;
    usecase::survey::answer(app, &customer, conversation_id, answers).await
}

async fn stop_sharing(app: &Arc<App>, who: &VisitorArrival, cobrowse_id: &CobrowseId) {
    let entry = app.cobrowse.get(cobrowse_id);
    if entry.is_some_and(|entry| entry.customer_id == who.customer_id) {
        cobrowse::end(app, cobrowse_id, CobrowseEnd::Visitor).await;
    }
}
