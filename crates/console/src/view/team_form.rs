//! One team while it is made or changed: its name and who is in it.

use browser::FetchError;
use protocol::id::{AgentId, TeamId};
use protocol::limit::NAME_CHARS_MAX;
use protocol::people::{AgentPresence, Team};
use protocol::rest::TeamDocument;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{Callback, Component, Context, Html, InputEvent, Properties, TargetCast, html};

use super::avatar::{AvatarSize, avatar};
use crate::state::action::{Action, Request};
use crate::state::assignment::is_found;
use crate::tasks;
use crate::texts::TEXTS;

/// What the form needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The team; none makes one.
    pub(crate) team_id: Option<TeamId>,
    /// The team as it stands; none while it is not made, or when it was deleted.
    pub(crate) team: Option<Team>,
    /// Every agent.
    pub(crate) agents: Vec<AgentPresence>,
    /// Puts the form away.
    pub(crate) on_close: Callback<()>,
    /// Asks for the team to be deleted.
    pub(crate) on_delete: Callback<TeamId>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The form. What was typed stays until it is stored, whatever the server sends meanwhile.
pub(crate) struct TeamForm {
    document: TeamDocument,
    /// The team as it stood when the form began to differ from it.
    base: TeamDocument,
    search: String,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Idle,
    Saving,
    Saved,
    Failed(String),
}

/// What happens in the form.
pub(crate) enum Message {
    /// The name changed.
    Name(String),
    /// The search changed.
    Search(String),
    /// An agent comes in, or goes.
    Toggle(AgentId),
    /// Save was pressed.
    Save,
    /// The server answered.
    Answered(Result<(), FetchError>),
}

impl Component for TeamForm {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let document = document(ctx.props().team.as_ref());
        Self { base: document.clone(), document, search: String::new(), state: State::Idle }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Name(name) => {
                self.document.name = name;
                self.state = State::Idle;
            }
            Message::Search(search) => self.search = search,
            Message::Toggle(agent_id) => {
                let members = &mut self.document.agent_ids;
                match members.iter().position(|member| *member == agent_id) {
                    Some(at) => drop(members.remove(at)),
                    None => members.push(agent_id),
                }
                self.state = State::Idle;
            }
            Message::Save => self.save(ctx),
            Message::Answered(Ok(())) if ctx.props().team_id.is_none() => ctx.props().on_close.emit(()),
            Message::Answered(Ok(())) => {
                self.state = State::Saved;
                self.base = self.document.clone();
            }
            Message::Answered(Err(error)) => self.state = State::Failed(explain(&error)),
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &Props) -> bool {
        // A form nobody has touched follows what others store.
        if self.document == self.base && ctx.props().team.is_some() {
            self.document = document(ctx.props().team.as_ref());
            self.base = self.document.clone();
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let on_submit = ctx.link().callback(|event: SubmitEvent| {
            event.prevent_default();
            Message::Save
        });
        let on_name = ctx.link().callback(|event: InputEvent| {
            Message::Name(event.target_unchecked_into::<HtmlInputElement>().value())
        });
        let Props { team_id, team, .. } = ctx.props();
        let is_gone = team_id.is_some() && team.is_none();
        let fault = match &self.state {
            _ if is_gone => Some(TEXTS.teams.gone.to_owned()),
            State::Failed(text) => Some(text.clone()),
            State::Idle if team.is_some() && document(team.as_ref()) != self.base => {
                Some(TEXTS.teams.changed.to_owned())
            }
            State::Idle | State::Saving | State::Saved => None,
        };
        html! {
            <form class="team-form" onsubmit={on_submit} data-testid="team-form">
                <label class="team-form__label">
                    <span>{ TEXTS.teams.name }</span>
                    <input class="field" type="text" value={self.document.name.clone()} autocomplete="off" dir="auto"
                        maxlength={NAME_CHARS_MAX.to_string()} oninput={on_name} data-testid="team-name" />
                </label>
                { self.members(ctx) }
                <p class="fault" role="alert" data-testid="team-fault">{ fault }</p>
                { self.buttons(ctx, is_gone) }
            </form>
        }
    }
}

