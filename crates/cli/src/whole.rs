//! Files that are written whole or not at all.
//!
//! Each is written beside its place, under a name nobody has, and takes its own
//! name once all are whole: half a report helps nobody, and one of several that
//! is older than the others misleads.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use crate::roots::shown;

/// Files that do not have their names yet; what has none in the end is removed.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    waiting: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    beside: PathBuf,
    path: PathBuf,
}

impl Parts {
    /// Writes one more.
    pub(crate) fn add(
        &mut self,
        path: &Path,
        text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        let failed = |error| not_written(path, &error);
        let there = fs::metadata(path).ok();
        // A pipe or a device takes what comes; its place is not to be taken.
        let (file, beside) = match &there {
            Some(there) if !there.is_file() => (OpenOptions::new().write(true).open(path), None),
            Some(_) | None => {
                let (file, beside) = beside(path).map_err(failed)?;
                (Ok(file), Some(beside))
            }
        };
        if let Some(beside) = beside {
            if let Some(there) = there {
                fs::set_permissions(&beside, there.permissions()).map_err(failed)?;
            }
            let path = path.to_path_buf();
            self.waiting.push(Part { beside, path });
        }
        let mut out = BufWriter::new(file.map_err(failed)?);
        text(&mut out).and_then(|()| out.flush()).map_err(failed)
    }

    /// Gives all their names.
    pub(crate) fn finish(mut self) -> Result<()> {
        while let Some(part) = self.waiting.first() {
            fs::rename(&part.beside, &part.path)
                .map_err(|error| not_written(&part.path, &error))?;
            self.waiting.remove(0);
        }
        Ok(())
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        for part in &self.waiting {
            // That it stays is no worse than what has failed already.
            let _ = fs::remove_file(&part.beside);
        }
    }
}

/// A new file in the folder of another. It is never one that was there: what
/// lies in a folder may have been put there by a stranger.
fn beside(path: &Path) -> io::Result<(File, PathBuf)> {
    const TRIES: usize = 1_000;
    for n in 0..TRIES {
        let name = format!(".underbelly-{}-{n}.part", std::process::id());
        let beside = path.with_file_name(name);
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)
        {
            Ok(file) => return Ok((file, beside)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn not_written(path: &Path, error: &io::Error) -> anyhow::Error {
    let why = match error.kind() {
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "nothing may be written there".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => error.to_string(),
    };
    anyhow!("`{}` could not be written: {why}", shown(path))
}
