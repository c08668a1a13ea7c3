//! Texts as the format writes them: a byte for each character where that is
//! enough, else UTF-16.

use crate::record::{Fields, MOST, Records};

const SST: u16 = 0x00FC;
const CONTINUE: u16 = 0x003C;

/// A text in units of the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Units {
    units: Vec<u16>,
    wide: bool,
}

impl Units {
    pub(crate) fn of(text: &str) -> Self {
        let units: Vec<u16> = text.encode_utf16().collect();
        let wide = units.iter().any(|unit| *unit > 0xFF);
        Self { units, wide }
    }

    fn length(&self) -> u16 {
        u16::try_from(self.units.len()).unwrap_or(u16::MAX)
    }

    fn size(&self) -> usize {
        if self.wide { 2 } else { 1 }
    }

    fn unit(&self, unit: u16, into: &mut Vec<u8>) {
        into.extend(unit.to_le_bytes().into_iter().take(self.size()));
    }

    /// With a length of one byte before it, as names have it.
    pub(crate) fn short(&self, fields: Fields) -> Fields {
        let length = u8::try_from(self.units.len()).unwrap_or(u8::MAX);
        self.after(fields.byte(length))
    }

    /// With a length of two bytes before it.
    pub(crate) fn long(&self, fields: Fields) -> Fields {
        self.after(fields.word(self.length()))
    }

    fn after(&self, fields: Fields) -> Fields {
        let mut fields = fields.byte(u8::from(self.wide));
        for unit in &self.units {
            self.unit(*unit, &mut fields.0);
        }
        fields
    }
}

/// The table of texts that cells refer to, each once, with `n_uses` cells in all.
/// Where a text goes on in the next record, that begins with how wide it is.
pub(crate) fn table<'t>(
    texts: impl ExactSizeIterator<Item = &'t str>,
    n_uses: u32,
    records: &mut Records,
) {
    let n_texts = u32::try_from(texts.len()).unwrap_or(u32::MAX);
    let mut number = SST;
    let mut held = Fields::default().long(n_uses).long(n_texts).0;
    let mut next = |held: &mut Vec<u8>| {
        records.put(number, held);
        number = CONTINUE;
        held.clear();
    };
    for text in texts {
        let units = Units::of(text);
        if held.len() + 3 > MOST {
            next(&mut held);
        }
        held.extend(units.length().to_le_bytes());
        held.push(u8::from(units.wide));
        for unit in &units.units {
            if held.len() + units.size() > MOST {
                next(&mut held);
                held.push(u8::from(units.wide));
            }
            units.unit(*unit, &mut held);
        }
    }
    next(&mut held);
}
