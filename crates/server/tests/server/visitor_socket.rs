//! The visitor's chat socket.

use std::time::Duration;

use serde_json::json;

use crate::support::people::{conversation_id, hello, message_id, send};
use crate::support::{Agent, Server, Socket, Visitor};

async fn open(server: &Server) -> Socket {
    Socket::open(&server.host(), "/client/v1/socket", &[]).await.unwrap()
}

#[tokio::test]
async fn a_message_is_acknowledged_with_its_place() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    assert_eq!(visitor.welcome["customer_id"], visitor.customer_id.as_str());
    assert_eq!(visitor.write("hello").await, 1);
    assert_eq!(visitor.write("again").await, 2);
}

#[tokio::test]
async fn the_same_message_again_gets_the_same_answer_and_another_text_a_refusal() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    let (conversation, message) = (visitor.conversation_id.clone(), message_id());
    visitor.socket.say(send(&conversation, &message, "hello")).await;
    let first = visitor.socket.expect("ack").await;
    visitor.socket.say(send(&conversation, &message, "hello")).await;
    assert_eq!(visitor.socket.expect("ack").await, first);
    visitor.socket.say(send(&conversation, &message, "other")).await;
    let refused = visitor.socket.expect("refused").await;
    assert_eq!((&refused["code"], &refused["retry_after_ms"]), (&json!("conflict"), &json!(null)));
}

#[tokio::test]
async fn what_cannot_be_stored_is_refused_with_a_reason() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    let own = visitor.conversation_id.clone();
    for (conversation, message, text, code) in [
        (own.as_str(), message_id(), String::new(), "invalid"),
        (own.as_str(), message_id(), "x".repeat(4_001), "too_long"),
        (own.as_str(), "msg_1".to_owned(), "hello".to_owned(), "invalid"),
        ("cnv_1", message_id(), "hello".to_owned(), "invalid"),
    ] {
        visitor.socket.say(send(conversation, &message, &text)).await;
        assert_eq!(visitor.socket.expect("refused").await["code"], code);
    }
    assert_eq!(visitor.write(&"é".repeat(4_000)).await, 1);
}

#[tokio::test]
async fn somebody_elses_conversation_is_not_there() {
    let server = Server::start().await;
    let mut owner = Visitor::arrive(&server).await;
    owner.write("mine").await;
    let mut other = Visitor::arrive(&server).await;
    let foreign = owner.conversation_id.clone();
    other.socket.say(send(&foreign, &message_id(), "hello")).await;
    assert_eq!(other.socket.expect("refused").await["code"], "not_found");
    for command in [
        json!({ "type": "end", "conversation_id": foreign }),
        json!({ "type": "receipt", "conversation_id": foreign, "delivered_seq": 1, "read_seq": 1 }),
        json!({ "type": "survey", "conversation_id": foreign, "answers": [] }),
    ] {
        other.socket.say(command).await;
        assert_eq!(other.socket.expect("error").await["code"], "not_found");
    }
    // Right behind a message that would begin it, before that one is refused.
    for command in [
        json!({ "type": "end", "conversation_id": foreign }),
        json!({ "type": "receipt", "conversation_id": foreign, "delivered_seq": 1, "read_seq": 1 }),
    ] {
        other.socket.say(send(&foreign, &message_id(), "hello")).await;
        other.socket.say(command).await;
        assert_eq!(other.socket.expect("refused").await["code"], "not_found");
        assert_eq!(other.socket.expect("error").await["code"], "not_found");
    }
    let ana = Agent::log_in(&server, "ana").await;
    let found = format!("/api/v1/conversations/{foreign}");
    let found = ana.request(&server, "GET", &found).send().await.json();
    assert_eq!(found["status"], "UNREAD");
    assert_eq!(found["receipts"]["customer_read_seq"], 0);
    let path = format!("/client/v1/conversations/{foreign}/events");
    assert_eq!(server.request("GET", &path).bearer(&other.token).send().await.status, 404);
    assert_eq!(server.request("GET", &path).bearer(&owner.token).send().await.status, 200);
    assert_eq!(server.get(&path).await.status, 401);
}

#[tokio::test]
async fn a_hello_that_does_not_come_or_is_not_one_closes_the_socket() {
    let server = Server::start_with(|config| config.timing.hello = Duration::from_millis(50)).await;
    assert_eq!(open(&server).await.close_code().await, 4002);
    let mut named = hello("tp_demo", "", json!([]));
    named["page_key"] = json!("k".repeat(65));
    let long = hello("tp_demo", &"x".repeat(33 * 1024), json!([])).to_string();
    for (text, code) in
        [("{}".to_owned(), 4000), ("nonsense".to_owned(), 4000), (long, 4000), (named.to_string(), 4000)]
    {
        let mut socket = open(&server).await;
        socket.say_text(text).await;
        assert_eq!(socket.close_code().await, code);
    }
    let mut socket = open(&server).await;
    socket.send_bytes(vec![1, 2, 3]).await;
    assert_eq!(socket.close_code().await, 4000);
}

#[tokio::test]
async fn a_hello_that_is_not_accepted_gets_a_final_code() {
    let server = Server::start().await;
    let token = Visitor::arrive(&server).await.token;
    let mut old = hello("tp_demo", &token, json!([]));
    old["protocol"] = json!(0);
    for (hello, code) in [
        (hello("tp_demo", "wrong", json!([])), 4401),
        (hello("tp_demo_dwell", &token, json!([])), 4401),
        (hello("tp_gone", &token, json!([])), 4410),
        (old, 4426),
    ] {
        let mut socket = open(&server).await;
        socket.say(hello).await;
        assert_eq!(socket.close_code().await, code);
    }
}

