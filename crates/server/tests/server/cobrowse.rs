//! Co-browse sessions: asked for, allowed or not, relayed, and over when either side says so.

use std::time::{Duration, Instant};

use cobrowse::envelope::{Flags, Header, Kind};
use serde_json::{Value, json};

use crate::support::{Agent, Server, Socket, Visitor};

/// An agent and a visitor who chat.
pub(crate) struct Chat {
    pub(crate) server: Server,
    pub(crate) ana: Agent,
    pub(crate) console: Socket,
    pub(crate) visitor: Visitor,
}

impl Chat {
    pub(crate) async fn begin(server: Server) -> Self {
        let ana = Agent::log_in(&server, "ana").await;
        let (console, _) = ana.connect(&server).await;
        let mut visitor = Visitor::arrive(&server).await;
        visitor.write("I am stuck").await;
        Self { server, ana, console, visitor }
    }

    pub(crate) async fn ask(&self) -> crate::support::Reply {
        let path = format!("/api/v1/conversations/{}/cobrowse", self.visitor.conversation_id);
        self.ana.request(&self.server, "POST", &path).send().await
    }

    pub(crate) async fn answer(&mut self, is_allowed: bool) -> String {
        let asked = self.visitor.socket.expect("cobrowse").await["session"].clone();
        assert_eq!((&asked["stage"], &asked["agent"]["name"]), (&json!("asked"), &json!("Ana")));
        let id = asked["cobrowse_id"].as_str().unwrap().to_owned();
        let consent = json!({ "type": "cobrowse_consent", "cobrowse_id": id, "is_allowed": is_allowed });
        self.visitor.socket.say(consent).await;
        id
    }

    /// A session that is live, with both co-browse sockets open.
    pub(crate) async fn share(&mut self) -> Shared {
        assert_eq!(self.ask().await.status, 201);
        let id = self.answer(true).await;
        let of_visitor = self.visitor.socket.expect("cobrowse").await["session"].clone();
        let of_agent = self.console.expect("cobrowse").await["session"].clone();
        assert_eq!(of_agent["stage"], "live");
        let recorder = join(&self.server, "/client/v1/cobrowse", &of_visitor).await;
        let viewer = join(&self.server, "/api/v1/cobrowse/socket", &of_agent).await;
        Shared { id, recorder, viewer, of_visitor, of_agent }
    }

    async fn audits(&self) -> Vec<store::CobrowseAudit> {
        let id = protocol::id::ConversationId(self.visitor.conversation_id.clone());
        self.server.running.store().cobrowse_audits(&id).await.unwrap()
    }

