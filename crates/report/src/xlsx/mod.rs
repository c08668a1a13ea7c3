//! The report as a spreadsheet: a page of summary, then a sheet for each table.
//!
//! The same model gives the same bytes: the document's dates are those of the
//! model. No cell is ever a formula.

mod look;
mod measure;
mod sheet;
mod summary;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use underbelly_library::Pages;

use crate::view::{Report, View, table};
pub(crate) use look::Look;
pub(crate) use sheet::{heights, write as write_table};
use summary::Content;

/// A spreadsheet could not be made.
#[derive(Debug)]
pub struct NoSpreadsheet(String);

impl NoSpreadsheet {
    pub(crate) fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl std::fmt::Display for NoSpreadsheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the spreadsheet could not be made: {}", self.0)
    }
}

impl std::error::Error for NoSpreadsheet {}

/// The report as the bytes of an XLSX file.
pub fn xlsx(report: &Report<'_>, pages: &Pages) -> Result<Vec<u8>, NoSpreadsheet> {
    workbook(report, pages).map_err(NoSpreadsheet::of)
}

fn workbook(report: &Report<'_>, pages: &Pages) -> Result<Vec<u8>, XlsxError> {
    let view = View::of(report);
    let look = Look::new();
    let mut workbook = Workbook::new();
    // Larger than with the usual level, and much sooner done.
    workbook.set_zip_compression_level(1);
    workbook.set_properties(&properties(report, &view)?);
    workbook.add_worksheet();
    let mut contents = Vec::new();
    for table in table::each(report, pages, &view) {
        contents.push(Content::of(&table));
        sheet::write(workbook.add_worksheet(), table, &look)?;
    }
    let first = workbook.worksheet_from_index(0)?;
    summary::write(first, report, &view, &contents, &look)?;
    workbook.save_to_buffer()
}

fn properties(report: &Report<'_>, view: &View<'_>) -> Result<DocProperties, XlsxError> {
    let made = ExcelDateTime::parse_from_str(&report.model.as_of);
    let made = made.or_else(|_| ExcelDateTime::from_ymd(2000, 1, 1))?;
    Ok(DocProperties::new()
        .set_title(sheet::cell_text(view.title()))
        .set_author("Underbelly")
        .set_creation_datetime(&made))
}
