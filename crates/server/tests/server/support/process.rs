//! The real binary, started as an operator does it.

use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::{Host, PATIENCE};

/// A process of the binary with the demo; dropping it kills it.
pub(crate) struct Process {
    pub(crate) address: String,
    pub(crate) child: Child,
    _folder: TempDir,
}

impl Host for Process {
    fn host(&self) -> String {
        self.address.clone()
    }
}

impl Process {
    /// Starts it and comes back when it says where it listens. The command ends where the binary's arguments begin.
    pub(crate) async fn start(command: &mut Command) -> Self {
        let folder = TempDir::new().unwrap();
        let mut child = command
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("data"))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = tokio::time::timeout(PATIENCE * 4, lines.next_line()).await.unwrap().unwrap().unwrap();
        // What else it says is taken too: nobody closes a pipe on it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let address = ready.rsplit("http://").next().unwrap().to_owned();
        Self { address, child, _folder: folder }
    }
}
