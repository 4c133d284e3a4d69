//! Coming back: everything that was missed, once, in order.

use serde_json::{Value, json};

use crate::support::people::message_id;
use crate::support::{Agent, Server, Visitor};

fn seqs(events: &Value) -> Vec<u64> {
    events["events"].as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap()).collect()
}

fn cursor(conversation_id: &str, seq: u64) -> Value {
    json!([{ "conversation_id": conversation_id, "seq": seq }])
}

#[tokio::test]
async fn a_client_that_comes_back_gets_what_it_missed_and_nothing_else() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    for text in ["one", "two", "three"] {
        visitor.write(text).await;
    }
    let (mut socket, welcome) =
        Visitor::connect(&server, &visitor.token, cursor(&visitor.conversation_id, 1)).await;
    assert_eq!(welcome["conversations"][0]["head_seq"], 3);
    assert_eq!(seqs(&socket.expect("events").await), [2, 3]);
    visitor.write("four").await;
    assert_eq!(seqs(&socket.expect("events").await), [4]);
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let server = server.restart().await;
    let (mut socket, _) = Visitor::connect(&server, &visitor.token, json!([])).await;
    let events = socket.expect("events").await;
    assert_eq!(events["events"][0]["what"]["text"], "hello");
}

#[tokio::test]
async fn too_much_is_read_over_http_in_pages() {
    let server = Server::start().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let conversation = visitor.conversation_id.clone();
    let path = format!("/api/v1/conversations/{conversation}/messages");
    for round in 0..21 {
        let posts = (0..24).map(|number| {
            let body = json!({ "message_id": message_id(), "text": format!("message {round} {number}") });
            server.request("POST", &path).bearer("demo-token").json(body).send()
        });
        for stored in futures_util::future::join_all(posts).await {
            assert_eq!(stored.status, 201, "{stored:?}");
        }
    }
    let (mut socket, _) = Visitor::connect(&server, &visitor.token, cursor(&conversation, 1)).await;
    assert_eq!(socket.expect("reset").await["after_seq"], 1);
    let (mut after_seq, mut read) = (1, 0);
    loop {
        let path = format!("/client/v1/conversations/{conversation}/events?after_seq={after_seq}");
        let page = server.request("GET", &path).bearer(&visitor.token).send().await.json();
        let page_seqs = seqs(&page);
        read += page_seqs.len();
        let Some(last) = page_seqs.last() else { break };
        after_seq = *last;
    }
    // One of the customer, two of status and assignment, and 504 answers.
    assert_eq!((after_seq, read), (507, 506));
    visitor.write("live again").await;
    assert_eq!(seqs(&socket.expect("events").await).last(), Some(&509));
}

#[tokio::test]
async fn two_consoles_and_a_visitor_end_with_the_same_list() {
    let server = Server::start().await;
    let (ana, ben) = (Agent::log_in(&server, "ana").await, Agent::log_in(&server, "ben").await);
    let mut visitor = Visitor::arrive(&server).await;
    visitor.write("hello").await;
    let conversation = visitor.conversation_id.clone();
    let mut consoles = Vec::new();
    for agent in [&ana, &ben] {
        let (mut console, _) = agent.connect(&server).await;
        console.say(crate::support::people::watch(&conversation, 0)).await;
        consoles.push(console);
    }
    for round in 0..10 {
        for console in &mut consoles {
            let text = format!("round {round}");
            console.say(crate::support::people::send(&conversation, &message_id(), &text)).await;
        }
    }
    let mut lists = Vec::new();
    for socket in consoles.iter_mut().chain([&mut visitor.socket]) {
        let mut list = Vec::new();
        while list.last() != Some(&23) {
            list.extend(seqs(&socket.expect("events").await));
        }
        lists.push(list);
    }
    for list in lists {
        assert_eq!(list, (1..=23).collect::<Vec<u64>>());
    }
}
