//! The facts the server adds for rules.

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::Value;

use crate::support::{Agent, PATIENCE, Server};

/// Reads server-sent events one by one.
struct Events {
    body: Incoming,
    text: String,
}

impl Events {
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                let value = data.map(|data| serde_json::from_str(data).unwrap());
                self.text = rest.to_owned();
                if value.is_some() {
                    return value;
                }
                continue;
            }
            let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await.expect("nothing came")?;
            let bytes = frame.ok()?.into_data().unwrap_or_default();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    async fn next_where(&mut self, holds: impl Fn(&Value) -> bool) -> Value {
        loop {
            let facts = self.next().await.unwrap();
            if holds(&facts) {
                return facts;
            }
        }
    }
}

#[tokio::test]
async fn facts_are_told_at_once_and_on_every_change() {
    let server = Server::start().await;
    let opened = server.request("GET", "/client/v1/touchpoints/tp_demo/facts/stream").open().await;
    assert_eq!(opened.headers()["content-type"], "text/event-stream");
    let mut events = Events { body: opened.into_body(), text: String::new() };
    let first = events.next().await.unwrap();
    assert_eq!((&first["agents_online"], &first["config_version"]), (&0.into(), &1.into()));
    let ana = Agent::log_in(&server, "ana").await;
    let (socket, _) = ana.connect(&server).await;
    let online = events.next_where(|facts| facts["agents_online"] == 1).await;
    assert_eq!(online["agents_available"], 1);
    ana.request(&server, "PUT", "/api/v1/session/away")
        .json(serde_json::json!({ "is_away": true }))
        .send()
        .await;
    let away = events.next_where(|facts| facts["agents_available"] == 0).await;
    assert_eq!(away["agents_online"], 1);
    socket.leave().await;
    events.next_where(|facts| facts["agents_online"] == 0).await;
    let admin = Agent::log_in(&server, "admin").await;
    let document = admin.request(&server, "GET", "/api/v1/touchpoints/tp_demo").send().await.json();
    admin.request(&server, "PUT", "/api/v1/touchpoints/tp_demo").json(document).send().await;
    events.next_where(|facts| facts["config_version"] == 2).await;
    server.running.stop().await.unwrap();
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn opening_hours_are_told_as_intervals_and_none_without() {
    let server = Server::start().await;
    let always = server.get("/client/v1/touchpoints/tp_demo/facts").await.json();
    assert_eq!(always["open_intervals"], Value::Null);
    let hours = server.get("/client/v1/touchpoints/tp_demo_hours/facts").await.json();
    let intervals = hours["open_intervals"].as_array().unwrap();
    assert!((10..=11).contains(&intervals.len()), "{intervals:?}");
    assert!(intervals.is_sorted_by_key(|interval| interval["opens_at"].as_str().unwrap().to_owned()));
}

#[tokio::test]
async fn facts_are_for_the_touchpoints_pages_only() {
    let server = Server::start().await;
    let ask = |origin: &'static str| {
        server.request("GET", "/client/v1/touchpoints/tp_demo/facts").header("origin", origin).send()
    };
    let own = ask("http://localhost:9000").await;
    assert_eq!(own.header("access-control-allow-origin"), "http://localhost:9000");
    assert_eq!(ask("https://evil.example").await.status, 403);
    assert_eq!(server.get("/client/v1/touchpoints/tp_gone/facts").await.status, 404);
}
