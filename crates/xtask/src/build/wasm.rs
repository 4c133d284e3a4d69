//! The wasm modules: compiled for size, given their JavaScript side, then shrunk by wasm-opt.

use crate::cache::Cache;
use crate::command::{program, run};
use crate::digest::Digest;
use crate::place::Place;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::{Bindgen, Output};

/// The crates that become wasm modules, each made for size or for speed.
const MODULES: [(&str, &Made); 4] =
    [("widget", &SMALL), ("recorder", &SMALL), ("viewer", &FAST), ("console", &SMALL)];

/// How a module is made.
struct Made {
    profile: &'static str,
    std_features: &'static str,
    wasm_opt: &'static [&'static str],
}

const SMALL: Made = Made {
    profile: "wasm",
    std_features: "-Zbuild-std-features=optimize_for_size",
    wasm_opt: &WASM_OPT_SMALL,
};

/// Nearly all of a first view is code that the browser has just compiled without looking for anything to improve, so
/// whatever the compiler leaves to it is paid for by the agent: made for size, the viewer takes half as long again.
const FAST: Made =
    Made { profile: "wasm-fast", std_features: "-Zbuild-std-features=", wasm_opt: &WASM_OPT_FAST };

const WASM_OPT_FAST: [&str; 4] = ["-O3", "--low-memory-unused", "--strip-debug", "--strip-producers"];

/// What current browsers have and rustc uses; wasm-opt refuses a module with a feature it was not told of.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// `--traps-never-happen` must stay out: a panic is a trap here, and without it bounds checks would be optimised
/// away. Little is inlined: repeated code compresses well, but calls are smaller still (4 KB of the chat, brotli).
/// The later passes find what the first one laid open; that nothing valid lies below the first KB holds for Rust, whose
/// stack only ends there (1.3 KB of the chat together, brotli).
const WASM_OPT_SMALL: [&str; 16] = [
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--code-folding",
    "--low-memory-unused",
    "--always-inline-max-function-size=2",
    "--flexible-inline-max-function-size=0",
    "--one-caller-inline-max-function-size=2",
    "--strip-debug",
    "--strip-producers",
];

/// Which JavaScript side is made; a change of the options below must change this, or the cache gives old results.
const GLUE: &str = "wasm-bindgen 0.2.130, web, default module path, short names";

/// For each module the folder with `NAME.js`, `NAME.d.ts` and `NAME_bg.wasm`.
pub(crate) type Modules = BTreeMap<&'static str, PathBuf>;

/// Builds all modules; one whose compiled code did not change comes from the cache.
pub(crate) fn build(place: &Place) -> Result<Modules> {
    for made in [&SMALL, &FAST] {
        compile(place, made)?;
    }
    let cache = Cache::open(place.cache().join("wasm"))?;
    let tools = fs::read(place.www().join("package-lock.json"))?;
    let mut modules = Modules::new();
    for (name, made) in MODULES {
        let compiled = place.target.join(format!("wasm32-unknown-unknown/{}/{name}.wasm", made.profile));
        let code = fs::read(&compiled).with_context(|| format!("crate {name} gave no wasm module"))?;
        let key = Digest::of(GLUE)
            .with(name.as_bytes())
            .with(made.wasm_opt.join(" ").as_bytes())
            .with(FEATURES.join(" ").as_bytes())
            .with(&tools)
            .with(&code)
            .hex();
        let folder = cache.find_or_make(&key, |folder| finish(place, name, made, &compiled, folder))?;
        modules.insert(name, folder);
    }
    Ok(modules)
}

/// Compiles the modules of one make together with the standard library, so that it is made as they are: a panic is a trap
/// without a message, which takes a third off every module, and the library's own shorter ways take half a kilobyte
/// off the chat. Cargo calls this unstable, hence the variable; the stable compiler does the work all the same.
fn compile(place: &Place, made: &Made) -> Result<()> {
    let mut cargo = program(
        &place.root,
        "cargo",
        &[
            "build",
            "--profile",
            made.profile,
            "--target",
            "wasm32-unknown-unknown",
            "-Z",
            "build-std=std,panic_abort",
            made.std_features,
        ],
    );
    for (name, _) in MODULES.into_iter().filter(|(_, other)| other.profile == made.profile) {
        cargo.args(["--package", name]);
    }
    run(cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", rust_flags(place)))
}

/// Source locations and folders of this machine would only make the modules larger.
fn rust_flags(place: &Place) -> String {
    let mut flags = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none".to_owned();
    flags.push_str(&format!(" --remap-path-prefix={}=.", place.root.display()));
    let home =
        std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    if let Ok(home) = home {
        flags.push_str(&format!(" --remap-path-prefix={home}/registry/src=."));
    }
    flags
}

fn finish(place: &Place, name: &str, made: &Made, compiled: &Path, folder: &Path) -> Result<()> {
    println!("Shrinking {name}");
    let mut output = Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .with_context(|| format!("wasm-bindgen refused {name}"))?;
    let renamed = shorten(&mut output);
    output.emit(folder)?;
    let script = folder.join(format!("{name}.js"));
    fs::write(&script, rename(fs::read_to_string(&script)?, &renamed)?)?;
    let module = folder.join(format!("{name}_bg.wasm"));
    let wasm_opt = place.www().join("node_modules/.bin/wasm-opt");
    run(program(&place.root, wasm_opt, made.wasm_opt).args(FEATURES).arg(&module).arg("-o").arg(&module))
}

/// Gives the module short names for what it shares with its JavaScript side: each name is a word and a hash, which
/// stand in both files and do not compress (4 KB of the chat, brotli). Returns what the script has to call it.
fn shorten(output: &mut Output) -> Vec<(String, String)> {
    let mut renamed = Vec::new();
    let module = output.wasm_mut();
    for (number, import) in module.imports.iter_mut().enumerate() {
        renamed.push((format!("{}: function(", import.name), format!("{number}: function(")));
        import.name = number.to_string();
    }
    let invokers = module.exports.iter_mut().filter(|export| export.name.starts_with("wasm_bindgen_"));
    for (number, export) in invokers.enumerate() {
        for end in ['(', ')'] {
            renamed.push((format!("{}{end}", export.name), format!("call{number}{end}")));
        }
        export.name = format!("call{number}");
    }
    renamed
}

/// Renames in the script, and fails when it looks otherwise than expected: the two sides would not find each other.
fn rename(mut script: String, renamed: &[(String, String)]) -> Result<String> {
    for (long, short) in renamed {
        ensure!(script.contains(long), "the JavaScript side has no `{long}`");
        script = script.replace(long, short);
    }
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::rename;

    #[test]
    fn both_sides_get_the_same_names_or_the_build_fails() {
        let renamed = [("__wbg_close_5f: function(".to_owned(), "0: function(".to_owned())];
        let script = rename("{ __wbg_close_5f: function(arg0) {} }".to_owned(), &renamed).unwrap();
        assert_eq!(script, "{ 0: function(arg0) {} }");
        assert!(rename("{ __wbg_close_5f(arg0) {} }".to_owned(), &renamed).is_err());
    }
}
