//! The agent's chat socket, and a chat both ways.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::people::{conversation_id, message_id, send, watch};
use crate::support::{Agent, PATIENCE, Server, Socket, Visitor};

#[tokio::test]
async fn a_chat_runs_both_ways_with_typing_and_receipts() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, welcome) = ana.connect(&server).await;
    assert_eq!(welcome["conversations"], json!([]));
    let mut visitor = Visitor::arrive(&server).await;
    let conversation = visitor.conversation_id.clone();
    visitor.write("Where is my order?").await;
    let listed = console.expect_summary(|summary| summary["unread_count"] == 1).await;
    assert_eq!(listed["conversation_id"], conversation.as_str());
    assert_eq!(listed["last_message"]["text"], "Where is my order?");
    console.say(watch(&conversation, 0)).await;
    let events = console.expect("events").await;
    assert_eq!(events["events"][0]["what"]["text"], "Where is my order?");

    console.say(json!({ "type": "typing", "conversation_id": conversation, "is_typing": true })).await;
    assert_eq!(visitor.socket.expect("typing").await["name"], "Ana");
    let message = message_id();
    console.say(send(&conversation, &message, "On its way")).await;
    assert_eq!(console.expect("ack").await["seq"], 4);
    let of_agent = |event: &Value| event["events"].as_array().is_some_and(|events| events.len() == 3);
    let events = visitor.socket.expect_where("events", of_agent).await;
    assert_eq!(events["events"][0]["what"], json!({ "type": "status", "status": "UNRESOLVED" }));
    assert_eq!(events["events"][1]["what"]["agent"]["name"], "Ana");
    assert_eq!(events["events"][2]["what"]["text"], "On its way");
    assert_eq!(events["events"][2]["author"]["name"], "Ana");

    let receipt =
        json!({ "type": "receipt", "conversation_id": conversation, "delivered_seq": 4, "read_seq": 3 });
    visitor.socket.say(receipt).await;
    let receipts = console.expect("receipts").await["receipts"].clone();
    assert_eq!((&receipts["customer_delivered_seq"], &receipts["customer_read_seq"]), (&json!(4), &json!(3)));
    visitor.socket.say(json!({ "type": "typing", "conversation_id": conversation, "is_typing": true })).await;
    assert_eq!(console.expect("typing").await["is_typing"], true);
    let receipt =
        json!({ "type": "receipt", "conversation_id": conversation, "delivered_seq": 4, "read_seq": 4 });
    console.say(receipt).await;
    console.expect_summary(|summary| summary["unread_count"] == 0).await;
    let is_read = |event: &Value| event["receipts"]["agent_read_seq"] == 4;
    visitor.socket.expect_where("receipts", is_read).await;
}

#[tokio::test]
async fn of_two_agents_who_take_one_chat_one_gets_it() {
    let server = Server::start().await;
    let (ana, ben) = (Agent::log_in(&server, "ana").await, Agent::log_in(&server, "ben").await);
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let path = format!("/api/v1/conversations/{}/assignee", visitor.conversation_id);
    let take = |agent: &Agent| json!({ "agent_id": agent.agent_id, "only_if": null });
    let taken = ana.request(&server, "PUT", &path).json(take(&ana)).send().await;
    assert_eq!((taken.status.as_u16(), &taken.json()["assignee"]["name"]), (200, &json!("Ana")));
    let lost = ben.request(&server, "PUT", &path).json(take(&ben)).send().await;
    assert_eq!((lost.status.as_u16(), lost.problem().as_str()), (409, "conflict"));
    let hand_over = json!({ "agent_id": ben.agent_id });
    let given = ana.request(&server, "PUT", &path).json(hand_over).send().await;
    assert_eq!(given.json()["assignee"]["name"], "Ben");
    let back = ben.request(&server, "PUT", &path).json(json!({ "agent_id": null })).send().await;
    assert_eq!(back.json()["assignee"], json!(null));
}

