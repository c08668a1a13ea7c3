//! The table of threats as CSV (RFC 4180): UTF-8, a heading, lines ended by CRLF.
//!
//! No byte order mark: CSV is for programs, most of which would take it for a
//! part of the first heading. Who wants to look at it has the spreadsheet.
//!
//! Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a formula.
//! Names come from templates, and a template may come from a stranger, so such
//! cells begin with `'`. Where a spreadsheet splits at `;` instead of commas, a
//! cell could begin after any `;`: the same is done there.

use underbelly_library::Pages;

use crate::view::Report;
use crate::view::table::{self, Cell, Table};

/// The threats as CSV.
pub fn csv(report: &Report<'_>, pages: &Pages) -> String {
    of(&table::threats(report, pages))
}

/// A table as CSV.
pub(crate) fn of(table: &Table) -> String {
    let mut out = String::new();
    let titles = table.columns.iter().map(|column| harmless(&column.title));
    record(titles, &mut out);
    for row in &table.rows {
        record(row.iter().map(text), &mut out);
    }
    out
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Number(n) => n.to_string(),
        Cell::Empty
        | Cell::Text(_)
        | Cell::Name(_)
        | Cell::Lines(_)
        | Cell::Band(..)
        | Cell::Word(..)
        | Cell::Link(_) => harmless(&cell.said("; ")),
    }
}

fn record(fields: impl Iterator<Item = String>, out: &mut String) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push(',');
        }
        if field.contains(['"', ',', ';', '\'', '\r', '\n', '\t']) || field.trim() != field {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push_str("\r\n");
}

/// The text with `'` wherever a cell could begin with a formula.
fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for character in text.chars() {
        if begins && formula(character) {
            harmless.push('\'');
        }
        begins = match character {
            ';' | '\t' => true,
            ' ' | '"' | '\u{a0}' => begins,
            _ => false,
        };
        harmless.push(character);
    }
    harmless
}

/// Whether a spreadsheet may take a cell that begins so for a formula; the wide
/// forms are taken for the narrow ones in some languages.
pub(crate) fn formula(character: char) -> bool {
    matches!(
        character,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: &str, expected: &str) {
        let mut out = String::new();
        record([harmless(cell)].into_iter(), &mut out);
        assert_eq!(out, format!("{expected}\r\n"));
    }

    #[test]
    fn plain_cells_stay_plain() {
        check("Orders", "Orders");
        check("", "");
        check("GET /orders?a=1", "GET /orders?a=1");
    }

    #[test]
    fn quotes_and_separators_are_quoted() {
        check("a,b", "\"a,b\"");
        check("say \"no\"", "\"say \"\"no\"\"\"");
        check("a; b", "\"a; b\"");
    }

    #[test]
    fn formulas_are_texts() {
        check("=1+1", "\"'=1+1\"");
        check(" @SUM(A1)", "\" '@SUM(A1)\"");
        check("a;=1+1", "\"a;'=1+1\"");
        check("a\";-1", "\"a\"\";'-1\"");
        check("＝1", "\"'＝1\"");
    }
}
