//! How many may be connected: of one address, and altogether.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::support::people::hello;
use crate::support::process::Process;
use crate::support::{Agent, Host, PATIENCE, Reply, Server, Socket, Visitor};

const FACTS: &str = "/client/v1/touchpoints/tp_demo/facts";

/// A server behind a proxy, where two connections of one address are enough.
async fn behind_a_proxy() -> Server {
    Server::start_with(|config| {
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        config.connections_per_address = Some(2);
    })
    .await
}

async fn open_from(server: &Server, address: &str) -> Result<Socket, u16> {
    Socket::open(&server.host(), "/client/v1/socket", &[("x-forwarded-for", address)]).await
}

/// Asks until the answer is as expected.
async fn until<T, F: Future<Output = Option<T>>>(attempt: impl Fn() -> F) -> T {
    let trying = async {
        loop {
            if let Some(found) = attempt().await {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, trying).await.unwrap()
}

/// A connection that has asked for something and stays open.
async fn stay(host: &str, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    assert!(stream.read(&mut answer).await.unwrap() > 0);
    stream
}

#[tokio::test]
async fn sockets_behind_a_proxy_count_for_the_address_they_really_come_from() {
    let server = behind_a_proxy().await;
    let first = open_from(&server, "203.0.113.9").await.unwrap();
    let _second = open_from(&server, "203.0.113.9").await.unwrap();
    assert_eq!(open_from(&server, "203.0.113.9").await.err(), Some(429));
    let page = || server.request("GET", FACTS).header("x-forwarded-for", "203.0.113.9").send();
    let refused = page().await;
    assert_eq!((refused.problem().as_str(), refused.header("retry-after")), ("too_many", "20"));
    assert_eq!(refused.header("connection"), "close");
    let _other = open_from(&server, "203.0.113.10").await.unwrap();
    first.leave().await;
    until(async || (page().await.status == 200).then_some(())).await;
    until(async || open_from(&server, "203.0.113.9").await.ok()).await;
}

#[tokio::test]
async fn requests_behind_a_proxy_count_while_they_are_answered_and_no_longer() {
    let server = behind_a_proxy().await;
    let stream = format!("{FACTS}/stream");
    let open = || server.request("GET", &stream).header("x-forwarded-for", "203.0.113.9").open();
    let (first, second) = (open().await, open().await);
    assert_eq!((first.status().as_u16(), second.status().as_u16()), (200, 200));
    assert_eq!(open().await.status(), 429);
    drop((first, second));
    until(async || (open().await.status() == 200).then_some(())).await;
    for _ in 0..9 {
        let page = server.request("GET", FACTS).header("x-forwarded-for", "203.0.113.11").send().await;
        assert_eq!(page.status, 200);
    }
}

#[tokio::test]
async fn a_browser_that_wants_events_is_told_to_come_again() {
    let server = behind_a_proxy().await;
    let _sockets = (open_from(&server, "203.0.113.9").await, open_from(&server, "203.0.113.9").await);
    let request = server.request("GET", &format!("{FACTS}/stream")).header("accept", "text/event-stream");
    let ended = request.header("x-forwarded-for", "203.0.113.9").send().await;
    assert_eq!((ended.status.as_u16(), ended.header("content-type")), (200, "text/event-stream"));
    assert_eq!((ended.text(), ended.header("connection")), ("retry: 20000\n\n", "close"));
}

#[tokio::test]
async fn a_connection_that_polls_counts_also_between_its_requests() {
    let server = behind_a_proxy().await;
    let token = Visitor::arrive(&server).await.token;
    let poll = async |address: &str| -> Reply {
        let body = json!({ "frames": [hello("tp_demo", &token, json!([]))] });
        let request = server.request("POST", "/client/v1/poll").header("x-forwarded-for", address);
        request.json(body).send().await
    };
    for _ in 0..2 {
        assert_eq!(poll("2001:db8::1").await.status, 200);
    }
    let refused = poll("2001:db8::2").await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (429, "too_many"));
    assert_eq!(poll("2001:db8:0:1::1").await.status, 200);
}

#[tokio::test]
async fn a_full_server_has_room_for_agents_and_none_for_more_visitors() {
    let server = Server::start_with(|config| config.connections_max = Some(8)).await;
    let mut guests = Vec::new();
    for _ in 0..6 {
        guests.push(stay(&server.host(), FACTS).await);
    }
    for path in [FACTS, "/w/tp_demo.js"] {
        let refused = server.get(path).await;
        assert_eq!((refused.problem().as_str(), refused.header("retry-after")), ("busy", "20"), "{path}");
    }
    let refused = Socket::open(&server.host(), "/client/v1/socket", &[]).await;
    assert_eq!(refused.err(), Some(503));
    assert_eq!(server.get("/readyz").await.status, 200);
    let ana = until(async || Some(Agent::log_in(&server, "ana").await)).await;
    let (_console, _) = ana.connect(&server).await;
    guests.push(until(async || open_last(&server.host()).await).await);
    let mut one_too_many = TcpStream::connect(server.host()).await.unwrap();
    let closed = tokio::time::timeout(PATIENCE, one_too_many.read(&mut [0; 16])).await.unwrap();
    assert!(matches!(closed, Ok(0) | Err(_)), "{closed:?}");
    drop(guests);
    until(async || open_last(&server.host()).await).await;
    assert_eq!(server.get(FACTS).await.status, 200);
}

/// Opens a connection of staff's, unless it is closed without an answer.
async fn open_last(host: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(host).await.ok()?;
    stream.write_all(format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes()).await.ok()?;
    let count = stream.read(&mut [0; 4_096]).await.ok()?;
    (count > 0).then_some(stream)
}

/// The binary under a limit of open files.
async fn limited(limits: &str) -> Process {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{limits} && exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_tandem")]);
    Process::start(&mut command).await
}

#[tokio::test]
async fn few_descriptors_are_all_taken_and_some_stay_with_agents_and_files() {
    let server = limited("ulimit -Sn 64 && ulimit -Hn 320").await;
    let path = format!("/proc/{}/limits", server.child.id().unwrap());
    let limits = std::fs::read_to_string(path).unwrap();
    let open_files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    assert_eq!(open_files.split_whitespace().skip(3).take(2).collect::<Vec<_>>(), ["320", "320"]);
    // Of 320, half are for files; of the other half, sixteen are for agents.
    let mut guests = Vec::new();
    for _ in 0..144 {
        guests.push(stay(&server.address, FACTS).await);
    }
    assert_eq!(server.request("GET", FACTS).send().await.status, 503);
    let login = json!({ "email": "ana@demo.test", "password": "demo" });
    let reply = server.request("POST", "/api/v1/session").json(login).send().await;
    assert_eq!(reply.status, 200, "{reply:?}");
    // More than there are descriptors: all the same it lives, and takes visitors again once there is room.
    let mut crowd = Vec::new();
    for _ in 0..400 {
        crowd.push(TcpStream::connect(&server.address).await.unwrap());
    }
    drop((guests, crowd));
    until(async || open_last(&server.address).await).await;
    assert_eq!(server.request("GET", FACTS).send().await.status, 200);
}
