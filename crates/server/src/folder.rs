//! Folders that outlive a loss of power: a name is on disk only after the folder it stands in was synced.

use std::fs::{DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

/// Makes a folder and those above it that are missing, each with its name on disk.
///
/// # Errors
/// When a folder cannot be made, or the one above it cannot be synced.
pub(crate) fn make(folder: &Path) -> std::io::Result<()> {
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // What is in it concerns nobody else on this machine.
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => File::open(above)?.sync_all(),
        Err(error) if error.kind() == ErrorKind::NotFound && above != folder => {
            make(above)?;
            make(folder)
        }
        // Whoever made it may have been stopped before its name was on disk.
        Err(_) if folder.is_dir() => File::open(above).and_then(|above| above.sync_all()).or(Ok(())),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::make;

    #[test]
    fn missing_folders_are_made_with_those_above_them_and_again_is_fine() {
        let place = tempfile::TempDir::new().unwrap();
        let folder = place.path().join("a/b/c");
        make(&folder).unwrap();
        make(&folder).unwrap();
        assert!(folder.is_dir());
    }

    #[test]
    fn a_file_in_the_way_is_an_error() {
        let place = tempfile::TempDir::new().unwrap();
        std::fs::write(place.path().join("file"), "").unwrap();
        assert!(make(&place.path().join("file")).is_err());
        assert!(make(&place.path().join("file/below")).is_err());
    }
}
