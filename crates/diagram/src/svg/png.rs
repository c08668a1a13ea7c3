//! A picture as PNG: what the SVG says, painted, with its letters as outlines.

use std::fmt;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::{Theme, letters};
use crate::Diagram;

/// No picture is higher or wider, in pixels.
const LONGEST: f64 = 16_384.0;
/// No picture has more pixels.
const MOST: f64 = 48_000_000.0;

/// Why a picture was not painted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPainted(String);

impl fmt::Display for NotPainted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the picture could not be painted: {}", self.0)
    }
}

impl std::error::Error for NotPainted {}

impl Diagram {
    /// The scale a picture is painted at where `wanted` is asked for: less, if
    /// it would have too many pixels.
    pub fn png_scale(&self, wanted: f64) -> f64 {
        let (width, height) = self.whole();
        let by_length = LONGEST / width.max(height);
        let by_area = (MOST / (width * height)).sqrt();
        wanted.clamp(0.01, by_length.min(by_area))
    }

    /// The picture as PNG; at a scale of 2 it has two pixels for each of its own.
    pub fn png(&self, theme: Theme, scale: f64) -> Result<Vec<u8>, NotPainted> {
        // What does not know whether it is read in the dark is light.
        let theme = match theme {
            Theme::Auto | Theme::Light => Theme::Light,
            Theme::Dark => Theme::Dark,
        };
        let svg = self.document(theme, Some(letters::outline));
        let tree = Tree::from_str(&svg, &Options::default());
        let tree = tree.map_err(|error| NotPainted(error.to_string()))?;
        let scale = self.png_scale(scale);
        let (width, height) = self.whole();
        let pixels = |length: f64| (length * scale).ceil().max(1.0) as u32;
        let mut paper = Pixmap::new(pixels(width), pixels(height))
            .ok_or_else(|| NotPainted("it is too large".to_owned()))?;
        let scale = scale as f32;
        resvg::render(
            &tree,
            Transform::from_scale(scale, scale),
            &mut paper.as_mut(),
        );
        paper
            .encode_png()
            .map_err(|error| NotPainted(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::of_size;
    use crate::{Options, draw};

    fn painted(n: usize, theme: Theme, scale: f64) -> Pixmap {
        let png = draw(&of_size(n, 3), &Options::default()).png(theme, scale);
        Pixmap::decode_png(&png.expect("it is painted")).expect("it is a PNG")
    }

    #[test]
    fn a_picture_is_painted_as_large_as_wanted() {
        let diagram = draw(&of_size(5, 3), &Options::default());
        let (width, _) = diagram.whole();
        for scale in [0.5, 1.0, 2.0] {
            let pixels = (width * scale).ceil() as u32;
            assert_eq!(painted(5, Theme::Light, scale).width(), pixels);
        }
    }

    #[test]
    fn what_would_be_too_large_is_painted_smaller() {
        for n in [0, 1, 200] {
            let diagram = draw(&of_size(n, 3), &Options::default());
            let (width, height) = diagram.whole();
            let scale = diagram.png_scale(1e9);
            assert!(width * scale <= LONGEST + 1.0 && height * scale <= LONGEST + 1.0);
            assert!(width * height * scale * scale <= MOST * 1.01);
        }
    }

    #[test]
    fn letters_and_lines_are_on_the_paper() {
        for (theme, paper) in [(Theme::Auto, [255, 255, 255]), (Theme::Dark, [18, 22, 28])] {
            let picture = painted(30, theme, 1.0);
            let corner = picture.pixels()[0];
            assert_eq!([corner.red(), corner.green(), corner.blue()], paper);
            let inked = picture.pixels().iter().filter(|pixel| **pixel != corner);
            assert!(inked.count() > 10_000);
        }
    }
}
