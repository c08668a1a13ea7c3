//! Boxes: glyph, name, kind, members, badges, marks.

use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_model::Band;

use super::paper::{Paper, short};
use super::{glyph, style};
use crate::Diagram;
use crate::Mark;
use crate::diagram::{Boxed, Rect};
use crate::layout::{BESIDE_NAME, ROW_HEIGHT, TITLE_HEIGHT};
use crate::measure::{Weight, clean, fit, width, wrap};
use crate::sketch::{Badge, Node};

/// So many badges are shown.
const BADGES: usize = 5;
const BADGE_RADIUS: f64 = 9.0;

pub(super) fn draw(paper: &mut Paper, diagram: &Diagram, boxed: &Boxed) {
    let node = &diagram.sketch.nodes[boxed.node];
    let rect = &boxed.rect;
    let outside = if node.outside { " ub-outside" } else { "" };
    paper.raw(&format!("<g class=\"ub-node{outside}\" role=\"img\""));
    paper.attribute("data-box", &node.key);
    paper.attribute("data-zone", &diagram.sketch.zones[node.zone].id);
    if node.rows.is_empty() {
        paper.attribute("data-component", &node.key);
    }
    paper.raw(">");
    paper.title(&about(diagram, node));
    let lit = match diagram.lit.nodes.contains(&boxed.node) {
        true => " ub-way-box",
        false => "",
    };
    paper.raw(&format!(
        "\n<rect class=\"ub-box{lit}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n",
        rect.x, rect.y, rect.width, rect.height
    ));
    if let Some(mark) = &node.mark {
        stripe(paper, rect, mark);
    }
    head(paper, node, rect);
    rows(paper, node, rect);
    if let Some(condition) = &node.condition {
        chip(paper, rect, condition, node.mark.is_some());
    }
    badges(paper, diagram, node, rect);
    if let Some(mark) = &node.mark {
        number(paper, rect, mark);
    }
    paper.raw("</g>\n");
}

/// What is read out, and shown when pointed at, line by line.
fn about(diagram: &Diagram, node: &Node) -> Vec<String> {
    let zone = &diagram.sketch.zones[node.zone].name;
    let mut first = format!("{}: {}, zone {zone}", node.name, node.kind_name);
    if node.outside {
        first.push_str(", not declared in what was read");
    }
    if let Some(condition) = &node.condition {
        first.push_str(&format!(", only if {condition}"));
    }
    let mut lines = vec![first];
    lines.extend(notes(node.mark.as_ref()));
    let badges = node.badges.iter();
    lines.extend(badges.map(|badge| format!("{} {}", badge.kind_name, badge.name)));
    lines
}

/// The lines of a mark's note.
fn notes(mark: Option<&Mark>) -> impl Iterator<Item = String> {
    let notes = mark.into_iter().flat_map(|mark| mark.note.lines());
    notes.map(str::to_owned)
}

fn head(paper: &mut Paper, node: &Node, rect: &Rect) {
    // Without members everything stands in the middle of a higher box.
    let lines = wrap(
        &clean(&node.name),
        rect.width - BESIDE_NAME,
        13.0,
        Weight::SemiBold,
    );
    let n_second = lines.len().saturating_sub(1) as f64;
    let head = match node.rows.is_empty() {
        true => rect.height,
        false => TITLE_HEIGHT + n_second * 16.0,
    };
    let middle = rect.y + head / 2.0;
    paper.raw(&format!(
        "<rect class=\"ub-tile\" x=\"{}\" y=\"{}\" width=\"28\" height=\"28\" rx=\"6\"/>\n",
        short(rect.x + 12.0),
        short(middle - 14.0)
    ));
    draw_glyph(paper, &node.kind, rect.x + 26.0, middle, 20.0);
    let x = rect.x + 48.0;
    let mut y = middle - 3.0 - n_second * 8.0;
    for line in &lines {
        paper.label("ub-name", x, y, line, 13.0, Weight::SemiBold);
        y += 16.0;
    }
    let kind = fit(
        &clean(&node.kind_name),
        rect.width - BESIDE_NAME,
        11.0,
        Weight::Regular,
    );
    paper.label("ub-kind", x, y, &kind, 11.0, Weight::Regular);
}

