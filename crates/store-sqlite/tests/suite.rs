//! The suite every store passes, on a file of its own for each case, and what only SQLite has to prove.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking, as tests do")]

mod common;

use store::{Conversations as _, Purpose, Store, Touchpoints as _};
use store_sqlite::SqliteStore;

use common::File;

macro_rules! case {
    ($case:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let file = File::new(stringify!($case));
            store::suite::$case(&file.open()).await;
        }
    };
}

store::store_suite!(case);

#[tokio::test]
async fn what_was_acknowledged_is_there_after_opening_again() {
    let file = File::new("again");
    store::suite::a_message_is_kept_once_per_id(&file.open()).await;
    let store = file.open();
    let found = store.conversations(store::ConversationFilter::Any, None, 10).await.unwrap();
    assert_eq!(found.len(), 1);
    store.flush().await.unwrap();
}

#[tokio::test]
async fn another_process_may_write_meanwhile() {
    let file = File::new("shared");
    let (one, other) = (file.open(), file.open());
    one.claim(Purpose::Real).await.unwrap();
    assert_eq!(other.claim(Purpose::Demo).await, Ok(Purpose::Real));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let file = File::new("nonsense");
    std::fs::write(file.path(), "this is no database, however long the text in it may be").unwrap();
    assert!(SqliteStore::open(file.path()).is_err());
}
