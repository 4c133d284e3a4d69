//! `xtask tidy`: what ARCHITECTURE.md promises about the source tree, one check per file here.

mod arrows;
mod locale;
mod manifest;
mod reasons;
mod source;
mod top_level;
mod tree;
mod web;

use crate::place::Place;
use anyhow::Result;
use tree::Tree;

/// A broken invariant in words that name the culprit.
type Complaint = String;

/// Prints every broken invariant and tells whether there is none.
pub(crate) fn report(place: &Place) -> Result<bool> {
    let tree = Tree::read(&place.root)?;
    let mut complaints = top_level::check(&place.root)?;
    complaints.extend(arrows::check(&tree));
    complaints.extend(reasons::check(&tree));
    complaints.extend(source::check(&tree));
    complaints.extend(web::check(&tree));
    complaints.extend(locale::check(&tree)?);
    for complaint in &complaints {
        println!("tidy: {complaint}");
    }
    println!("tidy: {} files, {} complaints", tree.files.len(), complaints.len());
    Ok(complaints.is_empty())
}
