//! A backup is a moment of the history, whole, however much is written meanwhile.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking, as tests do")]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::File;
use protocol::conversation::{ConversationEvent, EventKind};
use protocol::id::MessageId;
use rusqlite::Connection;
use store::suite::samples::{conversation_id, from_customer, people};
use store::{Conversations as _, NewMessage, Store, StoreError};
use tokio::task::JoinSet;

/// Conversations that are written to.
const CONVERSATIONS: u8 = 8;
/// Messages in each before the backup begins: enough for it to take several steps.
const BEFORE: u16 = 400;

fn message(conversation: u8, number: u16) -> NewMessage {
    let text = format!("{conversation}/{number} {}", "words and more ".repeat(120));
    NewMessage { conversation_id: conversation_id(conversation), ..from_customer(1, number, &text) }
}

async fn history(store: &Arc<dyn Store>) {
    people(store.as_ref()).await;
    let mut tasks = JoinSet::new();
    for conversation in 0..CONVERSATIONS {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            for number in 0..BEFORE {
                store.append_message(message(conversation, number)).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
}

/// Appends until it is over; returns how many messages each conversation has.
fn go_on(store: &Arc<dyn Store>, is_over: &Arc<AtomicBool>) -> JoinSet<(u8, u16)> {
    let mut tasks = JoinSet::new();
    for conversation in 0..CONVERSATIONS {
        let (store, is_over) = (Arc::clone(store), Arc::clone(is_over));
        tasks.spawn(async move {
            let mut number = BEFORE;
            while !is_over.load(Ordering::Relaxed) {
                store.append_message(message(conversation, number)).await.unwrap();
                number += 1;
            }
            (conversation, number)
        });
    }
    tasks
}

async fn events(store: &dyn Store, conversation: u8) -> Vec<ConversationEvent> {
    store.events(&conversation_id(conversation), 0, usize::MAX).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_one_moment_of_the_history_while_writes_go_on() {
    let (file, copy) = (File::new("backed-up"), File::new("copy"));
    let store: Arc<dyn Store> = Arc::new(file.open());
    history(&store).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let writers = go_on(&store, &is_over);
    store.append_message(message(0, 60_000)).await.unwrap();
    store.back_up(copy.path()).await.unwrap();
    is_over.store(true, Ordering::Relaxed);
    let written: BTreeMap<u8, u16> = writers.join_all().await.into_iter().collect();
    assert_eq!(copy.all(), [copy.path()], "nothing else is left");
    let restored = copy.open();
    let mut is_behind = false;
    for conversation in 0..CONVERSATIONS {
        let (all, kept) = (events(store.as_ref(), conversation).await, events(&restored, conversation).await);
        assert!(kept.len() >= usize::from(BEFORE), "acknowledged messages are missing");
        assert_eq!(kept, all[..kept.len()], "a history is another one");
        let found = restored.conversation(&conversation_id(conversation)).await.unwrap().unwrap();
        assert_eq!(found.head.head_seq, kept.len() as u64);
        is_behind |= kept.len() < all.len();
        assert!(written[&conversation] > BEFORE, "nothing was written meanwhile");
    }
    assert!(is_behind, "it was copied after everything was over");
    let late = MessageId::clone(&message(0, 60_000).message_id);
    let is_there = events(&restored, 0)
        .await
        .iter()
        .any(|event| matches!(&event.what, EventKind::Message { message_id, .. } if *message_id == late));
    assert!(is_there, "what was acknowledged just before is missing");
    restored.append_message(message(0, 60_001)).await.unwrap();
    drop(restored);
    let connection = Connection::open(copy.path()).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

#[tokio::test]
async fn a_file_that_is_there_already_is_not_overwritten() {
    let (file, copy) = (File::new("once"), File::new("there"));
    let store = file.open();
    std::fs::write(copy.path(), "somebody's").unwrap();
    assert!(matches!(store.back_up(copy.path()).await, Err(StoreError::Broken(_))));
    assert_eq!(std::fs::read(copy.path()).unwrap(), b"somebody's");
    std::fs::remove_file(copy.path()).unwrap();
    store.back_up(copy.path()).await.unwrap();
    assert!(matches!(store.back_up(copy.path()).await, Err(StoreError::Broken(_))));
}

#[tokio::test]
async fn a_backup_that_fails_leaves_nothing() {
    let file = File::new("fails");
    let store = file.open();
    let nowhere = std::env::temp_dir().join("no such folder for a backup").join("copy.sqlite");
    assert!(matches!(store.back_up(&nowhere).await, Err(StoreError::Broken(_))));
    assert!(!nowhere.exists());
    assert!(matches!(store.back_up(std::path::Path::new("/")).await, Err(StoreError::Broken(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_is_for_its_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let (file, copy) = (File::new("owner"), File::new("owners"));
    file.open().back_up(copy.path()).await.unwrap();
    assert_eq!(std::fs::metadata(copy.path()).unwrap().permissions().mode() & 0o777, 0o600);
}
