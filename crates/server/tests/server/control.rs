//! Acting on the visitor's page: asked for, given by the visitor, enforced and recorded by the server.

use cobrowse::control::{Action, Command, Offset, Outcome, Report};
use cobrowse::envelope::{Flags, Header, Kind};
use cobrowse::node::NodeId;
use serde_json::{Value, json};

use crate::cobrowse::{Chat, Shared, join};
use crate::support::{Agent, Server, Socket};

fn click(number: u32) -> Vec<u8> {
    let action = Action::Click { node_id: NodeId(7), offset: Offset::default(), count: 1 };
    frame(&Command { number, epoch: 1, action }.to_payload())
}

fn frame(payload: &[u8]) -> Vec<u8> {
    Header { kind: Kind::Control, flags: Flags::NONE, sequence: 0, elapsed_ms: 0 }.frame(payload)
}

fn pointer() -> Vec<u8> {
    Header { kind: Kind::Pointer, flags: Flags::NONE, sequence: 0, elapsed_ms: 0 }.frame(b"payload")
}

async fn shared() -> (Chat, Shared) {
    let mut chat = Chat::begin(Server::start().await).await;
    let shared = chat.share().await;
    (chat, shared)
}

/// The agent asks, and the visitor allows what is named.
async fn grant(shared: &mut Shared, scopes: Value) {
    shared.viewer.say(json!({ "type": "ask", "scopes": ["scroll", "click", "type"] })).await;
    let asked = shared.recorder.expect_where("control", |event| !event["asked"].is_null()).await;
    assert_eq!(asked["asked"]["agent"], "Ana");
    assert_eq!(asked["asked"]["scopes"], json!(["scroll", "click", "type"]));
    let number = &asked["asked"]["number"];
    shared.recorder.say(json!({ "type": "answer", "number": number, "scopes": scopes })).await;
    shared.recorder.expect_where("control", |event| event["asked"].is_null()).await;
}

/// What the recorder gets next after a frame that it is sure to get.
async fn passes(shared: &mut Shared, action: Vec<u8>) -> bool {
    shared.viewer.send_bytes(action.clone()).await;
    shared.viewer.send_bytes(pointer()).await;
    let first = shared.recorder.bytes().await;
    if first == pointer() {
        return false;
    }
    assert_eq!(first, action);
    assert_eq!(shared.recorder.bytes().await, pointer());
    true
}

async fn steps(chat: &Chat, shared: &Shared) -> Vec<(String, String, u32)> {
    let path = format!("/api/v1/conversations/{}/cobrowse", chat.visitor.conversation_id);
    let admin = Agent::log_in(&chat.server, "admin").await;
    let records = admin.request(&chat.server, "GET", &path).send().await.json();
    assert_eq!(records[0]["cobrowse_id"], shared.id.as_str());
    let text = |step: &Value, name: &str| step[name].as_str().unwrap().to_owned();
    let steps = records[0]["steps"].as_array().unwrap().iter();
    steps
        .map(|step| (text(step, "what"), text(step, "outcome"), step["times"].as_u64().unwrap() as u32))
        .collect()
}

#[tokio::test]
async fn an_action_reaches_the_page_only_with_the_grant_for_it() {
    let (_chat, mut shared) = shared().await;
    assert!(!passes(&mut shared, click(1)).await, "nothing was given yet");
    grant(&mut shared, json!(["scroll"])).await;
    assert!(!passes(&mut shared, click(2)).await, "another scope was given");
    grant(&mut shared, json!(["click", "type"])).await;
    assert!(passes(&mut shared, click(3)).await);
    let given = shared
        .viewer
        .expect_where("control", |event| event["given"]["scopes"] == json!(["click", "type"]))
        .await;
    assert_eq!((&given["is_mine"], &given["given"]["agent"]), (&json!(true), &json!("Ana")));
    shared.recorder.say(json!({ "type": "revoke" })).await;
    shared.viewer.expect_where("control", |event| event["given"].is_null()).await;
    assert!(!passes(&mut shared, click(4)).await, "it was taken back");
}

