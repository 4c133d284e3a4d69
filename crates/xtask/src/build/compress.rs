//! Brotli and gzip at their slowest, once per content: Node's zlib does the work, the cache remembers it.

use crate::cache::Cache;
use crate::command::{program, run};
use crate::digest::Digest;
use crate::place::Place;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// Tells by its name whether a file gains from compression.
pub(crate) fn is_compressible(path: &str) -> bool {
    [".html", ".js", ".css", ".json", ".svg", ".wasm", ".txt"].iter().any(|ending| path.ends_with(ending))
}

/// Gives `PATH.br` and `PATH.gz` for each of the files.
pub(crate) fn compress(place: &Place, files: &[(&String, &Vec<u8>)]) -> Result<Vec<(String, Vec<u8>)>> {
    let cache = Cache::open(place.cache().join("compressed"))?;
    let keys: Vec<String> = files.iter().map(|(_, bytes)| Digest::of("br11 gz9").with(bytes).hex()).collect();
    let missing: Vec<_> = keys.iter().zip(files).filter(|(key, _)| cache.find(key).is_none()).collect();
    if !missing.is_empty() {
        println!("Compressing {} files", missing.len());
        let workshop = place.scratch().join("compress");
        fs::create_dir_all(&workshop)?;
        for (key, (_, bytes)) in &missing {
            fs::write(workshop.join(key), bytes)?;
        }
        let names: Vec<&str> = missing.iter().map(|(key, _)| key.as_str()).collect();
        run(program(&workshop, "node", &[]).arg(place.www().join("tools/compress.js")).args(names))?;
        for (key, _) in &missing {
            cache.find_or_make(key, |folder| keep(&workshop.join(key), folder))?;
        }
        fs::remove_dir_all(workshop)?;
    }
    let mut compressed = Vec::new();
    for (key, (path, _)) in keys.iter().zip(files) {
        let folder = cache.find_or_make(key, |_| anyhow::bail!("{path} was not compressed"))?;
        for ending in ["br", "gz"] {
            compressed.push((format!("{path}.{ending}"), fs::read(folder.join(ending))?));
        }
    }
    Ok(compressed)
}

fn keep(made: &Path, folder: &Path) -> Result<()> {
    for ending in ["br", "gz"] {
        fs::copy(with_ending(made, ending), folder.join(ending))?;
    }
    Ok(())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    path.with_file_name(format!("{}.{ending}", path.file_name().unwrap_or_default().to_string_lossy()))
}
