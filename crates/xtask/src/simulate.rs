//! `./build.sh simulate`: as many histories of clients, server and links as wanted.

use crate::command::{program, succeeds};
use crate::place::Place;
use anyhow::Result;

/// Lives through them; what the words mean is the simulation's. Returns whether every promise held.
pub(crate) fn run(place: &Place, words: &[String]) -> Result<bool> {
    let mut arguments = vec!["run", "--quiet", "--package", "simulation", "--"];
    arguments.extend(words.iter().map(String::as_str));
    succeeds(&mut program(&place.root, "cargo", &arguments))
}
