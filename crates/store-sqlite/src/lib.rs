//! The default store: SQLite with one writer thread that commits in groups, and a few connections for reading.

mod agents;
mod cobrowse;
mod connection;
mod conversations;
mod customers;
mod error;
mod migrations;
mod readers;
mod row;
mod sessions;
mod touchpoints;
mod writer;

use std::path::Path;

use rusqlite::Connection;
use store::{Store, StoreError};

use crate::error::broken;
use crate::readers::Readers;
use crate::writer::Writer;

/// A store in one SQLite file. Dropping it writes what still waits and closes the file.
#[derive(Debug)]
pub struct SqliteStore {
    // Readers are dropped first, so that the writer's connection is the last one and tidies up the log.
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file, makes it when it is missing, and brings its tables up to this version.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when the file cannot be opened, is of a newer version, or a migration fails.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let mut connection = connection::open_for_writing(file).map_err(broken)?;
        migrations::apply(&mut connection)?;
        let readers = Readers::open(file).map_err(broken)?;
        let writer = Writer::start(connection)?;
        Ok(Self { readers, writer })
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.run(work).await
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.run(work).await
    }
}

#[async_trait::async_trait]
impl Store for SqliteStore {
    async fn flush(&self) -> Result<(), StoreError> {
        self.writer.run(|_| Ok(())).await
    }
}
