//! What a visitor may ask for over the chat socket.

use broker::{Notice, Topic};
use protocol::close::CloseCode;
use protocol::cobrowse::CobrowseEnd;
use protocol::conversation::{Author, Side};
use protocol::id::{CobrowseId, ConversationId, MessageId};
use protocol::problem::ProblemCode;
use protocol::visitor::{VisitorCommand, VisitorEvent};
use store::{MessageAuthor, NewMessage};

use super::Visitor;
use crate::clock;
use crate::cobrowse::{self, Consent};
use crate::problem::Problem;
use crate::sockets::link::Ending;
use crate::usecase;

impl Visitor {
    /// Carries out one command; what cannot be done is told, and the socket stays.
    pub(super) async fn carry_out(&mut self, command: VisitorCommand) -> Result<(), Ending> {
        let done = match command {
            VisitorCommand::Hello { .. } => return Err(Ending::Close(CloseCode::BadFrame)),
            VisitorCommand::Send { conversation_id, message_id, text } => {
                return self.store_message(conversation_id, message_id, text).await;
            }
            VisitorCommand::Pong { is_probe: true } => return self.ping().await,
            VisitorCommand::Pong { is_probe: false } => Ok(()),
            VisitorCommand::Typing { conversation_id, is_typing } => {
                self.show_typing(conversation_id, is_typing);
                Ok(())
            }
            VisitorCommand::Receipt { conversation_id, delivered_seq, read_seq } => {
                self.keep_receipt(&conversation_id, delivered_seq, read_seq).await
            }
            VisitorCommand::Page { page } => {
                usecase::customer::moved_to(&self.app, &self.customer.customer_id, page).await
            }
            VisitorCommand::Identify { identity } => {
                usecase::customer::identify(&self.app, &self.customer.customer_id, identity).await
            }
            VisitorCommand::End { conversation_id } => self.close(&conversation_id).await,
            VisitorCommand::Survey { conversation_id, answers } => {
                let answered =
                    usecase::survey::answer(&self.app, &self.customer, &conversation_id, answers).await;
                match answered {
                    Ok(()) => return self.send(&VisitorEvent::SurveyStored { conversation_id }).await,
                    Err(problem) => Err(problem),
                }
            }
            VisitorCommand::CobrowseConsent { cobrowse_id, is_allowed } => {
                self.answer_question(cobrowse_id, is_allowed).await
            }
            VisitorCommand::CobrowseStop { cobrowse_id } => self.stop_sharing(&cobrowse_id).await,
        };
        match done {
            Ok(()) => Ok(()),
            Err(problem) => self.refuse(problem).await,
        }
    }

    async fn store_message(
        &mut self,
        conversation_id: ConversationId,
        message_id: MessageId,
        text: String,
    ) -> Result<(), Ending> {
        let message = NewMessage {
            conversation_id: conversation_id.clone(),
            message_id: message_id.clone(),
            author: MessageAuthor::Customer {
                customer_id: self.customer.customer_id.clone(),
                touchpoint_id: self.customer.touchpoint_id.clone(),
            },
            text,
            at: clock::now(),
        };
        match usecase::message::send(&self.app, message).await {
            Ok(stored) => {
                let ack = VisitorEvent::Ack { conversation_id, message_id, seq: stored.seq, at: stored.at };
                self.send(&ack).await
            }
            Err(Problem { code, retry_after_s, .. }) => {
                let is_passing = matches!(code, ProblemCode::Busy | ProblemCode::Internal);
                let retry_after_ms = is_passing.then(|| retry_after_s.unwrap_or(1).saturating_mul(1_000));
                self.send(&VisitorEvent::Refused { message_id, code, retry_after_ms }).await
            }
        }
    }

    fn show_typing(&self, conversation_id: ConversationId, is_typing: bool) {
        if self.cursors.has(&conversation_id) {
            let topic = Topic::Conversation(conversation_id.clone());
            let notice =
                Notice::Typing { conversation_id, side: Side::Customer, name: String::new(), is_typing };
            self.app.broker.publish(&topic, notice);
        }
    }

    async fn keep_receipt(
        &mut self,
        conversation_id: &ConversationId,
        delivered_seq: u64,
        read_seq: u64,
    ) -> Result<(), Problem> {
        self.require_own(conversation_id)?;
        usecase::receipt::save(&self.app, conversation_id, Side::Customer, delivered_seq, read_seq).await
    }

    async fn close(&mut self, conversation_id: &ConversationId) -> Result<(), Problem> {
        self.require_own(conversation_id)?;
        usecase::closing::close(&self.app, conversation_id, Author::Customer).await
    }

    /// The page whose answer counted gets the ticket; of two tabs that agree at once that is the first.
    async fn answer_question(&mut self, cobrowse_id: CobrowseId, is_allowed: bool) -> Result<(), Problem> {
        let consent = Consent {
            cobrowse_id: &cobrowse_id,
            customer_id: &self.customer.customer_id,
            page_key: &self.page_key,
            is_allowed,
        };
        cobrowse::consent(&self.app, consent).await?;
        self.consented = is_allowed.then_some(cobrowse_id);
        Ok(())
    }

    async fn stop_sharing(&mut self, cobrowse_id: &CobrowseId) -> Result<(), Problem> {
        let entry = self.app.cobrowse.get(cobrowse_id);
        if entry.is_some_and(|entry| entry.customer_id == self.customer.customer_id) {
            cobrowse::end(&self.app, cobrowse_id, CobrowseEnd::Visitor).await;
        }
        Ok(())
    }

    fn require_own(&self, conversation_id: &ConversationId) -> Result<(), Problem> {
        if self.cursors.has(conversation_id) { Ok(()) } else { Err(Problem::not_found("conversation")) }
    }
}
