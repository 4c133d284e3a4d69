//! `./build.sh bench`: what the running product does, as tables.

mod browser;
mod delivery;

use crate::build;
use crate::place::Place;
use anyhow::{Result, bail};

/// Builds, then measures: everything, or what the first word names; further words choose tables of that.
pub(crate) fn print(place: &Place, words: &[String]) -> Result<()> {
    let (is_browser, is_delivery, tables) = match words {
        [] => (true, true, words),
        [part, tables @ ..] if part == "browser" && tables.is_empty() => (true, false, tables),
        [part, tables @ ..] if part == "delivery" => (false, true, tables),
        _ => bail!("`{}` is not `browser`, or `delivery` with names of tables", words.join(" ")),
    };
    build::everything(place)?;
    if is_browser {
        browser::measure(place)?;
    }
    if is_delivery {
        delivery::measure(place, tables)?;
    }
    Ok(())
}
