//! Files of messages in a store that speaks S3: the real binary, configured as an operator does it, against a store
//! that checks signatures.

use std::path::{Path, PathBuf};
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::task::JoinHandle;

use crate::support::Host;
use crate::support::people::{conversation_id, message_id};
use crate::support::process::Process;
use crate::support::upload::Upload;

const BUCKET: &str = "tandem-files";
const KEY: (&str, &str) = ("tandem", "an-open-secret");

/// A store that speaks S3, on a port that stays the same when it goes away for a while.
struct Store {
    folder: TempDir,
    address: String,
    serving: JoinHandle<()>,
}

impl Store {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let serving = tokio::spawn(serve(listener, service(folder.path())));
        Self { folder, address, serving }
    }

    async fn go_away(&mut self) {
        self.serving.abort();
        let _ = (&mut self.serving).await;
    }

    async fn come_back(&mut self) {
        let listener = TcpListener::bind(&self.address).await.unwrap();
        self.serving = tokio::spawn(serve(listener, service(self.folder.path())));
    }

    /// The files of messages, by their paths in the bucket.
    fn objects(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        gather(&self.folder.path().join(BUCKET), &mut found);
        found
    }
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn service(folder: &Path) -> S3Service {
    let mut builder = S3ServiceBuilder::new(FileSystem::new(folder).unwrap());
    builder.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
    builder.build()
}

async fn serve(listener: TcpListener, service: S3Service) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let service = service.clone();
        connections.spawn(async move {
            let builder = Builder::new(TokioExecutor::new());
            let _ = builder.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// The binary, told to keep files in this store.
async fn started(store: &Store, secret: &str) -> Process {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tandem"));
    command
        .env("TANDEM_ATTACHMENTS", format!("s3://{BUCKET}/chat/files"))
        .env("AWS_ENDPOINT", format!("http://{}", store.address))
        .env("AWS_ALLOW_HTTP", "true")
        .env("AWS_ACCESS_KEY_ID", KEY.0)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_REGION", "eu-central-1");
    Process::start(&mut command).await
}

async fn visitor_token(process: &Process) -> String {
    let made =
        process.request("POST", "/client/v1/touchpoints/tp_demo/customers").json(json!({})).send().await;
    made.json()["token"].as_str().unwrap().to_owned()
}

fn bytes(count: usize) -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    [head, (0..count - 16).map(|place| (place % 251) as u8).collect()].concat()
}

#[tokio::test]
async fn files_go_to_a_bucket_and_come_back_and_go() {
    let store = Store::start().await;
    let process = started(&store, KEY.1).await;
    let token = visitor_token(&process).await;
    // More than one part of a multipart upload.
    for count in [1_000, 9 * 1024 * 1024] {
        let file = bytes(count);
        let upload = Upload::whole(&process, &token, "photo.png", "image/png", &file).await;
        let objects = store.objects();
        assert_eq!(objects.len(), 1, "{objects:?}");
        assert!(objects[0].to_string_lossy().contains("/tandem-files/chat/files/"), "{objects:?}");
        assert!(std::fs::read(&objects[0]).unwrap() == file);
        let read = || process.request("GET", &upload.path).bearer(&token);
        assert!(read().send().await.body == file);
        let part = read().header("range", "bytes=1-3").send().await;
        assert_eq!((part.status.as_u16(), part.text()), (206, "PNG"));
        let given_up = process.request("DELETE", &upload.path).header("tus-resumable", "1.0.0");
        assert_eq!(given_up.bearer(&token).send().await.status, 204);
        assert_eq!(store.objects(), Vec::<PathBuf>::new());
    }
}

#[tokio::test]
async fn while_the_bucket_is_away_files_wait_and_messages_go_on() {
    let mut store = Store::start().await;
    let process = started(&store, KEY.1).await;
    let token = visitor_token(&process).await;
    let file = bytes(1_000);
    let upload = Upload::begin(&process, &token, "photo.png", "image/png", file.len()).await;
    store.go_away().await;
    let busy = tokio::time::timeout(Duration::from_secs(30), upload.patch(&process, 0, &file)).await.unwrap();
    assert_eq!(busy.problem(), "busy");
    let path = format!("/api/v1/conversations/{}/messages", conversation_id());
    let body = json!({ "message_id": message_id(), "text": "hello" });
    let unknown = process.request("POST", &path).bearer("demo-token").json(body).send().await;
    assert_eq!(unknown.problem(), "not_found", "the server answers as ever");
    store.come_back().await;
    assert_eq!(upload.offset(&process).await, file.len());
    assert!(process.request("GET", &upload.path).bearer(&token).send().await.body == file);
}

#[tokio::test]
async fn a_bucket_that_refuses_the_key_keeps_nothing_and_says_busy() {
    let store = Store::start().await;
    let process = started(&store, "another-secret").await;
    let token = visitor_token(&process).await;
    let upload = Upload::begin(&process, &token, "photo.png", "image/png", 1_000).await;
    assert_eq!(upload.patch(&process, 0, &bytes(1_000)).await.problem(), "busy");
    assert_eq!(store.objects(), Vec::<PathBuf>::new());
}
