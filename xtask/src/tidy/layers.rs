//! Every import of a crate leads to a lower row, or is listed.

use std::collections::BTreeSet;
use std::process::Command;

use serde::Deserialize;

use super::rules::Rules;
use crate::root;
use crate::run::cargo;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Clone, Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    #[serde(default)]
    path: Option<String>,
}

pub(super) fn problems(rules: &Rules) -> Vec<String> {
    match metadata() {
        Ok(metadata) => judged(rules, &metadata),
        Err(error) => vec![error],
    }
}

fn metadata() -> Result<Metadata, String> {
    let output = Command::new(cargo())
        .args([
            "metadata",
            "--no-deps",
            "--locked",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

fn judged(rules: &Rules, metadata: &Metadata) -> Vec<String> {
    let mut problems = Vec::new();
    let known: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|package| &*package.name)
        .collect();
    for row in &rules.rows {
        for name in row
            .crates
            .keys()
            .filter(|name| !known.contains(name.as_str()))
        {
            problems.push(format!("`{name}` has a row and is not in the workspace"));
        }
    }
    for package in metadata
        .packages
        .iter()
        .filter(|package| package.name != "xtask")
    {
        let Some(own) = rules.row(&package.name) else {
            problems.push(format!("`{}` is in no row", package.name));
            continue;
        };
        // What only tests import binds nobody.
        let shipped = |dependency: &&Dependency| dependency.kind.as_deref() != Some("dev");
        for dependency in package.dependencies.iter().filter(shipped) {
            problems.extend(judge(rules, package, own, dependency));
        }
    }
    problems
}

fn judge(rules: &Rules, package: &Package, own: usize, dependency: &Dependency) -> Option<String> {
    let (from, to) = (&package.name, &dependency.name);
    if dependency.path.is_none() {
        let listed = rules
            .outside(from)
            .is_some_and(|outside| outside.contains(to));
        return (!listed).then(|| format!("`{from}` imports `{to}`, which is not listed for it"));
    }
    let nevers = rules.nevers.iter();
    if let Some(never) = nevers
        .into_iter()
        .find(|n| n.from == *from && n.to.contains(to))
    {
        return Some(format!("`{from}` imports `{to}`: {}", never.reason));
    }
    let excepted = rules
        .same_rows
        .iter()
        .any(|edge| edge.from == *from && edge.to == *to);
    match rules.row(to) {
        Some(row) if row > own => None,
        Some(row) if row == own && excepted => None,
        Some(_) => Some(format!(
            "`{from}` imports `{to}`, which is not in a lower row"
        )),
        None => Some(format!("`{from}` imports `{to}`, which is in no row")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "impure = []\ndocumented = []\n\
        [[row]]\nname = 'high'\ncrates.a = ['serde']\ncrates.b = []\n\
        [[row]]\nname = 'low'\ncrates.c = []\n\
        [[never]]\nfrom = 'b'\nto = ['c']\nreason = 'so'\n";

    fn check(from: &str, to: &str, ours: bool) -> Vec<String> {
        let rules = Rules::parse(ROWS).unwrap();
        let dependency = Dependency {
            name: to.to_owned(),
            kind: None,
            path: ours.then(String::new),
        };
        let package = |name: &str, dependencies| Package {
            name: name.to_owned(),
            dependencies,
        };
        let mut packages: Vec<Package> = ["a", "b", "c"]
            .iter()
            .filter(|name| **name != from)
            .map(|name| package(name, Vec::new()))
            .collect();
        packages.push(package(from, vec![dependency]));
        judged(&rules, &Metadata { packages })
    }

    #[test]
    fn imports_lead_downwards() {
        assert!(check("a", "c", true).is_empty());
        assert!(check("a", "serde", false).is_empty());
        for (from, to, ours) in [
            ("c", "a", true),
            ("a", "b", true),
            ("b", "c", true),
            ("c", "serde", false),
        ] {
            assert_eq!(check(from, to, ours).len(), 1, "{from} to {to}");
        }
    }

    #[test]
    fn a_crate_without_row_is_told() {
        assert_eq!(check("d", "c", true), ["`d` is in no row"]);
    }
}
