//! Sessions that a visitor begins: an offer that an agent takes up, and a code that is read out.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cobrowse::Chat;
use crate::support::{Agent, Reply, Request, Server, Visitor};

/// A request of the visitor about their own conversation.
fn of_visitor(chat: &Chat, method: &str, path: &str) -> Request {
    let path = format!("/client/v1/conversations/{}/cobrowse{path}", chat.visitor.conversation_id);
    chat.server.request(method, &path).bearer(&chat.visitor.token)
}

/// The visitor offers to show their page; the path of the offer.
async fn offer(chat: &Chat) -> String {
    let offered = of_visitor(chat, "POST", "/offers").send().await;
    assert_eq!(offered.status, 201, "{offered:?}");
    assert!(offered.json()["for_ms"].as_u64().unwrap() > 60_000);
    format!("/offers/{}", offered.json()["offer_id"].as_str().unwrap())
}

async fn get_code(chat: &Chat) -> String {
    let given = of_visitor(chat, "POST", "/code").send().await;
    assert_eq!(given.status, 201, "{given:?}");
    assert_eq!(given.header("cache-control"), "no-store");
    let code = given.json()["code"].as_str().unwrap().to_owned();
    assert!(code.len() == 6 && code.chars().all(|digit| digit.is_ascii_digit()), "{code}");
    code
}

async fn redeem(chat: &Chat, agent: &Agent, code: &str) -> Reply {
    let body = json!({ "code": code });
    agent.request(&chat.server, "POST", "/api/v1/cobrowse/redeem").json(body).send().await
}

/// A code that is not this one.
fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

fn is_offered(summary: &Value) -> bool {
    summary["is_page_offered"] == true
}

/// The steps of the first session.
async fn steps(chat: &Chat) -> Vec<(String, String)> {
    let admin = Agent::log_in(&chat.server, "admin").await;
    let path = format!("/api/v1/conversations/{}/cobrowse", chat.visitor.conversation_id);
    let records = admin.request(&chat.server, "GET", &path).send().await.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let steps = records[0]["steps"].as_array().unwrap().iter();
    steps.map(|step| (text(&step["what"]), text(&step["outcome"]))).collect()
}

#[tokio::test]
async fn an_offer_is_shown_to_agents_until_one_takes_it_up() {
    let mut chat = Chat::begin(Server::start().await).await;
    let path = offer(&chat).await;
    assert_eq!(of_visitor(&chat, "PUT", &path).send().await.status, 200);
    chat.console.expect_summary(is_offered).await;
    assert_eq!(chat.ask().await.status, 201);
    chat.console.expect_summary(|summary| !is_offered(summary)).await;
    let late = of_visitor(&chat, "PUT", &path).send().await;
    assert_eq!(late.problem(), "conflict", "a word that was on its way makes no second offer");
    assert_eq!(of_visitor(&chat, "POST", "/offers").send().await.problem(), "conflict");
    chat.answer(true).await;
    assert_eq!(chat.visitor.socket.expect("cobrowse").await["session"]["stage"], "live");
    assert_eq!(steps(&chat).await, [("offer".to_owned(), "view point".to_owned())]);
}

#[tokio::test]
async fn an_offer_can_be_taken_back_and_goes_with_its_conversation() {
    let mut chat = Chat::begin(Server::start().await).await;
    let path = offer(&chat).await;
    chat.console.expect_summary(is_offered).await;
    assert_eq!(of_visitor(&chat, "DELETE", &path).send().await.status, 204);
    chat.console.expect_summary(|summary| !is_offered(summary)).await;
    assert_eq!(of_visitor(&chat, "PUT", &path).send().await.problem(), "not_found");
    offer(&chat).await;
    chat.console.expect_summary(is_offered).await;
    let end = json!({ "type": "end", "conversation_id": chat.visitor.conversation_id });
    chat.visitor.socket.say(end).await;
    let over = |summary: &Value| summary["status"] == "DONE";
    let over = chat.console.expect_summary(over).await;
    assert!(!is_offered(&over), "{over}");
    assert_eq!(of_visitor(&chat, "POST", "/offers").send().await.problem(), "conflict");
    assert_eq!(of_visitor(&chat, "POST", "/code").send().await.problem(), "conflict");
    assert_eq!(chat.ask().await.problem(), "conflict");
}