#[tokio::test]
async fn closing_a_chat_is_seen_by_both_sides_and_a_new_message_opens_it_again() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, _) = ana.connect(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let path = format!("/api/v1/conversations/{}/close", visitor.conversation_id);
    assert_eq!(ana.request(&server, "POST", &path).send().await.json()["status"], "DONE");
    let is_done = |event: &Value| event["events"][0]["what"]["status"] == "DONE";
    visitor.socket.expect_where("events", is_done).await;
    console.expect_summary(|summary| summary["status"] == "DONE").await;
    visitor.write("one more thing").await;
    console.expect_summary(|summary| summary["status"] == "UNREAD").await;
    visitor.socket.say(json!({ "type": "end", "conversation_id": visitor.conversation_id })).await;
    let ended = visitor.socket.expect_where("events", is_done).await;
    assert_eq!(ended["events"][0]["author"]["kind"], "customer");
}

#[tokio::test]
async fn presence_follows_sockets_away_and_open_chats() {
    let server = Server::start().await;
    let (ana, ben) = (Agent::log_in(&server, "ana").await, Agent::log_in(&server, "ben").await);
    let (mut console, _) = ana.connect(&server).await;
    let of_ben = |holds: fn(&Value) -> bool| {
        move |event: &Value| {
            let agents = event["agents"].as_array().unwrap();
            agents.iter().any(|agent| agent["name"] == "Ben" && holds(agent))
        }
    };
    let (second, _) = ben.connect(&server).await;
    console.expect_where("agents", of_ben(|ben| ben["is_online"] == true)).await;
    let away = json!({ "is_away": true });
    let shown = ben.request(&server, "PUT", "/api/v1/session/away").json(away).send().await;
    assert_eq!(shown.json()["is_away"], true);
    console.expect_where("agents", of_ben(|ben| ben["is_away"] == true)).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let path = format!("/api/v1/conversations/{}/assignee", visitor.conversation_id);
    ana.request(&server, "PUT", &path).json(json!({ "agent_id": ben.agent_id })).send().await;
    console.expect_where("agents", of_ben(|ben| ben["open_chats"] == 1)).await;
    second.leave().await;
    console.expect_where("agents", of_ben(|ben| ben["is_online"] == false)).await;
    let listed = ana.request(&server, "GET", "/api/v1/agents").send().await.json();
    let names: Vec<&str> =
        listed.as_array().unwrap().iter().map(|agent| agent["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Admin", "Ana", "Ben"]);
}

#[tokio::test]
async fn a_conversation_no_longer_watched_sends_nothing() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, _) = ana.connect(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("one").await;
    let conversation = visitor.conversation_id.clone();
    console.say(watch(&conversation, 1)).await;
    visitor.write("two").await;
    assert_eq!(console.expect("events").await["events"][0]["seq"], 2);
    console.say(json!({ "type": "unwatch", "conversation_id": conversation })).await;
    console.say(json!({ "type": "pong", "is_probe": true })).await;
    assert_eq!(console.expect("ping").await["heads"], json!([]));
    visitor.write("three").await;
    let next = console.expect_summary(|summary| summary["head_seq"] == 3);
    next.await;
    console.say(json!({ "type": "pong", "is_probe": true })).await;
    loop {
        // The summary may be told again: of the receipts, say.
        match console.event().await["type"].as_str() {
            Some("conversations") => {}
            kind => break assert_eq!(kind, Some("ping")),
        }
    }
}

/// The conversations of the welcome, and those that follow it up to the answer to a probe.
async fn inbox(server: &Server, agent: &Agent) -> (usize, usize, Vec<String>) {
    let (mut console, welcome) = agent.connect(server).await;
    let id = |summary: &Value| summary["conversation_id"].as_str().unwrap().to_owned();
    let mut ids: Vec<String> = welcome["conversations"].as_array().unwrap().iter().map(id).collect();
    let inside = ids.len();
    console.say(json!({ "type": "pong", "is_probe": true })).await;
    loop {
        let event = console.event().await;
        match event["type"].as_str() {
            Some("conversations") => ids.push(id(&event["conversations"][0])),
            Some("ping") => break,
            _ => {}
        }
    }
    let followed = ids.len() - inside;
    ids.sort_unstable();
    ids.dedup();
    (inside, followed, ids)
}

