//! The web files the server embeds: named, hashed, compressed, written only where they changed.

use super::compress;
use crate::digest::Digest;
use crate::place::Place;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Stands in paths and in text files where the hash of the build belongs.
pub(crate) const HASH: &str = "{{hash}}";

/// Files by their path below `www/dist/`.
#[derive(Default)]
pub(crate) struct Dist {
    files: BTreeMap<String, Vec<u8>>,
}

impl Dist {
    /// Adds one file; `path` may hold the placeholder.
    pub(crate) fn add(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.files.insert(path.into(), bytes);
    }

    /// Adds one file from disk.
    pub(crate) fn add_file(&mut self, path: impl Into<String>, file: &Path) -> Result<()> {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        self.add(path, bytes);
        Ok(())
    }

    /// Adds every file below `folder` that `takes` wants, under `prefix`.
    pub(crate) fn add_folder(&mut self, prefix: &str, folder: &Path, takes: fn(&str) -> bool) -> Result<()> {
        if !folder.is_dir() {
            return Ok(());
        }
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                self.add_folder(&format!("{path}/"), &entry.path(), takes)?;
            } else if takes(&name) {
                self.add_file(path, &entry.path())?;
            }
        }
        Ok(())
    }

    /// Replaces the placeholder everywhere by the hash of everything that is served as immutable, and writes
    /// the manifest. One hash names the widget, the console and the viewer, so that their pages agree.
    pub(crate) fn name_by_content(&mut self, version: &str) {
        let mut digest = Digest::of(version);
        for (path, bytes) in self.files.iter().filter(|(path, _)| path.contains(HASH)) {
            digest = digest.with(path.as_bytes()).with(bytes);
        }
        let hash = digest.hex();
        let files = std::mem::take(&mut self.files);
        for (path, bytes) in files {
            let bytes = if is_text(&path) { fill_in(bytes, &hash) } else { bytes };
            self.files.insert(path.replace(HASH, &hash), bytes);
        }
        let mut digest = Digest::of("dist");
        for (path, bytes) in &self.files {
            digest = digest.with(path.as_bytes()).with(bytes);
        }
        // `build` changes with every file, so the server is compiled anew when any of them did.
        let manifest = serde_json::json!({ "hash": hash, "version": version, "build": digest.hex() });
        self.add("manifest.json", manifest.to_string().into_bytes());
    }

    /// Adds a `.br` and a `.gz` beside every file that gets smaller by them.
    pub(crate) fn compress(&mut self, place: &Place) -> Result<()> {
        let sources: Vec<_> = self.files.iter().filter(|(path, _)| compress::is_compressible(path)).collect();
        let compressed = compress::compress(place, &sources)?;
        self.files.extend(compressed);
        Ok(())
    }

    /// Makes `folder` equal to this; files that are the same already keep their time.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        for (path, bytes) in &self.files {
            let file = folder.join(path);
            if fs::read(&file).is_ok_and(|present| present == *bytes) {
                continue;
            }
            let parent = file.parent().context("a file without a folder")?;
            fs::create_dir_all(parent)?;
            fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        }
        let wanted: BTreeSet<PathBuf> = self.files.keys().map(|path| folder.join(path)).collect();
        remove_others(folder, &wanted)
    }
}

fn is_text(path: &str) -> bool {
    [".html", ".js", ".css"].iter().any(|ending| path.ends_with(ending))
}

fn fill_in(bytes: Vec<u8>, hash: &str) -> Vec<u8> {
    match String::from_utf8(bytes) {
        Ok(text) => text.replace(HASH, hash).into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// Removes what is not wanted and gives folders that became empty back as well.
fn remove_others(folder: &Path, wanted: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            remove_others(&path, wanted)?;
            if fs::read_dir(&path)?.next().is_none() {
                fs::remove_dir(&path)?;
            }
        } else if !wanted.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Dist;

    fn named(files: &[(&str, &str)]) -> Dist {
        let mut dist = Dist::default();
        for (path, text) in files {
            dist.add(*path, text.as_bytes().to_vec());
        }
        dist.name_by_content("0.1.0");
        dist
    }

    fn hash(dist: &Dist) -> String {
        let manifest: serde_json::Value = serde_json::from_slice(&dist.files["manifest.json"]).unwrap();
        manifest["hash"].as_str().unwrap().to_owned()
    }

    #[test]
    fn pages_name_the_hash_of_what_they_load() {
        let dist =
            named(&[("console/index.html", "<link href=/w/{{hash}}/a.css>"), ("w/{{hash}}/a.css", "a{}")]);
        let hash = hash(&dist);
        let page = String::from_utf8(dist.files["console/index.html"].clone()).unwrap();
        assert_eq!(page, format!("<link href=/w/{hash}/a.css>"));
        assert!(dist.files.contains_key(&format!("w/{hash}/a.css")));
    }

    #[test]
    fn hash_follows_immutable_files_only() {
        let before = named(&[("demo/index.html", "one"), ("w/{{hash}}/a.css", "a{}")]);
        let page_changed = named(&[("demo/index.html", "two"), ("w/{{hash}}/a.css", "a{}")]);
        let style_changed = named(&[("demo/index.html", "one"), ("w/{{hash}}/a.css", "b{}")]);
        assert_eq!(hash(&before), hash(&page_changed));
        assert_ne!(hash(&before), hash(&style_changed));
        assert_ne!(before.files["manifest.json"], page_changed.files["manifest.json"]);
    }

    #[test]
    fn writing_removes_what_is_gone() {
        let folder = std::env::temp_dir().join(format!("tandem-dist-{}", std::process::id()));
        named(&[("w/{{hash}}/a.css", "a{}"), ("b.html", "b")]).write(&folder).unwrap();
        named(&[("b.html", "b")]).write(&folder).unwrap();
        assert!(folder.join("b.html").is_file());
        assert!(!folder.join("w").exists());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