#[tokio::test]
async fn an_offer_the_page_does_not_stand_by_lapses_and_is_not_made_again_by_standing_by_it() {
    let server =
        Server::start_with(|config| config.timing.cobrowse_offer_silence = Duration::from_millis(100)).await;
    let mut chat = Chat::begin(server).await;
    let path = offer(&chat).await;
    chat.console.expect_summary(is_offered).await;
    chat.console.expect_summary(|summary| !is_offered(summary)).await;
    assert_eq!(of_visitor(&chat, "PUT", &path).send().await.problem(), "not_found");
    assert_eq!(chat.ask().await.status, 201);
    let question = chat.visitor.socket.expect("cobrowse").await["session"].clone();
    assert_eq!(question["offer_id"], Value::Null, "whose yes is gone is asked");
}

#[tokio::test]
async fn a_question_names_the_offer_it_takes_up_and_a_code_takes_up_none() {
    let mut chat = Chat::begin(Server::start().await).await;
    let path = offer(&chat).await;
    chat.ask().await;
    let question = chat.visitor.socket.expect("cobrowse").await["session"].clone();
    assert_eq!(format!("/offers/{}", question["offer_id"].as_str().unwrap()), path);
    let no =
        json!({ "type": "cobrowse_consent", "cobrowse_id": question["cobrowse_id"], "is_allowed": false });
    chat.visitor.socket.say(no).await;
    chat.console.expect("cobrowse_ended").await;
    let path = offer(&chat).await;
    let code = get_code(&chat).await;
    assert_eq!(of_visitor(&chat, "PUT", &path).send().await.problem(), "not_found");
    offer(&chat).await;
    assert_eq!(redeem(&chat, &chat.ana, &code).await.status, 201);
    let question =
        chat.visitor.socket.expect_where("cobrowse", |event| event["session"]["stage"] == "asked").await;
    assert_eq!(question["session"]["offer_id"], Value::Null, "{question}");
}

#[tokio::test]
async fn offers_and_codes_of_one_customer_are_limited() {
    let chat = Chat::begin(Server::start().await).await;
    for _ in 0..20 {
        offer(&chat).await;
    }
    let stopped = of_visitor(&chat, "POST", "/offers").send().await;
    assert_eq!(stopped.problem(), "too_many");
    assert!(stopped.header("retry-after").parse::<u32>().unwrap() > 60);
    assert_eq!(of_visitor(&chat, "POST", "/code").send().await.problem(), "too_many");
}

#[tokio::test]
async fn a_code_that_is_redeemed_twice_at_once_asks_once() {
    let chat = Chat::begin(Server::start().await).await;
    let code = get_code(&chat).await;
    let ben = Agent::log_in(&chat.server, "ben").await;
    let (first, second) = tokio::join!(redeem(&chat, &chat.ana, &code), redeem(&chat, &ben, &code));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 404]);
}

#[tokio::test]
async fn a_code_asks_the_visitor_in_the_name_of_who_enters_it_and_gives_them_the_conversation() {
    let mut chat = Chat::begin(Server::start().await).await;
    let code = get_code(&chat).await;
    let ben = Agent::log_in(&chat.server, "ben").await;
    let (first, second) = code.split_at(3);
    let asked = redeem(&chat, &ben, &format!("{first} {second}")).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    assert_eq!(asked.json()["conversation_id"], chat.visitor.conversation_id.as_str());
    assert_eq!(asked.json()["ticket"], Value::Null);
    let question = chat.visitor.socket.expect("cobrowse").await["session"].clone();
    assert_eq!((&question["stage"], &question["agent"]["name"]), (&json!("asked"), &json!("Ben")));
    let is_bens = |summary: &Value| summary["assignee"]["name"] == "Ben";
    chat.console.expect_summary(is_bens).await;
    assert_eq!(steps(&chat).await, [("code".to_owned(), "view point".to_owned())]);
}

