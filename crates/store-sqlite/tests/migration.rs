//! Data of earlier versions is there after opening it with this one.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking, as tests do")]

mod common;

use common::File;
use protocol::conversation::{Author, ConversationStatus, EventKind, Revision};
use protocol::id::{AgentId, ConversationId, CustomerId, MessageId};
use protocol::people::AgentRef;
use rusqlite::Connection;
use store::{Agents as _, Conversations as _, Customers as _, Reach, Touchpoints as _};

const VERSION_1: &str = include_str!("../migrations/0001_chat.sql");

/// A touchpoint as version 1 wrote it, without the settings that came later.
const TOUCHPOINT: &str = r##"{"touchpoint_id":"tp_old","name":"Old","state":"ACTIVE","instance":"local",
"allowed_domains":["localhost"],"settings":{"color":"#112233","position":"bottom_end","title":"Chat","welcome":"",
"launcher_label":"Open","z_index":1},"rules":[],"hours":null,"survey":null,"cobrowse":{"is_enabled":true,
"profile":"standard","mask":[],"unmask":[],"block":[],"may_load_assets":false},"config_version":3}"##;

const ROWS: &str = "
    INSERT INTO agent VALUES ('agt_1', 'a@old.test', 'Ann', 'agent', 3, 'hash', 0, 5);
    INSERT INTO customer VALUES ('cus_1', 'tp_old', x'01', NULL, 'a@b.test', NULL, NULL, '[\"vip\"]',
        'lives far away' || hex(zeroblob(300)),
        'http://localhost/', 'Home', '', 10);
    INSERT INTO conversation VALUES ('cnv_1', 'tp_old', 'cus_1', 'UNREAD', 2, NULL, 0, 0, 0, 0, NULL, NULL, 100, 200);
    INSERT INTO conversation VALUES ('cnv_2', 'tp_old', 'cus_1', 'UNRESOLVED', 2, 'agt_1', 1, 1, 1, 1, NULL, NULL, 110, 190);
    INSERT INTO conversation VALUES ('cnv_3', 'tp_old', 'cus_1', 'DONE', 1, NULL, 0, 0, 0, 0, NULL, NULL, 120, 130);
    INSERT INTO event VALUES ('cnv_1', 1, 100, 'customer', NULL, NULL, 'message', 'msg_1', 'hello', NULL, NULL, NULL);
    INSERT INTO event VALUES ('cnv_1', 2, 200, 'customer', NULL, NULL, 'message', 'msg_2', 'anybody?', NULL, NULL, NULL);
    INSERT INTO event VALUES ('cnv_2', 1, 110, 'agent', 'agt_1', 'Ann', 'assigned', NULL, NULL, NULL, 'agt_1', 'Ann');
    INSERT INTO event VALUES ('cnv_2', 2, 190, 'agent', 'agt_1', 'Ann', 'message', 'msg_3', 'hi', NULL, NULL, NULL);
    INSERT INTO event VALUES ('cnv_3', 1, 120, 'system', NULL, NULL, 'status', NULL, NULL, 'DONE', NULL, NULL);
    UPDATE customer SET notes = '';
";

fn of_version_1(name: &str) -> File {
    let file = File::new(name);
    let connection = Connection::open(file.path()).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA secure_delete = OFF").unwrap();
    connection.execute_batch(VERSION_1).unwrap();
    connection.execute("INSERT INTO touchpoint VALUES ('tp_old', 3, ?1)", [TOUCHPOINT]).unwrap();
    connection.execute_batch(ROWS).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    file
}

#[tokio::test]
async fn conversations_of_version_1_are_all_there() {
    let file = of_version_1("version-1");
    let store = file.open();
    let touchpoint = store.touchpoints().await.unwrap().remove(0);
    assert_eq!((touchpoint.config_version, touchpoint.retention_days), (3, None));
    let ann = AgentRef { agent_id: AgentId("agt_1".to_owned()), name: "Ann".to_owned() };
    let events = store.events(&ConversationId("cnv_1".to_owned()), 0, 10).await.unwrap();
    assert_eq!(
        events[1].what,
        EventKind::Message {
            message_id: MessageId("msg_2".to_owned()),
            text: "anybody?".to_owned(),
            attachments: Vec::new(),
            revision: Revision::Original,
        }
    );
    let events = store.events(&ConversationId("cnv_2".to_owned()), 0, 10).await.unwrap();
    assert_eq!(events[0].what, EventKind::Assigned { agent: Some(ann.clone()), team: None, note: None });
    let found = store.conversations(store::ConversationFilter::Any, None, 10).await.unwrap();
    let assignees: Vec<_> = found.iter().map(|one| one.head.assignee.clone()).collect();
    assert_eq!(assignees, [None, Some(ann), None]);
    assert_eq!(store.agents().await.unwrap().len(), 1);
}

#[tokio::test]
async fn conversations_of_version_1_wait_and_change_like_new_ones() {
    let file = of_version_1("version-1-goes-on");
    let store = file.open();
    let waiting = store.waiting(10).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].conversation_id.as_str(), waiting[0].since.0), (1, "cnv_1", 100));
    let agent_id = AgentId("agt_1".to_owned());
    assert_eq!(store.open_of(&agent_id, 10).await.unwrap(), [ConversationId("cnv_2".to_owned())]);
    let customer = store.customer(&CustomerId("cus_1".to_owned())).await.unwrap().unwrap();
    assert_eq!((customer.seen_at.0, customer.identity.labels), (200, vec!["vip".to_owned()]));
    let (conversation, message) = (ConversationId("cnv_2".to_owned()), MessageId("msg_3".to_owned()));
    let at = protocol::time::UnixMillis(300);
    let (reach, author) = (Reach::Own(agent_id), Author::System);
    let edited = store.edit_message(&conversation, &message, "hi!".to_owned(), reach, author, at).await;
    assert_eq!(edited.unwrap().events[0].seq, 3);
    let done = ConversationId("cnv_3".to_owned());
    store.set_status(&done, None, ConversationStatus::Unread, Author::Customer, at).await.unwrap();
    assert_eq!(store.waiting(10).await.unwrap()[1].since, at);
}

#[test]
fn what_version_1_deleted_is_no_longer_in_the_file() {
    let file = of_version_1("version-1-unclean");
    let holds_it = || {
        let bytes = std::fs::read(file.path()).unwrap();
        String::from_utf8_lossy(&bytes).contains("lives far away")
    };
    assert!(holds_it());
    drop(file.open());
    assert!(!holds_it());
}
