//! REST beside the sockets: lists, customers, problems.

use serde_json::json;

use crate::support::people::{conversation_id, message_id};
use crate::support::{Agent, Server, Visitor};

#[tokio::test]
async fn conversations_are_listed_in_pages_and_by_status() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        visitor.conversation_id = conversation_id();
        visitor.write("hello").await;
        ids.insert(0, visitor.conversation_id.clone());
    }
    let mut listed = Vec::new();
    let mut path = "/api/v1/conversations?limit=2".to_owned();
    loop {
        let page = ana.request(&server, "GET", &path).send().await.json();
        for found in page["conversations"].as_array().unwrap() {
            listed.push(found["conversation_id"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/conversations?limit=2&cursor={cursor}");
    }
    assert_eq!(listed, ids);
    ana.request(&server, "POST", &format!("/api/v1/conversations/{}/close", ids[0])).send().await;
    let done = ana.request(&server, "GET", "/api/v1/conversations?status=DONE").send().await.json();
    assert_eq!(done["conversations"][0]["conversation_id"], ids[0].as_str());
    assert_eq!(done["conversations"].as_array().unwrap().len(), 1);
    let wrong = ana.request(&server, "GET", "/api/v1/conversations?cursor=1;DROP").send().await;
    assert_eq!(wrong.problem(), "bad_request");
}

#[tokio::test]
async fn a_program_answers_in_the_name_its_token_has() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let path = format!("/api/v1/conversations/{}/messages", visitor.conversation_id);
    let body = json!({ "message_id": message_id(), "text": "An answer from outside" });
    let post = || server.request("POST", &path).bearer("demo-token").json(body.clone()).send();
    let (first, again) = (post().await, post().await);
    assert_eq!((first.status.as_u16(), first.json()), (201, again.json()));
    let events = visitor.socket.expect_where("events", |event| event["events"][0]["seq"] == 2).await;
    assert_eq!(events["events"][2]["author"]["name"], "Admin");
}

#[tokio::test]
async fn a_customers_name_notes_and_labels_can_be_changed() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let visitor = Visitor::arrive(&server).await;
    let path = format!("/api/v1/customers/{}", visitor.customer_id);
    let patch = json!({ "firstname": "Ann", "labels": ["vip"], "notes": "calls back" });
    let changed = ana.request(&server, "PATCH", &path).json(patch).send().await.json();
    assert_eq!((&changed["identity"]["firstname"], &changed["notes"]), (&json!("Ann"), &json!("calls back")));
    let too_long = json!({ "lastname": "x".repeat(121) });
    let refused = ana.request(&server, "PATCH", &path).json(too_long).send().await;
    assert_eq!(refused.problem(), "invalid");
    assert!(refused.json()["detail"].as_str().unwrap().starts_with("lastname"));
    let unknown = ana.request(&server, "PATCH", &path).json(json!({ "role": "admin" })).send().await;
    assert_eq!(unknown.problem(), "invalid");
    let gone = ana.request(&server, "PATCH", "/api/v1/customers/cus_1").json(json!({})).send().await;
    assert_eq!(gone.problem(), "not_found");
}

#[tokio::test]
async fn a_touchpoint_that_cannot_be_is_refused_with_the_path_to_the_fault() {
    let server = Server::start().await;
    let put = |document: serde_json::Value| {
        server.request("PUT", "/api/v1/touchpoints/tp_demo").bearer("demo-token").json(document).send()
    };
    let shown = server.request("GET", "/api/v1/touchpoints/tp_demo").bearer("demo-token").send().await;
    let mut document = shown.json();
    document["rules"] = json!([{ "id": "a", "name": "A", "when": { "kind": "visit_count", "at_least": 0 }, "action": "show" }]);
    let refused = put(document.clone()).await;
    assert_eq!(refused.problem(), "invalid");
    assert!(refused.json()["detail"].as_str().unwrap().starts_with("rules[0].when"), "{refused:?}");
    document["rules"] = json!([]);
    document["hours"] = json!({ "time_zone": "Mars/Base", "weekly": [] });
    assert!(put(document).await.text().contains("hours.time_zone"));
}

#[tokio::test]
async fn errors_are_problem_documents_without_insides() {
    let server = Server::start().await;
    assert_eq!(server.get("/nowhere").await.problem(), "not_found");
    let unlisted = server.request("DELETE", "/api/v1/agents").bearer("demo-token").send().await;
    assert_eq!(unlisted.problem(), "forbidden");
    let text = server.request("POST", "/api/v1/session").header("content-type", "text/plain").send().await;
    assert_eq!(text.problem(), "bad_request");
    let odd = server.request("GET", "/api/v1/conversations/'%20OR%201=1").bearer("demo-token").send().await;
    assert_eq!(odd.problem(), "not_found");
    assert_eq!(odd.text().to_lowercase().matches("sql").count(), 0);
}

#[tokio::test]
async fn an_inactive_touchpoint_takes_no_customers() {
    let server = Server::start().await;
    let mut document =
        server.request("GET", "/api/v1/touchpoints/tp_demo").bearer("demo-token").send().await.json();
    document["state"] = json!("INACTIVE");
    server.request("PUT", "/api/v1/touchpoints/tp_demo").bearer("demo-token").json(document).send().await;
    let path = "/client/v1/touchpoints/tp_demo/customers";
    assert_eq!(server.request("POST", path).json(json!({})).send().await.problem(), "forbidden");
    let gone =
        server.request("POST", "/client/v1/touchpoints/tp_gone/customers").json(json!({})).send().await;
    assert_eq!(gone.problem(), "not_found");
}
