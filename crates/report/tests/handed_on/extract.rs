//! The library handed on as tables: both spreadsheets hold the same, every threat
//! has its row, and what is in CSV is in them.

use std::io::Cursor;

use calamine::{Data, Reader, Xls};
use underbelly_library::{Extract, Library, Pages, Wanted};
use underbelly_report::extract;

use crate::read_back::{csv, markdown, sheets};

fn known() -> (Library, Pages) {
    (underbelly_builtin::rules(), underbelly_builtin::pages())
}

/// A sheet's name and its rows.
type Read = Vec<(String, Vec<Vec<String>>)>;

#[track_caller]
fn old_sheets(bytes: &[u8]) -> Read {
    let mut book: Xls<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        other => other.to_string(),
    };
    let names = book.sheet_names();
    let read = names.into_iter().map(|name| {
        let cells = book.worksheet_range(&name).unwrap();
        let rows = cells.rows().map(|row| row.iter().map(text).collect());
        let rows = rows.collect();
        (name, rows)
    });
    read.collect()
}

#[test]
fn both_spreadsheets_hold_the_same_tables() {
    let (library, pages) = known();
    for kinds in [vec![], vec!["function".to_owned()]] {
        let wanted = Wanted {
            kinds: &kinds,
            provider: None,
        };
        let part = Extract::of(&library, &pages, &wanted);
        let title = extract::title(&part, &wanted);
        let old = extract::xls(&part).unwrap();
        assert_eq!(old.cut, []);
        let new = sheets(&extract::xlsx(&part, &title, "2026-11-23").unwrap());
        assert!(new.iter().all(|sheet| sheet.n_formulas == 0));
        let new: Read = new
            .into_iter()
            .map(|sheet| (sheet.name, sheet.rows))
            .collect();
        let old = old_sheets(&old.bytes);
        let names: Vec<&str> = old.iter().map(|(name, _)| &**name).collect();
        let expected = [
            "Threats",
            "Countermeasures",
            "Threats and countermeasures",
            "Sources",
        ];
        assert_eq!(names, expected);
        assert_eq!(old, new);
        assert_eq!(old[0].1.len(), part.threats.len() + 1);
        assert_eq!(old[1].1.len(), part.countermeasures.len() + 1);
    }
}

#[test]
fn csv_is_the_table_of_pairs() {
    let (library, pages) = known();
    let part = Extract::of(&library, &pages, &Wanted::default());
    let read = csv(&extract::csv(&part));
    let (_, pairs) = &old_sheets(&extract::xls(&part).unwrap().bytes)[2];
    assert_eq!(read.len(), pairs.len());
    assert_eq!(read[0], pairs[0]);
    for (of_threat, row) in [(0, "function-url-open"), (9, "function-url-iam")] {
        assert!(read.iter().any(|cells| cells[of_threat] == row), "{row}");
    }
    // Every threat has a row, whether something stands against it or not.
    for (def, _) in &part.threats {
        assert!(read.iter().any(|cells| *cells[0] == *def.id), "{}", def.id);
    }
}

#[test]
fn markdown_and_html_hold_every_threat_and_nothing_that_runs() {
    let (library, pages) = known();
    let part = Extract::of(&library, &pages, &Wanted::default());
    let text = extract::markdown(&part, "Threats");
    let html = extract::html(&part, "Threats");
    let shown = markdown(&text);
    for (def, _) in &part.threats {
        assert!(shown.text.contains(&*def.id), "{}", def.id);
        assert!(
            html.contains(&format!("<article id=\"{}\">", def.id)),
            "{}",
            def.id
        );
    }
    assert!(!html.contains("<script"));
    roxmltree::Document::parse(html.trim_start_matches("<!doctype html>\n")).unwrap();
}