    /// The record of the first session, once its end is recorded: the view goes first, the record follows.
    async fn ended_audit(&self) -> store::CobrowseAudit {
        let waiting = async {
            loop {
                let first = self.audits().await.remove(0);
                if first.ended.is_some() {
                    return first;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(crate::support::PATIENCE, waiting).await.expect("no end was recorded")
    }
}

pub(crate) struct Shared {
    pub(crate) id: String,
    pub(crate) recorder: Socket,
    pub(crate) viewer: Socket,
    pub(crate) of_visitor: Value,
    pub(crate) of_agent: Value,
}

pub(crate) async fn open(server: &Server, path: &str, session: &Value) -> Socket {
    let mut socket = Socket::open(&server.host(), path, &[]).await.unwrap();
    let hello =
        json!({ "type": "hello", "cobrowse_id": session["cobrowse_id"], "ticket": session["ticket"] });
    socket.say(hello).await;
    socket
}

pub(crate) async fn join(server: &Server, path: &str, session: &Value) -> Socket {
    let mut socket = open(server, path, session).await;
    socket.expect("welcome").await;
    socket
}

fn frame(kind: Kind, flags: Flags, sequence: u32) -> Vec<u8> {
    Header { kind, flags, sequence, elapsed_ms: 0 }.frame(b"payload")
}

fn keyframe(sequence: u32) -> Vec<u8> {
    frame(Kind::Keyframe, Flags::FIRST.with(Flags::LAST), sequence)
}

#[tokio::test]
async fn frames_go_to_every_viewer_and_pointers_come_back() {
    let mut chat = Chat::begin(Server::start().await).await;
    let mut shared = chat.share().await;
    shared.recorder.expect_where("viewers", |event| event["count"] == 1).await;
    shared.recorder.send_bytes(keyframe(0)).await;
    shared.recorder.send_bytes(frame(Kind::Delta, Flags::NONE, 1)).await;
    assert_eq!(shared.viewer.bytes().await, keyframe(0));
    assert_eq!(shared.viewer.bytes().await, frame(Kind::Delta, Flags::NONE, 1));
    let mut late = join(&chat.server, "/api/v1/cobrowse/socket", &shared.of_agent).await;
    assert_eq!(late.bytes().await, keyframe(0));
    shared.recorder.expect_where("viewers", |event| event["count"] == 2).await;
    shared.viewer.send_bytes(frame(Kind::Delta, Flags::NONE, 0)).await;
    shared.viewer.send_bytes(frame(Kind::Pointer, Flags::NONE, 0)).await;
    assert_eq!(shared.recorder.bytes().await, frame(Kind::Pointer, Flags::NONE, 0));
    shared.recorder.send_bytes(vec![9; 40]).await;
    assert_eq!(shared.recorder.close_code().await, 4000);
}

#[tokio::test]
async fn the_visitor_ends_it_and_the_view_is_gone_within_a_second() {
    let mut chat = Chat::begin(Server::start().await).await;
    let mut shared = chat.share().await;
    let begun = Instant::now();
    chat.visitor.socket.say(json!({ "type": "cobrowse_stop", "cobrowse_id": shared.id })).await;
    assert_eq!(shared.viewer.expect("ended").await["by"], "visitor");
    assert_eq!(shared.viewer.close_code().await, 1000);
    assert_eq!(shared.recorder.expect("ended").await["by"], "visitor");
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(chat.console.expect("cobrowse_ended").await["end"], "visitor");
    assert_eq!(chat.visitor.socket.expect("cobrowse_ended").await["end"], "visitor");
    for (path, session) in
        [("/client/v1/cobrowse", &shared.of_visitor), ("/api/v1/cobrowse/socket", &shared.of_agent)]
    {
        assert_eq!(open(&chat.server, path, session).await.close_code().await, 4410);
    }
    let audit = chat.ended_audit().await;
    assert!(audit.granted_at.is_some());
    assert_eq!(audit.ended.unwrap().1, protocol::cobrowse::CobrowseEnd::Visitor);
}

#[tokio::test]
async fn the_agent_ends_it_as_well_and_nobody_elses_agent() {
    let mut chat = Chat::begin(Server::start().await).await;
    let mut shared = chat.share().await;
    let path = format!("/api/v1/cobrowse/{}", shared.id);
    let ben = Agent::log_in(&chat.server, "ben").await;
    assert_eq!(ben.request(&chat.server, "DELETE", &path).send().await.problem(), "forbidden");
    assert_eq!(chat.ana.request(&chat.server, "DELETE", &path).send().await.status, 204);
    assert_eq!(shared.recorder.expect("ended").await["by"], "agent");
    assert_eq!(chat.visitor.socket.expect("cobrowse_ended").await["end"], "agent");
    assert_eq!(chat.ana.request(&chat.server, "DELETE", &path).send().await.problem(), "not_found");
}

#[tokio::test]
async fn a_refusal_gives_no_ticket_and_tells_the_agent() {
    let mut chat = Chat::begin(Server::start().await).await;
    assert_eq!(chat.ask().await.status, 201);
    let waiting = |summary: &Value| summary["cobrowse"]["stage"] == "asked";
    chat.console.expect_summary(waiting).await;
    chat.answer(false).await;
    assert_eq!(chat.console.expect("cobrowse_ended").await["end"], "refused");
    let over = |summary: &Value| summary["cobrowse"].is_null();
    chat.console.expect_summary(over).await;
    assert_eq!(chat.audits().await[0].granted_at, None);
    assert_eq!(chat.ask().await.status, 201);
}

#[tokio::test]
async fn nobody_but_the_visitor_can_agree() {
    let mut chat = Chat::begin(Server::start().await).await;
    chat.ask().await;
    let asked = chat.visitor.socket.expect("cobrowse").await["session"].clone();
    assert_eq!(asked["ticket"], Value::Null);
    let mut other = Visitor::arrive(&chat.server).await;
    let consent =
        json!({ "type": "cobrowse_consent", "cobrowse_id": asked["cobrowse_id"], "is_allowed": true });
    other.socket.say(consent).await;
    assert_eq!(other.socket.expect("error").await["code"], "not_found");
    for ticket in [json!(""), json!("0000")] {
        let session = json!({ "cobrowse_id": asked["cobrowse_id"], "ticket": ticket });
        assert_eq!(open(&chat.server, "/client/v1/cobrowse", &session).await.close_code().await, 4410);
    }
}

#[tokio::test]
async fn a_ticket_of_one_side_does_not_open_the_other() {
    let mut chat = Chat::begin(Server::start().await).await;
    let shared = chat.share().await;
    let swapped = open(&chat.server, "/client/v1/cobrowse", &shared.of_agent).await.close_code().await;
    assert_eq!(swapped, 4410);
    let swapped = open(&chat.server, "/api/v1/cobrowse/socket", &shared.of_visitor).await.close_code().await;
    assert_eq!(swapped, 4410);
}

#[tokio::test]
async fn a_visitor_is_asked_once_at_a_time_and_only_while_there() {
    let mut chat = Chat::begin(Server::start().await).await;
    assert_eq!(chat.ask().await.status, 201);
    assert_eq!(chat.ask().await.problem(), "conflict");
    chat.answer(false).await;
    chat.console.expect("cobrowse_ended").await;
    let Visitor { socket, token, customer_id, conversation_id, welcome } = chat.visitor;
    socket.leave().await;
    let gone = |summary: &Value| summary["customer"]["is_online"] == false;
    chat.console.expect_summary(gone).await;
    let (socket, _) = {
        let path = format!("/api/v1/conversations/{conversation_id}/cobrowse");
        let refused = chat.ana.request(&chat.server, "POST", &path).send().await;
        assert_eq!(refused.problem(), "conflict");
        Visitor::connect(&chat.server, &token, json!([])).await
    };
    chat.visitor = Visitor { socket, token, customer_id, conversation_id, welcome };
    assert_eq!(chat.ask().await.status, 201);
}

#[tokio::test]
async fn a_question_nobody_answers_is_withdrawn() {
    let server = Server::start_with(|config| config.timing.cobrowse_ask = Duration::from_millis(50)).await;
    let mut chat = Chat::begin(server).await;
    chat.ask().await;
    assert_eq!(chat.visitor.socket.expect("cobrowse_ended").await["end"], "withdrawn");
    assert_eq!(chat.console.expect("cobrowse_ended").await["end"], "withdrawn");
}

#[tokio::test]
async fn a_session_survives_a_reload_with_a_new_ticket() {
    let mut chat = Chat::begin(Server::start().await).await;
    let token = chat.visitor.token.clone();
    (chat.visitor.socket, _) = Visitor::connect_tab(&chat.server, &token, "tab").await;
    let mut shared = chat.share().await;
    shared.recorder.send_bytes(keyframe(0)).await;
    shared.viewer.bytes().await;
    shared.recorder.leave().await;
    let (_socket, welcome) = Visitor::connect_tab(&chat.server, &token, "tab").await;
    let again = &welcome["cobrowse"];
    assert_eq!((&again["cobrowse_id"], &again["stage"]), (&json!(shared.id), &json!("live")));
    assert_ne!(again["ticket"], shared.of_visitor["ticket"]);
    let mut recorder = join(&chat.server, "/client/v1/cobrowse", again).await;
    recorder.send_bytes(keyframe(0)).await;
    assert_eq!(shared.viewer.bytes().await, keyframe(0));
    let (_third, welcome) = Visitor::connect_tab(&chat.server, &token, "tab").await;
    let _newest = join(&chat.server, "/client/v1/cobrowse", &welcome["cobrowse"]).await;
    assert_eq!(recorder.close_code().await, 4410);
}

#[tokio::test]
async fn another_tab_learns_of_a_session_and_cannot_take_it_over() {
    let mut chat = Chat::begin(Server::start().await).await;
    let token = chat.visitor.token.clone();
    (chat.visitor.socket, _) = Visitor::connect_tab(&chat.server, &token, "tab").await;
    let shared = chat.share().await;
    let (_other, welcome) = Visitor::connect_tab(&chat.server, &token, "other").await;
    let (_nameless, of_nameless) = Visitor::connect(&chat.server, &token, json!([])).await;
    for welcome in [welcome, of_nameless] {
        let session = &welcome["cobrowse"];
        assert_eq!((&session["cobrowse_id"], &session["stage"]), (&json!(shared.id), &json!("live")));
        assert_eq!(session.get("ticket"), None);
    }
}

#[tokio::test]
async fn of_two_tabs_that_agree_the_first_gets_the_ticket() {
    let mut chat = Chat::begin(Server::start().await).await;
    let token = chat.visitor.token.clone();
    let (mut late, _) = Visitor::connect_tab(&chat.server, &token, "late").await;
    let shared = chat.share().await;
    let consent = json!({ "type": "cobrowse_consent", "cobrowse_id": shared.id, "is_allowed": true });
    late.say(consent).await;
    assert_eq!(late.expect("error").await["code"], "not_found");
    let (_reloaded, welcome) = Visitor::connect_tab(&chat.server, &token, "late").await;
    assert_eq!(welcome["cobrowse"].get("ticket"), None);
}

#[tokio::test]
async fn a_log_in_that_runs_out_ends_what_the_agent_looks_at() {
    let server = Server::start_with(|config| config.timing.heartbeat = Duration::from_millis(50)).await;
    let mut chat = Chat::begin(server).await;
    let mut shared = chat.share().await;
    chat.ana.lose_log_in(&chat.server).await;
    assert_eq!(shared.viewer.expect("ended").await["by"], "agent");
    assert_eq!(chat.console.close_code().await, 4401);
}

#[tokio::test]
async fn logging_out_ends_what_the_agent_looks_at() {
    let mut chat = Chat::begin(Server::start().await).await;
    let mut shared = chat.share().await;
    let ben = Agent::log_in(&chat.server, "ben").await;
    assert_eq!(ben.request(&chat.server, "DELETE", "/api/v1/session").send().await.status, 204);
    shared.recorder.send_bytes(keyframe(0)).await;
    assert_eq!(shared.viewer.bytes().await, keyframe(0));
    assert_eq!(chat.ana.request(&chat.server, "DELETE", "/api/v1/session").send().await.status, 204);
    assert_eq!(shared.viewer.expect("ended").await["by"], "agent");
    assert_eq!(shared.viewer.close_code().await, 1000);
    assert_eq!(chat.visitor.socket.expect("cobrowse_ended").await["end"], "agent");
    assert_eq!(
        open(&chat.server, "/api/v1/cobrowse/socket", &shared.of_agent).await.close_code().await,
        4410
    );
}

#[tokio::test]
async fn a_console_that_comes_back_gets_a_ticket_again() {
    let mut chat = Chat::begin(Server::start().await).await;
    let shared = chat.share().await;
    let (mut console, welcome) = chat.ana.connect(&chat.server).await;
    assert_eq!(welcome["conversations"][0]["cobrowse"].get("ticket"), None);
    let session = console.expect("cobrowse").await["session"].clone();
    assert_eq!(session["cobrowse_id"], shared.id.as_str());
    join(&chat.server, "/api/v1/cobrowse/socket", &session).await;
}

#[tokio::test]
async fn a_page_that_stays_away_ends_the_session() {
    let server = Server::start_with(|config| config.timing.cobrowse_away = Duration::from_millis(80)).await;
    let mut chat = Chat::begin(server).await;
    let mut shared = chat.share().await;
    shared.recorder.leave().await;
    assert_eq!(shared.viewer.expect("ended").await["by"], "away");
    assert_eq!(chat.console.expect("cobrowse_ended").await["end"], "away");
}

#[tokio::test]
async fn closing_the_chat_ends_the_session() {
    let mut chat = Chat::begin(Server::start().await).await;
    let mut shared = chat.share().await;
    let path = format!("/api/v1/conversations/{}/close", chat.visitor.conversation_id);
    let closed = chat.ana.request(&chat.server, "POST", &path).send().await.json();
    assert_eq!((&closed["status"], &closed["cobrowse"]), (&json!("DONE"), &json!(null)));
    assert_eq!(shared.viewer.expect("ended").await["by"], "server");
}

#[tokio::test]
async fn where_it_is_switched_off_nobody_is_asked() {
    let chat = Chat::begin(Server::start().await).await;
    let path = "/api/v1/touchpoints/tp_demo";
    let mut document = chat.server.request("GET", path).bearer("demo-token").send().await.json();
    document["cobrowse"]["is_enabled"] = json!(false);
    chat.server.request("PUT", path).bearer("demo-token").json(document).send().await;
    assert_eq!(chat.ask().await.problem(), "forbidden");
}

#[tokio::test]
async fn the_stage_is_an_empty_document_that_runs_nothing() {
    let mut chat = Chat::begin(Server::start().await).await;
    let shared = chat.share().await;
    let stage = chat.server.get(&format!("/viewer/stage/{}", shared.id)).await;
    let policy = stage.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox allow-same-origin"),
        "{policy}"
    );
    assert!(policy.contains("img-src http: https:") && !policy.contains("script"), "{policy}");
    assert!(stage.text().starts_with("<!doctype html>"));
    let quirks = chat.server.get(&format!("/viewer/stage/{}?mode=quirks", shared.id)).await;
    assert!(quirks.text().starts_with("<html>"));
    assert_eq!(chat.server.get("/viewer/stage/cob_1").await.problem(), "not_found");
}
