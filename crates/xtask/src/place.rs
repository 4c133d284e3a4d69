//! Where things are: the tree, the build output and the caches.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The folders every step works with.
pub(crate) struct Place {
    /// The top of the source tree.
    pub(crate) root: PathBuf,
    /// Cargo's output folder.
    pub(crate) target: PathBuf,
}

impl Place {
    /// Finds the tree this program was built from.
    pub(crate) fn find() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.ancestors().nth(2).context("xtask does not lie in crates/")?.to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The hand-written web files.
    pub(crate) fn www(&self) -> PathBuf {
        self.root.join("www")
    }

    /// What the server embeds.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("www/dist")
    }

    /// The browser journeys.
    pub(crate) fn tests(&self) -> PathBuf {
        self.root.join("tests")
    }

    /// The server's binary.
    pub(crate) fn server(&self) -> PathBuf {
        self.target.join("release/tandem")
    }

    /// Files between two steps; may be deleted at any time.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// A folder that outlives the tree when there is a home to put it in, else one inside `target`.
    pub(crate) fn cache(&self) -> PathBuf {
        std::env::var_os("HOME")
            .map(|home| Path::new(&home).join(".cache/tandem"))
            .filter(|folder| std::fs::create_dir_all(folder).is_ok())
            .unwrap_or_else(|| self.target.join("xtask-cache"))
    }
}
