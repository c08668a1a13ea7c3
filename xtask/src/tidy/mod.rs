//! What neither compiler nor lints see: layers, purity, names, words, sizes.

mod layers;
mod rules;
mod text;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::root;
use rules::Rules;

/// A file of the project, with its path from the root.
struct File {
    path: String,
    text: String,
}

/// Runs every check: how many there are, or how many problems they found.
pub(crate) fn tidy() -> Result<usize, usize> {
    let rules = match Rules::read(&root().join("xtask/layers.toml")) {
        Ok(rules) => rules,
        Err(error) => {
            println!("   xtask/layers.toml: {error}");
            return Err(1);
        }
    };
    let files = files();
    let checks: [(&str, Vec<String>); 6] = [
        ("layers", layers::problems(&rules)),
        ("purity", text::impure(&rules, &files)),
        ("names of modules", text::vague_modules(&files)),
        ("words", text::words(&rules, &files)),
        ("documented crates", text::undocumented(&rules, &files)),
        ("sizes", Vec::new()),
    ];
    for warning in text::long(&files) {
        println!("   warning: {warning}");
    }
    let mut n_problems = 0;
    for (name, problems) in &checks {
        for problem in problems {
            println!("   {name}: {problem}");
        }
        n_problems += problems.len();
    }
    if n_problems == 0 {
        Ok(checks.len())
    } else {
        Err(n_problems)
    }
}

/// The files git knows, or would; without git, all but built ones.
fn files() -> Vec<File> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    let paths: BTreeSet<String> = match listed {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.lines().map(str::to_owned).collect()
        }
        _ => {
            let mut paths = BTreeSet::new();
            walk(&root(), "", &mut paths);
            paths
        }
    };
    let read = |path: String| {
        let text = fs::read_to_string(root().join(&path)).ok()?;
        Some(File { path, text })
    };
    paths.into_iter().filter_map(read).collect()
}

fn walk(folder: &Path, below: &str, paths: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == "target" || name == ".git" {
            continue;
        }
        let path = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        if entry.path().is_dir() {
            walk(&entry.path(), &path, paths);
        } else {
            paths.insert(path);
        }
    }
}
