//! `./build.sh test`: everything that proves the product, one count at the end.

mod autobahn;
mod browser;
mod faults;
mod native;
mod tally;
mod types;

use crate::command::{program, succeeds};
use crate::place::Place;
use crate::{build, install, sizes, tidy};
use anyhow::{Result, bail};
use tally::Tally;

/// Which of the checks to run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of them.
    Everything,
    /// Formatting, lints, invariants, types of the scripts, sizes.
    Checks,
    /// The native tests.
    Native,
    /// The real binary under fire.
    Faults,
    /// The browser journeys.
    Browser,
    /// Autobahn's WebSocket suite.
    Autobahn,
}

impl Part {
    /// Reads `--only PART`.
    pub(crate) fn parse(words: &[String]) -> Result<Self> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[..] {
            [] => Ok(Self::Everything),
            ["--only", "checks"] => Ok(Self::Checks),
            ["--only", "native"] => Ok(Self::Native),
            ["--only", "faults"] => Ok(Self::Faults),
            ["--only", "browser"] => Ok(Self::Browser),
            ["--only", "autobahn"] => Ok(Self::Autobahn),
            _ => {
                bail!("`{}` is not `--only` and checks, native, faults, autobahn or browser", words.join(" "))
            }
        }
    }

    fn has(self, part: Self) -> bool {
        self == Self::Everything || self == part
    }
}

/// Runs the part to its end, whatever fails on the way, and tells whether all of it passed.
pub(crate) fn run(place: &Place, part: Part) -> Result<bool> {
    let mut tally = Tally::default();
    // The server embeds the web files, so even its unit tests need them built.
    let stage = build::web(place)?;
    if part.has(Part::Checks) {
        install::lint_tools(place)?;
        tally.check("formatting", cargo(place, &["fmt", "--all", "--check"])?);
        tally.check("tidy", tidy::report(place)?);
        tally.check("types of the scripts", types::are_sound(place, &stage)?);
        tally.check("sizes", sizes::report(place)?.is_within());
        lints(place, &mut tally)?;
    }
    if part.has(Part::Native) {
        native::run(place, &mut tally)?;
    }
    if part.has(Part::Faults) || part.has(Part::Browser) {
        tally.check("release build", build::everything(place).is_ok());
    }
    if part.has(Part::Faults) {
        faults::run(place, &mut tally)?;
    }
    if part.has(Part::Autobahn) {
        autobahn::run_all(place, &mut tally)?;
    }
    if part.has(Part::Browser) {
        browser::run(place, &mut tally)?;
    }
    tally.print();
    Ok(tally.is_clean())
}

fn lints(place: &Place, tally: &mut Tally) -> Result<()> {
    let natively = ["clippy", "--all-targets", "--", "-D", "warnings"];
    tally.check("lints of the native crates", cargo(place, &natively)?);
    let mut shells = vec!["clippy", "--target", "wasm32-unknown-unknown"];
    for name in ["browser", "ui", "widget", "recorder", "viewer", "console"] {
        shells.extend(["--package", name]);
    }
    shells.extend(["--", "-D", "warnings"]);
    tally.check("lints of the browser shells", cargo(place, &shells)?);
    Ok(())
}

fn cargo(place: &Place, arguments: &[&str]) -> Result<bool> {
    println!("\ncargo {}", arguments.join(" "));
    succeeds(&mut program(&place.root, "cargo", arguments))
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn only_names_a_part_and_anything_else_is_refused() {
        let parse = |line: &str| Part::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert!(parse("").unwrap() == Part::Everything);
        assert!(parse("--only browser").unwrap() == Part::Browser);
        assert!(parse("--only faults").unwrap() == Part::Faults);
        assert!(parse("--only nothing").is_err());
        assert!(parse("browser").is_err());
    }
}
