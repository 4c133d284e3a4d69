//! `./build.sh bench`: what the running product does, as tables.

mod browser;
mod cobrowse;
mod delivery;

use crate::build;
use crate::place::Place;
use anyhow::{Result, bail};

/// Builds, then measures: everything, or what the first word names; further words choose tables of that.
pub(crate) fn print(place: &Place, words: &[String]) -> Result<()> {
    let (parts, tables): (&[&str], _) = match words {
        [] => (&["browser", "cobrowse", "delivery"], words),
        [part, tables @ ..] if part == "browser" && tables.is_empty() => (&["browser"], tables),
        [part, tables @ ..] if part == "cobrowse" => (&["cobrowse"], tables),
        [part, tables @ ..] if part == "delivery" => (&["delivery"], tables),
        _ => bail!("`{}` is not `browser`, or `cobrowse` or `delivery` with names of tables", words.join(" ")),
    };
    build::everything(place)?;
    if parts.contains(&"browser") {
        browser::measure(place)?;
    }
    if parts.contains(&"cobrowse") {
        cobrowse::measure(place, tables)?;
    }
    if parts.contains(&"delivery") {
        delivery::measure(place, tables)?;
    }
    Ok(())
}
