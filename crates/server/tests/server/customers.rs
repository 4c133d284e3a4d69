//! What is known of a customer, given out whole and forgotten whole.

use std::io::{Cursor, Read as _};
use std::path::Path;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use protocol::conversation::{Author, ConversationStatus};
use protocol::id::{ConversationId, CustomerId, MessageId, TouchpointId};
use protocol::people::Page;
use protocol::time::UnixMillis;
use serde_json::{Value, json};
use store::{MessageAuthor, NewCustomer, NewMessage, SecretHash};
use zip::ZipArchive;

use crate::support::people::{conversation_id, message_id};
use crate::support::upload::Upload;
use crate::support::{Agent, PATIENCE, Reply, Server, Visitor};

const PDF: &[u8] = b"%PDF-1.7 zanzibar-in-a-file";

/// A visitor with a conversation, a file, a survey, a label, and an agent's note beside an assignment.
async fn somebody(server: &Server, ana: &Agent) -> Visitor {
    let mut visitor = Visitor::arrive(server).await;
    visitor.write("zanzibar in a message").await;
    let upload = Upload::whole(server, &visitor.token, "zanzibar.pdf", "application/pdf", PDF).await;
    let id = message_id();
    let command = json!({
        "type": "send", "conversation_id": visitor.conversation_id, "message_id": id, "text": "",
        "attachments": [upload.attachment_id()],
    });
    visitor.socket.say(command).await;
    visitor.socket.expect_where("ack", |ack| ack["message_id"] == id.as_str()).await;
    let survey = json!({
        "type": "survey", "conversation_id": visitor.conversation_id,
        "answers": [
            { "question_id": "csat", "value": { "kind": "score", "score": 4 } },
            { "question_id": "comment", "value": { "kind": "text", "text": "zanzibar in a survey" } },
        ],
    });
    visitor.socket.say(survey).await;
    visitor.socket.expect("survey_stored").await;
    let path = format!("/api/v1/customers/{}", visitor.customer_id);
    let patch = json!({ "firstname": "Zanzibar", "notes": "zanzibar in a note" });
    ana.request(server, "PATCH", &path).json(patch).send().await;
    let path = format!("/api/v1/conversations/{}/assignee", visitor.conversation_id);
    let body = json!({ "agent_id": ana.agent_id, "note": "zanzibar among agents" });
    ana.request(server, "PUT", &path).json(body).send().await;
    visitor
}

fn archive(reply: &Reply) -> ZipArchive<Cursor<Vec<u8>>> {
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/zip"));
    assert!(reply.header("content-disposition").starts_with("attachment; filename=\"cus_"));
    ZipArchive::new(Cursor::new(reply.body.to_vec())).unwrap()
}

fn entry(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn document(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Value {
    serde_json::from_slice(&entry(archive, name)).unwrap()
}

#[tokio::test]
async fn all_that_is_known_comes_as_one_archive() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let mut visitor = somebody(&server, &ana).await;
    let first = visitor.conversation_id.clone();
    // More events than one page of the store holds.
    for number in 0..205 {
        visitor.write(&format!("number {number}")).await;
    }
    visitor.conversation_id = conversation_id();
    visitor.write("another conversation").await;
    let admin = Agent::log_in(&server, "admin").await;
    let path = format!("/api/v1/customers/{}/export", visitor.customer_id);
    let mut archive = archive(&admin.request(&server, "GET", &path).send().await);
    let customer = document(&mut archive, "customer.json");
    assert_eq!(customer["identity"]["firstname"], "Zanzibar");
    assert_eq!(customer["notes"], "zanzibar in a note");
    assert_eq!(customer["conversations"], json!([first, visitor.conversation_id]));
    let conversation = document(&mut archive, &format!("conversations/{first}.json"));
    assert_eq!(conversation["survey"]["answers"][1]["value"]["text"], "zanzibar in a survey");
    let path = format!("/api/v1/conversations/{first}/events?after_seq=0&limit=200");
    let shown = ana.request(&server, "GET", &path).send().await.json();
    let events = conversation["events"].as_array().unwrap();
    assert_eq!(events[..200], *shown["events"].as_array().unwrap());
    assert_eq!(events.len() as u64, shown["head_seq"].as_u64().unwrap());
    let names = archive.file_names().map(|name| name.unwrap().into_owned());
    let files: Vec<String> = names.filter(|name| name.starts_with("attachments/")).collect();
    assert_eq!(files.len(), 1);
    assert!(files[0].ends_with("-zanzibar.pdf"), "{files:?}");
    assert_eq!(entry(&mut archive, &files[0]), PDF);
}

#[tokio::test]
async fn a_visitor_gets_their_own_without_what_agents_say_among_themselves() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let visitor = somebody(&server, &ana).await;
    let export = server.request("GET", "/client/v1/customer/export").bearer(&visitor.token).send().await;
    let mut archive = archive(&export);
    let customer = document(&mut archive, "customer.json");
    assert_eq!((&customer["identity"]["firstname"], customer.get("notes")), (&json!("Zanzibar"), None));
    let name = format!("conversations/{}.json", visitor.conversation_id);
    let text = String::from_utf8(entry(&mut archive, &name)).unwrap();
    assert!(text.contains("zanzibar in a message") && !text.contains("among agents"), "{text}");
}

