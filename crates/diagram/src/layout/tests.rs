//! The rules every picture keeps.

use std::collections::BTreeMap;

use underbelly_model::Architecture;

use crate::diagram::{FrameKind, Point, Rect, Wire};
use crate::testing::{Numbers, architecture, component_of, flow_of, of_size, shuffled};
use crate::{Diagram, Options, Theme, draw};

fn drawn(architecture: &Architecture) -> Diagram {
    draw(architecture, &Options::default())
}

/// Fails with the first rule that the picture breaks.
fn check(architecture: &Architecture, options: &Options) -> Diagram {
    let diagram = draw(architecture, options);
    let rects: Vec<Rect> = diagram.boxes.iter().map(|boxed| boxed.rect).collect();
    apart(&rects, "boxes");
    let labels: Vec<Rect> = diagram.labels.iter().map(|label| label.rect).collect();
    apart(&labels, "labels");
    for label in &labels {
        let hit = rects.iter().find(|rect| overlap(rect, label));
        assert_eq!(hit, None, "a label lies on a box: {label:?}");
    }
    let at: BTreeMap<usize, Rect> = diagram.boxes.iter().map(|b| (b.node, b.rect)).collect();
    for wire in &diagram.wires {
        ends_on_its_ports(&diagram, wire, &at);
        passes_boxes(wire, &rects);
        crosses_no_label(wire, &labels);
    }
    nets_apart(&diagram);
    for frame in diagram.frames.windows(2) {
        let zones = frame.iter().all(|frame| frame.kind != FrameKind::System);
        let [a, b] = frame else { continue };
        assert!(!zones || !overlap(&a.rect, &b.rect), "zones overlap");
    }
    diagram
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    let across = a.x < b.x + b.width && b.x < a.x + a.width;
    across && a.y < b.y + b.height && b.y < a.y + a.height
}

fn apart(rects: &[Rect], what: &str) {
    let mut sorted = rects.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x));
    for (at, a) in sorted.iter().enumerate() {
        for b in sorted[at + 1..].iter().take_while(|b| b.x < a.x + a.width) {
            assert!(!overlap(a, b), "{what} overlap: {a:?} {b:?}");
        }
    }
}

fn ends_on_its_ports(diagram: &Diagram, wire: &Wire, at: &BTreeMap<usize, Rect>) {
    let line = &diagram.sketch.lines[wire.line];
    let (start, end) = match wire.from_source {
        true => (wire.points.first(), wire.points.last()),
        false => (wire.points.last(), wire.points.first()),
    };
    let (start, end) = (start.expect("a start"), end.expect("an end"));
    let (source, destination) = (at[&line.source], at[&line.destination]);
    let beside = |rect: &Rect, y: f64| y > rect.y && y < rect.y + rect.height;
    assert_eq!(start.x, source.x + source.width);
    assert_eq!(end.x, destination.x);
    assert!(beside(&source, start.y) && beside(&destination, end.y));
    for pair in wire.points.windows(2) {
        assert!(
            pair[0].x == pair[1].x || pair[0].y == pair[1].y,
            "a slant: {pair:?}"
        );
    }
}

fn stretch(a: &Point, b: &Point) -> Rect {
    Rect {
        x: a.x.min(b.x),
        y: a.y.min(b.y),
        width: (a.x - b.x).abs(),
        height: (a.y - b.y).abs(),
    }
}

fn passes_boxes(wire: &Wire, rects: &[Rect]) {
    for pair in wire.points.windows(2) {
        let stretch = stretch(&pair[0], &pair[1]);
        let hit = rects.iter().find(|rect| overlap(rect, &stretch));
        assert_eq!(hit, None, "a line runs through a box: {pair:?}");
    }
}

fn crosses_no_label(wire: &Wire, labels: &[Rect]) {
    for pair in wire.points.windows(2) {
        let stretch = stretch(&pair[0], &pair[1]);
        let hit = labels.iter().find(|rect| overlap(rect, &stretch));
        assert_eq!(hit, None, "a line runs through a label: {pair:?}");
    }
}

