//! What storage keeps, read by this build and by others, and how it is asked for.

use chat_core::{OutboxMessage, SavedSession};

use super::{NOW, conversation_id, json_of, message_id, value_of};
use crate::page_port::ToPage;
use crate::wire::{Read, Write};

#[test]
fn a_message_that_an_older_build_kept_is_read() {
    let json = serde_json::json!({
        "message_id": message_id(), "conversation_id": conversation_id(), "text": "a", "created_at": NOW,
    });
    assert_eq!(OutboxMessage::read(&value_of(&json)).unwrap().files, []);
}

#[test]
fn a_session_of_another_shape_is_nobody() {
    for json in [
        serde_json::json!("secret"),
        serde_json::json!([]),
        serde_json::json!({}),
        serde_json::json!({ "version": 2, "session": { "customer_id": "cus_1", "token": "secret" } }),
        serde_json::json!({ "customer_id": "cus_1" }),
        serde_json::json!({ "customer_id": "cus_1", "token": 7 }),
        serde_json::json!({ "customer_id": "cus_1", "token": "secret", "conversation_id": {} }),
    ] {
        assert_eq!(SavedSession::read(&value_of(&json)), None, "{json}");
    }
}

#[test]
fn a_claim_says_what_gives_way_and_a_value_that_is_none_is_forgotten() {
    let claim = |value, over| json_of(&ToPage::Claim { key: "session", value, over }.write());
    assert_eq!(
        claim(Some("new"), None),
        serde_json::json!({ "type": "claim", "key": "session", "value": "new" })
    );
    assert_eq!(
        claim(None, Some("old")),
        serde_json::json!({ "type": "claim", "key": "session", "over": "old" })
    );
}
