//! Where a scenario works: the binary under test, a scratch folder that is gone afterwards, ports.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use nix::mount::{MntFlags, umount2};

use crate::random::Random;

/// The binary under test.
pub(crate) fn binary() -> Result<PathBuf> {
    let path = match std::env::var_os("TANDEM_BINARY") {
        Some(path) => PathBuf::from(path),
        None => root().join("target/release/tandem"),
    };
    if !path.is_file() {
        bail!("{} is missing; build it with ./build.sh, or name another in TANDEM_BINARY", path.display());
    }
    Ok(path)
}

/// A whole number from the environment, or this one.
pub(crate) fn number(name: &str, otherwise: u64) -> Result<u64> {
    match std::env::var(name) {
        Ok(text) => text.parse().with_context(|| format!("{name}: `{text}` is not a number")),
        Err(_) => Ok(otherwise),
    }
}

fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// A folder of one scenario. It is removed at the end, also after a panic; mounts inside it first.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder, empty. What an earlier run left there, mounts included, is cleared away.
    pub(crate) fn new(name: &str) -> Result<Self> {
        let above = std::env::var_os("TANDEM_FAULTS_SCRATCH").map_or_else(std::env::temp_dir, PathBuf::from);
        let folder = above.join(format!("tandem-faults-{name}"));
        clear(&folder);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        clear(&self.0);
    }
}

fn clear(folder: &Path) {
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let points = mounts.lines().filter_map(|line| line.split(' ').nth(1)).map(Path::new);
    for point in points.filter(|point| point.starts_with(folder)) {
        // A mount whose server died answers nothing any more, but it can still be taken away.
        let _ = umount2(point, MntFlags::MNT_DETACH);
    }
    let _ = std::fs::remove_dir_all(folder);
}

/// A port that is free, below those the system hands out by itself: nobody takes it while the server is down.
pub(crate) fn free_port(random: &mut Random) -> Result<SocketAddr> {
    for _ in 0..200 {
        let port = u16::try_from(random.between(20_000, 32_000)).context("a port is a small number")?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    bail!("no port is free")
}
