//! `./build.sh bench`: times of the running product in a real browser, as tables.

use crate::command::{program, run};
use crate::place::Place;
use crate::{build, install};
use anyhow::Result;

/// Builds, then measures.
pub(crate) fn print(place: &Place) -> Result<()> {
    build::everything(place)?;
    let tests = place.tests();
    install::chromium(place)?;
    install::npm_packages(place, &tests)?;
    let rust_docs = install::rust_docs(place)?;
    run(program(&tests, "node", &["bench/run.js"])
        .env("TANDEM_BINARY", place.server())
        .env("TANDEM_RUST_DOCS", rust_docs))
}
