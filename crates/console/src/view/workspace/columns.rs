//! Draws the workspace: header, inbox, shared page, thread, customer.

use chat_core::ComposeFault;
use protocol::agent::ConversationSummary;
use protocol::cobrowse::CobrowseSession;
use protocol::id::ConversationId;
use protocol::people::{AgentProfile, AgentRef};
use yew::{Callback, Context, Html, classes, html};

use super::{Message, Workspace};
use crate::shell::now;
use crate::state::action::Action;
use crate::state::recordings::may_watch;
use crate::texts::TEXTS;
use crate::view::cobrowse_view::CobrowseView;
use crate::view::composer::Draft;
use crate::view::customer::CustomerPanel;
use crate::view::header::{Header, connection_line};
use crate::view::icon::{Icon, icon};
use crate::view::inbox::Inbox;
use crate::view::recordings::RecordingsScreen;
use crate::view::teams::TeamsScreen;
use crate::view::thread::Thread;

impl Workspace {
    pub(super) fn draw(&self, ctx: &Context<Self>) -> Html {
        let on_action = ctx.link().callback(Message::Act);
        let rows = self.rows.clone();
        let was_online = rows.is_some();
        let has_choice = rows.as_ref().is_some_and(|rows| !rows.is_empty());
        let connection = self.shell.read(chat_core::AgentChat::connection);
        let shown = self.shown();
        let sharing = self.live_session();
        let is_sharing = matches!((&shown, &sharing), (Some(shown), Some((session, _)))
            if shown.head.conversation_id == session.conversation_id);
        let classes = classes!(
            "workspace",
            (shown.is_some() || self.erased.is_some()).then_some("has-thread"),
            self.has_details.then_some("has-details"),
            is_sharing.then_some("is-sharing")
        );
        let agent = self.shell.read(|chat| chat.agent().cloned());
        let agent = agent.unwrap_or_else(|| ctx.props().session.agent.clone());
        let role = agent.role;
        let (agents, teams, clock_offset_ms) =
            self.shell.read(|chat| (chat.agents().to_vec(), chat.teams().to_vec(), chat.clock_offset_ms()));
        let has_team = teams.iter().any(|team| team.agent_ids.contains(&self.me));
        html! {
            <>
                <Header agent={agent.clone()} is_away={self.is_away} is_away_pending={self.is_away_pending}
                    agents={agents.clone()} is_in_teams={self.is_in_teams} is_in_recordings={self.recordings.is_some()}
                    on_action={on_action.clone()} />
                { connection_line(connection, was_online) }
                if self.is_in_teams {
                    <TeamsScreen teams={teams.clone()} agents={agents.clone()} on_action={on_action.clone()} />
                }
                if let Some(place) = self.recordings.clone() {
                    <RecordingsScreen {place} {role} on_action={on_action.clone()} />
                }
                <div class={classes} hidden={self.is_in_teams || self.recordings.is_some()}>
                    <Inbox {rows} view={self.view} filter={self.filter.clone()} {agents} {teams} {has_team}
                        chosen={self.chosen.clone()} now={now().plus_ms(clock_offset_ms)} {clock_offset_ms}
                        on_action={on_action.clone()} />
                    { for sharing.map(|sharing| share(sharing, is_sharing, &agent, &on_action)) }
                    { self.thread(ctx, shown.as_ref(), &on_action, has_choice) }
                    if let Some(summary) = &shown {
                        <CustomerPanel key={summary.customer.customer_id.0.clone()} summary={summary.clone()}
                            may_watch={may_watch(role)} on_action={on_action.clone()} />
                    }
                </div>
                { self.overlays(&on_action) }
            </>
        }
    }

    pub(super) fn shown(&self) -> Option<ConversationSummary> {
        let chosen = self.chosen.as_ref()?;
        let row = self.rows.as_ref()?.iter().find(|row| row.conversation_id() == chosen)?;
        Some(row.summary.clone())
    }

    /// The live session with the name of whose page it is.
    fn live_session(&self) -> Option<(CobrowseSession, String)> {
        let session = self.session.clone()?;
        let row = self.rows.as_ref()?.iter().find(|row| *row.conversation_id() == session.conversation_id)?;
        Some((session, row.summary.customer.display_name()))
    }

    fn thread(
        &self,
        ctx: &Context<Self>,
        shown: Option<&ConversationSummary>,
        on_action: &Callback<Action>,
        has_choice: bool,
    ) -> Html {
        let Some(summary) = shown else {
            return if self.erased.is_some() { erased(on_action) } else { nothing_chosen(has_choice) };
        };
        let conversation_id = &summary.head.conversation_id;
        let (entries, is_loaded, is_typing) = self.shell.read(|chat| {
            (
                chat.entries(conversation_id),
                chat.is_loaded(conversation_id),
                chat.customer_typing(conversation_id),
            )
        });
        let (agents, teams) = self.shell.read(|chat| (chat.agents().to_vec(), chat.teams().to_vec()));
        html! {
            <Thread summary={summary.clone()} {entries} {is_loaded} {is_typing} {agents} {teams}
                me={self.me.clone()} reviser={self.reviser(ctx)} is_assigning={self.is_assigning}
                editing={self.editing.clone()} ending={self.endings.get(conversation_id).copied()} keep={self.shell.keep()}
                on_send={self.on_send(ctx, conversation_id)} on_action={on_action.clone()} />
        }
    }

    fn on_send(
        &self,
        ctx: &Context<Self>,
        conversation_id: &ConversationId,
    ) -> Callback<Draft, Result<(), ComposeFault>> {
        let (shell, link) = (self.shell.clone(), ctx.link().clone());
        let conversation_id = conversation_id.clone();
        Callback::from(move |(text, files): Draft| {
            let sent = shell.compose(&conversation_id, &text, files);
            if sent == Err(ComposeFault::OutboxFull) {
                link.send_message(Message::OutboxFull);
            }
            sent
        })
    }
}

fn share(
    (session, customer_name): (CobrowseSession, String),
    is_shown: bool,
    me: &AgentProfile,
    on_action: &Callback<Action>,
) -> Html {
    let Some(ticket) = session.ticket.clone() else { return Html::default() };
    let key = session.cobrowse_id.0.clone();
    html! {
        <CobrowseView {key} {session} {ticket} {customer_name} {is_shown} me={AgentRef {
            agent_id: me.agent_id.clone(),
            name: me.name.clone(),
        }} on_action={on_action.clone()} />
    }
}

/// The place of a conversation that is gone for good.
fn erased(on_action: &Callback<Action>) -> Html {
    let on_back = on_action.reform(|_| Action::Leave);
    html! {
        <main class="thread workspace__thread">
            <div class="empty" role="status" data-testid="erased">
                { icon(Icon::Trash, "empty__icon") }
                <p class="empty__title">{ TEXTS.views.erased_title }</p>
                <p>{ TEXTS.views.erased_text }</p>
                <button class="button empty__button" onclick={on_back}>{ TEXTS.back }</button>
            </div>
        </main>
    }
}

fn nothing_chosen(has_choice: bool) -> Html {
    let (title, text) = if has_choice {
        (TEXTS.thread_empty_title, TEXTS.thread_empty_text)
    } else {
        (TEXTS.thread_none_title, TEXTS.thread_none_text)
    };
    html! {
        <main class="thread workspace__thread">
            <div class="empty">
                { icon(Icon::Chat, "empty__icon") }
                <p class="empty__title">{ title }</p>
                <p>{ text }</p>
            </div>
        </main>
    }
}
