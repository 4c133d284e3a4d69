//! The visitor's chat by long-polling.

use std::time::{Duration, Instant};

use protocol::poll::PollAnswer;
use serde_json::{Value, json};

use crate::support::people::{conversation_id, hello, message_id, send};
use crate::support::{Agent, Request, Server, Visitor};

/// A visitor who polls.
struct Poller<'a> {
    server: &'a Server,
    poll_id: Option<String>,
    heard: Vec<Value>,
}

impl<'a> Poller<'a> {
    fn new(server: &'a Server) -> Self {
        Self { server, poll_id: None, heard: Vec::new() }
    }

    /// Says hello and waits for the welcome.
    async fn greet(server: &'a Server, token: &str, cursors: Value) -> Self {
        let mut poller = Self::new(server);
        poller.say(json!([hello("tp_demo", token, cursors)])).await;
        poller.expect("welcome").await;
        poller
    }

    async fn say(&mut self, frames: Value) -> Option<u16> {
        let answer = ask(self.server, self.poll_id.as_deref(), frames).await;
        self.poll_id = Some(answer["poll_id"].as_str().unwrap().to_owned());
        self.heard.extend(answer["frames"].as_array().unwrap().iter().cloned());
        answer["close"].as_u64().map(|code| u16::try_from(code).unwrap())
    }

    /// Polls until a frame of this type is there and takes everything up to it.
    async fn expect(&mut self, kind: &str) -> Value {
        for _ in 0..50 {
            if let Some(at) = self.heard.iter().position(|frame| frame["type"] == kind) {
                return self.heard.drain(..=at).next_back().unwrap();
            }
            assert_eq!(self.say(json!([])).await, None, "closed before {kind} came");
        }
        panic!("no {kind} came");
    }

    /// Polls until the connection is over.
    async fn close_code(&mut self) -> u16 {
        for _ in 0..50 {
            if let Some(code) = self.say(json!([])).await {
                return code;
            }
        }
        panic!("it goes on");
    }
}

/// Sends one request and returns its answer, which has the shape of the protocol.
async fn ask(server: &Server, poll_id: Option<&str>, frames: Value) -> Value {
    let mut body = json!({ "frames": frames });
    if let Some(poll_id) = poll_id {
        body["poll_id"] = json!(poll_id);
    }
    let reply = server.request("POST", "/client/v1/poll").json(body).send().await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("cache-control"), "no-store");
    let answer: PollAnswer = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(serde_json::to_value(&answer).unwrap(), reply.json());
    reply.json()
}

