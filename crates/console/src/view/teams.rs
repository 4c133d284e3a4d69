//! The screen of teams, for admins: the list, and the team that is being changed.

use protocol::id::TeamId;
use protocol::people::{AgentPresence, Team};
use yew::{Callback, Component, Context, Html, Properties, html};

use super::confirm::Confirm;
use super::icon::{Icon, icon};
use super::team_form::TeamForm;
use crate::state::action::{Action, OnDone, Request};
use crate::texts::{TEXTS, fill};

/// What the screen needs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Every team, by name.
    pub(crate) teams: Vec<Team>,
    /// Every agent.
    pub(crate) agents: Vec<AgentPresence>,
    /// Takes actions.
    pub(crate) on_action: Callback<Action>,
}

/// The screen.
pub(crate) struct TeamsScreen {
    shown: Shown,
    deleting: Option<TeamId>,
}

/// What stands beside the list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shown {
    /// Nothing.
    Nothing,
    /// A team that is not made yet.
    New,
    /// A team.
    Team(TeamId),
}

/// What happens on the screen.
pub(crate) enum Message {
    /// Begin a new team.
    New,
    /// Show a team.
    Show(TeamId),
    /// Show none.
    Close,
    /// Ask whether a team shall be deleted, or put the question away.
    AskDelete(Option<TeamId>),
}

impl Component for TeamsScreen {
    type Message = Message;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self { shown: Shown::Nothing, deleting: None }
    }

    fn update(&mut self, _: &Context<Self>, message: Message) -> bool {
        match message {
            Message::New => self.shown = Shown::New,
            Message::Show(team_id) => self.shown = Shown::Team(team_id),
            Message::Close => self.shown = Shown::Nothing,
            Message::AskDelete(team_id) => self.deleting = team_id,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let on_back = ctx.props().on_action.reform(|_| Action::ShowTeams(false));
        let on_new = ctx.link().callback(|_| Message::New);
        html! {
            <main class="teams" data-testid="teams-screen">
                <div class="teams__head">
                    <button class="button button--plain button--icon" onclick={on_back} aria-label={TEXTS.teams.back}
                        title={TEXTS.teams.back} data-testid="teams-back">{ icon(Icon::Back, "") }</button>
                    <div class="teams__title">
                        <h2>{ TEXTS.teams.title }</h2>
                        <p>{ TEXTS.teams.lead }</p>
                    </div>
                    <button class="button button--main" onclick={on_new} data-testid="team-new">
                        { icon(Icon::Plus, "") }{ TEXTS.teams.new }
                    </button>
                </div>
                <div class="teams__body">
                    { self.list(ctx) }
                    { self.form(ctx) }
                </div>
                { self.question(ctx) }
            </main>
        }
    }
}

impl TeamsScreen {
    fn list(&self, ctx: &Context<Self>) -> Html {
        let teams = &ctx.props().teams;
        if teams.is_empty() {
            return html! {
                <div class="empty">
                    { icon(Icon::Team, "empty__icon") }
                    <p class="empty__title">{ TEXTS.teams.empty_title }</p>
                    <p>{ TEXTS.teams.empty_text }</p>
                </div>
            };
        }
        let row = |team: &Team| {
            let team_id = team.team_id.clone();
            let on_click = ctx.link().callback(move |_| Message::Show(team_id.clone()));
            let is_shown = self.shown == Shown::Team(team.team_id.clone());
            html! {
                <li key={team.team_id.0.clone()}>
                    <button class="team" onclick={on_click} aria-current={is_shown.then_some("true")}
                        data-testid="team-row">
                        <bdi class="team__name">{ &team.name }</bdi>
                        <span class="team__count">{ member_count(team.agent_ids.len()) }</span>
                    </button>
                </li>
            }
        };
        html! { <ul class="teams__list">{ for teams.iter().map(row) }</ul> }
    }

    fn form(&self, ctx: &Context<Self>) -> Html {
        let (team_id, team) = match &self.shown {
            Shown::Nothing => return Html::default(),
            Shown::New => (None, None),
            Shown::Team(team_id) => {
                (Some(team_id.clone()), ctx.props().teams.iter().find(|team| team.team_id == *team_id))
            }
        };
        let key = team_id.as_ref().map_or("new".to_owned(), |team_id| team_id.0.clone());
        let on_close = ctx.link().callback(|()| Message::Close);
        let on_delete = ctx.link().callback(|team_id| Message::AskDelete(Some(team_id)));
        html! {
            <TeamForm {key} {team_id} team={team.cloned()} agents={ctx.props().agents.clone()} {on_close} {on_delete}
                on_action={ctx.props().on_action.clone()} />
        }
    }

    fn question(&self, ctx: &Context<Self>) -> Html {
        let Some(team_id) = self.deleting.clone() else { return Html::default() };
        let name = ctx.props().teams.iter().find(|team| team.team_id == team_id);
        let name = name.map(|team| team.name.clone()).unwrap_or_default();
        let on_yes = ctx.props().on_action.reform(move |on_done: OnDone| {
            Action::Ask(Request::DeleteTeam { team_id: team_id.clone(), on_done })
        });
        let on_close = ctx.link().callback(|()| Message::AskDelete(None));
        html! {
            <Confirm title={fill(TEXTS.teams.delete_title, &[("team", &name)])} text={TEXTS.teams.delete_text}
                yes={TEXTS.teams.delete} running={TEXTS.teams.delete_running} {on_yes} {on_close} />
        }
    }
}

fn member_count(count: usize) -> String {
    match count {
        0 => TEXTS.teams.member_zero.to_owned(),
        1 => TEXTS.teams.member_one.to_owned(),
        _ => fill(TEXTS.teams.member_count, &[("count", &count.to_string())]),
    }
}