#[tokio::test]
async fn export_and_erasure_are_for_those_who_may() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let visitor = Visitor::arrive(&server).await;
    let path = format!("/api/v1/customers/{}", visitor.customer_id);
    assert_eq!(ana.request(&server, "DELETE", &path).send().await.problem(), "forbidden");
    let export = format!("{path}/export");
    assert_eq!(ana.request(&server, "GET", &export).send().await.problem(), "forbidden");
    assert_eq!(server.get(&export).await.problem(), "unauthorised");
    for (method, path) in [("DELETE", "/client/v1/customer"), ("GET", "/client/v1/customer/export")] {
        assert_eq!(server.request(method, path).send().await.problem(), "unauthorised");
        let foreign = server.request(method, path).bearer(&visitor.token);
        assert_eq!(foreign.header("origin", "https://evil.example").send().await.problem(), "forbidden");
    }
    let admin = Agent::log_in(&server, "admin").await;
    for (method, path) in [("DELETE", "/api/v1/customers/cus_1"), ("GET", "/api/v1/customers/cus_1/export")] {
        assert_eq!(admin.request(&server, method, path).send().await.problem(), "not_found");
    }
}

/// A visitor with so much that nobody who does not read gets it all.
async fn somebody_with_much(server: &Server) -> Visitor {
    let mut visitor = Visitor::arrive(server).await;
    let mut file = PDF.to_vec();
    file.resize(9 * 1024 * 1024, b'z');
    let upload = Upload::whole(server, &visitor.token, "much.pdf", "application/pdf", &file).await;
    let id = message_id();
    let command = json!({
        "type": "send", "conversation_id": visitor.conversation_id, "message_id": id, "text": "",
        "attachments": [upload.attachment_id()],
    });
    visitor.socket.say(command).await;
    visitor.socket.expect_where("ack", |ack| ack["message_id"] == id.as_str()).await;
    visitor
}

/// Four who want the archive of a visitor and read nothing of it. Returns the visitor, the agent they are, where the
/// archive is, and what they were answered.
async fn four_who_stall(server: &Server) -> (Visitor, Agent, String, Vec<hyper::Response<Incoming>>) {
    let visitor = somebody_with_much(server).await;
    let admin = Agent::log_in(server, "admin").await;
    let path = format!("/api/v1/customers/{}/export", visitor.customer_id);
    let mut stalled = Vec::new();
    for _ in 0..4 {
        let response = admin.request(server, "GET", &path).open().await;
        assert_eq!(response.status(), 200);
        stalled.push(response);
    }
    (visitor, admin, path, stalled)
}

#[tokio::test]
async fn archives_nobody_takes_in_give_their_turn_to_those_who_wait() {
    let server = Server::start_with(|config| config.timing.export_stretch = Duration::from_millis(200)).await;
    let (_visitor, admin, path, stalled) = four_who_stall(&server).await;
    let whole = admin.request(&server, "GET", &path).send().await;
    assert!(archive(&whole).len() >= 3, "the fifth gets everything");
    for response in stalled {
        let rest = tokio::time::timeout(PATIENCE, response.into_body().collect()).await.unwrap();
        assert!(rest.is_err(), "half an archive does not pass for the whole");
    }
}

#[tokio::test]
async fn who_finds_no_turn_is_told_soon_and_visitors_have_turns_of_their_own() {
    let server = Server::start_with(|config| config.timing.export_wait = Duration::from_millis(100)).await;
    let (visitor, admin, path, stalled) = four_who_stall(&server).await;
    let refused = admin.request(&server, "GET", &path).send().await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (503, "busy"));
    assert_eq!(refused.header("retry-after"), "30");
    let own = || server.request("GET", "/client/v1/customer/export").bearer(&visitor.token);
    let first = own().open().await;
    assert_eq!(first.status(), 200);
    assert_eq!(own().send().await.problem(), "too_many");
    drop((first, stalled));
    let again = async {
        while own().send().await.status != 200
            || admin.request(&server, "GET", &path).send().await.status != 200
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, again).await.unwrap();
}

/// Returns every file below the folder that holds these bytes.
fn holding(folder: &Path, needle: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, needle));
        } else {
            let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
            if bytes.windows(needle.len()).any(|window| window == needle) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn after_an_erasure_no_byte_is_left_in_any_file() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let mut visitor = somebody(&server, &ana).await;
    let half = Upload::begin(&server, &visitor.token, "half.pdf", "application/pdf", 1_000).await;
    half.patch(&server, 0, PDF).await;
    assert!(holding(&server.data(), b"zanzibar").len() >= 3);
    let (mut console, _) = ana.connect(&server).await;
    let admin = Agent::log_in(&server, "admin").await;
    let path = format!("/api/v1/customers/{}", visitor.customer_id);
    assert_eq!(admin.request(&server, "DELETE", &path).send().await.status, 204);
    assert_eq!(holding(&server.data(), b"zanzibar"), Vec::<String>::new());
    assert_eq!(visitor.socket.close_code().await, 4401);
    let told = console.expect("erased").await;
    assert_eq!(told["conversation_ids"], json!([visitor.conversation_id]));
    assert_eq!(admin.request(&server, "GET", &path).send().await.problem(), "not_found");
    let own = format!("/client/v1/conversations/{}/events", visitor.conversation_id);
    assert_eq!(server.request("GET", &own).bearer(&visitor.token).send().await.problem(), "unauthorised");
    assert_eq!(half.head(&server).await.status, 401);
}

