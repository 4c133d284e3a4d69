//! A disk under a folder: mounted, unmounted, mounted again with what is left.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};
use fuser::{BackgroundSession, Config, MountOption};
use nix::mount::{MntFlags, umount2};

use super::loss::Loss;
use super::{Disk, layer::Layer};
use crate::random::Random;

/// A disk under a folder. It is taken away when this is dropped, also by a panic.
#[derive(Debug)]
pub(crate) struct Mounted {
    folder: PathBuf,
    disk: Arc<Mutex<Disk>>,
    session: Option<BackgroundSession>,
}

impl Mounted {
    /// Mounts an empty disk under a folder, which is made.
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let disk = Arc::new(Mutex::new(Disk::new()));
        let mut mounted = Self { folder: folder.to_owned(), disk, session: None };
        mounted.mount()?;
        Ok(mounted)
    }

    fn mount(&mut self) -> Result<()> {
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("tandem-faults".to_owned()), MountOption::NoAtime];
        config.n_threads = Some(2);
        let session = fuser::spawn_mount(Layer(Arc::clone(&self.disk)), &self.folder, &config)
            .context("cannot mount with FUSE; this test needs /dev/fuse and root")?;
        self.session = Some(session);
        Ok(())
    }

    pub(crate) fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Loses power and comes back with what is left. Nobody may have a file of it open.
    pub(crate) fn lose_power(&mut self, random: &mut Random) -> Result<Loss> {
        self.unmount();
        let loss = self.disk().lose_power(random);
        self.mount()?;
        Ok(loss)
    }

    fn unmount(&mut self) {
        let Some(session) = self.session.take() else { return };
        // Whoever still has a file open keeps it until they close it, but the folder is free at once.
        let _ = umount2(&self.folder, MntFlags::MNT_DETACH);
        let _ = session.umount_and_join();
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.unmount();
    }
}
