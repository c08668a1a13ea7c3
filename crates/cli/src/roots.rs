//! The folders that may be read, and reading within them.
//!
//! A template may come from a stranger's change, so what it refers to is read
//! only below the folders the user named: no `..`, no absolute path and no
//! symbolic link leads out.

use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use underbelly_source::Limits;

/// The folders the user named, or those of the files the user named.
#[derive(Debug)]
pub(crate) struct Roots {
    folders: Vec<PathBuf>,
}

impl Roots {
    /// The roots of these paths.
    pub(crate) fn of(paths: &[PathBuf]) -> Self {
        let mut folders: Vec<PathBuf> = Vec::new();
        for path in paths {
            let folder = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
            let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new("."));
            if let Ok(folder) = fs::canonicalize(folder) {
                folders.push(folder);
            }
        }
        folders.sort();
        folders.dedup();
        Self { folders }
    }

    /// Where a file really lies, with forward slashes: names of systems come
    /// from it, so that they do not depend on how the path was given.
    pub(crate) fn home(&self, path: &Path) -> Arc<str> {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        shown(&real).into()
    }

    /// The text of a file below a root, within the limit of size.
    pub(crate) fn read(&self, path: &Path, limits: &Limits) -> Result<Arc<str>, String> {
        let real = fs::canonicalize(path).map_err(|error| reason(&error))?;
        if !self.folders.iter().any(|folder| real.starts_with(folder)) {
            return Err("lies outside the folders that were given".to_owned());
        }
        let file = fs::File::open(&real).map_err(|error| reason(&error))?;
        let meta = file.metadata().map_err(|error| reason(&error))?;
        if !meta.is_file() {
            return Err("is not a regular file".to_owned());
        }
        if meta.len() > limits.file_bytes as u64 {
            let (size, limit) = (meta.len() >> 20, limits.file_bytes >> 20);
            return Err(format!("is {size} MiB large, over the limit of {limit} MiB"));
        }
        let mut bytes = Vec::with_capacity(meta.len() as usize);
        // The file may grow while it is read; the limit holds all the same.
        let bounded = file.take(limits.file_bytes as u64);
        let mut bounded = std::io::BufReader::new(bounded);
        bounded.read_to_end(&mut bytes).map_err(|error| reason(&error))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(text.into()),
            Err(error) if error.as_bytes().contains(&0) => Err("is not text".to_owned()),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Err(format!("is not UTF-8 text (byte {at})"))
            }
        }
    }

    /// The text of a file that a template refers to.
    pub(crate) fn load(&self, path: &str, limits: &Limits) -> Result<Arc<str>, String> {
        self.read(Path::new(path), limits)
    }
}

/// A path as shown: forward slashes, no `./` before it.
pub(crate) fn shown(path: &Path) -> String {
    let mut text = String::new();
    for component in path.components() {
        match component {
            Component::CurDir => continue,
            Component::RootDir => {
                text.push('/');
                continue;
            }
            Component::Prefix(_) | Component::ParentDir | Component::Normal(_) => {}
        }
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        text.push_str(&component.as_os_str().to_string_lossy());
    }
    text
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "was not found".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be read (permission denied)".to_owned(),
        _ => format!("could not be read: {error}"),
    }
}
