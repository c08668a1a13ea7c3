//! Real output in the pages: what stands between
//! `<!-- output: underbelly model examples/orders -->` and `<!-- end -->` is what
//! that command prints, 100 columns wide and without colour.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Text, output, root};
use crate::run::{cargo, command};

const BEGIN: &str = "<!-- output: underbelly ";
const END: &str = "<!-- end -->";

/// Every page that has such a block, with its blocks made anew.
pub(super) fn documents() -> Vec<(PathBuf, Text)> {
    let mut pages = Vec::new();
    collect(&root(), false, &mut pages);
    collect(&root().join("docs"), true, &mut pages);
    pages.sort();
    let written = pages.into_iter().filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        text.lines().any(|line| line.starts_with(BEGIN)).then(|| {
            let fresh = renewed(&text, &mut run);
            (path, fresh)
        })
    });
    written.collect()
}

fn collect(folder: &Path, deep: bool, pages: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && deep {
            collect(&path, deep, pages);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            pages.push(path);
        }
    }
}

fn run(arguments: &str) -> Text {
    let mut all = vec![
        "run",
        "--release",
        "--quiet",
        "--package",
        "underbelly-cli",
        "--",
    ];
    all.extend(arguments.split_whitespace());
    output(
        command(cargo(), &all)
            .env("COLUMNS", "100")
            .env("NO_COLOR", "1"),
    )
}

fn renewed(text: &str, run: &mut dyn FnMut(&str) -> Text) -> Text {
    let mut fresh = String::new();
    let mut inside = false;
    for line in text.lines() {
        if inside && line != END {
            continue;
        }
        inside = false;
        fresh.push_str(line);
        fresh.push('\n');
        let arguments = line
            .strip_prefix(BEGIN)
            .and_then(|rest| rest.strip_suffix(" -->"));
        if let Some(arguments) = arguments {
            inside = true;
            let shown = run(arguments)?;
            let lines = shown
                .lines()
                .map(str::trim_end)
                .collect::<Vec<_>>()
                .join("\n");
            fresh.push_str(&format!("```text\n{}\n```\n", lines.trim_end()));
        }
    }
    if inside {
        return Err(format!("a block of output has no `{END}`"));
    }
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_block_is_replaced() {
        let page = "Before\n<!-- output: underbelly model x -->\nold\n<!-- end -->\nafter\n";
        let fresh = renewed(page, &mut |arguments| Ok(format!("ran {arguments}  \n\n")));
        let expected = "Before\n<!-- output: underbelly model x -->\n```text\nran model x\n```\n<!-- end -->\nafter\n";
        assert_eq!(fresh.unwrap(), expected);
    }

    #[test]
    fn a_block_without_end_is_refused() {
        assert!(
            renewed(
                "<!-- output: underbelly x -->\n",
                &mut |_| Ok(String::new())
            )
            .is_err()
        );
    }
}
