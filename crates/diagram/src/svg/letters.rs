//! Letters as outlines, for what paints a picture without having fonts.

use std::sync::OnceLock;

use ttf_parser::{Face, OutlineBuilder};

use crate::measure::{Weight, advance};

static REGULAR: &[u8] = include_bytes!("../../fonts/Inter-Regular.ttf");
static SEMI_BOLD: &[u8] = include_bytes!("../../fonts/Inter-SemiBold.ttf");

/// What stands for a letter that the font does not have.
const UNKNOWN: char = '□';

fn face(weight: Weight) -> Option<&'static Face<'static>> {
    static FACES: OnceLock<[Option<Face<'static>>; 2]> = OnceLock::new();
    let [regular, semi_bold] =
        FACES.get_or_init(|| [REGULAR, SEMI_BOLD].map(|bytes| Face::parse(bytes, 0).ok()));
    match weight {
        Weight::Regular => regular.as_ref(),
        Weight::SemiBold => semi_bold.as_ref(),
    }
}

/// The commands of a path that looks like the text, its line beginning at a place.
pub(super) fn outline(text: &str, x: f64, y: f64, size: f64, weight: Weight) -> String {
    let Some(face) = face(weight) else {
        return String::new();
    };
    let mut pen = Pen {
        path: String::new(),
        x,
        y,
        scale: size / f64::from(face.units_per_em()),
    };
    for letter in text.chars() {
        let glyph = face.glyph_index(letter).or(face.glyph_index(UNKNOWN));
        if let Some(glyph) = glyph {
            face.outline_glyph(glyph, &mut pen);
        }
        pen.x += advance(letter, weight) * size / 1000.0;
    }
    pen.path
}

/// Draws a glyph where it stands.
struct Pen {
    path: String,
    x: f64,
    y: f64,
    scale: f64,
}

impl Pen {
    fn add(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (x, y) in points {
            let x = self.x + f64::from(*x) * self.scale;
            let y = self.y - f64::from(*y) * self.scale;
            self.path.push_str(&format!("{x:.2} {y:.2} "));
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.add('Z', &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_measured_by_the_font_they_are_drawn_in() {
        for weight in [Weight::Regular, Weight::SemiBold] {
            let face = face(weight).expect("the font can be read");
            let letters = (' '..='~').chain('\u{a0}'..='\u{17f}').chain(['…', '×']);
            for letter in letters {
                let Some(glyph) = face.glyph_index(letter) else {
                    continue;
                };
                let units = face.glyph_hor_advance(glyph).map_or(0.0, f64::from);
                let own = (units * 1000.0 / f64::from(face.units_per_em())).round();
                assert_eq!(advance(letter, weight), own, "{letter} {weight:?}");
            }
        }
    }

    #[test]
    fn a_letter_that_is_not_in_the_font_is_a_box() {
        let unknown = outline("字", 0.0, 0.0, 10.0, Weight::Regular);
        assert_eq!(unknown, outline("□", 0.0, 0.0, 10.0, Weight::Regular));
        assert!(!unknown.is_empty());
    }
}
