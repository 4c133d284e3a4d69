//! Autobahn's WebSocket suite against the echo of the chat sockets. The suite needs Python 2.7; where that cannot be
//! had, the part says so and counts nothing.

use super::tally::Tally;
use crate::cache::Cache;
use crate::command::{program, run, succeeds};
use crate::digest::Digest;
use crate::place::Place;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The name the suite files its results under.
const AGENT: &str = "tandem";
/// Permessage-deflate, which the product does not offer: chat frames are small, and keyframes come compressed.
const LEFT_OUT: [&str; 2] = ["12.*", "13.*"];

/// Runs every case.
pub(super) fn run_all(place: &Place, tally: &mut Tally) -> Result<()> {
    println!("\nAutobahn's WebSocket suite");
    let Some(python) = python() else {
        tally.leave_out("Autobahn's suite: this machine has no Python 2.7 with pip");
        return Ok(());
    };
    let packages = match packages(place, &python) {
        Ok(folder) => folder,
        Err(error) => {
            tally.leave_out(&format!("Autobahn's suite: its packages cannot be installed: {error:#}"));
            return Ok(());
        }
    };
    let arguments = ["build", "--package", "server", "--example", "echo", "--features", "server/echo"];
    run(&mut program(&place.root, "cargo", &arguments))?;
    let echo = Echo::start(&place.target.join("debug/examples/echo"))?;
    let reports = place.scratch().join("autobahn");
    if reports.exists() {
        fs::remove_dir_all(&reports)?;
    }
    fs::create_dir_all(&reports)?;
    let order = reports.join("order.json");
    let words = serde_json::json!({
        "outdir": reports,
        "servers": [{ "agent": AGENT, "url": echo.url }],
        "cases": ["*"],
        "exclude-cases": LEFT_OUT,
        "exclude-agent-cases": {},
    });
    fs::write(&order, words.to_string())?;
    let mut suite = program(&reports, &python, &["-m", "autobahntestsuite.wstest", "-m", "fuzzingclient"]);
    let is_run = succeeds(
        suite
            .arg("-s")
            .arg(&order)
            .env("PYTHONUSERBASE", &packages)
            .stdout(fs::File::create(reports.join("log"))?),
    )?;
    if !is_run {
        bail!("Autobahn's suite broke off; its output is in {}", reports.join("log").display());
    }
    let counts = Counts::read(&reports.join("index.json"))?;
    for line in &counts.lines {
        println!("  {line}");
    }
    println!("  left out: {} (permessage-deflate is not offered)", LEFT_OUT.join(", "));
    tally.add("Autobahn's cases", counts.passed, counts.failed);
    Ok(())
}

/// A Python 2.7 that can install packages: the system's, or one of pyenv's.
fn python() -> Option<PathBuf> {
    let versions = std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv/versions"));
    let of_pyenv = versions.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let of_pyenv = of_pyenv.map(|entry| entry.path().join("bin/python2.7"));
    [PathBuf::from("python2.7")].into_iter().chain(of_pyenv).find(|python| {
        let mut pip = Command::new(python);
        let quiet = pip.args(["-m", "pip", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    })
}

/// The suite and all it needs, in a folder of its own that Python takes for the user's.
fn packages(place: &Place, python: &Path) -> Result<PathBuf> {
    let requirements = place.tests().join("autobahn/requirements.txt");
    let wanted = Digest::of("autobahn").with(&fs::read(&requirements)?).hex();
    Cache::open(place.cache().join("autobahn"))?.find_or_make(&wanted, |folder| {
        println!("Installing Autobahn's suite");
        let pip = [
            "-m",
            "pip",
            "install",
            "--user",
            "--quiet",
            "--disable-pip-version-check",
            "--no-warn-script-location",
            "-r",
        ];
        run(program(folder, python, &pip).arg(&requirements).env("PYTHONUSERBASE", folder))
    })
}

/// The server under test; dropping it ends it.
struct Echo {
    child: Child,
    url: String,
}

impl Echo {
    fn start(binary: &Path) -> Result<Self> {
        let mut child =
            Command::new(binary).stdout(Stdio::piped()).spawn().context("the echo did not start")?;
        let output = child.stdout.take().context("the echo has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        Ok(Self { child, url: line.trim().to_owned() })
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came of the cases.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    /// Cases that need a look: failed ones, and those that passed without being strict.
    lines: Vec<String>,
}

impl Counts {
    fn read(index: &Path) -> Result<Self> {
        let text = fs::read(index).context("Autobahn's suite left no report")?;
        let report: serde_json::Value = serde_json::from_slice(&text)?;
        Self::of(&report[AGENT])
    }

    /// A case has passed when both its frames and its closing were right. The suite calls what RFC 6455 leaves open
    /// informational, and what is allowed but late non-strict.
    fn of(report: &serde_json::Value) -> Result<Self> {
        let cases = report.as_object().context("Autobahn's report has no cases")?;
        let mut counts = Self::default();
        for (case, result) in cases {
            let word = |name: &str| result[name].as_str().unwrap_or("unknown").to_owned();
            let (behaviour, closing) = (word("behavior"), word("behaviorClose"));
            let is_fine = |word: &str| matches!(word, "OK" | "NON-STRICT" | "INFORMATIONAL");
            if is_fine(&behaviour) && is_fine(&closing) {
                counts.passed += 1;
            } else {
                counts.failed += 1;
            }
            if behaviour != "OK" || closing != "OK" {
                counts.lines.push(format!("case {case}: {behaviour}, closing {closing}"));
            }
        }
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    fn report(behaviour: &str, closing: &str) -> Counts {
        let report = serde_json::json!({ "1.1.1": { "behavior": behaviour, "behaviorClose": closing } });
        Counts::of(&report).unwrap()
    }

    #[test]
    fn a_case_passes_only_with_its_closing() {
        assert_eq!(report("OK", "OK"), Counts { passed: 1, failed: 0, lines: Vec::new() });
        for (behaviour, closing) in
            [("FAILED", "OK"), ("OK", "WRONG CODE"), ("OK", "UNCLEAN"), ("UNIMPLEMENTED", "OK")]
        {
            assert_eq!((report(behaviour, closing).failed, report(behaviour, closing).lines.len()), (1, 1));
        }
    }

    #[test]
    fn what_is_informational_or_not_strict_passes_and_is_listed() {
        for word in ["INFORMATIONAL", "NON-STRICT"] {
            assert_eq!((report(word, "OK").passed, report(word, "OK").lines.len()), (1, 1));
        }
    }

    #[test]
    fn a_report_without_cases_is_an_error() {
        assert!(Counts::of(&serde_json::Value::Null).is_err());
    }
}
