//! A file of its own for each test, gone with its log when the test is over.

use std::path::{Path, PathBuf};

use store_sqlite::SqliteStore;

/// A file that is gone with its log when the test is over.
pub(crate) struct File(PathBuf);

impl File {
    pub(crate) fn new(name: &str) -> Self {
        let file = Self(std::env::temp_dir().join(format!("tandem-{}-{name}.sqlite", std::process::id())));
        file.remove();
        file
    }

    pub(crate) fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.0).unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The file, its log and the index of the log: those that are there.
    pub(crate) fn all(&self) -> Vec<PathBuf> {
        ["", "-wal", "-shm", "-journal"]
            .map(|ending| self.with(ending))
            .into_iter()
            .filter(|path| path.exists())
            .collect()
    }

    fn with(&self, ending: &str) -> PathBuf {
        let mut path = self.0.clone().into_os_string();
        path.push(ending);
        PathBuf::from(path)
    }

    fn remove(&self) {
        for path in self.all() {
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.remove();
    }
}