pub(super) fn draw_glyph(paper: &mut Paper, kind: &str, x: f64, y: f64, size: f64) {
    let glyph = glyph::of(kind);
    let scale = size / 24.0;
    paper.raw(&format!(
        "<g transform=\"translate({} {}) scale({})\"><path class=\"ub-glyph\" d=\"{}\"/>",
        short(x - size / 2.0),
        short(y - size / 2.0),
        (scale * 1000.0).round() / 1000.0,
        glyph.strokes
    ));
    for (x, y, radius) in glyph.dots {
        paper.raw(&format!(
            "<circle class=\"ub-glyph-solid\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"
        ));
    }
    paper.raw("</g>\n");
}

/// The members of a shared box.
fn rows(paper: &mut Paper, node: &Node, rect: &Rect) {
    if node.rows.is_empty() {
        return;
    }
    let lines = wrap(&node.name, rect.width - BESIDE_NAME, 13.0, Weight::SemiBold);
    let mut y = rect.y + TITLE_HEIGHT + lines.len().saturating_sub(1) as f64 * 16.0;
    paper.raw(&format!(
        "<path class=\"ub-rule\" d=\"M{} {}H{}\"/>\n",
        short(rect.x + 12.0),
        short(y),
        short(rect.x + rect.width - 12.0)
    ));
    for row in &node.rows {
        y += ROW_HEIGHT;
        paper.raw("<g");
        if let [only] = row.keys.as_slice() {
            paper.attribute("data-component", only);
        }
        paper.raw(">");
        let lines = std::iter::once(row.name.to_string());
        paper.title(&lines.chain(notes(row.mark.as_ref())).collect::<Vec<_>>());
        if let Some(mark) = &row.mark {
            let band = style::band_class(mark.band);
            paper.raw(&format!(
                "<rect class=\"ub-fill-{band} ub-band-{band}\" x=\"{}\" y=\"{}\" width=\"8\" height=\"8\" rx=\"2\"/>",
                short(rect.x + 14.0),
                short(y - 9.0)
            ));
        }
        let name = fit(&clean(&row.name), rect.width - 44.0, 12.0, Weight::Regular);
        paper.label(
            "ub-row",
            rect.x + 30.0,
            y - 1.0,
            &name,
            12.0,
            Weight::Regular,
        );
        if row.keys.len() > 1 {
            components(paper, &row.keys);
        }
        paper.raw("</g>\n");
    }
    if !node.hidden.is_empty() {
        y += ROW_HEIGHT;
        let more = format!("and {} more", node.hidden.len());
        paper.label(
            "ub-more",
            rect.x + 30.0,
            y - 1.0,
            &more,
            11.0,
            Weight::Regular,
        );
        for row in &node.hidden {
            components(paper, &row.keys);
        }
    }
}

/// Nothing to see: what several components are found by in their box.
fn components<'a>(paper: &mut Paper, keys: impl IntoIterator<Item = &'a Arc<str>>) {
    for key in keys {
        paper.raw("<g");
        paper.attribute("data-component", key);
        paper.raw("/>");
    }
}

/// The colour and pattern of a band, along the left edge.
fn stripe(paper: &mut Paper, rect: &Rect, mark: &Mark) {
    let band = style::band_class(mark.band);
    let fill = match mark.band {
        Band::Critical | Band::VeryLow => String::new(),
        Band::Low | Band::Medium | Band::High => format!(" fill=\"url(#ub-{band})\""),
    };
    let class = match mark.band {
        Band::Critical | Band::VeryLow => format!(" class=\"ub-fill-{band} ub-band-{band}\""),
        Band::Low | Band::Medium | Band::High => String::new(),
    };
    paper.raw(&format!(
        "<path{class}{fill} d=\"M{0} {1}h-1a7.4 7.4 0 0 0 -7.4 7.4v{2}a7.4 7.4 0 0 0 7.4 7.4h1z\"/>\n",
        short(rect.x + 9.0),
        short(rect.y + 0.6),
        short(rect.height - 16.0)
    ));
    if mark.highlight {
        paper.raw(&format!(
            "<rect class=\"ub-ring\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"11\"/>\n",
            rect.x - 4.0,
            rect.y - 4.0,
            rect.width + 8.0,
            rect.height + 8.0
        ));
    }
}

