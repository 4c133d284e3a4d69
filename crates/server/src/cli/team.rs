//! `tandem team`

use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use protocol::id::TeamId;
use protocol::rest::TeamDocument;
use store::{Agents as _, StoreError, Teams as _};

use super::DataFolder;
use crate::usecase::team;
use crate::{clock, random};

/// The commands of `tandem team`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes a team of those who answer together. A server that runs learns of it when somebody changes a team there.
    Create(Create),
    /// Lists the teams.
    List(DataFolder),
}

/// The flags of `tandem team create`.
#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    folder: DataFolder,
    /// What you call it.
    #[arg(long)]
    name: String,
    /// The log-in of somebody who is in it; may be given several times.
    #[arg(long)]
    agent: Vec<String>,
}

impl Command {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(create) => create.run().await,
            Self::List(folder) => list(folder).await,
        }
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let store = self.folder.open().await?;
        let mut agent_ids = Vec::new();
        for email in &self.agent {
            let Some(agent) = store.agent_by_email(&email.trim().to_lowercase()).await? else {
                bail!("--agent: {email} has no log-in");
            };
            agent_ids.push(agent.profile.agent_id);
        }
        let document = TeamDocument { name: self.name, agent_ids };
        let team_id = TeamId::new(clock::now(), random::entropy());
        let team = team::checked(team_id, document).map_err(|problem| anyhow!(problem.detail))?;
        let (name, members) = (team.name.clone(), team.agent_ids.len());
        match store.put_team(team).await {
            Err(StoreError::Conflict) => bail!("another team is called {name}"),
            outcome => outcome?,
        }
        println!("{name} is there with {members} agents");
        Ok(())
    }
}

async fn list(folder: DataFolder) -> anyhow::Result<()> {
    let store = folder.open().await?;
    let agents = store.agents().await?;
    for team in store.teams().await? {
        let names = team.agent_ids.iter().filter_map(|agent_id| {
            let agent = agents.iter().find(|agent| agent.profile.agent_id == *agent_id);
            agent.map(|agent| agent.profile.name.as_str())
        });
        println!("{}  {}  {}", team.team_id, team.name, names.collect::<Vec<_>>().join(", "));
    }
    Ok(())
}
