//! A table as a sheet: a heading that stays, a filter, columns as wide as what
//! stands in them.

use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, Format, Url, Worksheet, XlsxError,
};

use super::look::Look;
use super::measure::{lines_in, width_of};
use crate::csv::formula;
use crate::view::table::{Cell, Real, Table};

/// What a sheet and a cell can hold at most.
const ROWS: usize = 1_000_000;
const CHARACTERS: usize = 32_767;
/// Addresses to click in one sheet; they make it slow, and those of all entries
/// stand in the sheet of references again.
const LINKS: usize = 1_000;
const ADDRESS: usize = 2_000;
/// Columns are never narrower.
const NARROWEST: usize = 7;
/// Rows looked at to find how wide a column is.
const MEASURED: usize = 500;
/// Columns that the space before a text takes.
const INDENT: usize = 1;
/// Points a line takes, and the most a row may.
const LINE: f64 = 15.0;
const HIGHEST: f64 = 409.0;
/// Points above and below the text of a row, together.
const PADDING: f64 = 6.0;
/// Characters that fit on A4 before they grow too small to read.
const LARGE: usize = 190;
/// Room for the button of the filter.
const BUTTON: usize = 3;

pub(crate) fn write(sheet: &mut Worksheet, mut table: Table, look: &Look) -> Result<(), XlsxError> {
    sheet.set_name(table.name)?;
    let widths = widths(&table);
    for ((at, column), width) in (0..).zip(&table.columns).zip(&widths) {
        let format = match column.asked {
            Some(_) => &look.asked,
            None => &look.heading,
        };
        // What has no look of its own takes the column's, empty cells too.
        sheet.set_column_format(at, of_column(&table, at, look))?;
        sheet.set_column_width(at, *width as f64)?;
        sheet.write_string_with_format(0, at, &*column.title, format)?;
    }
    sheet.set_row_height(0, 34)?;
    let mut links = 0;
    let mut last_row = 0;
    let n_rows = table.rows.len();
    for (row, cells) in (1..).zip(table.rows.drain(..).take(ROWS)) {
        sheet.set_row_height(row, height(&cells, &widths))?;
        for (at, cell) in (0..).zip(cells) {
            cell_at(sheet, (row, at), cell, look, &mut links)?;
        }
        last_row = row;
    }
    if n_rows > ROWS {
        let more = format!("and {} more rows", n_rows - ROWS);
        sheet.write_string(last_row + 1, 0, more)?;
    }
    if n_rows == 0 {
        sheet.write_string_with_format(1, 0, "none", &look.dim)?;
    } else {
        sheet.autofilter(0, 0, last_row, last(table.columns.len()))?;
        asked(sheet, &table, last_row, look)?;
    }
    sheet.set_freeze_panes(1, table.kept)?;
    print(sheet, &table, &widths, last_row)
}

/// How wide columns are in characters, and how high rows in points.
pub(crate) fn heights(table: &Table) -> (Vec<usize>, Vec<f64>) {
    let widths = widths(table);
    let rows = table.rows.iter();
    let heights = rows.map(|cells| height(cells, &widths)).collect();
    (widths, heights)
}

fn widths(table: &Table) -> Vec<usize> {
    let columns = 0..table.columns.len();
    columns.map(|column| width(table, column)).collect()
}

/// On how much paper. What is wide goes on larger paper, to stay legible.
fn print(
    sheet: &mut Worksheet,
    table: &Table,
    widths: &[usize],
    last_row: u32,
) -> Result<(), XlsxError> {
    let printed: usize = widths.iter().take(table.printed).sum();
    let (a3, a4) = (8, 9);
    let paper = if printed > LARGE { a3 } else { a4 };
    sheet.set_landscape().set_paper_size(paper);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_print_area(0, 0, last_row.max(1), last(table.printed))?;
    sheet.set_footer("&L&A&R&P of &N");
    Ok(())
}

/// Where people write, and what they may choose from.
fn asked(
    sheet: &mut Worksheet,
    table: &Table,
    last_row: u32,
    look: &Look,
) -> Result<(), XlsxError> {
    for (at, column) in (0..).zip(&table.columns) {
        let Some(choices) = column.asked else {
            continue;
        };
        let ground = ConditionalFormatFormula::new()
            .set_rule("=TRUE")
            .set_format(&look.blank);
        sheet.add_conditional_format(1, at, last_row, at, &ground)?;
        if choices.is_empty() {
            continue;
        }
        // Other words may be written too: a team has its own.
        let list = DataValidation::new()
            .allow_list_strings(choices)?
            .show_error_message(false);
        sheet.add_data_validation(1, at, last_row, at, &list)?;
    }
    Ok(())
}

