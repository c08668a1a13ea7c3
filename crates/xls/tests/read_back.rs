//! Workbooks read back by programs that are not ours: calamine, and Python's xlrd
//! where it is at hand.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Cursor, Write};
use std::process::{Command, Output};

use calamine::{Data, Reader, Xls};
use underbelly_xls::{CHARACTERS, COLUMNS, Cell, Column, ROWS, Row, Sheet, Written, workbook};

/// A sheet of texts.
fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
    let n_columns = rows.first().map_or(2, |row| row.len());
    let column = |at: usize| Column {
        title: format!("Column {at}"),
        width: 20,
    };
    let cell = |text: &&str| Cell::Text((*text).to_owned());
    let row = |cells: &&[&str]| Row {
        height: 15.0,
        cells: cells.iter().map(cell).collect(),
    };
    Sheet {
        name: name.to_owned(),
        columns: (0..n_columns).map(column).collect(),
        kept: 1,
        printed: 2,
        rows: rows.iter().map(row).collect(),
    }
}

/// What calamine sees: the names of sheets, and their rows.
#[track_caller]
fn read(written: &Written) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book: Xls<_> = calamine::open_workbook_from_rs(Cursor::new(&written.bytes)).unwrap();
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        other => other.to_string(),
    };
    let names = book.sheet_names();
    let sheets = names.into_iter().map(|name| {
        let cells = book.worksheet_range(&name).unwrap();
        let rows = cells.rows().map(|row| row.iter().map(text).collect());
        let rows = rows.collect();
        (name, rows)
    });
    sheets.collect()
}

/// Every text comes back as it went in.
#[track_caller]
fn check(rows: &[&[&str]]) {
    let written = workbook(&[sheet("A", rows)]).unwrap();
    assert_eq!(written.cut, []);
    let (_, found) = read(&written).remove(0);
    let found: Vec<Vec<&str>> = found
        .iter()
        .skip(1)
        .map(|row| row.iter().map(String::as_str).collect())
        .collect();
    assert_eq!(found, rows);
}

const HOSTILE: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1:A9)",
    "Größe ÅÄÖ",
    "注文 😀 😀",
    "two\nlines",
    "\t tab and \u{202e}more",
    "'quoted'",
    "null\u{1}",
    " space ",
];

#[test]
fn texts_come_back() {
    check(&[&["a", "b"], &["c", "d"]]);
    for text in HOSTILE {
        check(&[&[text, "x"], &["y", text]]);
    }
}

#[test]
fn texts_go_on_over_several_records() {
    // Some break within a text, some before one, some with wide letters.
    for length in [
        1, 7, 100, 4_109, 8_000, 8_213, 8_216, 8_217, 20_000, CHARACTERS,
    ] {
        for letter in ["a", "ü", "文"] {
            let texts: Vec<String> = (0..5)
                .map(|n| format!("{n}{}", letter.repeat(length - 1)))
                .collect();
            let rows: Vec<Vec<&str>> = texts.iter().map(|text| vec![&**text, "end"]).collect();
            let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
            check(&rows);
        }
    }
}

#[test]
fn numbers_are_numbers_and_links_are_texts_too() {
    let mut table = sheet("A", &[]);
    table.rows.push(Row {
        height: 15.0,
        cells: vec![
            Cell::Number(0.8),
            Cell::Link("https://example.com/".to_owned()),
        ],
    });
    let (_, rows) = read(&workbook(&[table]).unwrap()).remove(0);
    assert_eq!(rows[1], ["0.8", "https://example.com/"]);
}

#[test]
fn every_sheet_has_its_name_and_no_other() {
    let long = "n".repeat(40);
    let sheets = ["Threats", "a/b:c", "threats", "", &long].map(|name| sheet(name, &[]));
    let written = workbook(&sheets).unwrap();
    let names: Vec<String> = read(&written).into_iter().map(|(name, _)| name).collect();
    let short = format!("{}…", "n".repeat(30));
    assert_eq!(names, ["Threats", "abc", "Sheet 3", "Sheet 4", &short]);
    assert_eq!(written.cut.len(), 4);
}

