//! Lines with round corners, their heads and their labels.

use underbelly_model::{FlowKind, Strength};

use super::paper::{Paper, short};
use crate::Diagram;
use crate::diagram::{Point, Wire};
use crate::label;
use crate::measure::Weight;
use crate::sketch::Line;

const RADIUS: f64 = 6.0;
/// How long and half how wide a head is.
const HEAD: (f64, f64) = (8.0, 4.0);

pub(super) fn draw(paper: &mut Paper, diagram: &Diagram) {
    // What is only possible lies under what is sure.
    let mut wires: Vec<&Wire> = diagram.wires.iter().collect();
    let line = |wire: &Wire| &diagram.sketch.lines[wire.line];
    wires.sort_by_key(|wire| std::cmp::Reverse((line(wire).strength, line(wire).kind)));
    for wire in wires {
        draw_wire(paper, diagram, wire, line(wire));
    }
    for label in &diagram.labels {
        let rect = &label.rect;
        let y = rect.y + rect.height - 2.0;
        paper.label(
            "ub-flow-label",
            rect.x,
            y,
            &label.text,
            label::SIZE,
            Weight::Regular,
        );
    }
}

fn draw_wire(paper: &mut Paper, diagram: &Diagram, wire: &Wire, line: &Line) {
    let class = class(line.kind, line.strength);
    paper.raw("<g class=\"ub-flow\" role=\"img\"");
    if let [only] = line.flows.as_slice() {
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
    let (tip, before) = match (wire.from_source, wire.points.as_slice()) {
        (true, [.., before, tip]) | (false, [tip, before, ..]) => (tip, before),
        _ => return paper.raw("</g>\n"),
    };
    let back = if before.x <= tip.x { -HEAD.0 } else { HEAD.0 };
    paper.raw(&format!(
        "<path class=\"ub-head ub-head-{}\" d=\"M{} {}l{back} {}v{}z\"/></g>\n",
        line.kind.word(),
        short(tip.x),
        short(tip.y),
        -HEAD.1,
        2.0 * HEAD.1
    ));
}

pub(super) fn class(kind: FlowKind, strength: Strength) -> String {
    let strength = match strength {
        Strength::Strong => "",
        Strength::Possible => " ub-possible",
        Strength::NoPermission => " ub-no-permission",
    };
    format!("ub-wire ub-{}{strength}", kind.word())
}

fn about(diagram: &Diagram, line: &Line) -> String {
    let name = |node: usize| &diagram.sketch.nodes[node].name;
    let mut about = format!(
        "{} to {}: {}",
        name(line.source),
        name(line.destination),
        line.kind.word()
    );
    match line.strength {
        Strength::Strong => {}
        Strength::Possible => about.push_str(", permitted but not seen to happen"),
        Strength::NoPermission => about.push_str(", named but without permission seen"),
    }
    if line.conditional {
        about.push_str(", under a condition");
    }
    for label in line.labels.iter().take(20) {
        about.push('\n');
        about.push_str(label);
    }
    about
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