/// How the cells of a column look that have no look of their own: those of numbers
/// and of names are such all the way down.
fn of_column<'l>(table: &Table, column: u16, look: &'l Look) -> &'l Format {
    let mut rows = table.rows.iter();
    let cell = rows.find_map(|row| {
        let cell = row.get(usize::from(column));
        cell.filter(|cell| **cell != Cell::Empty)
    });
    match cell {
        Some(Cell::Number(_)) => &look.number,
        Some(Cell::Name(_)) => &look.strong,
        Some(
            Cell::Empty
            | Cell::Text(_)
            | Cell::Lines(_)
            | Cell::Band(..)
            | Cell::Word(..)
            | Cell::Link(_),
        )
        | None => &look.body,
    }
}

/// The last of so many columns.
fn last(n: usize) -> u16 {
    u16::try_from(n.saturating_sub(1)).unwrap_or(u16::MAX)
}

fn cell_at(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell,
    look: &Look,
    links: &mut usize,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Number(n) => {
            sheet.write_number(row, column, n as f64)?;
        }
        Cell::Band(band, real) => {
            let format = match real {
                Real::Yes => look.band(band),
                Real::Perhaps => &look.perhaps,
            };
            sheet.write_string_with_format(row, column, cell.said("\n"), format)?;
        }
        Cell::Word(word, news) => {
            sheet.write_string_with_format(row, column, word, look.news(news))?;
        }
        Cell::Link(address) if *links < LINKS && is_address(&address) => {
            *links += 1;
            sheet.write_url_with_format(row, column, Url::new(address), &look.link)?;
        }
        Cell::Text(said) | Cell::Name(said) | Cell::Link(said) => {
            text(sheet, (row, column), said, look, None)?;
        }
        Cell::Lines(_) => text(sheet, (row, column), cell.said("\n"), look, None)?,
    }
    Ok(())
}

/// A text as a text, whatever it begins with; without a format, in that of the
/// column.
pub(super) fn text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    said: String,
    look: &Look,
    format: Option<&Format>,
) -> Result<(), XlsxError> {
    let format = match format {
        _ if said.starts_with(formula) => Some(&look.quoted),
        format => format,
    };
    let said = cell_text(said);
    match format {
        Some(format) => sheet.write_string_with_format(row, column, said, format)?,
        None => sheet.write_string(row, column, said)?,
    };
    Ok(())
}

/// The text as far as a cell holds it. What counts is UTF-16.
pub(super) fn cell_text(said: String) -> String {
    if said.len() <= CHARACTERS {
        return said;
    }
    let mut left = CHARACTERS - 1;
    let mut cut = String::new();
    for character in said.chars() {
        let Some(rest) = left.checked_sub(character.len_utf16()) else {
            cut.push('…');
            break;
        };
        left = rest;
        cut.push(character);
    }
    cut
}

fn is_address(address: &str) -> bool {
    address.starts_with("https://")
        && address.len() <= ADDRESS
        && !address.contains(|c: char| c.is_whitespace() || c == '"')
}

/// The height of a row in points: of its highest cell. Not every program finds
/// it by itself.
fn height(cells: &[Cell], widths: &[usize]) -> f64 {
    let rooms = widths.iter().map(|width| width.saturating_sub(INDENT + 1));
    let lines = cells.iter().zip(rooms).map(|(cell, room)| match cell {
        Cell::Empty | Cell::Number(_) | Cell::Band(..) | Cell::Word(..) | Cell::Link(_) => 1,
        Cell::Text(text) | Cell::Name(text) => lines_in(text, room),
        Cell::Lines(lines) => lines.iter().map(|line| lines_in(line, room)).sum(),
    });
    let lines = lines.max().unwrap_or(1);
    (lines as f64 * LINE + PADDING).min(HIGHEST)
}

/// The width of a column in characters: of its widest line, within its bounds.
fn width(table: &Table, column: usize) -> usize {
    let Some(heading) = table.columns.get(column) else {
        return NARROWEST;
    };
    let widest = |cell: &Cell| match cell {
        Cell::Empty => None,
        Cell::Lines(lines) => lines.iter().map(|line| width_of(line)).max(),
        Cell::Text(text) | Cell::Name(text) | Cell::Link(text) => Some(width_of(text)),
        Cell::Number(_) | Cell::Band(..) | Cell::Word(..) => Some(width_of(&cell.said("\n"))),
    };
    let rows = table.rows.iter().take(MEASURED);
    let cells = rows.filter_map(|row| row.get(column).and_then(widest));
    let inside = cells.max().unwrap_or(0) + INDENT + 2;
    // A heading of several words may take two lines.
    let words = heading.title.split(' ').map(width_of).max();
    let least = NARROWEST.max(words.unwrap_or(0) + INDENT + BUTTON);
    let least = least.max(heading.narrowest);
    inside.clamp(least, heading.widest.max(least))
}
