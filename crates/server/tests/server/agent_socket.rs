//! The agent's chat socket, and a chat both ways.

use serde_json::{Value, json};

use crate::support::people::{message_id, send, watch};
use crate::support::{Agent, Server, Visitor};

#[tokio::test]
async fn a_chat_runs_both_ways_with_typing_and_receipts() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, welcome) = ana.connect(&server).await;
    assert_eq!(welcome["conversations"], json!([]));
    let mut visitor = Visitor::arrive(&server).await;
    let conversation = visitor.conversation_id.clone();
    visitor.write("Where is my order?").await;
    let listed = console.expect_where("conversation", |event| event["summary"]["unread_count"] == 1).await;
    assert_eq!(listed["summary"]["conversation_id"], conversation.as_str());
    assert_eq!(listed["summary"]["last_message"]["text"], "Where is my order?");
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
    console.expect_where("conversation", |event| event["summary"]["unread_count"] == 0).await;
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
    console.expect_where("conversation", |event| event["summary"]["status"] == "DONE").await;
    visitor.write("one more thing").await;
    console.expect_where("conversation", |event| event["summary"]["status"] == "UNREAD").await;
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
    let next = console.expect_where("conversation", |event| event["summary"]["head_seq"] == 3);
    next.await;
    console.say(json!({ "type": "pong", "is_probe": true })).await;
    assert_eq!(console.event().await["type"], "ping");
}
