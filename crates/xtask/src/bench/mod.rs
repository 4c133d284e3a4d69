//! `./build.sh bench`: what the running product does, as tables.

mod browser;
mod cobrowse;
mod delivery;

use crate::build;
use crate::place::Place;
use anyhow::{Result, bail};

/// Builds, then measures: everything, or what the first word names; further words choose tables of that.
pub(crate) fn print(place: &Place, words: &[String]) -> Result<()> {
    let tables = words.get(1..).unwrap_or_default();
    match words.first().map(String::as_str) {
        None | Some("cobrowse" | "delivery") => {}
        Some("browser") if tables.is_empty() => {}
        Some(_) => {
            bail!("`{}` is not `browser`, or `cobrowse` or `delivery` with names of tables", words.join(" "))
        }
    }
    let is_wanted = |part: &str| words.first().is_none_or(|first| first == part);
    build::everything(place)?;
    if is_wanted("browser") {
        browser::measure(place)?;
    }
    if is_wanted("cobrowse") {
        cobrowse::measure(place, tables)?;
    }
    if is_wanted("delivery") {
        delivery::measure(place, tables)?;
    }
    Ok(())
}
