//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};
use underbelly_model::Band;

use crate::view::table::News;

/// The formats of a workbook.
pub(crate) struct Look {
    pub title: Format,
    pub section: Format,
    pub heading: Format,
    /// Above what people fill in.
    pub asked: Format,
    pub body: Format,
    /// For texts that would be taken for a formula if somebody edits them.
    pub quoted: Format,
    /// The ground that people write on.
    pub blank: Format,
    pub number: Format,
    pub link: Format,
    pub prose: Format,
    pub dim: Format,
    pub strong: Format,
    /// A band where it would be one if a question were answered badly.
    pub perhaps: Format,
    good: Format,
    open: Format,
    bad: Format,
    quiet: Format,
    bands: [Format; 5],
}

const INK: u32 = 0x1F2933;
const GREY: u32 = 0x5F6B77;
const LINE: u32 = 0xD5DBE1;

impl Look {
    pub(crate) fn new() -> Self {
        let plain = Format::new()
            .set_font_name("Calibri")
            .set_font_size(11)
            .set_font_color(Color::RGB(INK))
            .set_align(FormatAlign::VerticalCenter)
            .set_align(FormatAlign::Left);
        let wrapped = plain.clone().set_text_wrap();
        let lined = |format: Format| {
            format
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(Color::RGB(LINE))
        };
        let body = lined(wrapped.clone().set_indent(1));
        let centred = body.clone().set_indent(0).set_align(FormatAlign::Center);
        let inked = |ink: u32| body.clone().set_font_color(Color::RGB(ink));
        let heading = wrapped
            .clone()
            .set_indent(1)
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(0x2B3A4A));
        Look {
            title: plain.clone().set_bold().set_font_size(18),
            section: plain.clone().set_bold().set_font_size(13),
            asked: heading.clone().set_background_color(Color::RGB(0x7A5B0B)),
            heading,
            quoted: body.clone().set_quote_prefix(),
            blank: Format::new().set_background_color(Color::RGB(0xFFFBEB)),
            number: centred.clone(),
            link: lined(plain.clone().set_indent(1))
                .set_font_color(Color::RGB(0x0B5CAD))
                .set_underline(FormatUnderline::Single),
            prose: wrapped,
            dim: plain.clone().set_font_color(Color::RGB(GREY)),
            strong: body.clone().set_bold(),
            perhaps: centred.clone().set_font_color(Color::RGB(GREY)),
            good: inked(0x17683A),
            open: inked(0x865300),
            bad: inked(0xA61B1B),
            quiet: inked(GREY),
            bands: BANDS.map(|(_, back, ink)| {
                let filled = centred.clone().set_background_color(Color::RGB(back));
                filled.set_bold().set_font_color(Color::RGB(ink))
            }),
            body,
        }
    }

    pub(super) fn band(&self, band: Band) -> &Format {
        let at = BANDS.iter().position(|(known, _, _)| *known == band);
        let found = at.and_then(|at| self.bands.get(at));
        found.unwrap_or(&self.body)
    }

    pub(crate) fn news(&self, news: News) -> &Format {
        match news {
            News::Good => &self.good,
            News::Open => &self.open,
            News::Bad => &self.bad,
            News::None => &self.quiet,
        }
    }
}

/// The colour of a band.
pub(super) fn ground(band: Band) -> Color {
    let mut bands = BANDS.iter();
    let found = bands.find(|(known, _, _)| *known == band);
    Color::RGB(found.map_or(LINE, |(_, ground, _)| *ground))
}

/// Bands, worst first, with the colours of their ground and ink: legible in
/// print without colour, too, for the ground grows darker with the risk.
pub(super) const BANDS: [(Band, u32, u32); 5] = [
    (Band::Critical, 0x8E1B1B, 0xFFFFFF),
    (Band::High, 0xC2410C, 0xFFFFFF),
    (Band::Medium, 0xFFC94D, INK),
    (Band::Low, 0xBBD7F0, INK),
    (Band::VeryLow, 0xE4E8EC, INK),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What the eye makes of a colour's brightness, 0 to 1 (WCAG 2).
    fn brightness(colour: u32) -> f64 {
        let part = |shift: u32| {
            let value = f64::from((colour >> shift) & 0xFF) / 255.0;
            if value <= 0.03928 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    }

    #[test]
    fn every_band_is_legible_and_darker_the_riskier() {
        let mut before = 0.0;
        for (band, ground, ink) in BANDS {
            let (ground, ink) = (brightness(ground), brightness(ink));
            let contrast = (ground.max(ink) + 0.05) / (ground.min(ink) + 0.05);
            assert!(contrast >= 4.5, "{band:?}: {contrast}");
            assert!(ground > before, "{band:?}");
            before = ground;
        }
    }
}
