//! The one clock every latency is read from, and a timer that is finer than the runtime's millisecond.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::Result;
use rustix::fd::OwnedFd;
use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Nanoseconds since the first call in this process.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(crate) fn now_ns() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// Milliseconds since 1970, for ids.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(crate) fn unix_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Waits to the microsecond.
pub(crate) struct FineTimer {
    file: AsyncFd<OwnedFd>,
}

impl FineTimer {
    #[expect(
        deprecated,
        reason = "its successor is unsafe for any descriptor; an owned one cannot go too early"
    )]
    pub(crate) fn new() -> Result<Self> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let file = rustix::time::timerfd_create(TimerfdClockId::Monotonic, flags)?;
        Ok(Self { file: AsyncFd::with_interest(file, Interest::READABLE)? })
    }

    /// Comes back at `at_ns`, or at once when that is over.
    pub(crate) async fn wait_until(&self, at_ns: u64) -> Result<()> {
        let wait = Duration::from_nanos(at_ns.saturating_sub(now_ns()));
        if wait.is_zero() {
            return Ok(());
        }
        let once = Itimerspec {
            it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
            it_value: Timespec { tv_sec: wait.as_secs().cast_signed(), tv_nsec: wait.subsec_nanos().into() },
        };
        rustix::time::timerfd_settime(&self.file, TimerfdTimerFlags::empty(), &once)?;
        let mut ready = self.file.readable().await?;
        // Setting it anew takes the expiry back, so nothing has to be read.
        ready.clear_ready();
        Ok(())
    }
}
