//! `tandem agent`

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use protocol::id::AgentId;
use protocol::limit::NAME_CHARS_MAX;
use protocol::people::{AgentProfile, Role};
use store::{Agents as _, NewAgent, StoreError};

use super::DataFolder;
use crate::auth::password;
use crate::{clock, random};

const PASSWORD_CHARS_MIN: usize = 10;

/// The commands of `tandem agent`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes somebody who answers. The password comes from TANDEM_PASSWORD or is read from the terminal.
    Create(Create),
    /// Lists those who answer.
    List(DataFolder),
}

/// The flags of `tandem agent create`.
#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    folder: DataFolder,
    /// The log-in.
    #[arg(long)]
    email: String,
    /// The name visitors see; the part of the address before the @ when left out.
    #[arg(long)]
    name: Option<String>,
    /// What they may do.
    #[arg(long, value_enum, default_value_t = RoleFlag::Agent)]
    role: RoleFlag,
    /// How many open chats they take before they count as busy.
    #[arg(long, default_value_t = 5)]
    max_concurrent: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleFlag {
    Agent,
    Supervisor,
    Admin,
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
        let email = self.email.trim().to_lowercase();
        let Some((local, _)) =
            email.split_once('@').filter(|(local, host)| !local.is_empty() && !host.is_empty())
        else {
            bail!("--email: `{email}` is no e-mail address");
        };
        let name = self.name.as_deref().unwrap_or(local).trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            bail!("--name: must have 1 to {NAME_CHARS_MAX} characters");
        }
        let store = self.folder.open().await?;
        let password = read_password()?;
        if password.chars().count() < PASSWORD_CHARS_MIN {
            bail!("the password must have at least {PASSWORD_CHARS_MIN} characters");
        }
        let role = match self.role {
            RoleFlag::Agent => Role::Agent,
            RoleFlag::Supervisor => Role::Supervisor,
            RoleFlag::Admin => Role::Admin,
        };
        let agent_id = AgentId::new(clock::now(), random::entropy());
        let profile =
            AgentProfile { agent_id, name, email: email.clone(), role, max_concurrent: self.max_concurrent };
        let agent = NewAgent { profile, password_hash: password::hash(&password)?, created_at: clock::now() };
        match store.create_agent(agent).await {
            Err(StoreError::Conflict) => bail!("{email} has a log-in already"),
            outcome => outcome?,
        }
        println!("{email} can log in now");
        Ok(())
    }
}

fn read_password() -> anyhow::Result<String> {
    if let Ok(password) = std::env::var("TANDEM_PASSWORD") {
        return Ok(password);
    }
    let input = std::io::stdin();
    if input.is_terminal() {
        eprint!("Password (shown while you type): ");
    }
    let mut line = String::new();
    input.lock().read_line(&mut line).context("the password cannot be read")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn list(folder: DataFolder) -> anyhow::Result<()> {
    for agent in folder.open().await?.agents().await? {
        let AgentProfile { name, email, role, max_concurrent, .. } = agent.profile;
        println!("{email}  {name}  {role:?}  {max_concurrent} chats");
    }
    Ok(())
}
