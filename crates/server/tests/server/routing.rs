//! Conversations that find their agent by themselves, and those of agents who disappear.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Agent, Server, Socket, Visitor};

async fn route(server: &Server, strategy: &'static str) {
    server.configure(|settings| settings["routing"]["strategy"] = json!(strategy)).await;
}

async fn team_id(server: &Server, name: &str) -> String {
    let teams = server.request("GET", "/api/v1/teams").bearer("demo-token").send().await.json();
    let found = teams["teams"].as_array().unwrap().iter().find(|team| team["name"] == name).cloned();
    found.unwrap()["team_id"].as_str().unwrap().to_owned()
}

/// Waits until an inbox shows this conversation as wanted.
async fn shown(console: &mut Socket, visitor: &Visitor, holds: impl Fn(&Value) -> bool) -> Value {
    console
        .expect_summary(|summary| {
            summary["conversation_id"] == visitor.conversation_id.as_str() && holds(summary)
        })
        .await
}

fn is_of(name: &'static str) -> impl Fn(&Value) -> bool {
    move |summary| summary["assignee"]["name"] == name
}

fn waits(summary: &Value) -> bool {
    summary["assignee"].is_null() && summary["waiting_since"].is_string()
}

/// Who wrote the last assignment of the visitor's conversation.
async fn last_assignment(server: &Server, visitor: &Visitor) -> Value {
    let path = format!("/api/v1/conversations/{}/events", visitor.conversation_id);
    let events = server.request("GET", &path).bearer("demo-token").send().await.json();
    let mut assignments = events["events"].as_array().unwrap().iter().rev();
    assignments.find(|event| event["what"]["type"] == "assigned").cloned().unwrap()
}

#[tokio::test]
async fn without_routing_a_conversation_waits_for_whoever_takes_it() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, _) = ana.connect(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    shown(&mut console, &visitor, waits).await;
}

#[tokio::test]
async fn new_conversations_go_to_whoever_is_there_in_turn() {
    let server = Server::start().await;
    route(&server, "round_robin").await;
    let (ana, ben) = (Agent::log_in(&server, "ana").await, Agent::log_in(&server, "ben").await);
    let (mut console, _) = ana.connect(&server).await;
    let (_other, _) = ben.connect(&server).await;
    let mut takers = Vec::new();
    for _ in 0..4 {
        let mut visitor = Visitor::arrive(&server).await;
        visitor.write("hello").await;
        let given = shown(&mut console, &visitor, |summary| summary["assignee"].is_object()).await;
        takers.push(given["assignee"]["name"].as_str().unwrap().to_owned());
        assert_eq!(last_assignment(&server, &visitor).await["author"]["kind"], "system");
    }
    assert_eq!(takers[..2], takers[2..]);
    assert_ne!(takers[0], takers[1]);
}

#[tokio::test]
async fn a_conversation_that_waits_goes_to_the_first_who_comes() {
    let server = Server::start().await;
    route(&server, "least_busy").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let ana = Agent::log_in(&server, "ana").await;
    ana.request(&server, "PUT", "/api/v1/session/away").json(json!({ "is_away": true })).send().await;
    let (mut console, _) = ana.connect(&server).await;
    ana.request(&server, "PUT", "/api/v1/session/away").json(json!({ "is_away": false })).send().await;
    shown(&mut console, &visitor, is_of("Ana")).await;
}

#[tokio::test]
async fn nobody_gets_more_than_they_take_and_the_next_follows_when_one_is_closed() {
    let server = Server::start().await;
    route(&server, "round_robin").await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, _) = ana.connect(&server).await;
    let mut visitors = Vec::new();
    for number in 0..6 {
        let mut visitor = Visitor::arrive(&server).await;
        visitor.write("hello").await;
        if number < 5 {
            shown(&mut console, &visitor, is_of("Ana")).await;
        }
        visitors.push(visitor);
    }
    let path = format!("/api/v1/conversations/{}", visitors[5].conversation_id);
    assert!(waits(&ana.request(&server, "GET", &path).send().await.json()));
    let close = format!("/api/v1/conversations/{}/close", visitors[0].conversation_id);
    ana.request(&server, "POST", &close).send().await;
    shown(&mut console, &visitors[5], is_of("Ana")).await;
}

#[tokio::test]
async fn a_label_leads_to_its_team_and_the_fallback_to_everybody() {
    let server = Server::start().await;
    let (sales, support) = (team_id(&server, "Sales").await, team_id(&server, "Support").await);
    server
        .configure(|settings| {
            settings["routing"] = json!({
                "strategy": "round_robin", "by_label": [{ "label": "Buyer", "team_id": sales }], "team_id": support,
                "fallback": { "after_s": 1, "team_id": null }, "give_back_after_s": 60,
            });
        })
        .await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, _) = ana.connect(&server).await;
    let mut buyer = Visitor::arrive(&server).await;
    let identity = json!({ "type": "identify", "identity": { "labels": ["buyer"] } });
    buyer.socket.say(identity).await;
    buyer.write("I want one").await;
    let given = shown(&mut console, &buyer, is_of("Ana")).await;
    assert_eq!(given["team"]["name"], "Sales");
    // Ben, who alone is the support, is not there.
    let mut other = Visitor::arrive(&server).await;
    other.write("it broke").await;
    shown(&mut console, &other, |summary| waits(summary) && summary["team"]["name"] == "Support").await;
    let given = shown(&mut console, &other, is_of("Ana")).await;
    assert_eq!(given.get("team"), None);
}

