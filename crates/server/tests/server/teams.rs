//! Teams, and conversations that are given to them.

use serde_json::{Value, json};

use crate::support::{Agent, Server, Visitor};

async fn team_named(server: &Server, agent: &Agent, name: &str) -> String {
    let teams = agent.request(server, "GET", "/api/v1/teams").send().await.json();
    let found = teams["teams"].as_array().unwrap().iter().find(|team| team["name"] == name).cloned();
    found.unwrap()["team_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn admins_make_change_and_remove_teams_and_consoles_learn_of_it() {
    let server = Server::start().await;
    let (ana, admin) = (Agent::log_in(&server, "ana").await, Agent::log_in(&server, "admin").await);
    let (mut console, welcome) = ana.connect(&server).await;
    assert_eq!(welcome["teams"][0]["name"], "Sales");
    let document = json!({ "name": " Night ", "agent_ids": [ana.agent_id, ana.agent_id] });
    let made = admin.request(&server, "POST", "/api/v1/teams").json(document).send().await;
    assert_eq!((made.status.as_u16(), &made.json()["name"]), (201, &json!("Night")));
    assert_eq!(made.json()["agent_ids"], json!([ana.agent_id]));
    let path = format!("/api/v1/teams/{}", made.json()["team_id"].as_str().unwrap());
    let named = |name: &'static str| {
        move |event: &Value| event["teams"].as_array().unwrap().iter().any(|team| team["name"] == name)
    };
    console.expect_where("teams", named("Night")).await;
    let renamed = json!({ "name": "Late", "agent_ids": [] });
    assert_eq!(admin.request(&server, "PUT", &path).json(renamed.clone()).send().await.status, 200);
    console.expect_where("teams", named("Late")).await;
    assert_eq!(admin.request(&server, "DELETE", &path).send().await.status, 204);
    assert_eq!(console.expect("teams").await["teams"].as_array().unwrap().len(), 2);
    assert_eq!(admin.request(&server, "PUT", &path).json(renamed).send().await.problem(), "not_found");
    assert_eq!(admin.request(&server, "DELETE", &path).send().await.problem(), "not_found");
}

#[tokio::test]
async fn a_team_that_cannot_be_is_refused_with_the_field() {
    let server = Server::start().await;
    let admin = Agent::log_in(&server, "admin").await;
    let refusal = async |document: Value| {
        let refused = admin.request(&server, "POST", "/api/v1/teams").json(document).send().await;
        (refused.problem(), refused.json()["detail"].as_str().unwrap().to_owned())
    };
    let (code, detail) = refusal(json!({ "name": " ", "agent_ids": [] })).await;
    assert_eq!((code.as_str(), detail.starts_with("name: ")), ("invalid", true));
    let (code, detail) = refusal(json!({ "name": "A", "agent_ids": ["agt_1"] })).await;
    assert_eq!((code.as_str(), detail.starts_with("agent_ids: ")), ("invalid", true));
    let (code, detail) = refusal(json!({ "name": "A", "agent_ids": vec!["agt_1"; 201] })).await;
    assert_eq!((code.as_str(), detail.starts_with("agent_ids: ")), ("invalid", true));
    assert_eq!(refusal(json!({ "name": "Sales", "agent_ids": [] })).await.0, "conflict");
}

#[tokio::test]
async fn agents_may_see_teams_and_not_change_them() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let sales = team_named(&server, &ana, "Sales").await;
    let document = json!({ "name": "Mine", "agent_ids": [] });
    let path = format!("/api/v1/teams/{sales}");
    assert_eq!(
        ana.request(&server, "POST", "/api/v1/teams").json(document.clone()).send().await.problem(),
        "forbidden"
    );
    assert_eq!(ana.request(&server, "PUT", &path).json(document).send().await.problem(), "forbidden");
    assert_eq!(ana.request(&server, "DELETE", &path).send().await.problem(), "forbidden");
}

#[tokio::test]
async fn a_team_that_a_touchpoint_sends_conversations_to_stays() {
    let server = Server::start().await;
    let admin = Agent::log_in(&server, "admin").await;
    let sales = team_named(&server, &admin, "Sales").await;
    let touchpoint = "/api/v1/touchpoints/tp_demo";
    let mut document = admin.request(&server, "GET", touchpoint).send().await.json();
    document["routing"]["team_id"] = json!("team_gone");
    let refused = admin.request(&server, "PUT", touchpoint).json(document.clone()).send().await;
    assert_eq!(refused.problem(), "invalid");
    assert!(refused.json()["detail"].as_str().unwrap().starts_with("routing.team_id: "));
    document["routing"]["team_id"] = json!(sales);
    assert_eq!(admin.request(&server, "PUT", touchpoint).json(document).send().await.status, 200);
    let path = format!("/api/v1/teams/{sales}");
    assert_eq!(admin.request(&server, "DELETE", &path).send().await.problem(), "conflict");
}

#[tokio::test]
async fn a_conversation_goes_to_an_agent_or_to_a_team_with_a_note_no_visitor_sees() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let support = team_named(&server, &ana, "Support").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let path = format!("/api/v1/conversations/{}/assignee", visitor.conversation_id);
    let put = |body: Value| ana.request(&server, "PUT", &path).json(body).send();
    let both = put(json!({ "agent_id": ana.agent_id, "team_id": support })).await;
    assert_eq!(both.problem(), "invalid");
    assert_eq!(put(json!({ "agent_id": "agt_1" })).await.problem(), "invalid");
    assert_eq!(put(json!({ "team_id": "team_1" })).await.problem(), "invalid");
    let long = put(json!({ "team_id": support, "note": "x".repeat(2_001) })).await;
    assert_eq!(long.problem(), "too_long");
    let given = put(json!({ "agent_id": ana.agent_id })).await.json();
    assert_eq!((&given["assignee"]["name"], &given["waiting_since"]), (&json!("Ana"), &Value::Null));
    let note = "wants a refund, is upset";
    let given = put(json!({ "team_id": support, "note": note })).await.json();
    assert_eq!((&given["assignee"], &given["team"]["name"]), (&Value::Null, &json!("Support")));
    assert!(given["waiting_since"].is_string(), "{given}");
    let live = visitor
        .socket
        .expect_where("events", |event| event["events"][0]["what"]["team"]["name"] == "Support");
    assert!(!live.await.to_string().contains("refund"));
    let own = format!("/client/v1/conversations/{}/events", visitor.conversation_id);
    let shown = server.request("GET", &own).bearer(&visitor.token).send().await;
    assert!(shown.text().contains("Support") && !shown.text().contains("refund"), "{}", shown.text());
    let theirs = format!("/api/v1/conversations/{}/events", visitor.conversation_id);
    assert!(ana.request(&server, "GET", &theirs).send().await.text().contains(note));
    let put_back = put(json!({})).await.json();
    assert_eq!((&put_back["assignee"], put_back.get("team")), (&Value::Null, None));
}

#[tokio::test]
async fn of_two_agents_who_take_a_conversation_at_once_one_is_told() {
    let server = Server::start().await;
    let (ana, ben) = (Agent::log_in(&server, "ana").await, Agent::log_in(&server, "ben").await);
    for _ in 0..5 {
        let mut visitor = Visitor::arrive(&server).await;
        visitor.write("hello").await;
        let path = format!("/api/v1/conversations/{}/assignee", visitor.conversation_id);
        let take = |agent: &Agent| {
            let body = json!({ "agent_id": agent.agent_id, "only_if": null });
            agent.request(&server, "PUT", &path).json(body).send()
        };
        let (first, second) = tokio::join!(take(&ana), take(&ben));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}
