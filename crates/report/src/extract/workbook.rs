//! The tables as a spreadsheet: today's, and that of Excel 97.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use underbelly_library::Extract;
use underbelly_xls::{Column, Row, Sheet, Written};

use crate::view::table::library::each;
use crate::view::table::{Cell, Table};
use crate::xlsx::{Look, NoSpreadsheet, heights, write_table};

/// The tables as the bytes of an XLSX file; `made` is the date it bears.
pub fn xlsx(extract: &Extract<'_>, title: &str, made: &str) -> Result<Vec<u8>, NoSpreadsheet> {
    book(extract, title, made).map_err(NoSpreadsheet::of)
}

fn book(extract: &Extract<'_>, title: &str, made: &str) -> Result<Vec<u8>, XlsxError> {
    let look = Look::new();
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::parse_from_str(made);
    let made = made.or_else(|_| ExcelDateTime::from_ymd(2000, 1, 1))?;
    let properties = DocProperties::new()
        .set_title(title)
        .set_author("Underbelly");
    workbook.set_properties(&properties.set_creation_datetime(&made));
    for table in each(extract) {
        write_table(workbook.add_worksheet(), table, &look)?;
    }
    workbook.save_to_buffer()
}

/// The tables as a workbook of Excel 97, with what did not fit into it.
pub fn xls(extract: &Extract<'_>) -> Result<Written, NoSpreadsheet> {
    let sheets = each(extract).map(|table| sheet(&table));
    underbelly_xls::workbook(&sheets).map_err(NoSpreadsheet::of)
}

fn sheet(table: &Table) -> Sheet {
    let (widths, heights) = heights(table);
    let columns = table
        .columns
        .iter()
        .zip(widths)
        .map(|(column, width)| Column {
            title: column.title.clone(),
            width: u16::try_from(width).unwrap_or(u16::MAX),
        });
    let rows = table.rows.iter().zip(heights).map(|(cells, height)| Row {
        height,
        cells: cells.iter().map(cell).collect(),
    });
    Sheet {
        name: table.name.to_owned(),
        columns: columns.collect(),
        kept: table.kept,
        printed: u16::try_from(table.printed).unwrap_or(u16::MAX),
        rows: rows.collect(),
    }
}

fn cell(cell: &Cell) -> underbelly_xls::Cell {
    use underbelly_xls::Cell as Out;
    match cell {
        Cell::Empty => Out::Empty,
        Cell::Number(n) => Out::Number(*n as f64),
        Cell::Name(name) => Out::Strong(name.clone()),
        Cell::Link(address) => Out::Link(address.clone()),
        Cell::Text(_) | Cell::Lines(_) | Cell::Band(..) | Cell::Word(..) => {
            Out::Text(cell.said("\n"))
        }
    }
}