/// Begins conversations and waits until a console was told of all of them.
async fn begin_conversations(visitor: &mut Visitor, console: &mut Socket, count: usize) {
    for _ in 0..count {
        visitor.conversation_id = conversation_id();
        visitor.write("hello").await;
    }
    let last = visitor.conversation_id.clone();
    console.expect_summary(|summary| summary["conversation_id"] == last.as_str()).await;
}

#[tokio::test]
async fn a_long_inbox_follows_its_welcome() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, _) = ana.connect(&server).await;
    let mut visitors =
        [Visitor::arrive(&server).await, Visitor::arrive(&server).await, Visitor::arrive(&server).await];
    for visitor in &mut visitors {
        begin_conversations(visitor, &mut console, 20).await;
    }
    let (inside, followed, ids) = inbox(&server, &ana).await;
    assert_eq!((inside, followed, ids.len()), (50, 10, 60));
}

#[tokio::test]
async fn an_inbox_with_much_in_it_still_lets_the_agent_in() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, _) = ana.connect(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    let path = format!("/api/v1/customers/{}", visitor.customer_id);
    let notes = json!({ "notes": "\u{1F600}".repeat(10_000) });
    assert!(ana.request(&server, "PATCH", &path).json(notes).send().await.status.is_success());
    begin_conversations(&mut visitor, &mut console, 20).await;
    let (inside, followed, ids) = inbox(&server, &ana).await;
    assert!((1..20).contains(&inside), "{inside}");
    assert_eq!((inside + followed, ids.len()), (20, 20));
}

#[tokio::test]
async fn a_console_that_is_told_much_still_gets_heartbeats_and_loses_a_log_in_that_ended() {
    let server = Server::start_with(|config| config.timing.heartbeat = Duration::from_millis(200)).await;
    let ana = Agent::log_in(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let conversation = visitor.conversation_id.clone();
    let (mut console, _) = ana.connect(&server).await;
    console.say(watch(&conversation, 1)).await;
    let chatter = tokio::spawn(async move {
        let typing = json!({ "type": "typing", "conversation_id": conversation, "is_typing": true });
        while visitor.socket.try_say(&typing.to_string()).await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let counting = async {
        let (mut told, mut pings) = (0, 0);
        while pings < 4 {
            match console.event().await["type"].as_str() {
                Some("ping") => pings += 1,
                Some("typing") => told += 1,
                _ => {}
            }
        }
        told
    };
    let told = tokio::time::timeout(PATIENCE, counting).await.expect("no heartbeat came");
    assert!(told > 4, "{told}");
    ana.lose_log_in(&server).await;
    assert_eq!(console.close_code().await, 4401);
    chatter.abort();
}

#[tokio::test]
async fn talk_is_told_to_the_one_who_answers_and_to_colleagues_after_them() {
    let server = Server::start().await;
    let (ana, ben) = (Agent::log_in(&server, "ana").await, Agent::log_in(&server, "ben").await);
    let (mut first, _) = ana.connect(&server).await;
    let (mut second, _) = ben.connect(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("one").await;
    let conversation = visitor.conversation_id.clone();
    first.say(send(&conversation, &message_id(), "mine")).await;
    let is_taken = |summary: &Value| summary["assignee"]["name"] == "Ana";
    second.expect_summary(is_taken).await;
    visitor.write("two").await;
    let is_told = |summary: &Value| summary["last_message"]["text"] == "two";
    first.expect_summary(is_told).await;
    second.expect_summary(is_told).await;
}
