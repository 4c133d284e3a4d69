//! How many files the system lets this process open; a connection is one of them.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// More than this is never used, whatever the system allows.
const ENOUGH: u64 = 1_048_576;

/// Asks for as many as this process may have. Systems begin with few, for the sake of programs older than `poll`.
pub(crate) fn raise_limit() {
    let raised = getrlimit(Resource::RLIMIT_NOFILE).and_then(|(soft, hard)| {
        let wanted = hard.min(ENOUGH);
        if soft < wanted { setrlimit(Resource::RLIMIT_NOFILE, wanted, hard) } else { Ok(()) }
    });
    if let Err(error) = raised {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// Returns how many there may be. A system that does not say allows what most do.
pub(super) fn limit() -> usize {
    const USUAL: u64 = 1_024;
    let soft = getrlimit(Resource::RLIMIT_NOFILE).map_or(USUAL, |(soft, _)| soft);
    usize::try_from(soft.min(ENOUGH)).unwrap_or(usize::MAX)
}
