//! What SQLite says, in the words of the store.

use rusqlite::{ErrorCode, ffi};
use store::{Health, StoreError};

/// The error of a statement for which no other word fits.
pub(crate) fn broken(error: rusqlite::Error) -> StoreError {
    if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) {
        // Another process wrote for longer than we wait; nothing was stored.
        return StoreError::Busy;
    }
    match health_after(&error) {
        Health::Full | Health::ReadOnly => StoreError::Unwritable,
        Health::Writable => StoreError::Broken(error.to_string()),
    }
}

/// `refused` when a constraint refused the row, else as [`broken`].
pub(crate) fn constraint(error: rusqlite::Error, refused: StoreError) -> StoreError {
    if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) {
        return refused;
    }
    broken(error)
}

/// What an error of a write says about the disk: nothing, for most of them.
pub(crate) fn health_after(error: &rusqlite::Error) -> Health {
    let Some(failure) = error.sqlite_error() else { return Health::Writable };
    match failure.extended_code {
        ffi::SQLITE_IOERR_WRITE
        | ffi::SQLITE_IOERR_FSYNC
        | ffi::SQLITE_IOERR_DIR_FSYNC
        | ffi::SQLITE_IOERR_TRUNCATE
        | ffi::SQLITE_IOERR_SHMOPEN
        | ffi::SQLITE_IOERR_SHMSIZE
        | ffi::SQLITE_IOERR_SHMMAP
        | ffi::SQLITE_IOERR_SHMLOCK => Health::ReadOnly,
        code => match code & 0xff {
            ffi::SQLITE_FULL => Health::Full,
            ffi::SQLITE_READONLY | ffi::SQLITE_CANTOPEN => Health::ReadOnly,
            _ => Health::Writable,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(codes: &[i32], expected: &StoreError) {
        for code in codes {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(*code), None);
            assert_eq!(&broken(error), expected, "code {code}");
        }
    }

    #[test]
    fn a_disk_that_refuses_is_told_from_a_store_that_is_broken() {
        let refusals = [
            ffi::SQLITE_FULL,
            ffi::SQLITE_READONLY,
            ffi::SQLITE_READONLY_DIRECTORY,
            ffi::SQLITE_READONLY_DBMOVED,
            ffi::SQLITE_CANTOPEN,
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_IOERR_TRUNCATE,
            ffi::SQLITE_IOERR_SHMSIZE,
        ];
        check(&refusals, &StoreError::Unwritable);
        check(&[ffi::SQLITE_BUSY, ffi::SQLITE_BUSY_SNAPSHOT], &StoreError::Busy);
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_IOERR_READ, ffi::SQLITE_NOTADB, ffi::SQLITE_CONSTRAINT]
        {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            assert!(matches!(broken(error), StoreError::Broken(_)), "code {code}");
        }
    }

    #[test]
    fn a_constraint_has_the_word_of_the_caller() {
        let refused = |code| {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            constraint(error, StoreError::NoAgent)
        };
        assert_eq!(refused(ffi::SQLITE_CONSTRAINT_FOREIGNKEY), StoreError::NoAgent);
        assert_eq!(refused(ffi::SQLITE_FULL), StoreError::Unwritable);
    }
}
