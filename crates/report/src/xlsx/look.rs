//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};
use underbelly_model::Band;

/// The formats of a workbook.
pub(super) struct Look {
    pub title: Format,
    pub section: Format,
    pub heading: Format,
    pub body: Format,
    /// For texts that would be taken for a formula if somebody edits them.
    pub quoted: Format,
    pub number: Format,
    pub link: Format,
    pub prose: Format,
    pub dim: Format,
    pub strong: Format,
    bands: [Format; 5],
    pub perhaps: Format,
}

const INK: u32 = 0x1F2933;
const LINE: u32 = 0xD5DBE1;

impl Look {
    pub(super) fn new() -> Self {
        let plain = Format::new()
            .set_font_name("Calibri")
            .set_font_size(11)
            .set_font_color(Color::RGB(INK))
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left);
        let wrapped = plain.clone().set_text_wrap();
        let body = wrapped
            .clone()
            .set_indent(1)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(Color::RGB(LINE));
        let number = body.clone().set_indent(0).set_align(FormatAlign::Center);
        let centred = body.clone().set_indent(0).set_align(FormatAlign::Center);
        let dim = plain.clone().set_font_color(Color::RGB(0x66717D));
        Look {
            title: plain.clone().set_bold().set_font_size(18),
            section: plain.clone().set_bold().set_font_size(13),
            heading: wrapped
                .clone()
                .set_indent(1)
                .set_bold()
                .set_align(FormatAlign::VerticalCenter)
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x2B3A4A)),
            quoted: body.clone().set_quote_prefix(),
            link: plain
                .clone()
                .set_indent(1)
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(Color::RGB(LINE))
                .set_font_color(Color::RGB(0x0B5CAD))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            number,
            prose: wrapped.clone(),
            strong: body.clone().set_bold(),
            bands: BANDS.map(|(_, back, ink)| {
                let filled = centred.clone().set_background_color(Color::RGB(back));
                filled.set_bold().set_font_color(Color::RGB(ink))
            }),
            perhaps: centred.set_font_color(Color::RGB(0x66717D)),
            dim,
            body,
        }
    }

    pub(super) fn band(&self, band: Band) -> &Format {
        let at = BANDS.iter().position(|(known, _, _)| *known == band);
        let found = at.and_then(|at| self.bands.get(at));
        found.unwrap_or(&self.body)
    }
}

/// Bands, worst first, with the colours of their ground and ink: legible in
/// print without colour, too, for the ground grows darker with the risk.
pub(super) const BANDS: [(Band, u32, u32); 5] = [
    (Band::Critical, 0x8E1B1B, 0xFFFFFF),
    (Band::High, 0xD9480F, 0xFFFFFF),
    (Band::Medium, 0xFFC94D, INK),
    (Band::Low, 0xCFE3F5, INK),
    (Band::VeryLow, 0xEDF0F3, INK),
];
