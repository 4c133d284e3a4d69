//! Actions that need the server, and what follows when it refuses.

use browser::{FetchError, Timer};
use protocol::id::{AgentId, ConversationId, CustomerId};
use protocol::rest::CustomerPatch;
use yew::html::Scope;
use yew::{Callback, Context};

use super::{Message, Workspace};
use crate::state::action::{Action, OnDone, Request};
use crate::state::assignment::{self, Target};
use crate::state::recordings::RecordingsPlace;
use crate::tasks;
use crate::texts::{TEXTS, fill};

/// The socket tells who took a conversation; it gets this time to arrive after the refusal.
const TAKEN_NEWS_MS: i64 = 400;

/// What the server changes comes back over the socket, so an answer matters only when it is a refusal.
impl Workspace {
    /// Carries out an action that the server answers.
    pub(super) fn request(&self, ctx: &Context<Self>, request: Request) {
        match request {
            Request::Take { conversation_id, only_if } => self.take(ctx, conversation_id, only_if),
            Request::Assign { conversation_id, assign, on_done } => {
                self.ask_and_tell(ctx, on_done, async move {
                    tasks::conversation::assign(&conversation_id, &assign).await
                });
            }
            Request::Close(conversation_id) => {
                self.ask(ctx, async move { tasks::conversation::close(&conversation_id).await });
            }
            Request::SaveEdit { message_id, text, on_done } => {
                let Some(conversation_id) = self.chosen.clone() else { return };
                self.ask_and_tell(ctx, on_done, async move {
                    tasks::conversation::edit(&conversation_id, &message_id, text).await
                });
            }
            Request::Delete { message_id, on_done } => {
                let Some(conversation_id) = self.chosen.clone() else { return };
                self.ask_and_tell(ctx, on_done, async move {
                    tasks::conversation::delete(&conversation_id, &message_id).await
                });
            }
            Request::Redeem { code, on_done } => {
                let link = ctx.link().clone();
                self.ask_and_tell(ctx, on_done, async move {
                    let session = tasks::cobrowse::redeem(&code).await?;
                    link.send_message(Message::Act(Action::Open(session.conversation_id)));
                    Ok(())
                });
            }
            Request::SaveTeam { team_id, document, on_done } => {
                self.ask_and_tell(ctx, on_done, async move {
                    tasks::team::save(team_id.as_ref(), &document).await
                });
            }
            Request::DeleteRecording { recording_id, on_done } => {
                let link = ctx.link().clone();
                self.ask_and_tell(ctx, on_done, async move {
                    tasks::recording::delete(&recording_id).await?;
                    link.send_message(Message::Act(Action::ShowRecordings(Some(RecordingsPlace::All))));
                    Ok(())
                });
            }
            Request::DeleteTeam { team_id, on_done } => {
                self.ask_and_tell(ctx, on_done, async move { tasks::team::delete(&team_id).await });
            }
            Request::Patch { customer_id, patch, on_done } => self.patch(ctx, customer_id, patch, on_done),
        }
    }

    fn take(&self, ctx: &Context<Self>, conversation_id: ConversationId, only_if: Option<AgentId>) {
        let link = ctx.link().clone();
        let assign = assignment::request(Target::Agent(self.me.clone()), "", only_if);
        browser::spawn(async move {
            match tasks::conversation::assign(&conversation_id, &assign).await {
                Err(FetchError::Refused { status: 409, .. }) => tell_taken_soon(link, conversation_id),
                answer => report(&link, answer),
            }
        });
    }

    /// Carries out a request whose refusal is shown where it was asked for.
    fn ask_and_tell(
        &self,
        ctx: &Context<Self>,
        on_done: OnDone,
        request: impl Future<Output = Result<(), FetchError>> + 'static,
    ) {
        let link = ctx.link().clone();
        browser::spawn(async move {
            let answer = request.await;
            if let Err(error) = answer.as_ref()
                && tasks::is_session_over(error)
            {
                link.send_message(Message::Failed(error.clone()));
            }
            on_done.emit(answer);
        });
    }

    fn patch(
        &self,
        ctx: &Context<Self>,
        customer_id: CustomerId,
        patch: CustomerPatch,
        on_done: Callback<bool>,
    ) {
        self.ask(ctx, async move {
            let answer = tasks::customer::patch(&customer_id, &patch).await;
            on_done.emit(answer.is_ok());
            answer
        });
    }

    pub(super) fn set_away(&mut self, ctx: &Context<Self>, is_away: bool) {
        self.is_away_pending = true;
        let (was_away, link) = (self.is_away, ctx.link().clone());
        browser::spawn(async move {
            let answer = tasks::session::set_away(is_away).await;
            link.send_message(Message::AwayStored(if answer.is_ok() { is_away } else { was_away }));
            report(&link, answer);
        });
    }

    pub(super) fn log_out(&self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        browser::spawn(async move {
            match tasks::session::log_out().await {
                Ok(()) => link.send_message(Message::LoggedOut),
                Err(error) if tasks::is_session_over(&error) => link.send_message(Message::LoggedOut),
                Err(error) => link.send_message(Message::Failed(error)),
            }
        });
    }

    /// Carries out a request and tells the agent when it is refused.
    pub(super) fn ask(
        &self,
        ctx: &Context<Self>,
        request: impl Future<Output = Result<(), FetchError>> + 'static,
    ) {
        let link = ctx.link().clone();
        browser::spawn(async move { report(&link, request.await) });
    }

    pub(super) fn fail(&mut self, ctx: &Context<Self>, error: &FetchError) {
        if tasks::is_session_over(error) {
            ctx.props().on_left.emit(Some(TEXTS.session_over));
        } else {
            self.toast(ctx, tasks::explain(error));
        }
    }

    pub(super) fn tell_taken(&mut self, ctx: &Context<Self>, conversation_id: &ConversationId) {
        let assignee = self
            .shell
            .read(|chat| chat.summary(conversation_id).and_then(|summary| summary.head.assignee.clone()));
        match assignee {
            Some(agent) if agent.agent_id == self.me => {}
            Some(agent) => self.toast(ctx, fill(TEXTS.fault_taken, &[("agent", &agent.name)])),
            None => self.toast(ctx, TEXTS.fault_moved_on.to_owned()),
        }
    }
}

fn report(link: &Scope<Workspace>, answer: Result<(), FetchError>) {
    if let Err(error) = answer {
        link.send_message(Message::Failed(error));
    }
}

fn tell_taken_soon(link: Scope<Workspace>, conversation_id: ConversationId) {
    let timer_link = link.clone();
    let timer = Timer::after_ms(TAKEN_NEWS_MS, move || {
        timer_link.send_message(Message::TakeRefused(conversation_id));
    });
    link.send_message(Message::KeepTimer(timer));
}
