//! A server in a folder of its own, and the smallest clients that can talk to it.

pub(crate) mod http;
pub(crate) mod people;
pub(crate) mod socket;

use std::path::Path;
use std::time::Duration;

use server::{Config, Running, WebFiles};
use tempfile::TempDir;

pub(crate) use http::{Reply, Request};
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

    /// Stops the server and starts another one on the same data.
    pub(crate) async fn restart(self) -> Self {
        let Self { running, folder } = self;
        running.stop().await.unwrap();
        Self { running: Running::start(config(&folder)).await.unwrap(), folder }
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