/// Lines lie on one another only if they share an end.
fn nets_apart(diagram: &Diagram) {
    let hub = |wire: &Wire| wire.points.first().copied();
    let mut pieces: Vec<(Rect, Option<Point>)> = Vec::new();
    for wire in &diagram.wires {
        for pair in wire.points.windows(2) {
            pieces.push((stretch(&pair[0], &pair[1]), hub(wire)));
        }
    }
    for along_x in [true, false] {
        let mut by_place: BTreeMap<i64, Vec<(f64, f64, Option<Point>)>> = BTreeMap::new();
        for (rect, hub) in &pieces {
            if along_x && rect.height == 0.0 {
                let pieces = by_place.entry((rect.y * 8.0) as i64).or_default();
                pieces.push((rect.x, rect.x + rect.width, *hub));
            }
            if !along_x && rect.width == 0.0 {
                let pieces = by_place.entry((rect.x * 8.0) as i64).or_default();
                pieces.push((rect.y, rect.y + rect.height, *hub));
            }
        }
        for (place, mut pieces) in by_place {
            pieces.sort_by(|a, b| a.0.total_cmp(&b.0));
            for (at, a) in pieces.iter().enumerate() {
                let after = pieces[at + 1..].iter();
                for b in after.take_while(|b| b.0 < a.1 - 0.5) {
                    assert_eq!(
                        a.2,
                        b.2,
                        "nets lie on one another at {}",
                        place as f64 / 8.0
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_overlaps_whatever_the_system() {
    for n in [2, 3, 5, 8, 13, 30, 60, 100, 200] {
        for seed in 0..4 {
            check(&of_size(n, seed), &Options::default());
            let labelled = Options {
                label_up_to: 1000,
                ..Options::default()
            };
            check(&of_size(n, seed), &labelled);
        }
    }
}

#[test]
fn a_system_of_none_is_an_empty_picture() {
    let diagram = check(&Architecture::default(), &Options::default());
    assert_eq!(diagram.n_boxes(), 0);
    assert!(diagram.svg(Theme::Auto).ends_with("</svg>\n"));
}

#[test]
fn a_system_of_one_is_one_box() {
    let one = architecture(
        &["Resize function application"],
        &["Resize -> Resize again"],
    );
    let diagram = check(&one, &Options::default());
    assert_eq!((diagram.n_boxes(), diagram.n_lines()), (1, 1));
}

#[test]
fn trust_grows_from_left_to_right() {
    let diagram = drawn(&architecture(
        &[
            "Orders table data",
            "Place function application",
            "Api rest-api edge",
            "people actor internet",
        ],
        &["people -> Api", "Api -> Place", "Place -> Orders write"],
    ));
    let mut boxes: Vec<_> = diagram.boxes.iter().collect();
    boxes.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
    let names = boxes
        .iter()
        .map(|boxed| &*diagram.sketch.nodes[boxed.node].name);
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["people", "Api", "Place", "Orders"]
    );
    let level = |wire: &Wire| wire.points.len() == 2;
    assert!(
        diagram.wires.iter().all(level),
        "a chain is one straight line"
    );
}

#[test]
fn the_order_of_the_source_changes_nothing() {
    for n in [5, 40, 400] {
        let one = drawn(&of_size(n, 7)).svg(Theme::Auto);
        let other = drawn(&shuffled(of_size(n, 7), 3)).svg(Theme::Auto);
        assert!(
            one == other,
            "a system of {n} depends on the order of its source"
        );
    }
}

/// How many boxes are elsewhere: in another column, or two rows further up or down.
fn n_moved(before: &Diagram, after: &Diagram) -> usize {
    let places = |diagram: &Diagram| -> BTreeMap<String, Rect> {
        let boxes = diagram.boxes.iter();
        let key = |node: usize| diagram.sketch.nodes[node].key.to_string();
        boxes.map(|boxed| (key(boxed.node), boxed.rect)).collect()
    };
    let after = places(after);
    let moved = places(before).into_iter().filter(|(key, rect)| {
        after
            .get(key)
            .is_none_or(|now| (now.x - rect.x).abs() > rect.width || (now.y - rect.y).abs() > 156.0)
    });
    moved.count()
}

#[test]
fn a_component_without_flows_moves_nothing() {
    let (mut n_all, mut n_far) = (0, 0);
    for seed in 0..12 {
        let before = drawn(&of_size(40, seed));
        let mut after = of_size(40, seed);
        let zeta = component_of("Zeta", "function", "application", Some(0));
        after.components.push(zeta);
        n_all += before.n_boxes();
        n_far += n_moved(&before, &drawn(&after));
    }
    assert!(n_far * 100 <= n_all, "{n_far} of {n_all} moved");
}

#[test]
fn one_more_component_moves_little() {
    let (mut n_all, mut n_far) = (0, 0);
    for n in [8, 16, 24] {
        for seed in 0..8 {
            let before = shop(n, seed);
            let mut after = shop(n, seed);
            let zeta = component_of("Zeta", "function", "application", Some(0));
            after.components.push(zeta);
            let zeta = after.components.len() - 1;
            for (from, to) in [(0, zeta), (zeta, 1)] {
                let flow = flow_of(&after, from, to, "");
                after.flows.push(flow);
            }
            let (before, after) = (drawn(&before), drawn(&after));
            n_all += before.n_boxes();
            n_far += n_moved(&before, &after);
            println!(
                "{n} {seed} {} {}",
                n_moved(&before, &after),
                before.n_boxes()
            );
        }
    }
    assert!(n_far * 4 <= n_all, "{n_far} of {n_all} moved");
}

/// An API, and functions that read and write a few tables and call others.
fn shop(n: usize, seed: u64) -> Architecture {
    let mut numbers = Numbers(seed);
    let mut components = vec!["Api rest-api edge".to_owned()];
    components.extend((0..n / 4).map(|index| format!("Table{index} table data")));
    components.extend((0..n).map(|index| format!("Work{index} function application")));
    let mut flows = Vec::new();
    for index in 0..n {
        flows.push(match numbers.below(3) {
            0 if index > 0 => format!("Work{} -> Work{index}", numbers.below(index)),
            _ => format!("Api -> Work{index}"),
        });
        for _ in 0..numbers.below(3) {
            flows.push(format!("Work{index} -> Table{}", numbers.below(n / 4)));
        }
    }
    let components: Vec<&str> = components.iter().map(String::as_str).collect();
    let flows: Vec<&str> = flows.iter().map(String::as_str).collect();
    architecture(&components, &flows)
}

#[test]
fn alike_components_share_a_box() {
    let names = ["a", "b", "c", "d", "e"];
    let mut components: Vec<String> = names
        .iter()
        .map(|name| format!("{name} function application"))
        .collect();
    components.push("Api rest-api edge".to_owned());
    let components: Vec<&str> = components.iter().map(String::as_str).collect();
    let flows: Vec<String> = names.iter().map(|name| format!("Api -> {name}")).collect();
    let flows: Vec<&str> = flows.iter().map(String::as_str).collect();
    let diagram = check(&architecture(&components, &flows), &Options::default());
    assert_eq!((diagram.n_boxes(), diagram.n_lines()), (2, 1));
    let svg = diagram.svg(Theme::Light);
    assert!(
        names
            .iter()
            .all(|name| svg.contains(&format!(">{name}</text>")))
    );
}

#[test]
fn too_many_components_are_drawn_by_zone() {
    let diagram = check(&of_size(1000, 2), &Options::default());
    assert!(diagram.n_boxes() <= 300, "{} boxes", diagram.n_boxes());
}

#[test]
fn five_thousand_components_are_drawn() {
    let options = Options {
        collapse_above: usize::MAX,
        ..Options::default()
    };
    let diagram = draw(&of_size(5000, 1), &options);
    assert!(diagram.n_boxes() > 4000);
}
