//! The demo: touchpoints for each kind of rule, agents with a public password, an API token. What somebody changed
//! in a demo stays as they left it.

use protocol::id::{AgentId, TeamId, TouchpointId};
use protocol::people::{AgentProfile, Role, Team};
use protocol::rule::{Condition, OpeningHours, Rule, RuleAction, Weekday, WeeklyInterval};
use protocol::survey::{AnswerKind, Question, SurveyDefinition};
use protocol::touchpoint::{AssetSource, Touchpoint, TouchpointState};
use store::{NewAgent, NewApiToken, Store, StoreError};

use crate::auth::{password, secret};
use crate::usecase::touchpoint::{check, plain};
use crate::{clock, random};

/// The password of every demo log-in.
const PASSWORD: &str = "demo";
/// The demo's API token.
const API_TOKEN: &str = "demo-token";

const AGENTS: [(&str, &str, Role); 3] = [
    ("Ana", "ana@demo.test", Role::Agent),
    ("Ben", "ben@demo.test", Role::Agent),
    ("Admin", "admin@demo.test", Role::Admin),
];

/// The demo's teams with the names of those who are in them.
const TEAMS: [(&str, &[&str]); 2] = [("Sales", &["Ana"]), ("Support", &["Ben"])];

/// Makes what is missing.
pub(crate) async fn prepare(store: &dyn Store) -> anyhow::Result<()> {
    for touchpoint in touchpoints() {
        if store.touchpoint(&touchpoint.touchpoint_id).await?.is_none() {
            check(&touchpoint).map_err(|problem| anyhow::anyhow!("the demo's {}", problem.detail))?;
            store.put_touchpoint(touchpoint).await?;
        }
    }
    let mut password_hash = None;
    for (name, email, role) in AGENTS {
        let agent_id = match store.agent_by_email(email).await? {
            Some(agent) => agent.profile.agent_id,
            None => {
                let hash = match &password_hash {
                    Some(hash) => String::clone(hash),
                    None => password_hash.insert(password::hash(PASSWORD)?).clone(),
                };
                create(store, name, email, role, hash).await?
            }
        };
        if role == Role::Admin {
            let (secret, created_at) = (secret::hash(API_TOKEN), clock::now());
            let token = NewApiToken { secret, name: "Demo".to_owned(), agent_id, created_at };
            store.create_api_token(token).await?;
        }
    }
    if store.teams().await?.is_empty() {
        make_teams(store).await?;
    }
    Ok(())
}

async fn make_teams(store: &dyn Store) -> Result<(), StoreError> {
    let agents = store.agents().await?;
    for (name, members) in TEAMS {
        let own = agents.iter().filter(|agent| members.contains(&agent.profile.name.as_str()));
        let agent_ids = own.map(|agent| agent.profile.agent_id.clone()).collect();
        let team_id = TeamId::new(clock::now(), random::entropy());
        store.put_team(Team { team_id, name: name.to_owned(), agent_ids }).await?;
    }
    Ok(())
}

async fn create(
    store: &dyn Store,
    name: &str,
    email: &str,
    role: Role,
    password_hash: String,
) -> Result<AgentId, StoreError> {
    let agent_id = AgentId::new(clock::now(), random::entropy());
    let profile = AgentProfile {
        agent_id: agent_id.clone(),
        name: name.to_owned(),
        email: email.to_owned(),
        role,
        max_concurrent: 5,
    };
    store.create_agent(NewAgent { profile, password_hash, created_at: clock::now() }).await?;
    Ok(agent_id)
}

/// Returns what a person who starts the demo wants to know.
pub(crate) fn greeting(address: &str) -> String {
    let logins = AGENTS.map(|(name, email, _)| format!("    {name:<6} {email}")).join("\n");
    format!(
        "\n  Shop     {address}/demo/\n  Console  {address}/console/\n\n  Log-ins, password {PASSWORD}:\n{logins}\n\n  \
         API      curl -H 'Authorization: Bearer {API_TOKEN}' {address}/api/v1/conversations\n"
    )
}

fn touchpoints() -> Vec<Touchpoint> {
    let rules = [
        ("online", "Somebody is online", Condition::AgentOnline),
        ("available", "Somebody has time", Condition::AgentAvailable),
        ("hours", "During opening hours", Condition::InsideOpeningHours),
        ("dwell", "After five seconds on the page", Condition::DwellSeconds { at_least: 5 }),
        ("visit", "From the second visit on", Condition::VisitCount { at_least: 2 }),
    ];
    let mut touchpoints = vec![active("tp_demo", "Demo shop")];
    for (id, name, when) in rules {
        let mut touchpoint = active(&format!("tp_demo_{id}"), name);
        touchpoint.rules = vec![Rule {
            id: id.to_owned(),
            name: name.to_owned(),
            is_enabled: true,
            when,
            action: RuleAction::Show,
        }];
        if id == "hours" {
            touchpoint.hours = Some(weekdays());
        }
        touchpoints.push(touchpoint);
    }
    touchpoints
}

fn active(id: &str, name: &str) -> Touchpoint {
    let domains = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let mut touchpoint = plain(TouchpointId(id.to_owned()), name, domains);
    touchpoint.state = TouchpointState::Active;
    "Chat with the shop".clone_into(&mut touchpoint.settings.title);
    "Hello! Ask us anything about a product, your order or a delivery."
        .clone_into(&mut touchpoint.settings.welcome);
    touchpoint.survey = Some(survey());
    touchpoint.cobrowse.assets = AssetSource::Direct;
    touchpoint
}

fn weekdays() -> OpeningHours {
    let days = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
    let weekly = days
        .map(|day| WeeklyInterval { day, opens: "09:00".to_owned(), closes: "17:00".to_owned() })
        .to_vec();
    OpeningHours { time_zone: "Europe/Berlin".to_owned(), weekly }
}

fn survey() -> SurveyDefinition {
    let score = AnswerKind::Score {
        min: 1,
        max: 5,
        min_label: "Not at all".to_owned(),
        max_label: "Very much".to_owned(),
    };
    let text = AnswerKind::Text { placeholder: "What went well, what did not?".to_owned() };
    let question = |id: &str, label: &str, is_required, answer| Question {
        id: id.to_owned(),
        label: label.to_owned(),
        is_required,
        answer,
    };
    SurveyDefinition {
        title: "How was this chat?".to_owned(),
        questions: vec![
            question("csat", "How happy are you with the help you got?", true, score),
            question("comment", "Would you like to tell us more?", false, text),
        ],
    }
}
