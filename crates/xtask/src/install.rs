//! What a step needs and a fresh machine lacks: rustup's parts, npm packages, Debian packages.

use crate::command::{is_installed, output, program, run};
use crate::digest::Digest;
use crate::place::Place;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// The wasm target of the toolchain in use.
pub(crate) fn wasm_target(place: &Place) -> Result<()> {
    let library = output(&mut program(
        &place.root,
        "rustc",
        &["--print", "target-libdir", "--target", "wasm32-unknown-unknown"],
    ))?;
    if Path::new(&library).is_dir() {
        return Ok(());
    }
    println!("Installing the wasm target");
    run(&mut program(&place.root, "rustup", &["target", "add", "wasm32-unknown-unknown"]))
}

/// The source of the standard library, which is compiled for size with the wasm modules.
pub(crate) fn rust_source(place: &Place) -> Result<()> {
    let sysroot = output(&mut program(&place.root, "rustc", &["--print", "sysroot"]))?;
    if Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file() {
        return Ok(());
    }
    println!("Installing the source of the standard library");
    run(&mut program(&place.root, "rustup", &["component", "add", "rust-src"]))
}

/// `cargo fmt` and `cargo clippy`, which a minimal toolchain does not have.
pub(crate) fn lint_tools(place: &Place) -> Result<()> {
    for (binary, component) in [("cargo-clippy", "clippy"), ("rustfmt", "rustfmt")] {
        if !is_installed(binary) {
            run(&mut program(&place.root, "rustup", &["component", "add", component]))?;
        }
    }
    Ok(())
}

/// The toolchain's HTML documentation: real pages for the journeys to run on.
pub(crate) fn rust_docs(place: &Place) -> Result<PathBuf> {
    let sysroot = output(&mut program(&place.root, "rustc", &["--print", "sysroot"]))?;
    let of_toolchain = Path::new(&sysroot).join("share/doc/rust/html");
    let of_debian = PathBuf::from("/usr/share/doc/rust-doc/html");
    for folder in [&of_toolchain, &of_debian] {
        if folder.join("std/index.html").is_file() {
            return Ok(folder.clone());
        }
    }
    if is_installed("rustup")
        && run(&mut program(&place.root, "rustup", &["component", "add", "rust-docs"])).is_ok()
    {
        return Ok(of_toolchain);
    }
    debian_packages(place, &["rust-doc"])?;
    Ok(of_debian)
}

/// The npm packages of the project in `folder`, exactly as its lock file says.
pub(crate) fn npm_packages(place: &Place, folder: &Path) -> Result<()> {
    if !is_installed("npm") {
        bail!("npm is missing; install Node 20 or later");
    }
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let wanted = Digest::of("npm").with(&lock).hex();
    let stamp = folder.join("node_modules/.tandem-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!(
        "Installing the npm packages of {}",
        folder.strip_prefix(&place.root).unwrap_or(folder).display()
    );
    let npm_cache = place.cache().join("npm");
    run(program(folder, "npm", &["ci", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"])
        .arg("--cache")
        .arg(npm_cache)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// Chromium with fonts for Latin and Arabic text and for emoji.
pub(crate) fn chromium(place: &Place) -> Result<()> {
    if Path::new("/usr/bin/chromium").exists() {
        return Ok(());
    }
    debian_packages(place, &["chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"])
}

fn debian_packages(place: &Place, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if output(&mut program(&place.root, "id", &["-u"]))? != "0" {
        bail!("missing Debian packages; install them with: apt-get install {names}");
    }
    println!("Installing {names}");
    run(program(&place.root, "apt-get", &["update", "-q"]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    run(program(&place.root, "apt-get", &["install", "-y", "-q", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}
