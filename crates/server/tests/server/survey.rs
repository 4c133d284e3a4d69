//! The survey after a chat.

use serde_json::{Value, json};

use crate::support::{Agent, Server, Visitor};

fn answers(score: u8) -> Value {
    json!([
        { "question_id": "csat", "value": { "kind": "score", "score": score } },
        { "question_id": "comment", "value": { "kind": "text", "text": "Quick and kind" } },
    ])
}

#[tokio::test]
async fn the_first_answers_are_kept_and_stand_beside_the_conversation() {
    let server = Server::start().await;
    let ana = Agent::log_in(&server, "ana").await;
    let (mut console, _) = ana.connect(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let conversation = visitor.conversation_id.clone();
    let survey =
        |score| json!({ "type": "survey", "conversation_id": conversation, "answers": answers(score) });
    for score in [5, 5, 1] {
        visitor.socket.say(survey(score)).await;
        assert_eq!(visitor.socket.expect("survey_stored").await["conversation_id"], conversation.as_str());
    }
    let shown = console.expect_summary(|summary| !summary["survey"].is_null()).await;
    let kept = &shown["survey"]["answers"];
    assert_eq!(kept[0]["value"]["score"], 5);
    assert_eq!(kept[0]["label"], "How happy are you with the help you got?");
    let path = format!("/api/v1/conversations/{conversation}");
    let found = ana.request(&server, "GET", &path).send().await.json();
    assert_eq!((&found["survey"]["answers"], &found["head_seq"]), (kept, &json!(2)));
    let (_, welcome) = Visitor::connect(&server, &visitor.token, json!([])).await;
    assert_eq!(welcome["conversations"][0]["is_survey_done"], true);
}

#[tokio::test]
async fn answers_that_do_not_fit_are_refused_with_their_place() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let survey =
        json!({ "type": "survey", "conversation_id": visitor.conversation_id, "answers": answers(9) });
    visitor.socket.say(survey).await;
    let error = visitor.socket.expect("error").await;
    assert_eq!(error["code"], "invalid");
    assert!(error["detail"].as_str().unwrap().starts_with("answers[0].value"), "{error}");
}

#[tokio::test]
async fn a_skipped_survey_is_not_asked_again() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    visitor
        .socket
        .say(json!({ "type": "survey", "conversation_id": visitor.conversation_id, "answers": [] }))
        .await;
    visitor.socket.expect("survey_stored").await;
    let (_, welcome) = Visitor::connect(&server, &visitor.token, json!([])).await;
    assert_eq!(welcome["conversations"][0]["is_survey_done"], true);
    assert_eq!(welcome["conversations"][0]["head_seq"], 1);
}
