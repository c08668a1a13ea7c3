//! The folders that may be read, and reading within them.
//!
//! A template may come from a stranger's change, so what it refers to is read
//! only below the folders the user named: no `..`, no absolute path and no
//! symbolic link leads out.

use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use underbelly_source::{Files, Limits};

/// The folders the user named, or those of the files the user named.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    roots: Vec<Root>,
    /// The folder that holds all roots: keys of files are relative to it.
    common: PathBuf,
}

#[derive(Debug)]
struct Root {
    /// As the user wrote it.
    given: PathBuf,
    /// Where it really lies.
    real: PathBuf,
}

impl Roots {
    /// The roots of these paths; a path that is not there has none.
    pub(crate) fn of(paths: &[PathBuf]) -> Self {
        let mut roots: Vec<Root> = Vec::new();
        for path in paths {
            let folder = if path.is_dir() {
                Some(path.as_path())
            } else {
                path.parent()
            };
            let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new("."));
            if let Ok(real) = fs::canonicalize(folder)
                && roots.iter().all(|root| root.real != real)
            {
                let given = folder.to_path_buf();
                roots.push(Root { given, real });
            }
        }
        let parents = roots.iter().map(|root| {
            let parent = root.real.parent().unwrap_or(&root.real);
            parent.to_path_buf()
        });
        let common = parents.reduce(|common, other| shared(&common, &other));
        Self {
            roots,
            common: common.unwrap_or_default(),
        }
    }

    /// No files yet, shown to people by the paths they gave.
    pub(crate) fn files(&self) -> Files {
        let mut files = Files::default();
        // The deepest first: a root may lie within another.
        let mut roots: Vec<&Root> = self.roots.iter().collect();
        roots.sort_by_key(|root| std::cmp::Reverse(root.real.components().count()));
        for root in roots {
            let key = self.relative(&root.real);
            let shown = shown(&root.given);
            let with_slash = |path: String| match path.as_str() {
                "" | "/" => path,
                _ => format!("{path}/"),
            };
            files.show_as(with_slash(key), with_slash(shown));
        }
        files
    }

    /// The key of a file below a root: its path from the folder that holds all
    /// roots, the same wherever the program is started from.
    pub(crate) fn key(&self, path: &Path) -> Option<String> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
        Some(self.relative(&folder.join(path.file_name()?)))
    }

    /// The text of a file below a root, within the limit of size, by its key.
    pub(crate) fn load(&self, key: &str, limits: &Limits) -> Result<Arc<str>, String> {
        self.read(&self.common.join(key), limits)
    }

    /// The text of a file below a root, within the limit of size.
    pub(crate) fn read(&self, path: &Path, limits: &Limits) -> Result<Arc<str>, String> {
        let real = fs::canonicalize(path).map_err(|error| reason(&error))?;
        if !self.roots.iter().any(|root| real.starts_with(&root.real)) {
            return Err("it lies outside the folders that were given".to_owned());
        }
        // Looked at before it is opened: opening a pipe would wait for a writer.
        let meta = fs::metadata(&real).map_err(|error| reason(&error))?;
        if !meta.is_file() {
            return Err("it is not a regular file".to_owned());
        }
        let file = fs::File::open(&real).map_err(|error| reason(&error))?;
        if meta.len() > limits.file_bytes as u64 {
            let (size, limit) = (meta.len() >> 20, limits.file_bytes >> 20);
            return Err(format!(
                "it is {size} MiB large, over the limit of {limit} MiB"
            ));
        }
        let mut bytes = Vec::with_capacity(meta.len() as usize);
        // The file may grow while it is read; the limit holds all the same.
        let mut bounded = file.take(limits.file_bytes as u64);
        bounded
            .read_to_end(&mut bytes)
            .map_err(|error| reason(&error))?;
        if bytes.contains(&0) {
            return Err(match bytes.get(..2) {
                Some([0xff, 0xfe] | [0xfe, 0xff]) => "it is UTF-16; save it as UTF-8".to_owned(),
                _ => "it is not text".to_owned(),
            });
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(text.into()),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Err(format!("it is not UTF-8 text (byte {at})"))
            }
        }
    }

    fn relative(&self, real: &Path) -> String {
        shown(real.strip_prefix(&self.common).unwrap_or(real))
    }
}

/// The longest path that both begin with.
fn shared(one: &Path, other: &Path) -> PathBuf {
    let pairs = one.components().zip(other.components());
    pairs
        .take_while(|(a, b)| a == b)
        .map(|(part, _)| part)
        .collect()
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

/// The paths the user gave, as one writes them on a command line.
pub(crate) fn shown_all(paths: &[PathBuf]) -> String {
    let each = paths.iter().map(|path| match shown(path) {
        here if here.is_empty() => ".".to_owned(),
        path => path,
    });
    each.collect::<Vec<_>>().join(" ")
}

/// Why something could not be read, in plain words.
pub(crate) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it was not found".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read (permission denied)".to_owned(),
        _ => format!("it could not be read: {error}"),
    }
}
