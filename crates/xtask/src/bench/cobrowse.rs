//! Reader, recorder and viewer beside rrweb, on the same pages in one browser.

use crate::command::{program, run};
use crate::install;
use crate::place::Place;
use anyhow::Result;

/// Measures, prints, and keeps the tables in a file. `words` are names of tables and options of the script.
pub(super) fn measure(place: &Place, words: &[String]) -> Result<()> {
    let tests = place.tests();
    install::chromium(place)?;
    install::npm_packages(place, &tests)?;
    install::npm_packages(place, &tests.join("bench/cobrowse"))?;
    let rust_docs = install::rust_docs(place)?;
    run(program(&tests, "node", &["bench/cobrowse/run.js", "--output"])
        .arg(place.target.join("bench-cobrowse.md"))
        .args(words)
        .env("TANDEM_BINARY", place.server())
        .env("TANDEM_RUST_DOCS", rust_docs))
}