#[tokio::test]
async fn wrong_used_and_replaced_codes_get_the_same_answer() {
    let mut chat = Chat::begin(Server::start().await).await;
    let replaced = get_code(&chat).await;
    let code = get_code(&chat).await;
    let wrong = redeem(&chat, &chat.ana, &other_than(&code)).await;
    assert_eq!(redeem(&chat, &chat.ana, &code).await.status, 201);
    chat.answer(false).await;
    chat.console.expect("cobrowse_ended").await;
    let used = redeem(&chat, &chat.ana, &code).await;
    for refused in [&wrong, &used, &redeem(&chat, &chat.ana, &replaced).await] {
        assert_eq!(refused.status, 404);
        assert_eq!(refused.text(), wrong.text());
    }
}

#[tokio::test]
async fn guessing_is_stopped_for_the_one_who_guesses() {
    let chat = Chat::begin(Server::start().await).await;
    let code = get_code(&chat).await;
    for _ in 0..10 {
        assert_eq!(redeem(&chat, &chat.ana, &other_than(&code)).await.status, 404);
    }
    let stopped = redeem(&chat, &chat.ana, &code).await;
    assert_eq!(stopped.problem(), "too_many");
    assert!(stopped.header("retry-after").parse::<u32>().unwrap() > 60);
    let ben = Agent::log_in(&chat.server, "ben").await;
    assert_eq!(redeem(&chat, &ben, &code).await.status, 201);
}

#[tokio::test]
async fn a_code_stays_good_while_the_visitor_cannot_be_asked() {
    let mut chat = Chat::begin(Server::start().await).await;
    let code = get_code(&chat).await;
    assert_eq!(chat.ask().await.status, 201);
    assert_eq!(redeem(&chat, &chat.ana, &code).await.problem(), "conflict");
    chat.answer(false).await;
    chat.console.expect("cobrowse_ended").await;
    assert_eq!(redeem(&chat, &chat.ana, &code).await.status, 201);
}

#[tokio::test]
async fn nobody_begins_a_session_in_somebody_elses_conversation_or_where_there_are_none() {
    let chat = Chat::begin(Server::start().await).await;
    let other = Visitor::arrive(&chat.server).await;
    for (method, path) in
        [("GET", ""), ("POST", "/offers"), ("PUT", "/offers/0"), ("DELETE", "/offers/0"), ("POST", "/code")]
    {
        let path = format!("/client/v1/conversations/{}/cobrowse{path}", chat.visitor.conversation_id);
        let foreign = chat.server.request(method, &path).bearer(&other.token).send().await;
        assert_eq!(foreign.problem(), "not_found", "{method} {path}");
        assert_eq!(chat.server.request(method, &path).send().await.problem(), "unauthorised");
    }
    chat.server.configure(|document| document["cobrowse"]["is_enabled"] = json!(false)).await;
    assert_eq!(of_visitor(&chat, "POST", "/offers").send().await.problem(), "forbidden");
    assert_eq!(of_visitor(&chat, "POST", "/code").send().await.problem(), "forbidden");
}

#[tokio::test]
async fn the_visitor_learns_before_they_offer_whether_it_would_be_recorded() {
    let chat = Chat::begin(Server::start().await).await;
    assert_eq!(of_visitor(&chat, "GET", "").send().await.json(), json!({ "is_recorded": false }));
    chat.server.configure(|document| document["cobrowse"]["recording"] = json!(true)).await;
    assert_eq!(of_visitor(&chat, "GET", "").send().await.json(), json!({ "is_recorded": true }));
}
