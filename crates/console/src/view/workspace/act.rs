//! What each action does: changes what is shown, tells the chat, or asks the server.

use chat_core::AgentInput;
use protocol::id::ConversationId;
use yew::Context;

use super::{Workspace, place};
use crate::state::action::Action;
use crate::tasks;

impl Workspace {
    pub(super) fn act(&mut self, ctx: &Context<Self>, action: Action) {
        match action {
            Action::ShowTab(tab) => self.tab = tab,
            Action::Open(conversation_id) => self.open(Some(conversation_id)),
            Action::Leave => self.open(None),
            Action::ToggleDetails => self.has_details = !self.has_details,
            Action::ToggleKeys => self.has_keys = !self.has_keys,
            Action::Retry(message_id) => self.shell.tell(AgentInput::Retry { message_id }),
            Action::Typing(is_typing) => {
                if let Some(conversation_id) = self.chosen.clone() {
                    self.shell.tell(AgentInput::Typing { conversation_id, is_typing });
                }
            }
            Action::Seen => {
                if let Some(conversation_id) = self.chosen.clone() {
                    self.shell.tell(AgentInput::Seen { conversation_id });
                }
            }
            Action::DropEnding(conversation_id) => {
                self.endings.remove(&conversation_id);
            }
            Action::DropToast(number) => self.drop_toast(number),
            Action::Take { conversation_id, only_if } => self.take(ctx, conversation_id, only_if),
            Action::HandOver { conversation_id, agent_id } => {
                self.hand_over(ctx, conversation_id, agent_id);
            }
            Action::Close(conversation_id) => self.close(ctx, conversation_id),
            Action::Patch { customer_id, patch, on_done } => self.patch(ctx, customer_id, patch, on_done),
            Action::AskCobrowse(conversation_id) => {
                self.endings.remove(&conversation_id);
                self.ask(ctx, async move { tasks::cobrowse::ask(&conversation_id).await });
            }
            Action::EndCobrowse(cobrowse_id) => {
                self.ended = Some(cobrowse_id.clone());
                self.ask(ctx, async move { tasks::cobrowse::end(&cobrowse_id).await });
            }
            Action::SetAway(is_away) => self.set_away(ctx, is_away),
            Action::LogOut => self.log_out(ctx),
        }
    }

    fn open(&mut self, chosen: Option<ConversationId>) {
        place::write(chosen.as_ref());
        self.choose(chosen);
    }
}