#[tokio::test]
async fn foreign_pages_may_not_connect_and_the_touchpoints_own_may() {
    let server = Server::start().await;
    let evil = Socket::open(&server.host(), "/client/v1/socket", &[("origin", "https://evil.example")]).await;
    assert_eq!(evil.err(), Some(403));
    let opaque = Socket::open(&server.host(), "/client/v1/socket", &[("origin", "null")]).await;
    assert_eq!(opaque.err(), Some(403));
    let page =
        Socket::open(&server.host(), "/client/v1/socket", &[("origin", "http://localhost:3000")]).await;
    assert!(page.is_ok());
}

#[tokio::test]
async fn an_unknown_command_is_answered_and_the_socket_stays() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.socket.say(json!({ "type": "dance", "secret": "not repeated" })).await;
    let error = visitor.socket.expect("error").await;
    assert_eq!(error["code"], "bad_request");
    assert!(!error["detail"].as_str().unwrap().contains("not repeated"));
    assert_eq!(visitor.write("still here").await, 1);
}

#[tokio::test]
async fn a_probe_is_answered_at_once_with_the_heads() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    visitor.socket.say(json!({ "type": "pong", "is_probe": true })).await;
    let ping = visitor.socket.expect("ping").await;
    assert_eq!(ping["heads"], json!([{ "conversation_id": visitor.conversation_id, "seq": 1 }]));
}

#[tokio::test]
async fn an_idle_socket_gets_heartbeats_and_a_silent_one_is_closed() {
    let server = Server::start_with(|config| {
        config.timing.heartbeat = Duration::from_millis(40);
        config.timing.silence = Duration::from_millis(400);
    })
    .await;
    let mut visitor = Visitor::arrive(&server).await;
    for _ in 0..3 {
        visitor.socket.expect("ping").await;
    }
    assert_eq!(visitor.socket.close_code().await, 4008);
}

#[tokio::test]
async fn a_frame_that_is_too_large_closes_the_socket() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.socket.say_text("x".repeat(70 * 1024)).await;
    assert!(matches!(visitor.socket.close_code().await, 4000 | 1006));
}

#[tokio::test]
async fn a_flood_is_closed() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    let typing =
        json!({ "type": "typing", "conversation_id": conversation_id(), "is_typing": true }).to_string();
    for _ in 0..3_000 {
        if !visitor.socket.try_say(&typing).await {
            break;
        }
    }
    assert!(matches!(visitor.socket.close_code().await, 4009 | 1006));
}

#[tokio::test]
async fn what_the_site_says_of_a_visitor_is_shown_to_agents() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let (mut console, welcome) = ana.connect(&server).await;
    assert_eq!(welcome["conversations"][0]["customer"]["page"]["title"], "Home");
    let identity =
        json!({ "firstname": " Ann ", "email": "ann@shop.test", "labels": ["vip", "vip"], "verified": true });
    visitor.socket.say(json!({ "type": "identify", "identity": identity })).await;
    let changed = console.expect_summary(|summary| summary["customer"]["identity"]["firstname"] == "Ann");
    assert_eq!(changed.await["customer"]["identity"]["labels"], json!(["vip"]));
    visitor
        .socket
        .say(json!({ "type": "page", "page": { "url": "http://localhost/cart", "title": "Cart" } }))
        .await;
    let title = |summary: &serde_json::Value| summary["customer"]["page"]["title"] == "Cart";
    console.expect_summary(title).await;
    visitor.socket.leave().await;
    let is_gone = |summary: &serde_json::Value| summary["customer"]["is_online"] == false;
    console.expect_summary(is_gone).await;
}

#[tokio::test]
async fn a_page_with_long_texts_is_cut_and_never_refused() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let (mut console, _) = ana.connect(&server).await;
    let long = |text: &str| format!("\u{7}{}", text.repeat(9_000));
    let mut hello = hello("tp_demo", &visitor.token, json!([]));
    hello["page"] = json!({ "url": long("u"), "title": long("t"), "referrer": long("r") });
    let mut socket = open(&server).await;
    socket.say(hello).await;
    socket.expect("welcome").await;
    let kept = json!({ "url": "u".repeat(2_000), "title": "t".repeat(300), "referrer": "r".repeat(300) });
    let is_kept = |summary: &serde_json::Value| summary["customer"]["page"] == kept;
    console.expect_summary(is_kept).await;
}

#[tokio::test]
async fn a_visitor_has_only_so_many_open_conversations_and_the_refusal_is_final() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    for _ in 0..20 {
        visitor.conversation_id = conversation_id();
        visitor.write("hello").await;
    }
    visitor.socket.say(send(&conversation_id(), &message_id(), "one more")).await;
    let refused = visitor.socket.expect("refused").await;
    assert_eq!((&refused["code"], &refused["retry_after_ms"]), (&json!("too_many"), &json!(null)));
    visitor.write("the last one goes on").await;
}

#[tokio::test]
async fn a_visitor_is_not_renamed_into_somebody_else() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    for external_id in ["crm-1", "crm-1", "crm-2"] {
        let identity = json!({ "external_id": external_id });
        visitor.socket.say(json!({ "type": "identify", "identity": identity })).await;
    }
    let error = visitor.socket.event().await;
    assert_eq!((&error["type"], &error["code"]), (&json!("error"), &json!("conflict")));
    let customer_id = protocol::id::CustomerId(visitor.customer_id.clone());
    let kept = server.running.store().customer(&customer_id).await.unwrap().unwrap();
    assert_eq!(kept.identity.external_id.as_deref(), Some("crm-1"));
}