#[tokio::test]
async fn an_agent_who_disappears_gives_conversations_back() {
    let server = Server::start_with(|config| config.timing.agents_back = Duration::ZERO).await;
    server.configure(|settings| settings["routing"]["give_back_after_s"] = json!(1)).await;
    let (ana, ben) = (Agent::log_in(&server, "ana").await, Agent::log_in(&server, "ben").await);
    let (own, _) = ana.connect(&server).await;
    let (mut console, _) = ben.connect(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let path = format!("/api/v1/conversations/{}/assignee", visitor.conversation_id);
    let body = json!({ "agent_id": ana.agent_id });
    ana.request(&server, "PUT", &path).json(body).send().await;
    shown(&mut console, &visitor, is_of("Ana")).await;
    own.leave().await;
    shown(&mut console, &visitor, waits).await;
    let assignment = last_assignment(&server, &visitor).await;
    assert_eq!(assignment["author"]["kind"], "system");
}

#[tokio::test]
async fn who_comes_back_in_time_or_is_only_away_keeps_them() {
    let server = Server::start_with(|config| config.timing.agents_back = Duration::ZERO).await;
    server.configure(|settings| settings["routing"]["give_back_after_s"] = json!(1)).await;
    let ana = Agent::log_in(&server, "ana").await;
    let (own, _) = ana.connect(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let path = format!("/api/v1/conversations/{}/assignee", visitor.conversation_id);
    ana.request(&server, "PUT", &path).json(json!({ "agent_id": ana.agent_id })).send().await;
    own.leave().await;
    let (mut console, _) = ana.connect(&server).await;
    ana.request(&server, "PUT", "/api/v1/session/away").json(json!({ "is_away": true })).send().await;
    // Ben's conversation is given back at a time when ana's would have been long before.
    let ben = Agent::log_in(&server, "ben").await;
    let mut other = Visitor::arrive(&server).await;
    other.write("hello").await;
    let others = format!("/api/v1/conversations/{}/assignee", other.conversation_id);
    ben.request(&server, "PUT", &others).json(json!({ "agent_id": ben.agent_id })).send().await;
    shown(&mut console, &other, is_of("Ben")).await;
    shown(&mut console, &other, waits).await;
    assert_eq!(last_assignment(&server, &visitor).await["what"]["agent"]["name"], "Ana");
}

#[tokio::test]
async fn a_restart_takes_no_conversation_from_agents_who_come_back() {
    let server = Server::start().await;
    server.configure(|settings| settings["routing"]["give_back_after_s"] = json!(0)).await;
    let (ana, ben) = (Agent::log_in(&server, "ana").await, Agent::log_in(&server, "ben").await);
    let (_own, _) = ana.connect(&server).await;
    let (_bens, _) = ben.connect(&server).await;
    let mut visitors = Vec::new();
    for agent in [&ana, &ben] {
        let mut visitor = Visitor::arrive(&server).await;
        visitor.write("hello").await;
        let path = format!("/api/v1/conversations/{}/assignee", visitor.conversation_id);
        let body = json!({ "agent_id": agent.agent_id });
        agent.request(&server, "PUT", &path).json(body).send().await;
        visitors.push(visitor);
    }
    let server = server.restart_with(|config| config.timing.agents_back = Duration::from_secs(2)).await;
    let (mut console, welcome) = ana.connect(&server).await;
    let held = |name: &str| {
        let conversations = welcome["conversations"].as_array().unwrap().iter();
        conversations.filter(|summary| summary["assignee"]["name"] == name).count()
    };
    assert_eq!((held("Ana"), held("Ben")), (1, 1));
    // Ben does not come back.
    shown(&mut console, &visitors[1], waits).await;
    assert_eq!(last_assignment(&server, &visitors[0]).await["what"]["agent"]["name"], "Ana");
}

/// A server with a reload's grace as it is in the field, not the short one of tests.
async fn server_with_real_grace() -> Server {
    Server::start_with(|config| config.timing.presence_grace = Duration::from_secs(1)).await
}

#[tokio::test]
async fn presence_reaches_consoles_and_pages_within_two_seconds() {
    come_and_go(&server_with_real_grace().await).await;
}

#[tokio::test]
async fn presence_is_as_exact_while_visitors_write_without_a_pause() {
    let server = server_with_real_grace().await;
    let mut writing = tokio::task::JoinSet::new();
    let (count, written) = tokio::sync::watch::channel(0);
    for _ in 0..20 {
        let (mut visitor, count) = (Visitor::arrive(&server).await, count.clone());
        writing.spawn(async move {
            loop {
                visitor.write("and another thing").await;
                count.send_modify(|count| *count += 1);
            }
        });
    }
    let before = *written.borrow();
    come_and_go(&server).await;
    let meanwhile = *written.borrow() - before;
    assert!(meanwhile > 200, "{meanwhile} messages are no load");
    writing.shutdown().await;
}

/// An agent comes and goes again; a colleague's console is told of both in time.
async fn come_and_go(server: &Server) {
    let (ana, ben) = (Agent::log_in(server, "ana").await, Agent::log_in(server, "ben").await);
    let (mut console, _) = ben.connect(server).await;
    let is_online = |wanted: bool| {
        move |event: &Value| {
            let ana = event["agents"].as_array().unwrap().iter().find(|agent| agent["name"] == "Ana");
            ana.unwrap()["is_online"] == wanted
        }
    };
    let begun = tokio::time::Instant::now();
    let (own, _) = ana.connect(server).await;
    console.expect_where("agents", is_online(true)).await;
    let came = begun.elapsed();
    let begun = tokio::time::Instant::now();
    own.leave().await;
    console.expect_where("agents", is_online(false)).await;
    let went = begun.elapsed();
    assert!(came < Duration::from_secs(2) && went < Duration::from_secs(2), "{came:?} {went:?}");
    assert!(went > Duration::from_millis(900), "a reload would be seen: {went:?}");
}
