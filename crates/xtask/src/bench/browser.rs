//! Times of the product in a real browser.

use crate::command::{program, run};
use crate::install;
use crate::place::Place;
use anyhow::Result;

/// Measures and prints.
pub(super) fn measure(place: &Place) -> Result<()> {
    let tests = place.tests();
    install::chromium(place)?;
    install::npm_packages(place, &tests)?;
    let rust_docs = install::rust_docs(place)?;
    run(program(&tests, "node", &["bench/run.js"])
        .env("TANDEM_BINARY", place.server())
        .env("TANDEM_RUST_DOCS", rust_docs))
}
