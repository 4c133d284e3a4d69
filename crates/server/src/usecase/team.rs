//! Teams are checked before they are kept, and every console learns of each change.

use broker::{Notice, Topic};
use protocol::id::TeamId;
use protocol::limit::{NAME_CHARS_MAX, TEAM_AGENTS_MAX, TEAMS_MAX};
use protocol::people::Team;
use protocol::problem::ProblemCode;
use protocol::rest::TeamDocument;
use store::StoreError;

use crate::announcer::Concerns;
use crate::app::App;
use crate::problem::Problem;
use crate::routing::WAITING_MAX;
use crate::usecase::touchpoint::routing;
use crate::{clock, random};

/// Makes a team.
///
/// # Errors
/// `invalid` with the field; `conflict` when the name is taken; `too_many`, `busy` or `internal`.
pub(crate) async fn create(app: &App, document: TeamDocument) -> Result<Team, Problem> {
    if app.store.teams().await?.len() >= TEAMS_MAX {
        return Err(Problem::new(ProblemCode::TooMany, format!("there are {TEAMS_MAX} teams already")));
    }
    put(app, TeamId::new(clock::now(), random::entropy()), document).await
}

/// Replaces a team.
///
/// # Errors
/// `not_found` when there is none; else as [`create`].
pub(crate) async fn replace(app: &App, team_id: TeamId, document: TeamDocument) -> Result<Team, Problem> {
    let is_there = app.store.teams().await?.iter().any(|team| team.team_id == team_id);
    if !is_there {
        return Err(Problem::not_found("team"));
    }
    put(app, team_id, document).await
}

/// Removes a team; what waits in its queue waits for everybody.
///
/// # Errors
/// `conflict` while a touchpoint sends conversations to it; `not_found`, `busy` or `internal`.
pub(crate) async fn remove(app: &App, team_id: &TeamId) -> Result<(), Problem> {
    let touchpoints = app.store.touchpoints().await?;
    if let Some(user) = touchpoints.iter().find(|touchpoint| routing::names(&touchpoint.routing, team_id)) {
        let detail = format!("touchpoint {} sends conversations to this team", user.touchpoint_id);
        return Err(Problem::new(ProblemCode::Conflict, detail));
    }
    let waiting = app.store.waiting(WAITING_MAX).await?;
    app.store.delete_team(team_id).await?;
    // They wait for everybody from now on, which consoles show.
    for conversation in waiting.iter().filter(|waiting| waiting.team_id.as_ref() == Some(team_id)) {
        app.announcer.conversation(&conversation.conversation_id, Concerns::Everybody);
    }
    tell(app).await
}

async fn put(app: &App, team_id: TeamId, document: TeamDocument) -> Result<Team, Problem> {
    let team = checked(team_id, document)?;
    app.store.put_team(team.clone()).await.map_err(|error| {
        if error == StoreError::NoAgent {
            return Problem::invalid("agent_ids", "there is no such agent");
        }
        if error == StoreError::Conflict {
            return Problem::new(ProblemCode::Conflict, "name: another team is called so");
        }
        Problem::from(error)
    })?;
    tell(app).await?;
    Ok(team)
}

/// Returns a team that can be kept, its members named once.
///
/// # Errors
/// `invalid` with the field.
pub(crate) fn checked(team_id: TeamId, document: TeamDocument) -> Result<Team, Problem> {
    let TeamDocument { name, agent_ids } = document;
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(Problem::invalid("name", &format!("must have 1 to {NAME_CHARS_MAX} characters")));
    }
    if agent_ids.len() > TEAM_AGENTS_MAX {
        return Err(Problem::invalid("agent_ids", &format!("are more than {TEAM_AGENTS_MAX}")));
    }
    let mut unique = Vec::with_capacity(agent_ids.len());
    for agent_id in agent_ids {
        if !unique.contains(&agent_id) {
            unique.push(agent_id);
        }
    }
    Ok(Team { team_id, name, agent_ids: unique })
}

async fn tell(app: &App) -> Result<(), Problem> {
    let teams = app.store.teams().await?;
    app.broker.publish(&Topic::Agents, Notice::Teams { teams }.into());
    app.routing.look_again();
    Ok(())
}
