//! Results of slow steps by the digest of their input; a hit costs one look at the disk.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders above this count are dropped, oldest first.
const ENTRIES_MAX: usize = 2000;

/// A folder of folders, each the whole result of one step.
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// Opens the cache of one kind of step and drops what is too old.
    pub(crate) fn open(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let cache = Self { folder };
        cache.prune()?;
        Ok(cache)
    }

    /// Gives the result stored under `key`, if any.
    pub(crate) fn find(&self, key: &str) -> Option<PathBuf> {
        Some(self.folder.join(key)).filter(|folder| folder.is_dir())
    }

    /// Gives the folder of `key`; when it is absent, `make` fills an empty one first.
    /// A result that was only half made is never seen: the folder gets its name when it is complete.
    pub(crate) fn find_or_make(&self, key: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        if let Some(found) = self.find(key) {
            return Ok(found);
        }
        let unfinished = self.folder.join(format!("{key}.{}", std::process::id()));
        fs::create_dir_all(&unfinished)?;
        make(&unfinished)?;
        let finished = self.folder.join(key);
        // Another build may have been faster; its result is as good.
        if fs::rename(&unfinished, &finished).is_err() {
            fs::remove_dir_all(&unfinished)?;
        }
        Ok(finished)
    }

    fn prune(&self) -> Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            entries.push((entry.metadata()?.modified()?, entry.path()));
        }
        entries.sort();
        for (_, path) in entries.iter().take(entries.len().saturating_sub(ENTRIES_MAX)) {
            fs::remove_dir_all(path)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Cache;
    use std::fs;

    #[test]
    fn a_step_runs_once_per_key() {
        let folder = std::env::temp_dir().join(format!("tandem-cache-{}", std::process::id()));
        let cache = Cache::open(folder.clone()).unwrap();
        let mut runs = 0;
        for key in ["a", "b", "a"] {
            let result = cache.find_or_make(key, |made| {
                runs += 1;
                Ok(fs::write(made.join("it"), key)?)
            });
            assert_eq!(fs::read_to_string(result.unwrap().join("it")).unwrap(), key);
        }
        assert_eq!(runs, 2);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_failed_step_leaves_nothing_to_be_found() {
        let folder = std::env::temp_dir().join(format!("tandem-cache-failed-{}", std::process::id()));
        let cache = Cache::open(folder.clone()).unwrap();
        assert!(cache.find_or_make("a", |_| anyhow::bail!("no")).is_err());
        assert!(cache.find("a").is_none());
        fs::remove_dir_all(folder).unwrap();
    }
}
