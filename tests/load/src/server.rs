//! A contender's process: started, found ready, asked to end or killed.

use std::cell::OnceCell;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::clock;
use crate::contender::Contender;
use crate::dialect;
use crate::http::Http;
use crate::meter::Meter;

/// Longer than any of them takes.
const READY_MAX: Duration = Duration::from_secs(30);
const END_MAX: Duration = Duration::from_secs(60);

/// Where the programs and their scratch files are.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    /// The product's binary.
    pub(crate) tandem: PathBuf,
    /// The folder of the relays.
    pub(crate) peers: PathBuf,
    /// For data and logs.
    pub(crate) scratch: PathBuf,
}

/// A server that runs; dropping it kills it.
pub(crate) struct Server {
    programs: Programs,
    contender: Contender,
    address: SocketAddr,
    folder: PathBuf,
    child: Child,
    touchpoint_id: OnceCell<String>,
}

impl Server {
    /// Starts a server with an empty folder and comes back when it is ready.
    pub(crate) async fn start(programs: &Programs, contender: Contender) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let folder = programs.scratch.join(format!("{}-{}", contender.name(), address.port()));
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let child = spawn(programs, contender, address, &folder)?;
        let (programs, touchpoint_id) = (programs.clone(), OnceCell::new());
        let mut server = Self { programs, contender, address, folder, child, touchpoint_id };
        server.become_ready().await?;
        Ok(server)
    }

    pub(crate) fn contender(&self) -> Contender {
        self.contender
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the place where chat is offered, where a server has such places; made when it is asked for first.
    pub(crate) fn touchpoint(&self) -> Result<&str> {
        if let Some(touchpoint_id) = self.touchpoint_id.get() {
            return Ok(touchpoint_id);
        }
        let made = self.tell(&["touchpoint", "create", "--name", "Load", "--domain", "localhost"])?;
        let touchpoint_id = made.split_whitespace().next().context("no touchpoint was named")?;
        self.tell(&["touchpoint", "activate", touchpoint_id])?;
        Ok(self.touchpoint_id.get_or_init(|| touchpoint_id.to_owned()))
    }

    /// Makes agents, where a server knows who answers.
    pub(crate) fn hire(&self, count: usize) -> Result<()> {
        if self.contender != Contender::Tandem {
            return Ok(());
        }
        for agent in 0..count {
            self.tell(&["agent", "create", "--email", &dialect::email(agent)])?;
        }
        Ok(())
    }

    /// Runs a command of the product on the data of this server.
    fn tell(&self, command: &[&str]) -> Result<String> {
        let output = Command::new(&self.programs.tandem)
            .args(command)
            .arg("--data")
            .arg(self.folder.join("data"))
            .env("TANDEM_PASSWORD", dialect::PASSWORD)
            .output()?;
        if !output.status.success() {
            bail!("`{}` failed: {}", command.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    pub(crate) fn meter(&self) -> Meter {
        Meter::of(self.child.id())
    }

    /// Kills it without a word and starts it again on the same port and the same data.
    pub(crate) async fn restart_killed(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        self.child = spawn(&self.programs, self.contender, self.address, &self.folder)?;
        self.become_ready().await
    }

    /// Starts it again where it has ended.
    pub(crate) async fn start_again(&mut self) -> Result<()> {
        self.child = spawn(&self.programs, self.contender, self.address, &self.folder)?;
        self.become_ready().await
    }

    /// Asks it to end, and comes back when it has, with whether it ended as it should.
    pub(crate) async fn terminate(&mut self) -> Result<bool> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let begun_ns = clock::now_ns();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status.success());
            }
            if Duration::from_nanos(clock::now_ns() - begun_ns) > END_MAX {
                bail!("{} did not end within {END_MAX:?}", self.contender.name());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn become_ready(&mut self) -> Result<()> {
        let begun_ns = clock::now_ns();
        loop {
            if let Some(status) = self.child.try_wait()? {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("{} ended while starting, {status}:\n{log}", self.contender.name());
            }
            if is_ready(self.address).await {
                return Ok(());
            }
            if Duration::from_nanos(clock::now_ns() - begun_ns) > READY_MAX {
                bail!("{} was not ready within {READY_MAX:?}", self.contender.name());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, and its folder is scratch.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut http) = Http::open(address).await else { return false };
    http.ask("GET /healthz", "", "").await.is_ok_and(|answer| answer.status == 200)
}

fn spawn(programs: &Programs, contender: Contender, address: SocketAddr, folder: &Path) -> Result<Child> {
    let log = File::options().create(true).append(true).open(folder.join("log"))?;
    let mut command = match contender {
        Contender::Tandem => {
            let mut command = Command::new(&programs.tandem);
            command.args(["serve", "--listen", &address.to_string(), "--new-customers-per-address", "0"]);
            command.arg("--data").arg(folder.join("data"));
            command
        }
        Contender::Ws | Contender::SocketIo => {
            let script = if contender == Contender::Ws { "ws.js" } else { "socket-io.js" };
            let mut command = Command::new("node");
            command.arg(programs.peers.join(script)).arg(address.port().to_string());
            command
        }
        Contender::Bare => {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["bare", &address.to_string()]);
            command
        }
    };
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    command.spawn().with_context(|| format!("{} did not start", contender.name()))
}
