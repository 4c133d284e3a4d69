//! The JSDoc types of the hand-written scripts, checked by the TypeScript compiler.

use crate::build::Stage;
use crate::command::{program, succeeds};
use crate::place::Place;
use anyhow::Result;
use std::fs;

/// Checks the staged copy, where the generated modules lie beside the scripts that import them.
pub(super) fn are_sound(place: &Place, stage: &Stage) -> Result<bool> {
    println!("\ntsc over www/");
    fs::copy(place.www().join("tsconfig.json"), stage.folder.join("tsconfig.json"))?;
    let tsc = place.www().join("node_modules/.bin/tsc");
    succeeds(&mut program(&stage.folder, tsc, &["--project", "tsconfig.json"]))
}
