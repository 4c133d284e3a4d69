//! esbuild: bundles the loader, the reader and the SDK, and minifies every other script and style sheet.

use super::stage::Stage;
use crate::command::{program, run};
use crate::place::Place;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bundles: the source, the bundle and its format.
const BUNDLES: [(&str, &str, &str); 6] = [
    ("widget/loader.js", "loader.js", "iife"),
    ("reader/index.js", "reader.js", "esm"),
    ("reader/agent/index.js", "reader-agent.js", "esm"),
    ("reader/aspects.js", "reader-aspects.js", "esm"),
    ("sdk/recorder.js", "sdk/recorder.js", "esm"),
    ("sdk/viewer.js", "sdk/viewer.js", "esm"),
];

/// Folders whose pages name scripts and styles one by one. Scripts at the top of a folder are entry points;
/// those in folders below are parts of them.
const APPS: [&str; 3] = ["widget", "viewer", "console"];

/// Scripts at the top of a folder that are no entry points: the loader is a bundle of its own kind, and these
/// modules' JavaScript goes into the script that imports it, which saves the page a request. The recorder's does
/// not: it is loaded later, when the visitor agrees to share the page.
const CARRIED: [&str; 4] = ["widget/loader.js", "widget/widget.js", "viewer/viewer.js", "console/console.js"];

/// Gives the folder with the results, laid out like the stage; bundles lie at the names above.
pub(crate) fn build(place: &Place, stage: &Stage) -> Result<PathBuf> {
    let results = place.scratch().join("scripts");
    if results.exists() {
        fs::remove_dir_all(&results)?;
    }
    fs::create_dir_all(&results)?;
    for (source, bundle, format) in BUNDLES {
        let source = stage.folder.join(source);
        if source.is_file() {
            run(esbuild(place, stage)
                .arg(source)
                .args(["--bundle", &format!("--format={format}")])
                .arg(format!("--outfile={}", results.join(bundle).display())))?;
        }
    }
    let mut scripts = Vec::new();
    let mut styles = Vec::new();
    for folder in APPS {
        let folder = stage.folder.join(folder);
        collect(&folder, &mut styles)?;
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(".js") && !CARRIED.iter().any(|name| path.ends_with(name)) {
                scripts.push(path);
            }
        }
    }
    run(to_results(&mut esbuild(place, stage), stage, &results)
        .args(["--bundle", "--format=esm"])
        .args(&scripts))?;
    if !styles.is_empty() {
        run(to_results(&mut esbuild(place, stage), stage, &results).args(&styles))?;
    }
    Ok(results)
}

fn to_results<'a>(esbuild: &'a mut Command, stage: &Stage, results: &Path) -> &'a mut Command {
    esbuild
        .arg(format!("--outbase={}", stage.folder.display()))
        .arg(format!("--outdir={}", results.display()))
}

fn esbuild(place: &Place, stage: &Stage) -> Command {
    let binary = place.www().join("node_modules/.bin/esbuild");
    program(
        &stage.folder,
        binary,
        &["--minify", "--target=es2022", "--charset=utf8", "--legal-comments=none", "--log-level=warning"],
    )
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            collect(&path, files)?;
        } else if path.to_string_lossy().ends_with(".css") {
            files.push(path);
        }
    }
    Ok(())
}
