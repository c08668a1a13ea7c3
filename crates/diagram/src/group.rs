//! Boxes drawn together: those that nothing distinguishes but their names, and
//! in a picture of too many boxes those of one zone, or of one system.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::sketch::{Badge, LaneKind, Line, Look, Node, Row, Sketch, join};
use crate::{Mark, Options};

/// From so many alike on they share a box.
const ALIKE: usize = 4;
/// So many are named in a shared box.
const ROWS: usize = 16;

pub(crate) fn group(sketch: Sketch, options: &Options) -> Sketch {
    let sketch = together(&sketch, &alike(&sketch), named);
    if sketch.nodes.len() <= options.collapse_above {
        return sketch;
    }
    let zones: Vec<Option<String>> = sketch.nodes.iter().map(|n| Some(by_zone(n))).collect();
    let by_zone = together(&sketch, &zones, counted);
    if by_zone.nodes.len() <= options.collapse_above {
        return by_zone;
    }
    let systems = by_zone.nodes.iter();
    let systems: Vec<Option<String>> = systems
        .map(|node| match by_zone.lanes[node.lane].kind {
            LaneKind::System => Some(format!("{:06}", node.lane)),
            LaneKind::Callers | LaneKind::Shared | LaneKind::Called => None,
        })
        .collect();
    together(&by_zone, &systems, counted)
}

fn by_zone(node: &Node) -> String {
    format!("{:06} {:06}", node.lane, node.zone)
}

/// For every box what it shares with those it is drawn together with.
fn alike(sketch: &Sketch) -> Vec<Option<String>> {
    let mut ends: Vec<Vec<(bool, usize, Look, u8)>> = vec![Vec::new(); sketch.nodes.len()];
    for line in &sketch.lines {
        let strength = line.strength as u8;
        ends[line.source].push((true, line.destination, line.look, strength));
        ends[line.destination].push((false, line.source, line.look, strength));
    }
    let looks = sketch.nodes.iter().zip(&mut ends).map(|(node, ends)| {
        ends.sort_unstable();
        let badges: Vec<_> = node.badges.iter().map(|badge| &badge.kind).collect();
        let highlight = node.mark.as_ref().is_some_and(|mark| mark.highlight);
        format!(
            "{} {} {} {} {:?} {highlight} {ends:?} {badges:?}",
            node.lane, node.zone, node.kind, node.outside, node.condition
        )
    });
    let looks: Vec<String> = looks.collect();
    let mut n_alike: BTreeMap<&str, usize> = BTreeMap::new();
    for look in &looks {
        *n_alike.entry(look).or_default() += 1;
    }
    let many = |look: &String| n_alike.get(look.as_str()).is_some_and(|n| *n >= ALIKE);
    looks
        .iter()
        .map(|look| many(look).then(|| look.clone()))
        .collect()
}

/// The sketch with the boxes of one class as one box, made by `join`.
fn together(sketch: &Sketch, classes: &[Option<String>], join: fn(&[&Node]) -> Node) -> Sketch {
    let mut members: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    for (index, class) in classes.iter().enumerate() {
        // One without a class is a class of its own.
        let key = match class {
            Some(class) => (usize::MAX, class.as_str()),
            None => (index, ""),
        };
        members.entry(key).or_default().push(index);
    }
    let mut groups: Vec<Vec<usize>> = members.into_values().collect();
    groups.sort();
    let mut group_of = vec![0; sketch.nodes.len()];
    let mut nodes = Vec::with_capacity(groups.len());
    for (group, indexes) in groups.iter().enumerate() {
        for index in indexes {
            group_of[*index] = group;
        }
        let joined: Vec<&Node> = indexes.iter().map(|index| &sketch.nodes[*index]).collect();
        nodes.push(match joined.as_slice() {
            [alone] => (*alone).clone(),
            several => join(several),
        });
    }
    Sketch {
        zones: sketch.zones.clone(),
        lanes: sketch.lanes.clone(),
        lines: lines(sketch, &group_of),
        nodes,
    }
}

/// The lines between groups; those inside one are not seen.
fn lines(sketch: &Sketch, group_of: &[usize]) -> Vec<Line> {
    let seen = sketch.lines.iter().filter_map(|line| {
        let (source, destination) = (group_of[line.source], group_of[line.destination]);
        let within = source == destination && line.source != line.destination;
        (!within).then(|| Line {
            source,
            destination,
            ..line.clone()
        })
    });
    join(seen)
}

/// A box that names its members.
fn named(nodes: &[&Node]) -> Node {
    let mut joined = nodes[0].clone();
    joined.name = format!("{} × {}", joined.kind_name, nodes.len()).into();
    joined.mark = worst(nodes.iter().filter_map(|node| node.mark.as_ref()));
    joined.badges = badges(nodes);
    let rows = nodes.iter().map(|node| Row {
        keys: vec![node.key.clone()],
        name: node.name.clone(),
        mark: node.mark.clone(),
    });
    joined.rows = rows.collect();
    shorten(&mut joined);
    joined
}

/// A box that says how many of which kind it holds.
fn counted(nodes: &[&Node]) -> Node {
    let mut joined = nodes[0].clone();
    let mut kinds: BTreeMap<Arc<str>, Row> = BTreeMap::new();
    for node in nodes {
        let row = kinds.entry(node.kind_name.clone()).or_insert_with(|| Row {
            keys: Vec::new(),
            name: node.kind_name.clone(),
            mark: None,
        });
        row.keys.extend(node.components().into_iter().cloned());
        row.mark = worst(row.mark.iter().chain(&node.mark));
    }
    let n_all: usize = kinds.values().map(|row| row.keys.len()).sum();
    joined.name = format!("{n_all} components").into();
    joined.kind = Arc::from("group");
    joined.kind_name = Arc::from("drawn together");
    joined.mark = worst(nodes.iter().filter_map(|node| node.mark.as_ref()));
    joined.condition = None;
    joined.outside = nodes.iter().all(|node| node.outside);
    joined.badges = badges(nodes);
    let rows = kinds.into_values().map(|row| Row {
        name: format!("{} × {}", row.name, row.keys.len()).into(),
        ..row
    });
    joined.rows = rows.collect();
    joined.hidden = Vec::new();
    shorten(&mut joined);
    joined
}

/// Those of all members, each once.
fn badges(nodes: &[&Node]) -> Vec<Badge> {
    let badges: BTreeSet<&Badge> = nodes.iter().flat_map(|node| &node.badges).collect();
    badges.into_iter().cloned().collect()
}

fn shorten(node: &mut Node) {
    if node.rows.len() > ROWS {
        // Where some are not named, those that matter are.
        let number = |row: &Row| row.mark.as_ref().map_or(0, |mark| mark.number);
        node.rows.sort_by_key(|row| std::cmp::Reverse(number(row)));
        node.hidden = node.rows.split_off(ROWS);
    }
}

fn worst<'a>(marks: impl Iterator<Item = &'a Mark>) -> Option<Mark> {
    marks.max_by_key(|mark| mark.number).cloned()
}
