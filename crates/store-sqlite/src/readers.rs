//! A few connections for reading, each used by one thread at a time.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use store::StoreError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::connection::open_for_reading;

const READERS: u32 = 4;

/// The connections and who may take one.
#[derive(Debug)]
pub(crate) struct Readers {
    free: Arc<Mutex<Vec<Connection>>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    /// Opens them all.
    pub(crate) fn open(file: &Path) -> rusqlite::Result<Self> {
        let connections = (0..READERS).map(|_| open_for_reading(file)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            free: Arc::new(Mutex::new(connections)),
            turns: Arc::new(Semaphore::new(READERS as usize)),
        })
    }

    /// Waits for those who read and keeps others from beginning until it is dropped.
    pub(crate) async fn pause(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        Arc::clone(&self.turns).acquire_many_owned(READERS).await.map_err(|_| closed())
    }

    /// Runs `work` on a thread for blocking, as soon as a connection is free.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| closed())?;
        let free = Arc::clone(&self.free);
        let task = tokio::task::spawn_blocking(move || {
            let taken = free.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(connection) = taken else {
                return Err(StoreError::Broken("no reader is free".to_owned()));
            };
            let answer = work(&connection).map_err(|error| StoreError::Broken(error.to_string()));
            free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            drop(turn);
            answer
        });
        task.await.map_err(|error| StoreError::Broken(error.to_string()))?
    }
}

fn closed() -> StoreError {
    StoreError::Broken("the readers are closed".to_owned())
}
