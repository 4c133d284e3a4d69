//! Draws the workspace: header, inbox, shared page, thread, customer.

use chat_core::ComposeFault;
use protocol::agent::ConversationSummary;
use protocol::cobrowse::CobrowseSession;
use protocol::id::ConversationId;
use yew::{Callback, Context, Html, classes, html};

use super::{Message, Workspace};
use crate::shell::now;
use crate::state::action::Action;
use crate::texts::TEXTS;
use crate::view::cobrowse_view::CobrowseView;
use crate::view::customer::CustomerPanel;
use crate::view::header::{Header, connection_line};
use crate::view::icon::{Icon, icon};
use crate::view::inbox::Inbox;
use crate::view::keys_help::KeysHelp;
use crate::view::thread::Thread;
use crate::view::toasts::Toasts;

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
            shown.is_some().then_some("has-thread"),
            self.has_details.then_some("has-details"),
            is_sharing.then_some("is-sharing")
        );
        let agent = self.shell.read(|chat| chat.agent().cloned());
        let agent = agent.unwrap_or_else(|| ctx.props().session.agent.clone());
        html! {
            <>
                <Header {agent} is_away={self.is_away} is_away_pending={self.is_away_pending}
                    on_action={on_action.clone()} />
                { connection_line(connection, was_online) }
                <div class={classes}>
                    <Inbox {rows} tab={self.tab} chosen={self.chosen.clone()} now={now()}
                        on_action={on_action.clone()} />
                    { for sharing.map(|sharing| share(sharing, is_sharing, &on_action)) }
                    { self.thread(ctx, shown.as_ref(), &on_action, has_choice) }
                    if let Some(summary) = &shown {
                        <CustomerPanel key={summary.customer.customer_id.0.clone()} summary={summary.clone()}
                            on_action={on_action.clone()} />
                    }
                </div>
                <p class="visually-hidden" role="status">{ &self.announcement }</p>
                <Toasts toasts={self.toasts.clone()} on_action={on_action.clone()} />
                if self.has_keys { <KeysHelp {on_action} /> }
            </>
        }
    }

    fn shown(&self) -> Option<ConversationSummary> {
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
        let Some(summary) = shown else { return nothing_chosen(has_choice) };
        let conversation_id = &summary.head.conversation_id;
        let (entries, is_loaded, is_typing, agents) = self.shell.read(|chat| {
            (
                chat.entries(conversation_id),
                chat.is_loaded(conversation_id),
                chat.customer_typing(conversation_id),
                chat.agents().to_vec(),
            )
        });
        html! {
            <Thread summary={summary.clone()} {entries} {is_loaded} {is_typing} {agents} me={self.me.clone()}
                ending={self.endings.get(conversation_id).copied()} keep={self.shell.keep()}
                on_send={self.on_send(ctx, conversation_id)} on_action={on_action.clone()} />
        }
    }

    fn on_send(
        &self,
        ctx: &Context<Self>,
        conversation_id: &ConversationId,
    ) -> Callback<String, Result<(), ComposeFault>> {
        let (shell, link) = (self.shell.clone(), ctx.link().clone());
        let conversation_id = conversation_id.clone();
        Callback::from(move |text: String| {
            let sent = shell.compose(&conversation_id, &text);
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
    on_action: &Callback<Action>,
) -> Html {
    let Some(ticket) = session.ticket.clone() else { return Html::default() };
    let key = session.cobrowse_id.0.clone();
    html! {
        <CobrowseView {key} {session} {ticket} {customer_name} {is_shown} on_action={on_action.clone()} />
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
