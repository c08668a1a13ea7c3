//! The buttons to filter by, which the format has as a drawing over the heading:
//! a drop-down list at each column. The drawing's own format is Microsoft's
//! [MS-ODRAW].

use crate::record::{Fields, Records};
use crate::{COLUMNS, ROWS, Sheet};

const DRAWING_GROUP: u16 = 0x00EB;
const DRAWING: u16 = 0x00EC;
const OBJECT: u16 = 0x005D;
/// Numbers of shapes are given out to drawings in clusters of so many.
const CLUSTER: u32 = 1_024;
/// Bytes of a button, and of the group all are in.
const BUTTON: u32 = 90;
const GROUP: u32 = 48;

/// Whether there is anything to filter.
pub(crate) fn has_buttons(sheet: &Sheet) -> bool {
    !sheet.rows.is_empty() && !sheet.columns.is_empty()
}

/// The last row and column of the table.
pub(crate) fn covered(sheet: &Sheet) -> (u16, u16) {
    let last = |n: usize, most: usize| u16::try_from(n.min(most - 1)).unwrap_or(u16::MAX);
    let columns = sheet.columns.len().saturating_sub(1);
    (last(sheet.rows.len(), ROWS), last(columns, COLUMNS))
}

fn n_buttons(sheet: &Sheet) -> u32 {
    u32::from(covered(sheet).1).saturating_add(1)
}

/// The sheets with buttons; each is a drawing, numbered from 1.
fn drawings(sheets: &[Sheet]) -> impl Iterator<Item = (u32, &Sheet)> {
    (1..).zip(sheets.iter().filter(|sheet| has_buttons(sheet)))
}

/// What all drawings have in common.
pub(crate) fn group(sheets: &[Sheet], records: &mut Records) {
    let counts: Vec<(u32, u32)> = drawings(sheets)
        .map(|(number, sheet)| (number, n_buttons(sheet).saturating_add(1)))
        .collect();
    let Some((last, used)) = counts.last() else {
        return;
    };
    let n_drawings = u32::try_from(counts.len()).unwrap_or(u32::MAX);
    let n_shapes: u32 = counts.iter().map(|(_, n)| n).sum();
    let clusters = n_drawings.saturating_mul(8);
    let greatest = last.saturating_mul(CLUSTER).saturating_add(*used);
    let fields = head(0x000F, 0xF000, clusters.saturating_add(74));
    let fields = then(fields, 0x0000, 0xF006, clusters.saturating_add(16));
    let fields = fields.long(greatest).long(n_drawings.saturating_add(1));
    let mut fields = fields.long(n_shapes).long(n_drawings);
    for (number, n) in &counts {
        fields = fields.long(*number).long(*n);
    }
    let fields = then(fields, 0x0033, 0xF00B, 18);
    let fields = property(property(fields, 0x00BF, 0x0008_0008), 0x0181, 0x0800_0009);
    let fields = property(fields, 0x01C0, 0x0800_0040);
    let fields = then(fields, 0x0040, 0xF11E, 16);
    let fields = fields.long(0x0800_000D).long(0x0800_000C);
    let fields = fields.long(0x0800_0017).long(0x1000_00F7);
    records.put(DRAWING_GROUP, &fields.0);
}

/// The buttons of the sheet at this place among all: the number of its drawing is
/// how many before it have one, and one more.
pub(crate) fn buttons(sheet: &Sheet, number: u32, records: &mut Records) {
    if !has_buttons(sheet) {
        return;
    }
    let n = n_buttons(sheet);
    let first = number.saturating_mul(CLUSTER);
    let shapes = n.saturating_mul(BUTTON).saturating_add(GROUP);
    let fields = head(0x000F, 0xF002, shapes.saturating_add(24));
    let instance = u16::try_from(number << 4).unwrap_or(0x0010);
    let fields = then(fields, instance, 0xF008, 8);
    let fields = fields
        .long(n.saturating_add(1))
        .long(first.saturating_add(n));
    let fields = then(fields, 0x000F, 0xF003, shapes);
    let fields = then(fields, 0x000F, 0xF004, 40);
    let fields = then(fields, 0x0001, 0xF009, 16).bytes(&[0; 16]);
    let mut fields = then(fields, 0x0002, 0xF00A, 8).long(first).long(0x0005);
    for column in 0..=covered(sheet).1 {
        let shape = first.saturating_add(u32::from(column)).saturating_add(1);
        records.put(DRAWING, &button(fields, shape, column).0);
        list(column, records);
        fields = Fields::default();
    }
}

/// The shape of a button, over the heading of its column.
fn button(fields: Fields, shape: u32, column: u16) -> Fields {
    let fields = then(fields, 0x000F, 0xF004, BUTTON - 8);
    let fields = then(fields, 0x0C92, 0xF00A, 8).long(shape).long(0x0A00);
    let fields = then(fields, 0x0043, 0xF00B, 24);
    let fields = property(property(fields, 0x007F, 0x0104_0104), 0x00BF, 0x0008_0008);
    let fields = property(property(fields, 0x01FF, 0x0008_0000), 0x03BF, 0x0002_0000);
    let fields = then(fields, 0x0000, 0xF010, 18).word(0x0001);
    let fields = fields.words(&[column, 0, 0, 0, column.saturating_add(1), 0, 1, 0]);
    then(fields, 0x0000, 0xF011, 0)
}

/// The list behind a button.
fn list(column: u16, records: &mut Records) {
    let number = column.saturating_add(1);
    // ftCmo: a drop-down list that a filter put there.
    let fields = Fields::default().words(&[0x0015, 18, 0x0014, number, 0x2101]);
    let fields = fields.bytes(&[0; 12]);
    // ftSbs: its scroll bar.
    let fields = fields.words(&[0x000C, 20, 0, 0, 0, 0, 100, 1, 10, 0, 16, 1]);
    // ftLbsData: nothing chosen, eight lines high.
    let fields = fields.words(&[0x0013, 0x1FEE, 0, 0, 1, 0x0301, 0, 2, 8, 0x0057]);
    records.put(OBJECT, &fields.words(&[0, 0]).0);
}

fn head(version: u16, kind: u16, length: u32) -> Fields {
    then(Fields::default(), version, kind, length)
}

fn then(fields: Fields, version: u16, kind: u16, length: u32) -> Fields {
    fields.word(version).word(kind).long(length)
}

fn property(fields: Fields, number: u16, value: u32) -> Fields {
    fields.word(number).long(value)
}