impl TeamForm {
    fn members(&self, ctx: &Context<Self>) -> Html {
        let on_search = ctx.link().callback(|event: InputEvent| {
            Message::Search(event.target_unchecked_into::<HtmlInputElement>().value())
        });
        let agents = &ctx.props().agents;
        let found: Vec<&AgentPresence> =
            agents.iter().filter(|agent| is_found(&agent.name, &self.search)).collect();
        let member = |agent: &&AgentPresence| {
            let agent_id = agent.agent_id.clone();
            let on_change = ctx.link().callback(move |_| Message::Toggle(agent_id.clone()));
            let is_member = self.document.agent_ids.contains(&agent.agent_id);
            html! {
                <li key={agent.agent_id.0.clone()}>
                    <label class="member">
                        <input type="checkbox" checked={is_member} onchange={on_change} data-testid="team-member" />
                        { avatar(agent.agent_id.as_str(), &agent.name, AvatarSize::Small, false) }
                        <bdi>{ &agent.name }</bdi>
                    </label>
                </li>
            }
        };
        html! {
            <fieldset class="team-form__members">
                <legend>{ TEXTS.teams.members }</legend>
                if agents.len() > 8 {
                    <input class="field" type="search" value={self.search.clone()} oninput={on_search}
                        aria-label={TEXTS.teams.members_search} placeholder={TEXTS.teams.members_search} />
                }
                <ul class="team-form__list">{ for found.iter().map(member) }</ul>
                if found.is_empty() { <p class="assign__none">{ TEXTS.teams.members_none }</p> }
            </fieldset>
        }
    }

    fn buttons(&self, ctx: &Context<Self>, is_gone: bool) -> Html {
        let on_close = ctx.props().on_close.reform(|_| ());
        let Props { team_id, team, on_delete, .. } = ctx.props();
        let is_changed = self.document != document(team.as_ref());
        let word = match (&self.state, team_id) {
            (State::Saving, _) => TEXTS.teams.saving,
            (State::Idle | State::Saved | State::Failed(_), None) => TEXTS.teams.create,
            (State::Saved, Some(_)) if !is_changed => TEXTS.teams.saved,
            (State::Idle | State::Saved | State::Failed(_), Some(_)) => TEXTS.teams.save,
        };
        let is_blocked = self.state == State::Saving || is_gone || !is_changed;
        let on_delete = team_id.clone().map(|team_id| on_delete.reform(move |_| team_id.clone()));
        html! {
            <div class="team-form__buttons">
                <button class="button button--main" type="submit" disabled={is_blocked} data-testid="team-save">
                    { word }
                </button>
                <button class="button" type="button" onclick={on_close} data-testid="team-cancel">
                    { TEXTS.teams.cancel }
                </button>
                if let Some(on_delete) = on_delete.filter(|_| !is_gone) {
                    <button class="button button--danger team-form__delete" type="button" onclick={on_delete}
                        data-testid="team-delete">{ TEXTS.teams.delete }</button>
                }
            </div>
        }
    }

    fn save(&mut self, ctx: &Context<Self>) {
        let document = TeamDocument { name: self.document.name.trim().to_owned(), ..self.document.clone() };
        if document.name.is_empty() {
            self.state = State::Failed(TEXTS.teams.fault_no_name.to_owned());
            return;
        }
        self.state = State::Saving;
        let (team_id, on_done) = (ctx.props().team_id.clone(), ctx.link().callback(Message::Answered));
        ctx.props().on_action.emit(Action::Ask(Request::SaveTeam { team_id, document, on_done }));
    }
}

fn document(team: Option<&Team>) -> TeamDocument {
    let (name, agent_ids) = team.map(|team| (team.name.clone(), team.agent_ids.clone())).unwrap_or_default();
    TeamDocument { name, agent_ids }
}

fn explain(error: &FetchError) -> String {
    match error {
        FetchError::Refused { status: 409, .. } => TEXTS.teams.fault_name_taken.to_owned(),
        FetchError::Refused { .. } | FetchError::Network | FetchError::Unreadable => tasks::explain(error),
    }
}
