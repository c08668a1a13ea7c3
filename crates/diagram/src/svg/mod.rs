//! A picture as SVG: no scripts, no network, no inline styles; everything that
//! comes from a template is escaped. Looks are classes in one style sheet.

mod boxes;
mod glyph;
mod legend;
#[cfg(feature = "png")]
mod letters;
mod palette;
mod paper;
#[cfg(feature = "png")]
mod png;
mod style;
mod wires;

#[cfg(test)]
mod tests;

use crate::Diagram;
use crate::diagram::{Frame, FrameKind};
use crate::measure::{Weight, clean, fit};
use paper::{Outline, Paper};

pub use palette::{Colour, palette};
#[cfg(feature = "png")]
pub use png::NotPainted;
pub use style::style;

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
        self.document(theme, None)
    }

    fn document(&self, theme: Theme, outline: Option<Outline>) -> String {
        let mut paper = Paper::new(outline);
        paper.raw(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"graphics-document\" \
             aria-labelledby=\"ub-title\" aria-describedby=\"ub-about\"",
        );
        self.size(&mut paper);
        paper.raw("<title id=\"ub-title\">");
        paper.text(self.title());
        paper.raw("</title>\n<desc id=\"ub-about\">");
        paper.text(&self.about());
        paper.raw("</desc>\n<style>");
        paper.raw(&style(theme));
        paper.raw("</style>\n");
        self.content(&mut paper);
        paper.finish()
    }

    /// The picture as an element for an HTML page, which holds [`style`] itself.
    ///
    /// `data-component` and `data-flow` say what is drawn where; what stands for
    /// several has one element for each. The box of a component is the nearest
    /// `.ub-node` around it, with a `data-box` that flows name in `data-from` and
    /// `data-to`.
    pub fn svg_element(&self) -> String {
        let mut paper = Paper::new(None);
        paper.raw("<svg role=\"group\"");
        paper.attribute("aria-label", self.title());
        self.size(&mut paper);
        paper.raw("<desc>");
        paper.text(&self.about());
        paper.raw("</desc>\n");
        self.content(&mut paper);
        paper.finish()
    }

    fn title(&self) -> &str {
        match &*self.title {
            "" => "Architecture",
            title => title,
        }
    }

    /// What the picture shows, in a sentence.
    fn about(&self) -> String {
        let nodes = self.sketch.nodes.iter();
        let n_components: usize = nodes.map(|node| node.components().len()).sum();
        let n_flows: usize = self.sketch.lines.iter().map(|line| line.flows.len()).sum();
        let zones: Vec<&str> = self.sketch.zones.iter().map(|zone| &*zone.name).collect();
        format!(
            "{n_components} components and {n_flows} flows, from the least trusted zone at the left to the most trusted at the right: {}.",
            zones.join(", ")
        )
    }

    /// The width and height with the legend.
    fn whole(&self) -> (f64, f64) {
        let legend = legend::of(self);
        let width = self.width.max(legend.width).ceil();
        (width, (self.height + legend.height).ceil())
    }

    /// Ends the root's tag.
    fn size(&self, paper: &mut Paper) {
        let (width, height) = self.whole();
        paper.raw(&format!(
            " class=\"ub\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n"
        ));
    }

    /// What is drawn, and the end of the root.
    fn content(&self, paper: &mut Paper) {
        paper.raw(style::PATTERNS);
        paper.raw("<rect class=\"ub-paper\" width=\"100%\" height=\"100%\"/>\n");
        for frame in &self.frames {
            draw_frame(paper, self, frame);
        }
        wires::draw(paper, self);
        for frame in &self.frames {
            draw_name(paper, frame);
        }
        for boxed in &self.boxes {
            boxes::draw(paper, self, boxed);
        }
        legend::draw(paper, &legend::of(self), self.height);
        paper.raw("</svg>\n");
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
