//! The command line behind `build.sh`: one word says what to do, the rest goes to that step.

mod bench;
mod build;
mod cache;
mod check;
mod command;
mod digest;
mod install;
mod place;
mod serve;
mod simulate;
mod sizes;
mod tidy;

use anyhow::{Result, bail};
use place::Place;
use std::process::ExitCode;

const USAGE: &str =
    "usage: ./build.sh [build | run [FLAGS OF tandem serve] | test [--only PART] | bench [PART]
                  | simulate --seeds N [--from N] | tidy | sizes]
  build   wasm modules, web files and the server, then the table of shipped sizes (the default)
  run     build, then serve the demo
  test    everything that proves the product; PART is one of: checks, native, faults, autobahn, browser
  bench   what the running product does, as tables; PART is one of: browser, delivery [TABLE …],
          cobrowse [capture] [mutations] [viewing] [idle] [memory] [--rounds N] [--minutes N] [--only PAGE]
  simulate  so many histories of clients, server and links, under every kind of trouble; the shortest that breaks a
          promise of delivery is printed step by step
  tidy    the invariants of the source tree
  sizes   the table of shipped sizes against the budget";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut words = std::env::args().skip(1);
    let task = words.next().unwrap_or_else(|| "build".to_owned());
    let rest: Vec<String> = words.collect();
    let place = Place::find()?;
    match task.as_str() {
        "build" => {
            build::everything(&place)?;
            sizes::report(&place).map(|is_within| code(is_within.is_within()))
        }
        "run" => serve::demo(&place, &rest),
        "test" => check::run(&place, check::Part::parse(&rest)?).map(code),
        "bench" => bench::print(&place, &rest).map(|()| ExitCode::SUCCESS),
        "simulate" => simulate::run(&place, &rest).map(code),
        "tidy" => tidy::report(&place).map(code),
        "sizes" => sizes::report(&place).map(|verdict| code(verdict.is_within())),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        unknown => bail!("no task called `{unknown}`\n{USAGE}"),
    }
}

fn code(is_fine: bool) -> ExitCode {
    if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