#[tokio::test]
async fn a_visitor_may_be_forgotten_and_others_stay() {
    let server = Server::start().await;
    let mut other = Visitor::arrive(&server).await;
    other.write("still here").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("forget me").await;
    let erase = || server.request("DELETE", "/client/v1/customer").bearer(&visitor.token).send();
    assert_eq!(erase().await.status, 204);
    assert_eq!(erase().await.problem(), "unauthorised");
    assert_eq!(holding(&server.data(), b"forget me"), Vec::<String>::new());
    assert_eq!(other.write("and going on").await, 2);
}

/// Puts a closed conversation of two days ago into the store.
async fn old_conversation(server: &Server, at: UnixMillis) -> (CustomerId, ConversationId) {
    let store = server.running.store();
    let customer_id = CustomerId(format!("cus_{:0>32}", at.0));
    let conversation_id = ConversationId(conversation_id());
    let touchpoint_id = TouchpointId("tp_demo".to_owned());
    let customer = NewCustomer {
        customer_id: customer_id.clone(),
        touchpoint_id: touchpoint_id.clone(),
        secret: SecretHash([7; 32]),
        page: Page::default(),
        created_at: at,
    };
    store.create_customer(customer).await.unwrap();
    let message = NewMessage {
        conversation_id: conversation_id.clone(),
        message_id: MessageId(message_id()),
        author: MessageAuthor::Customer { customer_id: customer_id.clone(), touchpoint_id },
        text: "zanzibar long ago".to_owned(),
        attachments: Vec::new(),
        at,
    };
    store.append_message(message).await.unwrap();
    store.set_status(&conversation_id, None, ConversationStatus::Done, Author::System, at).await.unwrap();
    (customer_id, conversation_id)
}

#[tokio::test]
async fn what_was_kept_long_enough_is_erased_at_the_start() {
    let server = Server::start().await;
    let admin = Agent::log_in(&server, "admin").await;
    let mut recent = Visitor::arrive(&server).await;
    recent.write("just now").await;
    let now = admin.connect(&server).await.1["server_time"].as_str().unwrap().to_owned();
    let two_days_ago = UnixMillis::parse_rfc3339(&now).unwrap().plus_ms(-2 * 24 * 60 * 60 * 1_000);
    let (customer_id, conversation_id) = old_conversation(&server, two_days_ago).await;
    let close = format!("/api/v1/conversations/{}/close", recent.conversation_id);
    admin.request(&server, "POST", &close).send().await;
    let server = server.restart().await;
    let status = async |path: String| admin.request(&server, "GET", &path).send().await.status.as_u16();
    assert_eq!(status(format!("/api/v1/conversations/{conversation_id}")).await, 200, "kept without a limit");
    server.configure(|settings| settings["retention_days"] = json!(1)).await;
    let server = server.restart().await;
    let status = async |path: String| admin.request(&server, "GET", &path).send().await.status.as_u16();
    let erased = async {
        while status(format!("/api/v1/customers/{customer_id}")).await != 404 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, erased).await.unwrap();
    assert_eq!(status(format!("/api/v1/conversations/{conversation_id}")).await, 404);
    assert_eq!(status(format!("/api/v1/conversations/{}", recent.conversation_id)).await, 200);
    // The bytes go at the end of the run.
    let cleaned = async {
        while !holding(&server.data(), b"zanzibar").is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, cleaned).await.unwrap();
}

#[tokio::test]
async fn customers_without_a_conversation_go_in_one_run_however_many_they_are() {
    let server = Server::start().await;
    server.configure(|settings| settings["retention_days"] = json!(1)).await;
    let admin = Agent::log_in(&server, "admin").await;
    let now = admin.connect(&server).await.1["server_time"].as_str().unwrap().to_owned();
    let two_days_ago = UnixMillis::parse_rfc3339(&now).unwrap().plus_ms(-2 * 24 * 60 * 60 * 1_000);
    let customer_id = |number: u8| CustomerId(format!("cus_{number:0>32}"));
    // More than two batches.
    for number in 0..120 {
        let customer = NewCustomer {
            customer_id: customer_id(number),
            touchpoint_id: TouchpointId("tp_demo".to_owned()),
            secret: SecretHash([number; 32]),
            page: Page { title: "zanzibar".to_owned(), ..Page::default() },
            created_at: two_days_ago.plus_ms(i64::from(number)),
        };
        server.running.store().create_customer(customer).await.unwrap();
    }
    let server = server.restart().await;
    let erased = async {
        while server.running.store().customer(&customer_id(119)).await.unwrap().is_some()
            || !holding(&server.data(), b"zanzibar").is_empty()
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, erased).await.unwrap();
}