#[tokio::test]
async fn a_new_page_is_asked_for_anew() {
    let (chat, mut shared) = shared().await;
    grant(&mut shared, json!(["click"])).await;
    shared.recorder = join(&chat.server, "/client/v1/cobrowse", &shared.of_visitor).await;
    shared.viewer.expect_where("control", |event| event["given"].is_null() && event["asked"].is_null()).await;
    assert!(!passes(&mut shared, click(1)).await);
}

#[tokio::test]
async fn while_the_visitor_holds_the_sharing_nothing_is_done() {
    let (_chat, mut shared) = shared().await;
    grant(&mut shared, json!(["click"])).await;
    shared.recorder.say(json!({ "type": "hold", "is_held": true })).await;
    shared.viewer.expect_where("control", |event| event["is_held"] == true).await;
    assert!(!passes(&mut shared, click(1)).await);
    shared.recorder.say(json!({ "type": "hold", "is_held": false })).await;
    shared.viewer.expect_where("control", |event| event["is_held"] == false).await;
    assert!(passes(&mut shared, click(2)).await);
}

#[tokio::test]
async fn a_colleague_looks_on_is_named_to_the_visitor_and_may_not_act() {
    let (chat, mut shared) = shared().await;
    grant(&mut shared, json!(["click"])).await;
    let ben = Agent::log_in(&chat.server, "ben").await;
    let path = format!("/api/v1/cobrowse/{}/watch", shared.id);
    let session = ben.request(&chat.server, "POST", &path).send().await.json();
    let mut of_ben = join(&chat.server, "/api/v1/cobrowse/socket", &session).await;
    shared.recorder.expect_where("control", |event| event["watchers"] == json!(["Ana", "Ben"])).await;
    let standing = of_ben.expect("control").await;
    assert_eq!((&standing["is_mine"], &standing["given"]["agent"]), (&json!(false), &json!("Ana")));
    of_ben.send_bytes(click(1)).await;
    of_ben.send_bytes(pointer()).await;
    assert_eq!(shared.recorder.bytes().await, pointer());
    assert_eq!(ben.request(&chat.server, "DELETE", "/api/v1/session").send().await.status, 204);
    assert_eq!(of_ben.close_code().await, 4410, "without a log-in nobody looks on");
    shared.recorder.expect_where("control", |event| event["watchers"] == json!(["Ana"])).await;
}

#[tokio::test]
async fn what_was_asked_given_and_done_is_recorded_without_what_was_typed() {
    let (chat, mut shared) = shared().await;
    grant(&mut shared, json!(["type"])).await;
    for number in 1..=3 {
        let action = Action::Insert { node_id: NodeId(7), text: "Marlene".to_owned() };
        assert!(passes(&mut shared, frame(&Command { number, epoch: 1, action }.to_payload())).await);
        report(&mut shared.recorder, number).await;
    }
    shared.viewer.say(json!({ "type": "release" })).await;
    shared.recorder.expect_where("control", |event| event["given"].is_null()).await;
    let told = |what: &str, outcome: &str, times| (what.to_owned(), outcome.to_owned(), times);
    let expected = [
        told("ask", "scroll click type", 1),
        told("grant", "type", 1),
        told("insert", "done", 3),
        told("release", "type", 1),
    ];
    let waiting = async {
        while steps(&chat, &shared).await != expected {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::support::PATIENCE, waiting).await.expect("the record is another");
}

async fn report(recorder: &mut Socket, number: u32) {
    recorder.send_bytes(frame(&Report { number, outcome: Outcome::Done }.to_payload())).await;
}

#[tokio::test]
async fn who_sends_what_is_no_action_is_closed_and_agents_may_not_read_the_record() {
    let (chat, mut shared) = shared().await;
    shared.viewer.send_bytes(frame(b"nonsense that is no action")).await;
    assert_eq!(shared.viewer.close_code().await, 4000);
    let path = format!("/api/v1/conversations/{}/cobrowse", chat.visitor.conversation_id);
    assert_eq!(chat.ana.request(&chat.server, "GET", &path).send().await.status, 403);
}
