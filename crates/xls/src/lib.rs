//! Tables as workbooks of Excel 97 (BIFF8): cells in, the bytes of an `.xls` out.
//!
//! Only what a table needs: texts, numbers and links; a heading that stays and has
//! buttons to filter by; widths of columns, heights of rows; paper to print on. No
//! formulas and nothing that runs. What the format cannot hold is cut, and said.
//!
//! The same tables give the same bytes. The format is Microsoft's [MS-XLS]
//! (<https://learn.microsoft.com/openspecs/office_file_formats/ms-xls/>); records
//! go by the names they have there.
//!
//! ```
//! use underbelly_xls::{Cell, Column, Row, Sheet, workbook};
//! let column = |title: &str| Column { title: title.to_owned(), width: 20 };
//! let sheet = Sheet {
//!     name: "Threats".to_owned(),
//!     columns: vec![column("Id"), column("Name")],
//!     kept: 1,
//!     printed: 2,
//!     rows: vec![Row { height: 15.0, cells: vec![Cell::Strong("a".to_owned()), Cell::Number(1.0)] }],
//! };
//! let written = workbook(&[sheet]).unwrap();
//! assert!(written.cut.is_empty());
//! ```

#![warn(missing_docs)]

mod filter;
mod globals;
mod record;
mod sheet;
mod strings;
mod texts;

use std::io::{self, Cursor, Write};

use underbelly_source::Diagnostic;

/// Rows of a sheet, its heading among them.
pub const ROWS: usize = 65_536;
/// Columns of a sheet.
pub const COLUMNS: usize = 256;
/// UTF-16 units of a cell.
pub const CHARACTERS: usize = 32_767;
/// UTF-16 units of a sheet's name.
pub const NAME: usize = 31;
/// Links of a sheet.
pub const LINKS: usize = 65_530;
/// UTF-16 units of a link's address.
pub const ADDRESS: usize = 2_000;

/// A table with a heading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What its tab says.
    pub name: String,
    /// Its columns, from the left.
    pub columns: Vec<Column>,
    /// How many of them stay while one looks further right.
    pub kept: u16,
    /// How many of them are printed.
    pub printed: u16,
    /// What stands below the heading.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Its width in characters.
    pub width: u16,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its height in points.
    pub height: f64,
    /// Its cells, from the left.
    pub cells: Vec<Cell>,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text, never a formula.
    Text(String),
    /// What the row is about.
    Strong(String),
    /// A number.
    Number(f64),
    /// An address of the web; one that is none, or too long, is a text.
    Link(String),
}

/// A workbook, and what did not fit into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// What was cut, a warning each.
    pub cut: Vec<Diagnostic>,
}

/// The tables as a workbook, a sheet each.
pub fn workbook(sheets: &[Sheet]) -> io::Result<Written> {
    let mut texts = texts::Texts::default();
    let mut bodies = Vec::new();
    let mut drawing = 0;
    for (at, sheet) in sheets.iter().enumerate() {
        drawing += u32::from(filter::has_buttons(sheet));
        bodies.push(sheet::body(sheet, at, drawing, &mut texts));
    }
    // Where sheets begin is known once it is known how long what goes before is.
    let names = texts.names(sheets);
    let nowhere = vec![0; sheets.len()];
    let mut at = globals::globals(sheets, &names, &texts.shared, &nowhere).len();
    let mut begins = Vec::new();
    for body in &bodies {
        begins.push(u32::try_from(at).unwrap_or(u32::MAX));
        at = at.saturating_add(body.len());
    }
    let mut stream = globals::globals(sheets, &names, &texts.shared, &begins);
    for body in &bodies {
        stream.extend_from_slice(body);
    }
    Ok(Written {
        bytes: contained(&stream)?,
        cut: texts.cut,
    })
}

/// The stream in its container.
fn contained(stream: &[u8]) -> io::Result<Vec<u8>> {
    let version = cfb::Version::V3;
    let mut file = cfb::CompoundFile::create_with_version(version, Cursor::new(Vec::new()))?;
    file.create_stream("Workbook")?.write_all(stream)?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}
