//! One sheet: columns, the heading, rows of cells, links, the view and the paper.

use underbelly_source::Diagnostic;

use crate::globals::{Look, begin};
use crate::record::{Fields, Records};
use crate::strings::Units;
use crate::texts::Texts;
use crate::{ADDRESS, COLUMNS, Cell, LINKS, ROWS, Sheet, filter};

/// Twips of a point, and the highest row.
const TWIPS: f64 = 20.0;
const HIGHEST: f64 = 409.0;
/// The height of the heading in points.
const HEADING: f64 = 34.0;
/// The widest column in characters.
const WIDEST: u16 = 255;
/// Characters that fit on A4 before they grow too small to read.
const LARGE: usize = 190;
/// Sizes of paper by their numbers.
const A3: u16 = 8;
const A4: u16 = 9;
/// Rows stand in blocks of so many, their cells after them.
const BLOCK: usize = 32;
/// What says that an address follows, and that it is one of the web.
const HYPERLINK: [u8; 16] = [
    0xD0, 0xC9, 0xEA, 0x79, 0xF9, 0xBA, 0xCE, 0x11, 0x8C, 0x82, 0x00, 0xAA, 0x00, 0x4B, 0xA9, 0x0B,
];
const ADDRESS_OF_WEB: [u8; 16] = [
    0xE0, 0xC9, 0xEA, 0x79, 0xF9, 0xBA, 0xCE, 0x11, 0x8C, 0x82, 0x00, 0xAA, 0x00, 0x4B, 0xA9, 0x0B,
];

/// The sheet of this drawing number and place among all.
pub(crate) fn body(sheet: &Sheet, at: usize, drawing: u32, texts: &mut Texts) -> Vec<u8> {
    left_out(sheet, texts);
    let mut records = Records::default();
    begin(0x0010, &mut records);
    paper(sheet, &mut records);
    columns(sheet, &mut records);
    let (last_row, last_column) = filter::covered(sheet);
    if filter::has_buttons(sheet) {
        records.words(0x009D, &[last_column.saturating_add(1)]); // AUTOFILTERINFO
    }
    let fields = Fields::default().long(0).long(u32::from(last_row) + 1);
    let fields = fields.words(&[0, last_column.saturating_add(1), 0]);
    records.put(0x0200, &fields.0); // DIMENSIONS
    let links = rows(sheet, texts, &mut records);
    filter::buttons(sheet, drawing, &mut records);
    view(sheet, at, &mut records);
    for (row, column, address) in links {
        link(row, column, address, &mut records);
    }
    records.put(0x000A, &[]); // EOF
    records.finish()
}

/// Says which rows and columns have no room.
fn left_out(sheet: &Sheet, texts: &mut Texts) {
    let rows = sheet.rows.len().saturating_sub(ROWS - 1);
    let columns = sheet.columns.len().saturating_sub(COLUMNS);
    for (n, what, most) in [(rows, "rows", ROWS), (columns, "columns", COLUMNS)] {
        if n > 0 {
            let message = format!(
                "{n} {what} of the sheet `{}` are left out: Excel 97 has room for {most}",
                sheet.name
            );
            let left_out = Diagnostic::warning("rows-left-out", message);
            texts.cut.push(left_out.help("write an `.xlsx` instead"));
        }
    }
}

/// Across, as wide as the page, the sheet's name and the page's number below. What
/// is wide goes on larger paper, to stay legible.
fn paper(sheet: &Sheet, records: &mut Records) {
    let printed = sheet.columns.iter().take(usize::from(sheet.printed));
    let printed: usize = printed.map(|column| usize::from(column.width)).sum();
    let size = if printed > LARGE { A3 } else { A4 };
    records.words(0x0081, &[0x05C1]); // WSBOOL: fitted to the page
    let footer = Units::of("&L&A&R&P of &N").long(Fields::default());
    records.put(0x0015, &footer.0);
    // LEFTMARGIN, RIGHTMARGIN, TOPMARGIN, BOTTOMMARGIN, in inches.
    for (number, margin) in (0x0026..).zip([0.4, 0.4, 0.5, 0.6]) {
        records.put(number, &Fields::default().float(margin).0);
    }
    let fields = Fields::default().words(&[size, 100, 1, 1, 0, 0, 600, 600]);
    records.put(0x00A1, &fields.float(0.3).float(0.3).word(1).0); // SETUP
}

fn columns(sheet: &Sheet, records: &mut Records) {
    records.words(0x0055, &[8]); // DEFCOLWIDTH
    for (at, column) in (0..).zip(sheet.columns.iter().take(COLUMNS)) {
        let width = column.width.clamp(1, WIDEST).saturating_mul(256);
        records.words(0x007D, &[at, at, width, Look::Plain.index(), 0, 0]);
    }
}

