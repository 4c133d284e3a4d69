//! The command line. Every flag is an environment variable as well.

mod agent;
mod backup;
mod csp;
mod customer;
mod serve;
mod team;
mod touchpoint;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use store::{Purpose, Touchpoints as _};
use store_sqlite::SqliteStore;
use tracing_subscriber::EnvFilter;

use crate::files::AttachmentsPlace;
use crate::running::STORE_FILE;

/// How long what still runs at the end may take.
const SHUTDOWN_TIME_MAX: Duration = Duration::from_secs(5);

/// Self-hosted live chat with co-browsing.
#[derive(Debug, Parser)]
#[command(name = "tandem", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves chat, console and API.
    Serve(serve::Serve),
    /// Copies the data to a file while the server goes on writing.
    Backup(backup::Backup),
    /// Makes and lists those who answer.
    #[command(subcommand)]
    Agent(agent::Command),
    /// Makes and lists the teams of those who answer.
    #[command(subcommand)]
    Team(team::Command),
    /// Gives out all that is known of a customer, or erases it.
    #[command(subcommand)]
    Customer(customer::Command),
    /// Makes, switches and lists the places where chat is offered.
    #[command(subcommand)]
    Touchpoint(touchpoint::Command),
    /// Tells what a page's content security policy has to allow, and whether one does.
    #[command(subcommand)]
    Csp(csp::Command),
}

/// Where the data is.
#[derive(Debug, clap::Args)]
struct DataFolder {
    /// The folder of the data; made when it is missing.
    #[arg(long, env = "TANDEM_DATA", default_value = "tandem-data")]
    data: PathBuf,
}

/// Where the files of messages are.
#[derive(Debug, clap::Args)]
struct FilesPlace {
    /// Where files of messages are kept: a folder, or s3://bucket/prefix with keys, region and endpoint in the AWS_…
    /// variables; `attachments` inside the data folder when left out.
    #[arg(long, env = "TANDEM_ATTACHMENTS")]
    attachments: Option<AttachmentsPlace>,
}

impl FilesPlace {
    /// Returns the place, which is inside the data folder unless it was said.
    fn or_inside(&self, data: &Path) -> AttachmentsPlace {
        self.attachments.clone().unwrap_or_else(|| AttachmentsPlace::inside(data))
    }
}

impl DataFolder {
    /// Opens the data of a real server; one may be running on it.
    async fn open(&self) -> anyhow::Result<SqliteStore> {
        let folder: &Path = &self.data;
        crate::folder::make(folder)
            .with_context(|| format!("cannot make the data folder {}", folder.display()))?;
        let store = SqliteStore::open(&folder.join(STORE_FILE))
            .with_context(|| format!("cannot open the data in {}", folder.display()))?;
        if store.claim(Purpose::Real).await? == Purpose::Demo {
            bail!("{} holds demo data; choose another folder with --data", folder.display());
        }
        Ok(store)
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("TANDEM_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    let outcome = tokio::runtime::Runtime::new().context("the runtime cannot start").and_then(|runtime| {
        let outcome = runtime.block_on(run(cli.command));
        // Nothing that is still about holds up the end.
        runtime.shutdown_timeout(SHUTDOWN_TIME_MAX);
        outcome
    });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("tandem: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Carries a command out; answers whether all is well where that is the question.
async fn run(command: Command) -> anyhow::Result<bool> {
    match command {
        Command::Csp(command) => return command.run().await,
        Command::Serve(serve) => serve.run().await,
        Command::Backup(backup) => backup.run().await,
        Command::Agent(command) => command.run().await,
        Command::Team(command) => command.run().await,
        Command::Customer(command) => command.run().await,
        Command::Touchpoint(command) => command.run().await,
    }
    .map(|()| true)
}
