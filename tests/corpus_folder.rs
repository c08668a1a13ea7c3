//! Where the real templates are, if they are at hand. They are not part of the
//! project: only names and counts taken from them are.

use std::path::{Path, PathBuf};

/// The folder, or nothing after saying aloud that it is absent. The environment
/// variable `UNDERBELLY_CORPUS` leads to another place.
pub(crate) fn corpus_folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let folder = std::env::var_os("UNDERBELLY_CORPUS").map_or(beside, PathBuf::from);
    let found = folder.canonicalize().ok().filter(|folder| folder.is_dir());
    if found.is_none() {
        println!("corpus absent: {}", folder.display());
    }
    found
}