#[test]
fn what_is_too_long_for_a_cell_is_cut_and_said() {
    let long = "x".repeat(CHARACTERS + 1);
    let written = workbook(&[sheet("A", &[&["a", &long]])]).unwrap();
    let (_, rows) = read(&written).remove(0);
    assert_eq!(rows[1][1].chars().count(), CHARACTERS);
    assert!(rows[1][1].ends_with("x…"));
    let said: Vec<&str> = written
        .cut
        .iter()
        .filter_map(|d| d.note.as_deref())
        .collect();
    assert_eq!(said, ["in cell B2"]);
}

#[test]
fn rows_and_columns_without_room_are_left_out_and_said() {
    let rows: Vec<&[&str]> = vec![&["a"]; ROWS + 2];
    let written = workbook(&[sheet("A", &rows)]).unwrap();
    assert_eq!(read(&written)[0].1.len(), ROWS);
    let said: Vec<&str> = written.cut.iter().map(|d| &*d.message).collect();
    let expected = "3 rows of the sheet `A` are left out: Excel 97 has room for 65536";
    assert_eq!(said, [expected]);
    let wide: Vec<&str> = vec!["a"; COLUMNS + 1];
    let written = workbook(&[sheet("A", &[&wide])]).unwrap();
    assert_eq!(read(&written)[0].1[0].len(), COLUMNS);
    assert_eq!(written.cut.len(), 1);
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    let sheets = [sheet("A", &[HOSTILE]), sheet("B", &[])];
    assert_eq!(workbook(&sheets).unwrap(), workbook(&sheets).unwrap());
}

/// Runs Python; nothing where it is absent.
fn python(arguments: &[&str]) -> Option<Output> {
    Command::new("python3").args(arguments).output().ok()
}

/// Sheets as xlrd sees them, and how their first cell of a row looks.
const SCRIPT: &str = r#"
import sys, xlrd
book = xlrd.open_workbook(sys.argv[1], formatting_info=True)
for sheet in book.sheets():
    look = book.xf_list[sheet.cell_xf_index(0, 0)]
    print(sheet.name, sheet.nrows, sheet.ncols, len(sheet.hyperlink_list),
          book.font_list[look.font_index].weight, look.alignment.text_wrapped,
          sheet.colinfo_map[0].width, sheet.vert_split_pos, sheet.horz_split_pos,
          sheet.cell_value(1, 0)[:9], len(sheet.cell_value(1, 0)), sep="|")
"#;

#[test]
fn xlrd_reads_it_too() {
    let found = python(&["-c", "import xlrd"]);
    if !found.is_some_and(|output| output.status.success()) {
        // Past the test's capture: a check that was left out is told.
        let said = "python3 with xlrd is absent: workbooks are read back by calamine only";
        let _ = writeln!(std::io::stderr(), "{said}");
        return;
    }
    let mut table = sheet("Threats", &[&["注文 <&>", "b"], &["c", "d"]]);
    let links = ["https://example.com/", "javascript:alert(1)"];
    table.rows[1].cells = links.map(|link| Cell::Link(link.to_owned())).to_vec();
    let long = "ü".repeat(20_000);
    let written = workbook(&[table, sheet("Long", &[&[&long, "b"]])]).unwrap();
    let path = std::env::temp_dir().join(format!("underbelly-{}.xls", std::process::id()));
    std::fs::write(&path, &written.bytes).unwrap();
    let output = python(&["-c", SCRIPT, &path.to_string_lossy()]).unwrap();
    std::fs::remove_file(path).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let expected = [
        "Threats|3|2|1|700|1|5120|1|1|注文 <&>|6",
        "Long|2|2|0|700|1|5120|1|1|üüüüüüüüü|20000",
    ];
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
}
