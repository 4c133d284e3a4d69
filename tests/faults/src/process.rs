//! The server as a process: started, killed, told to end, and looked at from outside.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};

use crate::clock;
use crate::people::http;

/// A server that does not answer after this time will not.
const START_MAX: Duration = Duration::from_secs(30);

/// How to start a server, again and again on the same data and port.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub(crate) binary: PathBuf,
    pub(crate) data: PathBuf,
    pub(crate) address: SocketAddr,
    /// Where it writes its log.
    pub(crate) log: PathBuf,
}

/// A server that runs. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    recipe: Recipe,
}

impl Recipe {
    /// Starts the server and waits until it is ready.
    pub(crate) async fn start(&self) -> Result<Server> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&self.log)?;
        let child = Command::new(&self.binary)
            .args(["serve", "--demo", "--listen", &self.address.to_string(), "--data"])
            .arg(&self.data)
            .env("TANDEM_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} did not start", self.binary.display()))?;
        let mut server = Server { child, recipe: self.clone() };
        server.wait_until_ready().await?;
        Ok(server)
    }

    /// The store's file.
    pub(crate) fn store_file(&self) -> PathBuf {
        self.data.join("tandem.sqlite")
    }

    /// Runs another command of the binary to its end on the same data.
    pub(crate) async fn command(&self, words: &[&str], file: &Path) -> Result<String> {
        let output = Command::new(&self.binary)
            .args(words)
            .arg(file)
            .arg("--data")
            .arg(&self.data)
            .stdin(Stdio::null())
            .output()
            .await?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() {
            bail!("`tandem {}`: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(said)
    }

    /// The end of the log.
    pub(crate) fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n    ")
    }
}

impl Server {
    async fn wait_until_ready(&mut self) -> Result<()> {
        let begun_at = clock::moment();
        while begun_at.elapsed() < START_MAX {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}:\n    {}", self.recipe.last_words());
            }
            if let Ok(reply) = http::get(self.recipe.address, "/healthz", "").await
                && reply.status == 200
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("the server is not ready after {START_MAX:?}:\n    {}", self.recipe.last_words())
    }

    /// Ends the process between two instructions, as the kernel's out-of-memory killer does.
    pub(crate) async fn kill(mut self) -> Result<()> {
        self.child.start_kill()?;
        self.child.wait().await?;
        Ok(())
    }

    /// Asks the process to go, and returns its status and how long it took.
    pub(crate) async fn terminate(mut self) -> Result<(ExitStatus, Duration)> {
        let pid = self.pid()?;
        let begun_at = clock::moment();
        kill(Pid::from_raw(pid), Signal::SIGTERM)?;
        let status = tokio::time::timeout(Duration::from_secs(60), self.child.wait()).await;
        Ok((status.context("the server did not end within a minute")??, begun_at.elapsed()))
    }

    /// Fails with the end of the log when the process has ended by itself.
    pub(crate) fn require_alive(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("the server ended with {status}:\n    {}", self.recipe.last_words()),
        }
    }

    /// Memory in use, in bytes.
    pub(crate) fn memory_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024)
    }

    /// Open files and sockets.
    pub(crate) fn open_files(&self) -> Result<usize> {
        Ok(std::fs::read_dir(format!("/proc/{}/fd", self.pid()?))?.count())
    }

    fn pid(&self) -> Result<i32> {
        Ok(i32::try_from(self.child.id().context("the server has ended")?)?)
    }
}
