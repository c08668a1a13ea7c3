//! A picture as SVG: no scripts, no network, no inline styles; everything that
//! comes from a template is escaped. Looks are classes in one style sheet.

mod boxes;
mod glyph;
mod legend;
mod paper;
mod style;
mod wires;

#[cfg(test)]
mod tests;

use crate::Diagram;
use crate::diagram::{Frame, FrameKind};
use crate::measure::{Weight, clean, fit};
use paper::Paper;

/// Which colours a picture has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Light, or dark where the reader's system asks for it.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Diagram {
    /// The picture as an SVG document.
    pub fn svg(&self, theme: Theme) -> String {
        let legend = legend::of(self);
        let width = self.width.max(legend.width).ceil();
        let height = (self.height + legend.height).ceil();
        let mut paper = Paper::new();
        let title = if self.title.is_empty() {
            "Architecture"
        } else {
            &self.title
        };
        paper.raw(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ub\" role=\"graphics-document\" \
             aria-labelledby=\"ub-title ub-about\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\">\n<title id=\"ub-title\">"
        ));
        paper.text(title);
        paper.raw("</title>\n<desc id=\"ub-about\">");
        paper.text(&self.about());
        paper.raw("</desc>\n<style>");
        paper.raw(&style::sheet(theme));
        paper.raw("</style>\n");
        paper.raw(style::PATTERNS);
        paper.raw(&format!(
            "<rect class=\"ub-paper\" width=\"{width}\" height=\"{height}\"/>\n"
        ));
        for frame in &self.frames {
            draw_frame(&mut paper, self, frame);
        }
        wires::draw(&mut paper, self);
        for frame in &self.frames {
            draw_name(&mut paper, frame);
        }
        for boxed in &self.boxes {
            boxes::draw(&mut paper, self, boxed);
        }
        legend::draw(&mut paper, &legend, self.height);
        paper.raw("</svg>\n");
        paper.finish()
    }

    /// What the picture shows, in a sentence.
    fn about(&self) -> String {
        let zones: Vec<&str> = self.sketch.zones.iter().map(|zone| &*zone.name).collect();
        format!(
            "{} components and {} flows, from the least trusted zone at the left to the most trusted at the right: {}.",
            self.boxes.len(),
            self.wires.len(),
            zones.join(", ")
        )
    }
}

fn draw_frame(paper: &mut Paper, diagram: &Diagram, frame: &Frame) {
    let rect = &frame.rect;
    let (class, radius) = match frame.kind {
        FrameKind::System => ("ub-system".to_owned(), 14),
        FrameKind::Zone(index) => {
            let zone = style::zone_class(&diagram.sketch.zones[index].id);
            (format!("ub-zone ub-zone-{zone}"), 10)
        }
    };
    paper.raw(&format!(
        "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{radius}\"/>\n",
        rect.x, rect.y, rect.width, rect.height
    ));
}

/// Over the lines, since those between systems may pass where names stand.
fn draw_name(paper: &mut Paper, frame: &Frame) {
    let (class, size) = match frame.kind {
        FrameKind::System => ("ub-system-name", 13.0),
        FrameKind::Zone(_) => ("ub-zone-name", 11.0),
    };
    let rect = &frame.rect;
    let name = fit(
        &clean(&frame.name),
        rect.width - 28.0,
        size,
        Weight::SemiBold,
    );
    let (x, y) = (rect.x + 14.0, rect.y + 20.0);
    paper.label(class, x, y, &name, size, Weight::SemiBold);
}
