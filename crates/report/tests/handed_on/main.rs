//! What is handed on, read back as those who get it read it: spreadsheets by a
//! reader of spreadsheets, CSV by its rules, Markdown by a parser.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod extract;
mod html;
mod model;
mod openpyxl;
mod page;
mod read_back;
mod reference;

use model::Made;
use read_back::{csv, markdown, sheets};

/// What stands in names, and what of it is to be shown.
const HOSTILE: &[(&str, &str)] = &[
    ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ("+1+1", "+1+1"),
    ("-2+3", "-2+3"),
    ("@SUM(A1:A9)", "@SUM(A1:A9)"),
    ("＝1+1", "＝1+1"),
    ("a;=1+1", "a;=1+1"),
    ("a\",\"=1+1", "a\",\"=1+1"),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("</details><img src=x>", "</details><img src=x>"),
    ("a|b`c\\|d", "a|b`c\\|d"),
    ("&amp; &lt;", "&amp; &lt;"),
    ("x\r\n=1", "x\\r\\n=1"),
    ("\t=1", "\\t=1"),
    ("null\0", "null\\u{0}"),
    ("bell\u{7}\u{1b}[31m", "bell\\u{7}\\u{1b}[31m"),
    ("\u{202e}evil", "\\u{202e}evil"),
    ("_x0041_", "_x0041_"),
    ("@everyone", "@everyone"),
    ("x @you #12 GH-3", "x @you #12 GH-3"),
    ("https://example.com", "https://example.com"),
    ("![i](https://example.com)", "![i](https://example.com)"),
    ("```\n# head", "```\\n# head"),
    ("注文 ÅÄÖ 😀", "注文 ÅÄÖ 😀"),
    (" space ", " space "),
];

const SHEETS: &[(&str, &str)] = &[
    ("Summary", "Threat model of "),
    ("Threats", "Risk"),
    ("Countermeasures", "For risk"),
    ("Components", "Component"),
    ("Flows", "From"),
    ("Questions", "Question"),
    ("Diagnostics", "Severity"),
    ("References", "Of"),
];

#[test]
fn every_table_is_a_sheet_of_the_spreadsheet() {
    let read = sheets(&Made::of("Orders", 40).xlsx());
    let found: Vec<(&str, bool)> = read
        .iter()
        .zip(SHEETS)
        .map(|(sheet, (_, first))| (&*sheet.name, sheet.rows[0][0].starts_with(first)))
        .collect();
    let expected: Vec<(&str, bool)> = SHEETS.iter().map(|(name, _)| (*name, true)).collect();
    assert_eq!(found, expected);
    for (name, column) in [("Threats", 3), ("Components", 0), ("Flows", 0)] {
        let sheet = read.iter().find(|sheet| sheet.name == name).unwrap();
        let mut rows = sheet.rows.iter();
        assert!(rows.len() > 2, "{name}");
        assert!(rows.all(|row| !row[column].is_empty()), "{name}");
    }
    assert_eq!(read[1].rows.len(), 41);
    assert!(
        read[1]
            .rows
            .iter()
            .any(|row| row.contains(&"critical".to_owned()))
    );
}

#[test]
fn hostile_names_are_texts_in_a_spreadsheet() {
    for (name, shown) in HOSTILE {
        let read = sheets(&Made::of(name, 3).xlsx());
        for (sheet, text) in [
            ("Threats", (*shown).to_owned()),
            ("Components", (*shown).to_owned()),
            ("Flows", (*shown).to_owned()),
            ("Diagnostics", (*shown).to_owned()),
            ("Questions", format!("What of `{shown}`?")),
            ("Summary", format!("Threat model of {shown}")),
        ] {
            let sheet = read.iter().find(|found| found.name == sheet).unwrap();
            let mut cells = sheet.rows.iter().flatten();
            assert!(cells.any(|cell| *cell == text), "{text} in {sheet:?}");
            assert_eq!(sheet.n_formulas, 0);
        }
    }
}

