//! Templates that `.gitignore` keeps from being read: said one by one, with how
//! to have them read. Built copies are the usual case, and rightly left out.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::gitignore::Gitignore;
use underbelly_source::Diagnostic;

use crate::discover::{is_left_out, is_template};
use crate::roots::shown;

/// The file that says what is ignored.
const RULES: &str = ".gitignore";
/// Files and folders looked at in ignored folders, however many there are.
const MOST_LOOKED_AT: usize = 10_000;
/// Files of which the beginning is read to see what they are.
const MOST_OPENED: usize = 300;
/// How much of each.
const BEGINNING: u64 = 64 * 1024;
/// Templates named one by one.
const MOST_NAMED: usize = 20;

/// Whether a folder that the user named is one that `.gitignore` leaves out: then
/// it is meant all the same.
pub(crate) fn is_ignored(folder: &Path) -> bool {
    let Ok(real) = fs::canonicalize(folder) else {
        return false;
    };
    for above in real.ancestors().skip(1) {
        let file = above.join(RULES);
        if file.is_file() {
            let (rules, _) = Gitignore::new(&file);
            // A rule may be on the folder or on what is in it: `dist/*`.
            for (path, is_folder) in [(real.clone(), true), (real.join("x"), false)] {
                let matched = rules.matched_path_or_any_parents(&path, is_folder);
                if !matched.is_none() {
                    return matched.is_ignore();
                }
            }
        }
        if above.join(".git").exists() {
            break;
        }
    }
    false
}

/// What looks like a template and was not met on a walk that honours `.gitignore`.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    templates: Vec<PathBuf>,
    looked_at: usize,
    opened: usize,
}

impl Ignored {
    /// Looks for them beside what was met, and below what was not.
    pub(crate) fn look(&mut self, folders: &BTreeSet<PathBuf>, met: &BTreeSet<PathBuf>) {
        let mut files = met.iter().filter_map(|path| path.file_name());
        let root = folders.first().and_then(|root| fs::canonicalize(root).ok());
        let mut above = root.iter().flat_map(|root| root.ancestors());
        let rules = files.any(|name| name.to_str() == Some(RULES));
        if !rules && !above.any(|above| above.join(RULES).is_file()) {
            return;
        }
        for folder in folders {
            let mut children: Vec<_> = fs::read_dir(folder).into_iter().flatten().collect();
            children.sort_by_key(|child| child.as_ref().ok().map(fs::DirEntry::file_name));
            for child in children.into_iter().flatten() {
                let path = child.path();
                let name = child.file_name();
                let output = name.to_str() == Some("cdk.out");
                if met.contains(&path) || is_left_out(&name.to_string_lossy()) || output {
                    continue;
                }
                match child.file_type() {
                    Ok(kind) if kind.is_dir() => self.below(&path),
                    Ok(kind) if kind.is_file() => self.file(path),
                    Ok(_) | Err(_) => {}
                }
            }
        }
    }

    fn below(&mut self, folder: &Path) {
        let walk = WalkBuilder::new(folder)
            .standard_filters(false)
            .filter_entry(|entry| !is_left_out(&entry.file_name().to_string_lossy()))
            .sort_by_file_name(Ord::cmp)
            .build();
        for entry in walk.flatten() {
            self.looked_at = self.looked_at.saturating_add(1);
            if self.looked_at > MOST_LOOKED_AT {
                return;
            }
            if entry.file_type().is_some_and(|kind| kind.is_file()) {
                self.file(entry.into_path());
            }
        }
    }

    fn file(&mut self, path: PathBuf) {
        if !is_template(&path) || self.opened >= MOST_OPENED {
            return;
        }
        self.opened = self.opened.saturating_add(1);
        let mut beginning = Vec::new();
        let read =
            fs::File::open(&path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
        let holds = |word: &[u8]| beginning.windows(word.len()).any(|part| part == word);
        if read.is_ok() && holds(b"Resources") && holds(b"AWS::") {
            self.templates.push(path);
        }
    }

    /// What there is to say, of what was not read in another way.
    pub(crate) fn diagnostics(mut self, read: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        self.templates.retain(|path| !read(&shown(path)));
        let told = self.templates.iter().take(MOST_NAMED).map(|path| {
            let message = format!("`{}` was left out, as `.gitignore` says", shown(path));
            Diagnostic::note_only("template-ignored", message)
                .in_path(shown(path))
                .help("name the file, or its folder, to have it read")
        });
        let mut told: Vec<Diagnostic> = told.collect();
        let more = self.templates.len().saturating_sub(MOST_NAMED);
        let cut = self.looked_at > MOST_LOOKED_AT || self.opened >= MOST_OPENED;
        if more > 0 || cut {
            let at_least = if cut { "at least " } else { "" };
            let message = format!("{at_least}{more} more templates were left out like that");
            told.push(Diagnostic::note_only("template-ignored", message));
        }
        told
    }
}