fn texts(events: &Value) -> Vec<String> {
    let all = events["events"].as_array().unwrap().iter();
    all.filter_map(|event| event["what"]["text"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_whole_chat_goes_by_polling() {
    let server = Server::start().await;
    let token = Visitor::arrive(&server).await.token;
    let (ana, conversation) = (Agent::log_in(&server, "ana").await, conversation_id());
    let (mut console, _) = ana.connect(&server).await;
    let mut poller = Poller::greet(&server, &token, json!([])).await;
    let (first, second) = (message_id(), message_id());
    poller.say(json!([send(&conversation, &first, "one"), send(&conversation, &second, "two")])).await;
    assert_eq!(poller.expect("ack").await["seq"], 1);
    assert_eq!(poller.expect("ack").await["seq"], 2);
    let listed = console.expect_summary(|summary| summary["unread_count"] == 2).await;
    assert_eq!(listed["customer"]["is_online"], true);
    console.say(send(&conversation, &message_id(), "three")).await;
    let answered = poller.expect("events").await;
    assert!(
        texts(&answered).contains(&"three".to_owned()) || texts(&poller.expect("events").await) == ["three"]
    );
    poller.say(json!([{ "type": "dance" }])).await;
    assert_eq!(poller.expect("error").await["code"], "bad_request");
    poller.say(json!([{ "type": "pong", "is_probe": true }])).await;
    assert_eq!(poller.expect("ping").await["heads"][0]["seq"], 5);
}

#[tokio::test]
async fn a_poll_with_nothing_to_say_waits_and_is_answered_in_the_end() {
    let server = Server::start_with(|config| config.timing.poll_wait = Duration::from_millis(150)).await;
    let token = Visitor::arrive(&server).await.token;
    let mut poller = Poller::greet(&server, &token, json!([])).await;
    let begun = Instant::now();
    assert_eq!(poller.say(json!([])).await, None);
    assert!((140..2_000).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    assert!(poller.heard.is_empty());
}

#[tokio::test]
async fn a_newer_request_takes_over_and_the_older_one_is_answered() {
    let server = Server::start().await;
    let token = Visitor::arrive(&server).await.token;
    let poller = Poller::greet(&server, &token, json!([])).await;
    let id = poller.poll_id.as_deref();
    let older = ask(&server, id, json!([]));
    let conversation = conversation_id();
    let newer = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        ask(&server, id, json!([send(&conversation, &message_id(), "hello")])).await
    };
    let (older, newer) = tokio::join!(older, newer);
    assert_eq!(older["frames"], json!([]));
    assert_eq!(newer["frames"][0]["type"], "ack");
}

#[tokio::test]
async fn an_answer_that_is_lost_is_made_good_by_the_next_connection() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("one").await;
    let mut poller = Poller::greet(&server, &visitor.token, json!([])).await;
    assert_eq!(texts(&poller.expect("events").await), ["one"]);
    // A request is given up by its client while it waits; what is said then is lost with it.
    let body = json!({ "poll_id": poller.poll_id, "frames": [] });
    let request = server.request("POST", "/client/v1/poll").json(body).open();
    assert!(tokio::time::timeout(Duration::from_millis(100), request).await.is_err());
    visitor.write("two").await;
    let cursors = json!([{ "conversation_id": visitor.conversation_id, "seq": 1 }]);
    let mut next = Poller::greet(&server, &visitor.token, cursors).await;
    assert_eq!(texts(&next.expect("events").await), ["two"]);
}

#[tokio::test]
async fn a_connection_that_is_not_there_is_not_found_and_a_secret_opens_no_other() {
    let server = Server::start().await;
    let token = Visitor::arrive(&server).await.token;
    let poller = Poller::greet(&server, &token, json!([])).await;
    let id = poller.poll_id.clone().unwrap();
    assert_eq!(id.len(), 64);
    for wrong in [String::new(), "0".repeat(64), id.to_uppercase(), id[1..].to_owned()] {
        let body = json!({ "poll_id": wrong, "frames": [] });
        let reply = server.request("POST", "/client/v1/poll").json(body).send().await;
        assert_eq!((reply.status.as_u16(), reply.problem().as_str()), (404, "not_found"));
    }
}

#[tokio::test]
async fn a_hello_that_is_not_accepted_is_answered_with_its_code() {
    let server = Server::start_with(|config| config.timing.hello = Duration::from_millis(100)).await;
    let token = Visitor::arrive(&server).await.token;
    for (frames, code) in [
        (json!([hello("tp_demo", "wrong", json!([]))]), 4401),
        (json!([hello("tp_gone", &token, json!([]))]), 4410),
        (json!([{ "type": "pong" }]), 4000),
        (json!([{ "type": "dance" }]), 4000),
        (json!([]), 4002),
    ] {
        let mut poller = Poller::new(&server);
        let code_at_once = poller.say(frames).await;
        assert_eq!(code_at_once, Some(code));
    }
}

#[tokio::test]
async fn pages_that_may_not_open_a_socket_may_not_poll_either() {
    let server = Server::start().await;
    let body = json!({ "frames": [] });
    for origin in ["https://evil.example", "null"] {
        let asked = server.request("POST", "/client/v1/poll").header("origin", origin).json(body.clone());
        assert_eq!(asked.send().await.status, 403);
    }
    let page = "http://localhost:3000";
    let asked = server.request("OPTIONS", "/client/v1/poll").header("origin", page).send().await;
    assert_eq!((asked.status.as_u16(), asked.header("access-control-allow-origin")), (204, page));
}

#[tokio::test]
async fn a_body_that_is_too_large_or_no_poll_is_refused() {
    let server = Server::start().await;
    let large = json!({ "frames": [{ "type": "page", "page": { "url": "x".repeat(70_000) } }] });
    assert_eq!(server.request("POST", "/client/v1/poll").json(large).send().await.status, 413);
    for body in [json!("x"), json!({ "frames": 1 }), json!({ "poll": "x" })] {
        assert_eq!(server.request("POST", "/client/v1/poll").json(body).send().await.status, 422);
    }
}

#[tokio::test]
async fn a_flood_of_frames_ends_the_connection() {
    let server = Server::start().await;
    let token = Visitor::arrive(&server).await.token;
    let mut poller = Poller::greet(&server, &token, json!([])).await;
    let frames: Vec<Value> = (0..300).map(|_| json!({ "type": "pong" })).collect();
    assert_eq!(poller.say(json!(frames)).await, Some(4009));
    let mut steady = Poller::greet(&server, &token, json!([])).await;
    steady.say(json!([{ "type": "pong", "is_probe": true }])).await;
    steady.expect("ping").await;
}

#[tokio::test]
async fn a_connection_without_a_request_ends_and_the_customer_is_away() {
    let server = Server::start_with(|config| config.timing.poll_idle = Duration::from_millis(100)).await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, _) = ana.connect(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    visitor.socket.leave().await;
    let mut poller = Poller::greet(&server, &visitor.token, json!([])).await;
    let is_away = |summary: &Value| summary["customer"]["is_online"] == false;
    console.expect_summary(is_away).await;
    let body = json!({ "poll_id": poller.poll_id.take(), "frames": [] });
    assert_eq!(server.request("POST", "/client/v1/poll").json(body).send().await.status, 404);
}

#[tokio::test]
async fn an_erased_customer_is_told_on_the_next_poll() {
    let server = Server::start().await;
    let token = Visitor::arrive(&server).await.token;
    let mut poller = Poller::greet(&server, &token, json!([])).await;
    let erased = server.request("DELETE", "/client/v1/customer").bearer(&token).send().await;
    assert_eq!(erased.status, 204, "{erased:?}");
    assert_eq!(poller.close_code().await, 4401);
}

#[tokio::test]
async fn a_server_that_goes_down_lets_pollers_move_and_takes_no_new_ones() {
    let server = Server::start_with(|config| config.timing.drain_spread = Duration::from_millis(100)).await;
    // A socket that does not answer its closing keeps the server for a moment.
    let visitor = Visitor::arrive(&server).await;
    let poller = Poller::greet(&server, &visitor.token, json!([])).await;
    let (id, host) = (poller.poll_id.clone(), server.host());
    let asking = async {
        let body = json!({ "poll_id": id, "frames": [] });
        let waiting = Request::new(host.clone(), "POST", "/client/v1/poll").json(body).send();
        let moved = waiting.await.json();
        let refused = Request::new(host, "POST", "/client/v1/poll").json(json!({})).send();
        (moved, refused.await.problem())
    };
    let Server { running, .. } = server;
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        running.stop().await.unwrap();
    };
    let begun = Instant::now();
    let ((moved, refused), ()) = tokio::join!(asking, stopping);
    assert_eq!((&moved["frames"][0]["type"], &moved["close"]), (&json!("moving"), &json!(1012)));
    assert_eq!(refused, "busy");
    assert!(begun.elapsed() < Duration::from_secs(4));
}