#[test]
fn hostile_names_are_texts_in_csv() {
    let starts = ['=', '+', '-', '@', '＝', '\t', '\r'];
    for (name, shown) in HOSTILE {
        let rows = csv(&Made::of(name, 3).csv());
        let component = rows[0]
            .iter()
            .position(|title| title == "Component")
            .unwrap();
        let found = rows[1][component].replace('\'', "");
        assert_eq!(found, shown.replace('\'', ""));
        for cell in rows.iter().flatten() {
            // Also where a spreadsheet splits at semicolons.
            for part in cell.split(';') {
                let part = part.trim_start_matches([' ', '"']);
                assert!(!part.starts_with(starts), "{cell}");
            }
        }
    }
}

#[test]
fn hostile_names_are_texts_in_markdown() {
    for (name, shown) in HOSTILE {
        let read = markdown(&Made::of(name, 3).markdown());
        assert!(read.text.contains(shown), "{shown} in {}", read.text);
    }
}

#[test]
fn every_cell_stands_under_a_heading() {
    for sheet in sheets(&Made::of("Orders", 40).xlsx()).iter().skip(1) {
        let mut rows = sheet.rows.iter();
        let headings = rows.next().unwrap();
        for row in rows {
            let mut cells = headings.iter().zip(row);
            assert!(cells.all(|(heading, cell)| cell.is_empty() || !heading.is_empty()));
        }
        let mut once = headings.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), headings.len(), "{headings:?}");
    }
}

#[test]
fn one_component_makes_a_whole_report() {
    let made = Made::with("Orders", 1, 1);
    let read = sheets(&made.xlsx());
    let rows = |at: usize| read[at].rows.len();
    assert_eq!((rows(1), rows(3), rows(4)), (2, 2, 2));
    assert_eq!(csv(&made.csv()).len(), 2);
    let text = markdown(&made.markdown()).text;
    assert!(text.contains("1 exposed threat, worst first"), "{text}");
}

#[test]
fn ten_thousand_components_are_ten_thousand_rows() {
    let made = Made::with("Orders", 20, 10_000);
    let read = sheets(&made.xlsx());
    assert_eq!(read[3].rows.len(), 10_001);
    let text = made.markdown();
    assert!(text.len() <= 65_000, "{}", text.len());
    markdown(&text);
}

#[test]
fn nothing_gives_an_empty_report() {
    let made = Made::empty();
    let read = sheets(&made.xlsx());
    assert_eq!(read.len(), SHEETS.len());
    assert_eq!(csv(&made.csv()).len(), 1);
    let text = markdown(&made.markdown()).text;
    assert!(text.contains("No threat is shown to be exposed."), "{text}");
}

#[test]
fn csv_has_the_rows_of_the_sheet() {
    let made = Made::of("Orders", 25);
    let (rows, read) = (csv(&made.csv()), sheets(&made.xlsx()));
    let flat = |rows: &[Vec<String>]| -> Vec<Vec<String>> {
        let flat = |cell: &String| cell.replace("; ", "\n").replace('\'', "");
        rows.iter()
            .map(|row| row.iter().map(flat).collect())
            .collect()
    };
    assert_eq!(flat(&rows), flat(&read[1].rows));
}

#[test]
fn a_cell_holds_no_more_than_it_can() {
    for long in ["a".repeat(40_000), "😀".repeat(20_000), "é".repeat(33_000)] {
        let read = sheets(&Made::of(&long, 2).xlsx());
        for cell in read.iter().flat_map(|sheet| sheet.rows.iter().flatten()) {
            assert!(cell.encode_utf16().count() <= 32_767);
        }
    }
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let (one, other) = (Made::of("Orders", 30), Made::of("Orders", 30));
    assert!(one.xlsx() == other.xlsx());
    assert_eq!(one.csv(), other.csv());
    assert_eq!(one.markdown(), other.markdown());
}

#[test]
fn any_markdown_fits_a_comment() {
    for (name, n) in [("Orders", 5_000), ("😀=|`\\".repeat(5_000).as_str(), 300)] {
        let text = Made::of(name, n).markdown();
        assert!(text.len() <= 65_000, "{}", text.len());
        markdown(&text);
    }
}

#[test]
fn five_thousand_threats_are_five_thousand_rows() {
    let made = Made::of("Orders", 5_000);
    let read = sheets(&made.xlsx());
    assert_eq!(read[1].rows.len(), 5_001);
    assert_eq!(csv(&made.csv()).len(), 5_001);
}
