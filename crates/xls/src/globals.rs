//! What holds for the whole workbook: fonts, looks of cells, names, sheets, texts.

use crate::record::{Fields, Records};
use crate::strings::{self, Units};
use crate::texts::Shared;
use crate::{Sheet, filter};

/// What a cell looks like: its place among the XF records. Sixteen come first, the
/// ones every workbook has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Plain = 15,
    Heading,
    Body,
    Strong,
    Number,
    Link,
}

impl Look {
    pub(crate) fn index(self) -> u16 {
        self as u16
    }
}

/// Colours every program knows by these numbers.
const AUTOMATIC: u16 = 0x7FFF;
const WHITE: u16 = 0x09;
const LINE: u16 = 0x16;
const BLUE: u16 = 0x1E;
const DARK: u16 = 0x38;
const INK: u16 = 0x3F;

/// Fonts by their numbers. None is the fourth: the format leaves it out.
const ORDINARY: u16 = 0;
const BOLD: u16 = 5;
const TITLE: u16 = 6;
const UNDERLINED: u16 = 7;

/// All of it; `begins` says where in the stream each sheet begins.
pub(crate) fn globals(
    sheets: &[Sheet],
    names: &[String],
    shared: &Shared,
    begins: &[u32],
) -> Vec<u8> {
    let mut records = Records::default();
    begin(0x0005, &mut records);
    records.words(0x0042, &[0x04B0]); // CODEPAGE: UTF-16
    // WINDOW1: place and size, tabs shown, the first one open.
    records.words(0x003D, &[0, 0, 0x5F00, 0x3600, 0x0038, 0, 0, 1, 600]);
    records.words(0x0022, &[0]); // DATEMODE
    fonts(&mut records);
    looks(&mut records);
    // STYLE: the built-in one, `Normal`.
    records.put(0x0293, &[0x00, 0x80, 0x00, 0xFF]);
    for (name, begins) in names.iter().zip(begins) {
        let fields = Fields::default().long(*begins).word(0);
        records.put(0x0085, &Units::of(name).short(fields).0); // BOUNDSHEET
    }
    records.words(0x008C, &[1, 1]); // COUNTRY
    defined_names(sheets, &mut records);
    filter::group(sheets, &mut records);
    let texts = shared.texts.iter().map(|text| &**text);
    strings::table(texts, shared.n_uses, &mut records);
    records.put(0x000A, &[]); // EOF
    records.finish()
}

/// BOF: what follows is a workbook's globals (5) or a sheet (16).
pub(crate) fn begin(what: u16, records: &mut Records) {
    let fields = Fields::default().words(&[0x0600, what, 0x0DBB, 0x07CC]);
    records.put(0x0809, &fields.long(0x0000_0041).long(0x0000_0006).0);
}

fn fonts(records: &mut Records) {
    let mut font = |colour: u16, weight: u16, underline: u8| {
        let fields = Fields::default().words(&[220, 0, colour, weight, 0]);
        let fields = fields.bytes(&[underline, 2, 0, 0]);
        records.put(0x0031, &Units::of("Calibri").short(fields).0);
    };
    for _ in 0..4 {
        font(AUTOMATIC, 400, 0);
    }
    font(INK, 700, 0);
    font(WHITE, 700, 0);
    font(BLUE, 400, 1);
}

/// Fifteen of styles, then those of cells, in the order of [`Look`].
fn looks(records: &mut Records) {
    for _ in 0..15 {
        look(records, ORDINARY, Of::Style, Lay::Plain, Ground::None);
    }
    look(records, ORDINARY, Of::Cell, Lay::Plain, Ground::None);
    look(records, TITLE, Of::Cell, Lay::Middle, Ground::Dark);
    look(records, ORDINARY, Of::Cell, Lay::Wrapped, Ground::Lined);
    look(records, BOLD, Of::Cell, Lay::Wrapped, Ground::Lined);
    look(records, ORDINARY, Of::Cell, Lay::Centred, Ground::Lined);
    look(records, UNDERLINED, Of::Cell, Lay::Left, Ground::Lined);
}

#[derive(Clone, Copy)]
enum Of {
    Style,
    Cell,
}

#[derive(Clone, Copy)]
enum Lay {
    Plain,
    Left,
    Wrapped,
    Middle,
    Centred,
}

#[derive(Clone, Copy)]
enum Ground {
    None,
    Lined,
    Dark,
}

/// XF.
fn look(records: &mut Records, font: u16, of: Of, lay: Lay, ground: Ground) {
    let parent = match of {
        Of::Style => 0xFFF5,
        Of::Cell => 0x0001,
    };
    // Across, wrapped, and from the top (0), in the middle (1) or at the bottom (2).
    let (across, indent) = match lay {
        Lay::Plain => (0x20, 0),
        Lay::Left => (0x01, 1),
        Lay::Wrapped => (0x09, 1),
        Lay::Middle => (0x19, 1),
        Lay::Centred => (0x02, 0),
    };
    let own = match of {
        Of::Style => 0x00,
        Of::Cell => 0xF8,
    };
    let (edges, below, pattern, colours) = match ground {
        Ground::None => (0, 0, 0, 0x40 | 0x41 << 7),
        // A thin line below.
        Ground::Lined => (1 << 12, LINE << 7, 0, 0x40 | 0x41 << 7),
        Ground::Dark => (0, 0, 1, DARK | 0x41 << 7),
    };
    let fields = Fields::default().words(&[font, 0, parent]);
    let fields = fields.bytes(&[across, 0, indent, own]);
    let fields = fields.long(edges);
    let fields = fields.long(u32::from(below) | pattern << 26);
    records.put(0x00E0, &fields.word(colours).0);
}

/// What each sheet's filter covers, what is printed, and the heading that each page
/// repeats: names that every program gives the same meaning.
fn defined_names(sheets: &[Sheet], records: &mut Records) {
    let n_sheets = u16::try_from(sheets.len()).unwrap_or(u16::MAX);
    records.words(0x01AE, &[n_sheets, 0x0401]); // SUPBOOK: this workbook
    let mut fields = Fields::default().word(n_sheets);
    for sheet in 0..n_sheets {
        fields = fields.words(&[0, sheet, sheet]);
    }
    records.put(0x0017, &fields.0); // EXTERNSHEET
    for (at, sheet) in (0..n_sheets).zip(sheets) {
        let (rows, columns) = filter::covered(sheet);
        if filter::has_buttons(sheet) {
            name(at, 0x0021, 0x0D, [0, rows, 0, columns], records);
        }
        let printed = sheet.printed.saturating_sub(1).min(columns);
        name(at, 0x0020, 0x06, [0, rows, 0, printed], records);
        name(at, 0x0020, 0x07, [0, 0, 0, 0xFF], records);
    }
}

/// NAME: of a sheet, for rows and columns from and to.
fn name(sheet: u16, flags: u16, built_in: u8, area: [u16; 4], records: &mut Records) {
    let fields = Fields::default().word(flags).bytes(&[0, 1]);
    let fields = fields.words(&[11, 0, sheet.saturating_add(1)]);
    let fields = fields.bytes(&[0, 0, 0, 0, 0, built_in, 0x3B]);
    records.put(0x0018, &fields.word(sheet).words(&area).0);
}
