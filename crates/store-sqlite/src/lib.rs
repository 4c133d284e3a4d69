//! The default store: SQLite with one writer thread that commits in groups, and a few connections for reading.

mod agents;
mod attachments;
mod backup;
mod checkpoint;
mod cobrowse;
mod connection;
mod conversations;
mod customers;
mod erasure;
mod error;
mod log;
mod migrations;
mod readers;
mod recordings;
mod row;
mod sessions;
mod statement;
mod teams;
mod touchpoints;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use store::{Health, Store, StoreError};
use tokio::sync::Mutex;

use crate::checkpoint::Checkpointer;
use crate::erasure::Scrubber;
use crate::error::broken;
use crate::readers::Readers;
use crate::writer::{GATHER_TIME, Writer};

/// A store in one SQLite file. Dropping it writes what still waits and closes the file.
#[derive(Debug)]
pub struct SqliteStore {
    // Readers are dropped first, so that the writer's connection is the last one and tidies up the log.
    readers: Arc<Readers>,
    scrubber: Arc<Scrubber>,
    writer: Arc<Writer>,
    file: PathBuf,
    /// Held by whoever keeps a snapshot for long.
    snapshot: Arc<Mutex<()>>,
}

impl SqliteStore {
    /// Opens the file, makes it when it is missing, and brings its tables up to this version.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when the file cannot be opened, is of a newer version, or a migration fails.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let mut connection = connection::open_for_writing(file).map_err(broken)?;
        migrations::apply(&mut connection)?;
        erasure::scrub_alone(&connection)?;
        let readers = Arc::new(Readers::open(file).map_err(broken)?);
        let own = connection::open_for_writing(file).map_err(broken)?;
        let checkpointer = Checkpointer::start(&mut connection, own)?;
        let writer = Arc::new(Writer::start(connection, GATHER_TIME, Some(checkpointer))?);
        let snapshot = Arc::new(Mutex::new(()));
        let scrubber =
            Arc::new(Scrubber::new(file, Arc::clone(&writer), Arc::clone(&readers), Arc::clone(&snapshot)));
        Ok(Self { readers, scrubber, writer, file: file.to_owned(), snapshot })
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

    async fn health(&self) -> Health {
        self.writer.health().await
    }

    async fn back_up(&self, file: &Path) -> Result<(), StoreError> {
        let alone = Arc::clone(&self.snapshot).lock_owned().await;
        backup::to(&self.file, file, alone).await
    }
}
