//! Starting and going down.

use std::time::{Duration, Instant};

use serde_json::json;
use server::{Config, Running};

use crate::support::{Agent, Server, Visitor};

#[tokio::test]
async fn going_down_tells_every_socket_to_move_and_loses_nothing() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, _) = ana.connect(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    assert_eq!(server.get("/healthz").await.status, 200);
    let begun = Instant::now();
    let (server, (), ()) = tokio::join!(
        server.restart(),
        async {
            let moving = visitor.socket.expect("moving").await;
            assert!(moving["reconnect_after_ms"].as_u64().unwrap() >= 500);
            assert_eq!(visitor.socket.close_code().await, 1012);
        },
        async {
            console.expect("moving").await;
            assert_eq!(console.close_code().await, 1012);
        }
    );
    assert!(begun.elapsed() < Duration::from_secs(4));
    let (mut socket, _) = Visitor::connect(&server, &visitor.token, json!([])).await;
    assert_eq!(socket.expect("events").await["events"][0]["what"]["text"], "hello");
    assert_eq!(ana.request(&server, "GET", "/api/v1/session").send().await.status, 200);
}

#[tokio::test]
async fn with_nobody_there_it_is_down_at_once() {
    let server = Server::start().await;
    let begun = Instant::now();
    server.running.stop().await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn demo_and_real_data_never_share_a_folder() {
    let folder = tempfile::TempDir::new().unwrap();
    let config = |is_demo| {
        let mut config = Config::new("127.0.0.1:0".parse().unwrap(), folder.path().to_owned());
        config.is_demo = is_demo;
        config
    };
    Running::start(config(false)).await.unwrap().stop().await.unwrap();
    let refused = Running::start(config(true)).await.err().unwrap().to_string();
    assert!(refused.contains("holds real data"), "{refused}");
    let folder = tempfile::TempDir::new().unwrap();
    let config = |is_demo| Config { data: folder.path().to_owned(), ..config(is_demo) };
    for _ in 0..2 {
        Running::start(config(true)).await.unwrap().stop().await.unwrap();
    }
    let refused = Running::start(config(false)).await.err().unwrap().to_string();
    assert!(refused.contains("holds demo data"), "{refused}");
}
