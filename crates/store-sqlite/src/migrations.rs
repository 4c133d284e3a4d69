//! Numbered migrations. `user_version` of the file is the number of the last one that was applied.

use rusqlite::{Connection, TransactionBehavior};
use store::StoreError;

use crate::error::broken;

const MIGRATIONS: [&str; 4] = [
    include_str!("../migrations/0001_chat.sql"),
    include_str!("../migrations/0002_delivery.sql"),
    include_str!("../migrations/0003_control.sql"),
    include_str!("../migrations/0004_recordings.sql"),
];

/// The last version that did not overwrite what it deleted.
const LAST_UNCLEAN: u32 = 1;

/// Brings the tables up to this version, each step in its own transaction.
pub(crate) fn apply(connection: &mut Connection) -> Result<(), StoreError> {
    let present: u32 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(broken)?;
    if present == LAST_UNCLEAN {
        // Whatever was deleted or replaced until now may still be in the file.
        connection.execute_batch("VACUUM").map_err(broken)?;
    }
    loop {
        // The version is read inside the transaction, so that two processes do not apply one step twice.
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(broken)?;
        let version: u32 =
            transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(broken)?;
        let applied = version as usize;
        if applied > MIGRATIONS.len() {
            return Err(StoreError::Broken(format!(
                "the data is of version {version}, this build knows up to {}",
                MIGRATIONS.len()
            )));
        }
        let Some(step) = MIGRATIONS.get(applied) else { return Ok(()) };
        transaction.execute_batch(step).map_err(broken)?;
        transaction.pragma_update(None, "user_version", version + 1).map_err(broken)?;
        transaction.commit().map_err(broken)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_apply_once_and_again_change_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection).unwrap();
        apply(&mut connection).unwrap();
        let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version as usize, MIGRATIONS.len());
    }

    #[test]
    fn data_of_a_newer_version_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 999).unwrap();
        assert!(matches!(apply(&mut connection), Err(StoreError::Broken(_))));
    }
}
