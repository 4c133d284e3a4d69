//! A server in a folder of its own, and the smallest clients that can talk to it.

pub(crate) mod http;
pub(crate) mod people;
pub(crate) mod process;
pub(crate) mod socket;
pub(crate) mod upload;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use server::{Config, Running, WebFiles};
use tempfile::TempDir;

pub(crate) use http::{Host, Reply, Request};
pub(crate) use people::{Agent, Visitor};
pub(crate) use socket::Socket;

/// Nothing takes this long unless it is broken.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// A running demo server.
pub(crate) struct Server {
    pub(crate) running: Running,
    folder: TempDir,
}

impl Server {
    /// Starts a demo server.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts a demo server with other settings.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().unwrap();
        write_web_files(&folder.path().join("web"));
        let mut config = config(&folder);
        change(&mut config);
        Self { running: Running::start(config).await.unwrap(), folder }
    }

    /// Host and port.
    pub(crate) fn host(&self) -> String {
        self.running.address().to_string()
    }

    /// Begins a request.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        Request::new(self.host(), method, path)
    }

    /// Asks for a path.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.request("GET", path).send().await
    }

    /// Changes the settings of `tp_demo`.
    pub(crate) async fn configure(&self, change: impl FnOnce(&mut Value)) {
        let path = "/api/v1/touchpoints/tp_demo";
        let mut document = self.request("GET", path).bearer("demo-token").send().await.json();
        change(&mut document);
        let kept = self.request("PUT", path).bearer("demo-token").json(document).send().await;
        assert_eq!(kept.status, 200, "{kept:?}");
    }

    /// The folder of its data.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// How many files of messages are kept.
    pub(crate) fn kept_files(&self) -> usize {
        let shards = std::fs::read_dir(self.data().join("attachments")).unwrap();
        shards.map(|shard| std::fs::read_dir(shard.unwrap().path()).unwrap().count()).sum()
    }

    /// Stops the server and starts another one on the same data.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(|_| {}).await
    }

    /// The same, with other settings.
    pub(crate) async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Self {
        let Self { running, folder } = self;
        running.stop().await.unwrap();
        let mut config = config(&folder);
        change(&mut config);
        Self { running: Running::start(config).await.unwrap(), folder }
    }
}

impl Host for Server {
    fn host(&self) -> String {
        self.host()
    }
}

fn config(folder: &TempDir) -> Config {
    let mut config = Config::new("127.0.0.1:0".parse().unwrap(), folder.path().join("data"));
    config.is_demo = true;
    config.web = WebFiles::Folder(folder.path().join("web"));
    config.timing.presence_grace = Duration::from_millis(50);
    config
}

/// The web files as the build lays them out, as small as they can be.
fn write_web_files(folder: &Path) {
    for (path, text) in [
        ("manifest.json", r#"{"hash":"abc123","version":"0.1.0"}"#),
        ("loader.js", "(()=>{const settings=\"__TANDEM_SETTINGS__\";})();\n"),
        ("frame.html", "<!doctype html><title>Chat</title>"),
        ("console/index.html", "<!doctype html><title>Console</title>"),
        ("console/abc123/console.js", "export {};"),
        ("viewer/index.html", "<!doctype html><title>Viewer</title>"),
        ("demo/index.html", "<!doctype html><title>Shop</title>"),
        ("demo/cart.html", "<!doctype html><title>Cart</title>"),
        ("w/abc123/widget.js", "export const widget = 1;"),
        ("w/abc123/widget.js.br", "brotli"),
        ("w/abc123/reader.js", "export const reader = 1;"),
    ] {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
}