/// The number of a mark, over the upper right corner.
fn number(paper: &mut Paper, rect: &Rect, mark: &Mark) {
    let text = mark.number.to_string();
    let wide = width(&text, 11.0, Weight::SemiBold);
    let band = style::band_class(mark.band);
    let x = rect.x + rect.width - wide - 22.0;
    paper.raw(&format!(
        "<rect class=\"ub-fill-{band} ub-band-{band}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"18\" rx=\"9\"/>\n",
        short(x),
        short(rect.y - 9.0),
        short(wide + 14.0)
    ));
    let class = format!("ub-number ub-number-{band}");
    paper.label(&class, x + 7.0, rect.y + 4.0, &text, 11.0, Weight::SemiBold);
}

/// When a box exists, over its upper left corner.
fn chip(paper: &mut Paper, rect: &Rect, condition: &str, marked: bool) {
    let text = format!("if {}", clean(condition));
    let beside = if marked { 68.0 } else { 36.0 };
    let text = fit(&text, rect.width - beside, 10.0, Weight::Regular);
    let wide = width(&text, 10.0, Weight::Regular);
    paper.raw(&format!(
        "<rect class=\"ub-chip-box\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"16\" rx=\"4\"/>\n",
        short(rect.x + 12.0),
        short(rect.y - 8.0),
        short(wide + 12.0)
    ));
    paper.label(
        "ub-chip",
        rect.x + 18.0,
        rect.y + 3.5,
        &text,
        10.0,
        Weight::Regular,
    );
}

/// What a box uses, along its lower edge.
fn badges(paper: &mut Paper, diagram: &Diagram, node: &Node, rect: &Rect) {
    let (shown, hidden) = shown_badges(node);
    let n_more = if node.rows.is_empty() {
        hidden.len()
    } else {
        0
    };
    let mut x = rect.x + 26.0;
    let y = rect.y + rect.height;
    for badge in shown {
        draw_badge(paper, diagram, badge, x, y);
        x += 2.0 * BADGE_RADIUS + 4.0;
    }
    if n_more > 0 {
        paper.raw(&format!(
            "<circle class=\"ub-badge\" cx=\"{}\" cy=\"{}\" r=\"{BADGE_RADIUS}\"/>\n",
            short(x),
            short(y)
        ));
        let text = format!("+{}", n_more.min(99));
        let wide = width(&text, 9.0, Weight::Regular);
        paper.label(
            "ub-badge-more",
            x - wide / 2.0,
            y + 3.0,
            &text,
            9.0,
            Weight::Regular,
        );
    }
    components(paper, hidden.into_iter().map(|badge| &badge.key));
}

/// The badges of a box that are drawn: one of each kind stands for all members'.
fn shown_badges(node: &Node) -> (Vec<&Badge>, Vec<&Badge>) {
    let mut kinds = BTreeSet::new();
    let alone = node.rows.is_empty();
    let (mut shown, mut hidden): (Vec<&Badge>, Vec<&Badge>) = node
        .badges
        .iter()
        .partition(|badge| alone || kinds.insert(&badge.kind));
    let n_shown = match (shown.len(), alone) {
        (n, true) if n > BADGES => BADGES - 1,
        (n, _) => n.min(BADGES),
    };
    hidden.extend(shown.split_off(n_shown));
    (shown, hidden)
}

fn draw_badge(paper: &mut Paper, diagram: &Diagram, badge: &Badge, x: f64, y: f64) {
    let mark = diagram.marks.get(&badge.component);
    paper.raw("<g role=\"img\"");
    paper.attribute("data-component", &badge.key);
    paper.raw(">");
    let lines = std::iter::once(format!("{} {}", badge.kind_name, badge.name));
    paper.title(&lines.chain(notes(mark)).collect::<Vec<_>>());
    let outside = if badge.outside {
        " ub-badge-outside"
    } else {
        ""
    };
    paper.raw(&format!(
        "<circle class=\"ub-badge{outside}\" cx=\"{}\" cy=\"{}\" r=\"{BADGE_RADIUS}\"/>",
        short(x),
        short(y)
    ));
    draw_glyph(paper, &badge.kind, x, y, 12.0);
    if let Some(mark) = mark {
        let band = style::band_class(mark.band);
        paper.raw(&format!(
            "<circle class=\"ub-fill-{band} ub-band-{band}\" cx=\"{}\" cy=\"{}\" r=\"3.4\"/>",
            short(x + 7.0),
            short(y - 6.0)
        ));
    }
    paper.raw("</g>\n");
}
