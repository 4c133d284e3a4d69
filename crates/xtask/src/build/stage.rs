//! A copy of the hand-written scripts with the generated modules beside them, where their imports expect them.
//! esbuild bundles from here and the type checker reads here, so the source tree stays free of build output.

use super::wasm::Modules;
use crate::place::Place;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Which generated module lies in which folder of the stage.
const GENERATED: [(&str, &str); 5] = [
    ("widget", "widget"),
    ("recorder", "widget"),
    ("console", "console"),
    ("viewer", "viewer"),
    ("recorder", "modules"),
];

/// The folders of `www/` that hold scripts.
const SOURCES: [&str; 7] = ["shared", "widget", "reader", "sdk", "viewer", "console", "demo"];

/// The staged copy.
pub(crate) struct Stage {
    /// Its top folder.
    pub(crate) folder: PathBuf,
}

impl Stage {
    /// Makes the copy anew.
    pub(crate) fn prepare(place: &Place, modules: &Modules) -> Result<Self> {
        let folder = place.scratch().join("stage");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        for name in SOURCES {
            copy_folder(&place.www().join(name), &folder.join(name))?;
        }
        for (module, target) in GENERATED.into_iter().chain([("viewer", "modules")]) {
            let made = modules.get(module).context("a module is missing")?;
            for ending in [".js", ".d.ts"] {
                let file = format!("{module}{ending}");
                fs::create_dir_all(folder.join(target))?;
                fs::copy(made.join(&file), folder.join(target).join(&file))?;
            }
        }
        Ok(Self { folder })
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    if !from.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
