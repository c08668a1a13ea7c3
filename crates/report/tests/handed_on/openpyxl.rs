//! A second reader of spreadsheets, where it is at hand: Python's openpyxl.

use std::io::Write;
use std::process::{Command, Output};

use crate::model::Made;
use crate::read_back::sheets;

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/handed_on/read_sheets.py"
);

/// Runs Python; nothing where it is absent.
fn python(arguments: &[&str]) -> Option<Output> {
    Command::new("python3").args(arguments).output().ok()
}

fn is_absent() -> bool {
    let found = python(&["-c", "import openpyxl"]);
    let absent = !found.is_some_and(|output| output.status.success());
    if absent {
        // Past the test's capture: a check that was left out is told.
        let said = "python3 with openpyxl is absent: spreadsheets are read back by calamine only";
        let _ = writeln!(std::io::stderr(), "{said}");
    }
    absent
}

#[test]
fn openpyxl_reads_what_calamine_reads() {
    if is_absent() {
        return;
    }
    for (name, n) in [("Orders", 60), ("=1+1", 3), ("\u{1}\u{202e}<&\u{ffff}", 3)] {
        let bytes = Made::of(name, n).xlsx();
        let path = std::env::temp_dir().join(format!("underbelly-{}.xlsx", std::process::id()));
        std::fs::write(&path, &bytes).unwrap();
        let output = python(&[SCRIPT, &path.to_string_lossy()]).unwrap();
        std::fs::remove_file(path).unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let printed = String::from_utf8(output.stdout).unwrap();
        let found: Vec<Vec<&str>> = printed.lines().map(|l| l.split('\t').collect()).collect();
        let read = sheets(&bytes);
        assert_eq!(found.len(), read.len());
        for (found, sheet) in found.iter().zip(&read) {
            let [name, rows, _, formulas, links, frozen, filter, checked] = found[..] else {
                panic!("{found:?}");
            };
            assert_eq!((name, formulas), (&*sheet.name, "0"));
            if name == "Summary" {
                assert_eq!(links, (read.len() - 1).to_string());
                continue;
            }
            // Where nothing is found, a line says so.
            assert_eq!(rows, sheet.rows.len().to_string(), "{name}");
            assert!(frozen.ends_with('2'), "{name}: {frozen}");
            assert_eq!(
                filter != "None",
                sheet.rows[1][0] != "none",
                "{name}: {filter}"
            );
            let to_choose = matches!(name, "Threats" | "Countermeasures");
            assert_eq!(checked, if to_choose { "1" } else { "0" }, "{name}");
        }
    }
}