/// A cell on its way out.
type Placed<'s> = (u16, u16, Content<'s>);

enum Content<'s> {
    Text(&'s str, Look),
    Number(f64),
}

/// The heading and all rows; what is linked where.
fn rows<'s>(
    sheet: &'s Sheet,
    texts: &mut Texts,
    records: &mut Records,
) -> Vec<(u16, u16, &'s str)> {
    let mut links = Vec::new();
    let n_columns = filter::covered(sheet).1.saturating_add(1);
    head(0, HEADING, n_columns, records);
    for (column, title) in (0..).zip(sheet.columns.iter().take(COLUMNS)) {
        let content = Content::Text(&title.title, Look::Heading);
        put(sheet, (0, column, content), texts, records);
    }
    let kept = sheet.rows.get(..ROWS - 1).unwrap_or(&sheet.rows);
    let mut first: u16 = 1;
    for block in kept.chunks(BLOCK) {
        for (row, cells) in (first..=u16::MAX).zip(block) {
            head(row, cells.height, n_columns, records);
        }
        for (row, cells) in (first..=u16::MAX).zip(block) {
            for (column, cell) in (0..).zip(cells.cells.iter().take(COLUMNS)) {
                let content = match cell {
                    Cell::Empty => continue,
                    Cell::Text(text) => Content::Text(text, Look::Body),
                    Cell::Strong(text) => Content::Text(text, Look::Strong),
                    Cell::Number(number) => Content::Number(*number),
                    Cell::Link(address) if links.len() < LINKS && is_address(address) => {
                        links.push((row, column, &**address));
                        Content::Text(address, Look::Link)
                    }
                    Cell::Link(address) => Content::Text(address, Look::Body),
                };
                put(sheet, (row, column, content), texts, records);
            }
        }
        first = first.saturating_add(u16::try_from(block.len()).unwrap_or(u16::MAX));
    }
    links
}

/// ROW.
fn head(row: u16, height: f64, n_columns: u16, records: &mut Records) {
    let height = (height.clamp(1.0, HIGHEST) * TWIPS) as u16;
    let look = Look::Plain.index();
    records.words(0x0208, &[row, 0, n_columns, height, 0, 0, 0x0140, look]);
}

fn put(
    sheet: &Sheet,
    (row, column, content): Placed<'_>,
    texts: &mut Texts,
    records: &mut Records,
) {
    let fields = Fields::default().words(&[row, column]);
    match content {
        Content::Text(text, look) => {
            let place = (usize::from(row), usize::from(column));
            let place = texts.place(&sheet.name, place, text);
            records.put(0x00FD, &fields.word(look.index()).long(place).0); // LABELSST
        }
        Content::Number(number) => {
            let look = Look::Number.index();
            records.put(0x0203, &fields.word(look).float(number).0); // NUMBER
        }
    }
}

/// The first sheet is open; its heading and first columns stay.
fn view(sheet: &Sheet, at: usize, records: &mut Records) {
    let shown = if at == 0 { 0x0600 } else { 0 };
    let fields = Fields::default().words(&[0x01BE | shown, 0, 0, 64, 0, 0, 0, 0, 0]);
    records.put(0x023E, &fields.0); // WINDOW2
    let (kept, corner) = (sheet.kept, u16::from(sheet.kept == 0) * 2);
    records.words(0x0041, &[kept, 1, 1, kept, corner]); // PANE
    let pane = corner as u8;
    // SELECTION: the first cell below the heading.
    let fields = Fields::default().byte(pane).words(&[1, kept, 0, 1, 1, 1]);
    let kept = u8::try_from(kept).unwrap_or(u8::MAX);
    records.put(0x001D, &fields.bytes(&[kept, kept]).0);
}

fn is_address(address: &str) -> bool {
    address.starts_with("https://")
        && address.encode_utf16().count() <= ADDRESS
        && !address.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// HLINK.
fn link(row: u16, column: u16, address: &str, records: &mut Records) {
    let units: Vec<u16> = address.encode_utf16().chain([0]).collect();
    let length = u32::try_from(units.len().saturating_mul(2)).unwrap_or(u32::MAX);
    let fields = Fields::default().words(&[row, row, column, column]);
    let fields = fields.bytes(&HYPERLINK).long(2).long(3);
    let fields = fields.bytes(&ADDRESS_OF_WEB).long(length).words(&units);
    records.put(0x01B8, &fields.0);
}
