//! The fault scenarios: the release build of the server is killed, cut off, robbed of its power and its disk.

use super::tally::Tally;
use crate::command::{output, program, run as run_to_end};
use crate::place::Place;
use anyhow::{Context, Result, bail};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

/// Runs every scenario, one after the other.
pub(super) fn run(place: &Place, tally: &mut Tally) -> Result<()> {
    require_mounts(place)?;
    println!("\nfaults");
    run_to_end(&mut program(&place.root, "cargo", &["build", "--release", "--package", "faults"]))?;
    let mut faults = program(&place.root, place.target.join("release/faults"), &[])
        .env("TANDEM_BINARY", place.server())
        .stdout(Stdio::piped())
        .spawn()
        .context("the scenarios did not start")?;
    let printed = faults.stdout.take().context("the scenarios have no output")?;
    let mut sums = None;
    for line in BufReader::new(printed).lines() {
        let line = line?;
        println!("{line}");
        sums = read_sums(&line).or(sums);
    }
    let is_passed = faults.wait()?.success();
    let (passed, failed) = sums.unwrap_or((0, 1));
    tally.add("fault scenarios", passed, if is_passed { failed } else { failed.max(1) });
    Ok(())
}

/// Lost power and full disks are disks of our own, which only root may mount.
fn require_mounts(place: &Place) -> Result<()> {
    if !Path::new("/dev/fuse").exists() {
        bail!("the fault scenarios mount disks of their own and need /dev/fuse");
    }
    if output(&mut program(&place.root, "id", &["-u"]))? != "0" {
        bail!("the fault scenarios mount disks of their own and need root");
    }
    Ok(())
}

/// Reads the last line, `7 passed, 0 failed`.
fn read_sums(line: &str) -> Option<(u64, u64)> {
    let (passed, failed) = line.split_once(" passed, ")?;
    Some((passed.parse().ok()?, failed.strip_suffix(" failed")?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::read_sums;

    #[test]
    fn the_last_line_gives_the_sums_and_others_do_not() {
        assert_eq!(read_sums("6 passed, 1 failed"), Some((6, 1)));
        assert_eq!(read_sums("killed: passed; seed 7; kills 20"), None);
    }
}
