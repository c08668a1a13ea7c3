//! A picture as people get it: boxes, lines and labels read back from the SVG.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub(super) fn overlaps(&self, other: &Rect) -> bool {
        let across = self.x < other.x + other.width && other.x < self.x + self.width;
        across && self.y < other.y + other.height && other.y < self.y + self.height
    }
}

#[derive(Clone, Debug)]
pub(super) struct Boxed {
    pub zone: String,
    pub rect: Rect,
}

/// A line from its start to its end.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub source: usize,
    pub destination: usize,
    pub points: Vec<(f64, f64)>,
    pub label: Option<Rect>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Picture {
    pub boxes: Vec<Boxed>,
    pub lines: Vec<Line>,
}

pub(super) fn read(svg: &str) -> Picture {
    let document = Document::parse(svg).unwrap();
    let groups = |class: &'static str| {
        let all = document.descendants();
        all.filter(move |node| classes(node).any(|own| own == class))
    };
    let mut picture = Picture::default();
    let mut index = BTreeMap::new();
    for group in groups("ub-node") {
        let key = group.attribute("data-box").unwrap().to_owned();
        index.insert(key, picture.boxes.len());
        picture.boxes.push(Boxed {
            zone: group.attribute("data-zone").unwrap().to_owned(),
            rect: rect(&child(&group, "ub-box").unwrap()),
        });
    }
    for group in groups("ub-flow") {
        let end = |name| index[group.attribute(name).unwrap()];
        let (source, destination) = (end("data-from"), end("data-to"));
        let mut points = points(child(&group, "ub-wire").unwrap().attribute("d").unwrap());
        // A line may be written from its end.
        let tip = child(&group, "ub-head").unwrap().attribute("d").unwrap();
        let tip: Vec<f64> = numbers(tip.split('l').next().unwrap());
        if points.first() == Some(&(tip[0], tip[1])) {
            points.reverse();
        }
        let label = child(&group, "ub-flow-label").map(|text| Rect {
            x: number(&text, "x"),
            y: number(&text, "y") - 10.0,
            width: number(&text, "textLength"),
            height: 12.0,
        });
        picture.lines.push(Line {
            source,
            destination,
            points,
            label,
        });
    }
    picture
}

fn classes<'a>(node: &Node<'a, '_>) -> impl Iterator<Item = &'a str> + use<'a> {
    node.attribute("class").unwrap_or("").split(' ')
}

fn child<'a, 'i>(node: &Node<'a, 'i>, class: &str) -> Option<Node<'a, 'i>> {
    node.children()
        .find(|child| classes(child).any(|own| own == class))
}

fn number(node: &Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

fn rect(node: &Node<'_, '_>) -> Rect {
    Rect {
        x: number(node, "x"),
        y: number(node, "y"),
        width: number(node, "width"),
        height: number(node, "height"),
    }
}

fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|c: char| !matches!(c, '0'..='9' | '.' | '-'));
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// The corners of a path of `M`, `L` and `Q`: where it is rounded, the corner.
fn points(path: &str) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut rest = path;
    while let Some(command) = rest.chars().next() {
        let end = rest[1..]
            .find(['M', 'L', 'Q'])
            .map_or(rest.len(), |at| at + 1);
        let numbers = numbers(&rest[1..end]);
        // Before and after a rounded corner the line only goes on.
        let next = &rest[end..];
        match command {
            'Q' => points.push((numbers[0], numbers[1])),
            _ if next.starts_with('Q') && command == 'L' => {}
            _ => points.push((numbers[0], numbers[1])),
        }
        rest = next;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn round_corners_are_corners() {
        let corners = points("M0 0L4 0Q10 0 10 6L10 20Q10 26 16 26L30 26");
        assert_eq!(
            corners,
            [(0.0, 0.0), (10.0, 0.0), (10.0, 26.0), (30.0, 26.0)]
        );
    }
}
