//! What each action does: changes what is shown, tells the chat, or asks the server.

use chat_core::AgentInput;
use yew::Context;

use super::place::{self, Place};
use super::{Message, Workspace};
use crate::state::action::Action;
use crate::state::revise::last_editable;
use crate::tasks;

impl Workspace {
    pub(super) fn act(&mut self, ctx: &Context<Self>, action: Action) {
        match action {
            Action::ShowView(view) => {
                self.view = view;
                self.shell.keep().save_view_name(view.name());
            }
            Action::SetFilter(filter) => self.filter = filter,
            Action::Open(conversation_id) => self.visit(ctx, Place::Conversation(conversation_id)),
            Action::ShowRecordings(Some(place)) => self.visit(ctx, Place::Recordings(place)),
            Action::Leave | Action::ShowTeams(false) | Action::ShowRecordings(None) => {
                self.visit(ctx, Place::Inbox)
            }
            Action::ShowTeams(true) => self.visit(ctx, Place::Teams),
            Action::ToggleDetails => self.has_details = !self.has_details,
            Action::ToggleKeys => self.has_keys = !self.has_keys,
            Action::ShowCode(is_shown) => self.has_code = is_shown,
            Action::ShowAssign(is_shown) => self.is_assigning = is_shown,
            Action::ShowPicture(picture) => self.picture = picture,
            Action::EditLast => self.edit_last(ctx),
            Action::Edit(message_id) => self.editing = message_id,
            Action::AskDelete(message_id) => self.deleting = message_id,
            Action::Discard(message_id) => self.shell.tell(AgentInput::Discard { message_id }),
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
            Action::AskCobrowse(conversation_id) => {
                self.endings.remove(&conversation_id);
                self.ask(ctx, async move { tasks::cobrowse::ask(&conversation_id).await });
            }
            Action::WatchCobrowse(cobrowse_id) => {
                ctx.link().send_future(async move {
                    match tasks::cobrowse::watch(&cobrowse_id).await {
                        Ok(session) => Message::Watching(session),
                        Err(error) => Message::Failed(error),
                    }
                });
            }
            Action::LeaveCobrowse => self.session = None,
            Action::EndCobrowse(cobrowse_id) => {
                self.ended = Some(cobrowse_id.clone());
                self.ask(ctx, async move { tasks::cobrowse::end(&cobrowse_id).await });
            }
            Action::SetAway(is_away) => self.set_away(ctx, is_away),
            Action::LogOut => self.log_out(ctx),
            Action::Ask(request) => self.request(ctx, request),
        }
    }

    fn visit(&mut self, ctx: &Context<Self>, place: Place) {
        place::write(&place);
        self.go(ctx, place);
    }

    fn edit_last(&mut self, ctx: &Context<Self>) {
        let Some(chosen) = &self.chosen else { return };
        let entries = self.shell.read(|chat| chat.entries(chosen));
        if let Some(message_id) = last_editable(&entries, &self.reviser(ctx)) {
            self.editing = Some(message_id);
        }
    }
}
