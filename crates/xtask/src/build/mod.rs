//! From sources to `www/dist/` and `target/release/tandem`, in the order the parts need each other.

mod compress;
mod dist;
mod layout;
mod scripts;
mod stage;
mod wasm;

pub(crate) use stage::Stage;

use crate::command::{program, run};
use crate::install;
use crate::place::Place;
use anyhow::{Context, Result};
use std::fs::{self, File};

/// Builds the web files, then the server that embeds them.
pub(crate) fn everything(place: &Place) -> Result<()> {
    web(place)?;
    println!("Building the server");
    run(program(&place.root, "cargo", &["build", "--release", "--package", "server"]).env_remove("RUSTFLAGS"))
}

/// Builds `www/dist/` and gives the staged sources it was made from.
pub(crate) fn web(place: &Place) -> Result<Stage> {
    let _lock = lock(place)?;
    install::wasm_target(place)?;
    install::rust_source(place)?;
    install::npm_packages(place, &place.www())?;
    println!("Building the wasm modules");
    let modules = wasm::build(place)?;
    let stage = Stage::prepare(place, &modules)?;
    let scripts = scripts::build(place, &stage)?;
    let mut dist = layout::lay_out(place, &modules, scripts)?;
    dist.compress(place)?;
    dist.write(&place.dist())?;
    Ok(stage)
}

/// One build at a time writes into the scratch folder; a second one waits.
fn lock(place: &Place) -> Result<File> {
    fs::create_dir_all(place.scratch())?;
    let file = File::create(place.scratch().join("lock"))?;
    file.lock().context("cannot lock the build")?;
    Ok(file)
}
