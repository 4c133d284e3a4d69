//! What a visitor's browser has to load, against the budget.

use crate::place::Place;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// One line of the table: all these files together stay within the budget, counted in brotli.
struct Item {
    name: &'static str,
    brotli_bytes_max: u64,
    files: &'static [&'static str],
}

/// `{hash}` stands for the hash of the build. A name ending in `*.css` takes every style sheet of the folder.
const BUDGET: [Item; 8] = [
    Item { name: "loader", brotli_bytes_max: 2 * 1024, files: &["loader.js"] },
    Item {
        name: "chat opened, one language",
        brotli_bytes_max: 120 * 1024,
        files: &[
            "frame.html",
            "w/{hash}/frame.js",
            "w/{hash}/bridge.js",
            "w/{hash}/widget_bg.wasm",
            "w/{hash}/*.css",
            "w/{hash}/texts/en.json",
        ],
    },
    Item { name: "reader", brotli_bytes_max: 8 * 1024, files: &["w/{hash}/reader.js"] },
    Item { name: "agent's hand", brotli_bytes_max: 7 * 1024, files: &["w/{hash}/reader-agent.js"] },
    Item {
        name: "reader, beside the tree",
        brotli_bytes_max: 6 * 1024,
        files: &["w/{hash}/reader-aspects.js"],
    },
    Item {
        name: "recorder module",
        brotli_bytes_max: 40 * 1024,
        files: &["w/{hash}/recorder.js", "w/{hash}/recorder_bg.wasm"],
    },
    Item {
        name: "viewer and player",
        brotli_bytes_max: 96 * 1024,
        files: &[
            "viewer/index.html",
            "viewer/{hash}/*.js",
            "viewer/{hash}/*.css",
            "viewer/{hash}/viewer_bg.wasm",
        ],
    },
    Item {
        name: "console",
        brotli_bytes_max: 350 * 1024,
        files: &[
            "console/index.html",
            "console/{hash}/*.js",
            "console/{hash}/*.css",
            "console/{hash}/console_bg.wasm",
        ],
    },
];

/// Whether everything shipped stays within its budget.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every item does.
    Within,
    /// At least one item does not.
    Over,
}

impl Verdict {
    /// True when nothing is too large.
    pub(crate) fn is_within(self) -> bool {
        self == Verdict::Within
    }
}

/// The bytes of an item as built and as sent.
struct Size {
    raw: u64,
    brotli: u64,
}

/// Prints the table of what `www/dist/` holds.
pub(crate) fn report(place: &Place) -> Result<Verdict> {
    let dist = place.dist();
    let hash = hash_of(&dist)?;
    let mut verdict = Verdict::Within;
    println!("\n{:<28}{:>12}{:>12}{:>12}", "shipped", "raw", "brotli", "budget");
    for item in &BUDGET {
        let max = item.brotli_bytes_max;
        match measure(&dist, &hash, item.files) {
            Ok(size) => {
                let is_over = size.brotli > max;
                let remark = if is_over { "  OVER BUDGET" } else { "" };
                println!("{:<28}{:>12}{:>12}{max:>12}{remark}", item.name, size.raw, size.brotli);
                if is_over {
                    verdict = Verdict::Over;
                }
            }
            Err(error) => {
                println!("{:<28}  {error:#}", item.name);
                verdict = Verdict::Over;
            }
        }
    }
    println!();
    Ok(verdict)
}

fn hash_of(dist: &Path) -> Result<String> {
    let text = fs::read(dist.join("manifest.json")).context("nothing is built yet; run ./build.sh first")?;
    let manifest: serde_json::Value = serde_json::from_slice(&text)?;
    Ok(manifest["hash"].as_str().context("manifest.json names no hash")?.to_owned())
}

fn measure(dist: &Path, hash: &str, files: &[&str]) -> Result<Size> {
    let mut size = Size { raw: 0, brotli: 0 };
    for file in files {
        for path in expand(dist, &file.replace("{hash}", hash))? {
            size.raw += length(&dist.join(&path))?;
            size.brotli += length(&dist.join(format!("{path}.br")))?;
        }
    }
    Ok(size)
}

fn length(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).with_context(|| format!("{} is missing", path.display()))?.len())
}

/// Gives the files a name stands for: itself, or with a star every file of that folder with that ending.
fn expand(dist: &Path, name: &str) -> Result<Vec<String>> {
    let Some((folder, ending)) = name.split_once("/*") else {
        return Ok(vec![name.to_owned()]);
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(dist.join(folder))? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        if file.ends_with(ending) {
            paths.push(format!("{folder}/{file}"));
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::{expand, measure};
    use std::fs;

    #[test]
    fn a_star_takes_every_style_sheet_of_the_folder_and_no_compressed_copy() {
        let dist = std::env::temp_dir().join(format!("tandem-sizes-{}", std::process::id()));
        fs::create_dir_all(dist.join("w/0")).unwrap();
        for (name, text) in
            [("a.css", "1234"), ("a.css.br", "12"), ("b.css", "123"), ("b.css.br", "1"), ("c.js", "x")]
        {
            fs::write(dist.join("w/0").join(name), text).unwrap();
        }
        let mut found = expand(&dist, "w/0/*.css").unwrap();
        found.sort();
        assert_eq!(found, ["w/0/a.css", "w/0/b.css"]);
        let size = measure(&dist, "0", &["w/{hash}/*.css"]).unwrap();
        assert_eq!((size.raw, size.brotli), (7, 3));
        assert!(measure(&dist, "0", &["w/{hash}/absent.js"]).is_err());
        fs::remove_dir_all(dist).unwrap();
    }
}
