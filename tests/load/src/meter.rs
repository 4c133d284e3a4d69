//! What a process costs, as the kernel counts it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// Reads `/proc` of one process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter {
    pid: u32,
}

impl Meter {
    pub(crate) fn of(pid: u32) -> Self {
        Self { pid }
    }

    /// Processor time of all its threads, in user and in kernel mode.
    pub(crate) fn cpu(self) -> Result<Duration> {
        let text = self.read("stat")?;
        // The name stands in parentheses and may hold anything; the fields are counted behind it (proc(5)).
        let (_, fields) = text.rsplit_once(')').context("stat has no name")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok());
        let ticks = ticks(11).zip(ticks(12)).map(|(user, kernel)| user + kernel).context("stat is short")?;
        Ok(Duration::from_millis(ticks * 1_000 / rustix::param::clock_ticks_per_second()))
    }

    /// Bytes of memory in use.
    pub(crate) fn resident_bytes(self) -> Result<u64> {
        self.status("VmRSS:")
    }

    fn status(self, name: &str) -> Result<u64> {
        let text = self.read("status")?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024)
    }

    fn read(self, file: &str) -> Result<String> {
        let path = Path::new("/proc").join(self.pid.to_string()).join(file);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_very_process_uses_memory_and_can_be_read() {
        let meter = Meter::of(std::process::id());
        assert!(meter.cpu().is_ok());
        let resident = meter.resident_bytes().unwrap();
        assert!(resident > 100_000);
    }
}
