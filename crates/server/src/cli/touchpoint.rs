//! `tandem touchpoint`

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use protocol::id::TouchpointId;
use protocol::touchpoint::{Touchpoint, TouchpointState};
use store::Touchpoints as _;

use super::DataFolder;
use crate::auth::secret;
use crate::random;
use crate::usecase::touchpoint::{check, plain};

/// The commands of `tandem touchpoint`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes a place where chat is offered; it begins INACTIVE.
    Create(Create),
    /// Offers chat there.
    Activate(Switch),
    /// Offers chat there no longer; nothing is drawn on its pages.
    Deactivate(Switch),
    /// Lists the places where chat is offered.
    List(DataFolder),
}

/// The flags of `tandem touchpoint create`.
#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    folder: DataFolder,
    /// What you call it.
    #[arg(long)]
    name: String,
    /// A host whose pages may use it: `example.com`, `*.example.com`; may be given several times.
    #[arg(long, required = true)]
    domain: Vec<String>,
}

/// Which place to switch.
#[derive(Debug, Args)]
pub(super) struct Switch {
    /// The touchpoint: `tp_…`.
    touchpoint_id: String,
    #[command(flatten)]
    folder: DataFolder,
}

impl Command {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(create) => create.run().await,
            Self::Activate(which) => switch(which, TouchpointState::Active).await,
            Self::Deactivate(which) => switch(which, TouchpointState::Inactive).await,
            Self::List(folder) => list(folder).await,
        }
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let store = self.folder.open().await?;
        let touchpoint_id = TouchpointId(format!("tp_{}", &secret::hex(&random::entropy())[..12]));
        let touchpoint = plain(touchpoint_id, self.name.trim(), self.domain);
        check(&touchpoint).map_err(|problem| anyhow!(problem.detail))?;
        let kept = store.put_touchpoint(touchpoint).await?;
        let id = kept.touchpoint_id;
        println!(
            "{id} is there and INACTIVE; `tandem touchpoint activate {id}` offers chat on pages with this tag:"
        );
        println!("  <script async src=\"https://YOUR-SERVER/w/{id}.js\"></script>");
        Ok(())
    }
}

async fn switch(which: Switch, state: TouchpointState) -> anyhow::Result<()> {
    let store = which.folder.open().await?;
    let touchpoint_id = TouchpointId(which.touchpoint_id);
    let found = store.touchpoint(&touchpoint_id).await?;
    let touchpoint = found.with_context(|| format!("there is no touchpoint {touchpoint_id}"))?;
    store.put_touchpoint(Touchpoint { state, ..touchpoint }).await?;
    println!("{touchpoint_id} is {}", word(state));
    Ok(())
}

async fn list(folder: DataFolder) -> anyhow::Result<()> {
    for touchpoint in folder.open().await?.touchpoints().await? {
        let Touchpoint { touchpoint_id, name, state, allowed_domains, .. } = touchpoint;
        println!("{touchpoint_id}  {}  {name}  {}", word(state), allowed_domains.join(", "));
    }
    Ok(())
}

fn word(state: TouchpointState) -> &'static str {
    match state {
        TouchpointState::Active => "ACTIVE",
        TouchpointState::Inactive => "INACTIVE",
    }
}
