//! Lines with round corners, their heads and their labels.

use std::collections::BTreeMap;

use underbelly_model::Strength;

use super::paper::{Paper, short};
use crate::Diagram;
use crate::diagram::{Label, Point, Wire};
use crate::label;
use crate::measure::Weight;
use crate::sketch::{Line, Look};

const RADIUS: f64 = 6.0;
/// How long and half how wide a head is.
const HEAD: (f64, f64) = (8.0, 4.0);

pub(super) fn draw(paper: &mut Paper, diagram: &Diagram) {
    // What is only possible lies under what is sure.
    let mut wires: Vec<&Wire> = diagram.wires.iter().collect();
    let line = |wire: &Wire| &diagram.sketch.lines[wire.line];
    let lit = |wire: &Wire| diagram.lit.lines.contains(&wire.line);
    wires.sort_by_key(|wire| {
        let line = line(wire);
        (lit(wire), std::cmp::Reverse((line.strength, line.look)))
    });
    let labels = diagram.labels.iter().map(|label| (label.line, label));
    let labels: BTreeMap<usize, &Label> = labels.collect();
    for wire in wires {
        let label = labels.get(&wire.line).copied();
        draw_wire(paper, diagram, wire, label);
    }
}

fn draw_wire(paper: &mut Paper, diagram: &Diagram, wire: &Wire, label: Option<&Label>) {
    let line = &diagram.sketch.lines[wire.line];
    let (mut class, mut head) = (class(line.look, line.strength), "");
    if diagram.lit.lines.contains(&wire.line) {
        class.push_str(" ub-way-line");
        head = " ub-way-head";
    }
    paper.raw("<g class=\"ub-flow\" role=\"img\"");
    if let (1, Some(only)) = (line.flows.len(), line.flows.first()) {
        paper.attribute("data-flow", only);
    }
    paper.attribute("data-from", &diagram.sketch.nodes[line.source].key);
    paper.attribute("data-to", &diagram.sketch.nodes[line.destination].key);
    paper.raw(">");
    paper.title(&about(diagram, line));
    if line.flows.len() > 1 {
        for flow in &line.flows {
            paper.raw("<g");
            paper.attribute("data-flow", flow);
            paper.raw("/>");
        }
    }
    paper.raw(&format!("<path class=\"{class}\" d=\"{}\"/>", path(wire)));
    let tip = match wire.from_source {
        true => wire.points.last(),
        false => wire.points.first(),
    };
    if let Some(tip) = tip {
        paper.raw(&format!(
            "<path class=\"ub-head ub-head-{}{head}\" d=\"M{} {}l-{} -{}v{}z\"/>",
            line.look.word(),
            short(tip.x),
            short(tip.y),
            HEAD.0,
            HEAD.1,
            2.0 * HEAD.1
        ));
    }
    if let Some(Label { text, rect, .. }) = label {
        let y = rect.y + rect.height - 2.0;
        let size = label::SIZE;
        paper.label("ub-flow-label", rect.x, y, text, size, Weight::Regular);
    }
    paper.raw("</g>\n");
}

pub(super) fn class(look: Look, strength: Strength) -> String {
    let strength = match strength {
        Strength::Strong => "",
        Strength::Possible => " ub-possible",
        Strength::NoPermission => " ub-no-permission",
    };
    format!("ub-wire ub-{}{strength}", look.word())
}

/// What is read out, and shown when pointed at, line by line.
fn about(diagram: &Diagram, line: &Line) -> Vec<String> {
    const LABELS: usize = 20;
    let name = |node: usize| &diagram.sketch.nodes[node].name;
    let kinds: Vec<&str> = line.kinds.iter().map(|kind| kind.word()).collect();
    let sure = match line.strength {
        Strength::Strong => "",
        Strength::Possible => ", permitted but not seen to happen",
        Strength::NoPermission => ", named but without permission seen",
    };
    let condition = match line.conditional {
        true => ", under a condition",
        false => "",
    };
    let first = format!(
        "{} to {}: {}{sure}{condition}",
        name(line.source),
        name(line.destination),
        kinds.join(" and ")
    );
    let labels = line.labels.iter().take(LABELS);
    let labels = labels.map(|label| label.to_string());
    std::iter::once(first).chain(labels).collect()
}

/// The points joined, with round corners where there is room.
fn path(wire: &Wire) -> String {
    let points = &wire.points;
    let mut path = String::new();
    for (at, point) in points.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| points.get(before));
        let (Some(before), Some(after)) = (before, points.get(at + 1)) else {
            let command = if at == 0 { 'M' } else { 'L' };
            path.push_str(&format!("{command}{} {}", short(point.x), short(point.y)));
            continue;
        };
        let radius = RADIUS
            .min(distance(before, point) / 2.0)
            .min(distance(point, after) / 2.0);
        let start = toward(point, before, radius);
        let end = toward(point, after, radius);
        path.push_str(&format!(
            "L{} {}Q{} {} {} {}",
            short(start.x),
            short(start.y),
            short(point.x),
            short(point.y),
            short(end.x),
            short(end.y)
        ));
    }
    path
}

fn distance(a: &Point, b: &Point) -> f64 {
    (a.x - b.x).abs() + (a.y - b.y).abs()
}

fn toward(from: &Point, to: &Point, by: f64) -> Point {
    let long = distance(from, to).max(f64::EPSILON);
    Point {
        x: from.x + (to.x - from.x) / long * by,
        y: from.y + (to.y - from.y) / long * by,
    }
}
