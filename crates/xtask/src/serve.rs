//! `./build.sh run`: the demo on this machine.

use crate::build;
use crate::place::Place;
use crate::sizes;
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

/// Builds, then becomes the server, so that Ctrl-C and SIGTERM reach it without a middleman.
/// `flags` go to `tandem serve` as they are.
pub(crate) fn demo(place: &Place, flags: &[String]) -> Result<ExitCode> {
    build::everything(place)?;
    sizes::report(place)?;
    let mut server = Command::new(place.server());
    server.args(["serve", "--demo"]).args(flags).current_dir(&place.root);
    if !flags.iter().any(|flag| flag.starts_with("--data")) {
        server.arg("--data").arg(place.target.join("demo-data"));
    }
    let error = server.exec();
    Err(error).context("target/release/tandem did not start")
}
