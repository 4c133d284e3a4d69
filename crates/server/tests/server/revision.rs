//! Messages that get another text, or are taken back.

use serde_json::{Value, json};

use crate::support::people::message_id;
use crate::support::{Agent, Reply, Server, Visitor};

/// A conversation with a message of the visitor and one of ana.
struct Talk {
    server: Server,
    ana: Agent,
    visitor: Visitor,
    message_id: String,
}

impl Talk {
    async fn begin() -> Self {
        let server = Server::start().await;
        let ana = Agent::log_in(&server, "ana").await;
        let mut visitor = Visitor::arrive(&server).await;
        visitor.write("hello").await;
        let message_id = message_id();
        let path = format!("/api/v1/conversations/{}/messages", visitor.conversation_id);
        let body = json!({ "message_id": message_id, "text": "first words" });
        let stored = ana.request(&server, "POST", &path).json(body).send().await;
        assert_eq!(stored.status, 201, "{stored:?}");
        Self { server, ana, visitor, message_id }
    }

    fn path(&self) -> String {
        format!("/api/v1/conversations/{}/messages/{}", self.visitor.conversation_id, self.message_id)
    }

    async fn edit(&self, agent: &Agent, text: &str) -> Reply {
        agent.request(&self.server, "PATCH", &self.path()).json(json!({ "text": text })).send().await
    }

    async fn take_back(&self, agent: &Agent) -> Reply {
        agent.request(&self.server, "DELETE", &self.path()).send().await
    }

    /// The visitor's own view of everything, read over HTTP.
    async fn events(&self) -> Value {
        let path = format!("/client/v1/conversations/{}/events", self.visitor.conversation_id);
        self.server.request("GET", &path).bearer(&self.visitor.token).send().await.json()["events"].clone()
    }
}

#[tokio::test]
async fn an_agent_gives_their_message_another_text_and_everybody_sees_it() {
    let mut talk = Talk::begin().await;
    assert_eq!(talk.edit(&talk.ana, "second words").await.status, 204);
    assert_eq!(talk.edit(&talk.ana, "second words").await.status, 204);
    let live = talk.visitor.socket.expect_where("events", |event| {
        event["events"].as_array().unwrap().iter().any(|event| event["what"]["type"] == "edited")
    });
    assert_eq!(live.await["events"][0]["what"]["text"], "second words");
    let events = talk.events().await;
    let of_kind = |kind: &str| {
        let all = events.as_array().unwrap().iter();
        all.filter(|event| event["what"]["type"] == kind).cloned().collect::<Vec<_>>()
    };
    assert_eq!(of_kind("edited").len(), 1);
    let message = &of_kind("message")[1]["what"];
    assert_eq!((&message["text"], &message["revision"]), (&json!("second words"), &json!("edited")));
}

#[tokio::test]
async fn a_message_that_was_taken_back_leaves_its_place_and_no_word() {
    let mut talk = Talk::begin().await;
    talk.edit(&talk.ana, "second words").await;
    assert_eq!(talk.take_back(&talk.ana).await.status, 204);
    assert_eq!(talk.take_back(&talk.ana).await.status, 204);
    talk.visitor.socket.expect_where("events", |event| event["events"][0]["what"]["type"] == "deleted").await;
    let events = talk.events().await;
    assert!(!events.to_string().contains("words"), "{events}");
    let seqs: Vec<u64> =
        events.as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
    assert_eq!(talk.edit(&talk.ana, "third").await.problem(), "not_found");
}

#[tokio::test]
async fn agents_change_their_own_messages_and_admins_take_back_every_one() {
    let talk = Talk::begin().await;
    let ben = Agent::log_in(&talk.server, "ben").await;
    let admin = Agent::log_in(&talk.server, "admin").await;
    assert_eq!(talk.edit(&ben, "not mine").await.problem(), "forbidden");
    assert_eq!(talk.edit(&admin, "not mine").await.problem(), "forbidden");
    assert_eq!(talk.take_back(&ben).await.problem(), "forbidden");
    assert_eq!(talk.take_back(&admin).await.status, 204);
}

#[tokio::test]
async fn a_text_that_is_no_message_and_a_message_that_is_not_there_are_refused() {
    let talk = Talk::begin().await;
    assert_eq!(talk.edit(&talk.ana, " ").await.problem(), "invalid");
    assert_eq!(talk.edit(&talk.ana, &"x".repeat(4_001)).await.problem(), "too_long");
    let elsewhere =
        |path: String| talk.ana.request(&talk.server, "PATCH", &path).json(json!({ "text": "words" })).send();
    let unknown = format!("/api/v1/conversations/{}/messages/msg_1", talk.visitor.conversation_id);
    assert_eq!(elsewhere(unknown).await.problem(), "not_found");
    let unknown = format!("/api/v1/conversations/cnv_1/messages/{}", talk.message_id);
    assert_eq!(elsewhere(unknown).await.problem(), "not_found");
    let nobody = talk.server.request("DELETE", &talk.path()).send().await;
    assert_eq!(nobody.problem(), "unauthorised");
}
