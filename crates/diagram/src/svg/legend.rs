//! What the signs mean, under the picture: only those that occur.

use std::collections::BTreeSet;

use underbelly_model::{Band, Strength};

use super::boxes::draw_glyph;
use super::paper::{Paper, short};
use super::{style, wires};
use crate::Diagram;
use crate::measure::{Weight, clean, width};
use crate::sketch::Look;

const SIZE: f64 = 11.0;
const ROW: f64 = 24.0;
const LEFT: f64 = 24.0;
/// The room of a sign, and after a text.
const SIGN: f64 = 38.0;
const AFTER: f64 = 24.0;

pub(super) struct Legend {
    entries: Vec<(Sign, String, f64, f64)>,
    pub width: f64,
    pub height: f64,
}

enum Sign {
    Flow(Look, Strength),
    Way,
    Band(Band),
    Badge(String),
    Outside,
    Condition,
}

/// The entries with their places, in rows as wide as the picture.
pub(super) fn of(diagram: &Diagram) -> Legend {
    let room = diagram.width.max(480.0);
    let (mut x, mut y) = (LEFT, 10.0);
    let mut legend = Legend {
        entries: Vec::new(),
        width: 0.0,
        height: 0.0,
    };
    for (sign, text) in signs(diagram) {
        let long = SIGN + width(&text, SIZE, Weight::Regular);
        if x > LEFT && x + long > room - LEFT {
            (x, y) = (LEFT, y + ROW);
        }
        legend.entries.push((sign, text, x, y));
        x += long + AFTER;
        legend.width = legend.width.max(x);
    }
    if !legend.entries.is_empty() {
        legend.height = y + ROW;
    }
    legend
}

fn signs(diagram: &Diagram) -> Vec<(Sign, String)> {
    let sketch = &diagram.sketch;
    let mut signs = Vec::new();
    let lines = sketch.lines.iter();
    let looks: BTreeSet<_> = lines.map(|line| (line.look, line.strength)).collect();
    for (look, strength) in looks {
        let what = match look {
            Look::Call => "calls or triggers",
            Look::Access => "reads or writes",
            Look::Delivery => "hands on",
        };
        let sure = match strength {
            Strength::Strong => "",
            Strength::Possible => " (possible)",
            Strength::NoPermission => " (no permission seen)",
        };
        signs.push((Sign::Flow(look, strength), format!("{what}{sure}")));
    }
    if !diagram.lit.name.is_empty() {
        signs.push((Sign::Way, diagram.lit.name.to_string()));
    }
    let badges = sketch.nodes.iter().flat_map(|node| &node.badges);
    let badges: BTreeSet<_> = badges
        .map(|badge| (&badge.kind_name, &badge.kind))
        .collect();
    for (name, kind) in badges {
        signs.push((Sign::Badge(kind.to_string()), clean(name)));
    }
    if sketch.nodes.iter().any(|node| node.outside) {
        signs.push((Sign::Outside, "not declared here".to_owned()));
    }
    if sketch.nodes.iter().any(|node| node.condition.is_some()) {
        signs.push((Sign::Condition, "only under a condition".to_owned()));
    }
    let marks = sketch.nodes.iter().flat_map(|node| {
        let rows = node.rows.iter().filter_map(|row| row.mark.as_ref());
        node.mark.iter().chain(rows)
    });
    let bands: BTreeSet<Band> = marks.map(|mark| mark.band).collect();
    for band in bands.into_iter().rev() {
        let text = format!("{} risk", style::band_class(band).replace('-', " "));
        signs.push((Sign::Band(band), text));
    }
    signs
}

pub(super) fn draw(paper: &mut Paper, legend: &Legend, top: f64) {
    if legend.entries.is_empty() {
        return;
    }
    paper.raw("<g class=\"ub-key\">\n");
    for (sign, text, x, y) in &legend.entries {
        let middle = top + y;
        draw_sign(paper, sign, *x, middle);
        let x = x + SIGN;
        paper.label("ub-legend", x, middle + 4.0, text, SIZE, Weight::Regular);
    }
    paper.raw("</g>\n");
}

fn draw_sign(paper: &mut Paper, sign: &Sign, x: f64, y: f64) {
    match sign {
        Sign::Flow(look, strength) => {
            let class = wires::class(*look, *strength);
            paper.raw(&format!(
                "<path class=\"{class}\" d=\"M{} {1}h24\"/><path class=\"ub-head ub-head-{2}\" d=\"M{3} {1}l-8 -4v8z\"/>\n",
                short(x),
                short(y),
                look.word(),
                short(x + 30.0)
            ));
        }
        Sign::Way => paper.raw(&format!(
            "<path class=\"ub-wire ub-way-line\" d=\"M{} {1}h24\"/><path class=\"ub-head ub-way-head\" d=\"M{2} {1}l-8 -4v8z\"/>\n",
            short(x),
            short(y),
            short(x + 30.0)
        )),
        Sign::Band(band) => {
            let class = style::band_class(*band);
            let fill = match band {
                Band::Critical | Band::VeryLow => format!("class=\"ub-fill-{class} ub-band-{class}\""),
                Band::Low | Band::Medium | Band::High => format!("fill=\"url(#ub-{class})\""),
            };
            paper.raw(&format!(
                "<rect {fill} x=\"{}\" y=\"{}\" width=\"22\" height=\"14\" rx=\"4\"/>\n",
                short(x + 6.0),
                short(y - 7.0)
            ));
        }
        Sign::Badge(kind) => {
            paper.raw(&format!(
                "<circle class=\"ub-badge\" cx=\"{}\" cy=\"{}\" r=\"9\"/>",
                short(x + 20.0),
                short(y)
            ));
            draw_glyph(paper, kind, x + 20.0, y, 12.0);
        }
        Sign::Outside => paper.raw(&format!(
            "<g class=\"ub-outside\"><rect class=\"ub-box\" x=\"{}\" y=\"{}\" width=\"28\" height=\"14\" rx=\"4\"/></g>\n",
            short(x + 2.0),
            short(y - 7.0)
        )),
        Sign::Condition => {
            paper.raw(&format!(
                "<rect class=\"ub-chip-box\" x=\"{}\" y=\"{}\" width=\"20\" height=\"14\" rx=\"4\"/>\n",
                short(x + 8.0),
                short(y - 7.0)
            ));
            paper.label("ub-chip", x + 15.0, y + 3.5, "if", 10.0, Weight::Regular);
        }
    }
}
