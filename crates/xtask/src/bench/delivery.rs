//! The load generator against the product and the relays on published packages.

use crate::command::{program, run};
use crate::install;
use crate::place::Place;
use anyhow::Result;

/// Measures, prints, and keeps the tables in a file.
pub(super) fn measure(place: &Place, tables: &[String]) -> Result<()> {
    let peers = place.tests().join("bench/peers");
    install::npm_packages(place, &peers)?;
    run(program(&place.root, "cargo", &["build", "--release", "--package", "load"]).env_remove("RUSTFLAGS"))?;
    let output = place.target.join("bench-delivery.md");
    let generator = place.target.join("release/load");
    run(program(&place.root, generator, &["bench"])
        .args([&place.server(), &peers, &place.target.join("bench-data"), &output])
        .args(tables))?;
    println!("written to {}", output.display());
    Ok(())
}
