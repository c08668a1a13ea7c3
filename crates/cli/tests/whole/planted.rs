//! Small systems with known weaknesses, each beside the same system mended: every
//! weakness planted is exposed in the one and held off, or gone, in the other.
//!
//! `tests/planted/NAME/` holds `weak.yaml`, `mended.yaml` and `planted.txt`, a threat a
//! line; `{stack}` stands for the stack itself, which is named after its file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::door::{model, root};
use crate::facts::{items, s};

/// Fewer would prove little.
const SYSTEMS: usize = 12;

fn systems() -> Vec<PathBuf> {
    let folder = root().join("tests/planted");
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let mut systems: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    systems.retain(|path| path.is_dir());
    systems.sort();
    systems
}

/// The state of every threat that applies.
fn states(system: &str, version: &str) -> BTreeMap<String, String> {
    let model = model(&[&format!("tests/planted/{system}/{version}.yaml")]);
    assert_eq!(
        items(&model, "diagnostics"),
        Vec::<serde_json::Value>::new()
    );
    let threats = items(&model, "threats");
    threats
        .iter()
        .map(|threat| (s(threat, "id").to_owned(), s(threat, "state").to_owned()))
        .collect()
}

#[test]
fn what_is_planted_is_found_and_what_is_mended_is_not() {
    let mut problems = Vec::new();
    let (mut n_systems, mut n_planted) = (0, 0);
    for folder in systems() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let planted = std::fs::read_to_string(folder.join("planted.txt")).unwrap();
        let (weak, mended) = (states(&name, "weak"), states(&name, "mended"));
        n_systems += 1;
        for line in planted.lines() {
            n_planted += 1;
            let found = weak
                .get(&line.replace("{stack}", "weak"))
                .map(String::as_str);
            if found != Some("exposed") {
                problems.push(format!("{name}: {line} is {found:?} where it is planted"));
            }
            let left = mended
                .get(&line.replace("{stack}", "mended"))
                .map(String::as_str);
            if !matches!(left, None | Some("mitigated")) {
                problems.push(format!("{name}: {line} is {left:?} where it is mended"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        n_systems >= SYSTEMS && n_planted >= 2 * SYSTEMS,
        "{n_systems}, {n_planted}"
    );
}
