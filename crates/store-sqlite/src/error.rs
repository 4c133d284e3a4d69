//! What SQLite says, in the words of the store.

use rusqlite::ErrorCode;
use store::StoreError;

/// The error of a statement for which no other word fits.
pub(crate) fn broken(error: rusqlite::Error) -> StoreError {
    StoreError::Broken(error.to_string())
}

/// `refused` when a constraint refused the row, broken otherwise.
pub(crate) fn constraint(error: rusqlite::Error, refused: StoreError) -> StoreError {
    if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) {
        return refused;
    }
    broken(error)
}
