//! What an agent may ask for over the chat socket.

use broker::{Notice, Topic};
use protocol::agent::{AgentCommand, AgentEvent};
use protocol::close::CloseCode;
use protocol::conversation::Side;
use protocol::id::{ConversationId, MessageId};
use protocol::problem::ProblemCode;
use store::{MessageAuthor, NewMessage};

use super::Agent;
use crate::clock;
use crate::problem::Problem;
use crate::sockets::link::Ending;
use crate::usecase;

impl Agent {
    /// Carries out one command; what cannot be done is told, and the socket stays.
    pub(super) async fn carry_out(&mut self, command: AgentCommand) -> Result<(), Ending> {
        match command {
            AgentCommand::Hello { .. } => Err(Ending::Close(CloseCode::BadFrame)),
            AgentCommand::Watch { cursor } => self.watch(cursor).await,
            AgentCommand::Unwatch { conversation_id } => {
                self.unwatch(conversation_id);
                Ok(())
            }
            AgentCommand::Send { conversation_id, message_id, text } => {
                self.store_message(conversation_id, message_id, text).await
            }
            AgentCommand::Typing { conversation_id, is_typing } => {
                self.show_typing(conversation_id, is_typing);
                Ok(())
            }
            AgentCommand::Receipt { conversation_id, delivered_seq, read_seq } => {
                let saved =
                    usecase::receipt::save(&self.app, &conversation_id, Side::Agent, delivered_seq, read_seq);
                match saved.await {
                    Ok(()) => Ok(()),
                    Err(problem) => self.refuse(problem).await,
                }
            }
            AgentCommand::Pong { is_probe: true } => self.ping().await,
            AgentCommand::Pong { is_probe: false } => Ok(()),
        }
    }

    fn unwatch(&mut self, conversation_id: ConversationId) {
        self.cursors.end(&conversation_id);
        self.customers.remove(&conversation_id);
        self.subscription.ignore(&Topic::Conversation(conversation_id));
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
            author: MessageAuthor::Agent(self.caller.agent_ref()),
            text,
            at: clock::now(),
        };
        match usecase::message::send(&self.app, message).await {
            Ok(stored) => {
                let ack = AgentEvent::Ack { conversation_id, message_id, seq: stored.seq, at: stored.at };
                self.send(&ack).await
            }
            Err(Problem { code, retry_after_s, .. }) => {
                let is_passing = matches!(code, ProblemCode::Busy | ProblemCode::Internal);
                let retry_after_ms = is_passing.then(|| retry_after_s.unwrap_or(1).saturating_mul(1_000));
                self.send(&AgentEvent::Refused { message_id, code, retry_after_ms }).await
            }
        }
    }

    fn show_typing(&self, conversation_id: ConversationId, is_typing: bool) {
        if let Some(customer_id) = self.customers.get(&conversation_id) {
            let topic = Topic::Customer(customer_id.clone());
            let name = self.caller.agent.profile.name.clone();
            let notice = Notice::Typing { conversation_id, side: Side::Agent, name, is_typing };
            self.app.broker.publish(&topic, notice);
        }
    }
}
