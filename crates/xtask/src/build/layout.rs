//! Which file lies where in `www/dist/`: the contract with the server's asset routes.

use super::dist::Dist;
use super::wasm::Modules;
use crate::place::Place;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Lays out everything and names it by its content. `scripts` is the folder of minified scripts and styles.
pub(crate) fn lay_out(place: &Place, modules: &Modules, scripts: PathBuf) -> Result<Dist> {
    let www = place.www();
    let mut dist = Dist::default();
    widget(&mut dist, &www, modules, &scripts)?;
    for app in ["console", "viewer"] {
        let immutable = format!("{app}/{{{{hash}}}}/");
        dist.add_folder(&format!("{app}/"), &www.join(app), is_page)?;
        dist.add_folder(&immutable, &www.join(app), is_neither_page_nor_script)?;
        dist.add_folder(&immutable, &scripts.join(app), is_any)?;
        wasm(&mut dist, &immutable, modules, app)?;
    }
    dist.add_folder("sdk/", &scripts.join("sdk"), is_any)?;
    wasm(&mut dist, "sdk/", modules, "recorder")?;
    wasm(&mut dist, "sdk/", modules, "viewer")?;
    // Its guide and example are served as they are written: they are to be read.
    dist.add_folder("sdk/", &www.join("sdk/guide"), is_any)?;
    dist.add_folder("sdk/example/", &www.join("sdk/example"), is_any)?;
    dist.add_folder("demo/", &www.join("demo"), is_any)?;
    dist.name_by_content(env!("CARGO_PKG_VERSION"));
    Ok(dist)
}

fn widget(dist: &mut Dist, www: &Path, modules: &Modules, scripts: &Path) -> Result<()> {
    dist.add_folder("", &www.join("widget"), is_page)?;
    dist.add_folder("w/{{hash}}/", &www.join("widget"), is_neither_page_nor_script)?;
    dist.add_folder("w/{{hash}}/", &scripts.join("widget"), is_any)?;
    wasm(dist, "w/{{hash}}/", modules, "widget")?;
    wasm(dist, "w/{{hash}}/", modules, "recorder")?;
    for (path, bundle) in [
        ("loader.js", "loader.js"),
        ("w/{{hash}}/reader.js", "reader.js"),
        ("w/{{hash}}/reader-agent.js", "reader-agent.js"),
        ("w/{{hash}}/reader-aspects.js", "reader-aspects.js"),
    ] {
        if scripts.join(bundle).is_file() {
            dist.add_file(path, &scripts.join(bundle))?;
        }
    }
    Ok(())
}

fn wasm(dist: &mut Dist, prefix: &str, modules: &Modules, name: &str) -> Result<()> {
    let folder = modules.get(name).with_context(|| format!("no module {name}"))?;
    let file = format!("{name}_bg.wasm");
    dist.add_file(format!("{prefix}{file}"), &folder.join(file))
}

fn is_any(_: &str) -> bool {
    true
}

fn is_page(name: &str) -> bool {
    name.ends_with(".html")
}

fn is_neither_page_nor_script(name: &str) -> bool {
    !is_page(name) && !name.ends_with(".js") && !name.ends_with(".css") && !name.ends_with(".md")
}
