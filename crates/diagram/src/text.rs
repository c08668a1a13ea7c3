//! The same picture as text for other tools: Mermaid and DOT. They lay it out
//! themselves; names are quoted so that none of them is taken for syntax.

use underbelly_model::Strength;

use crate::Diagram;
use crate::measure::clean;
use crate::sketch::{Line, Look, Node};

impl Diagram {
    /// As a Mermaid flowchart.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for (lane, zone, nodes) in self.cells() {
            let name = quoted_mermaid(&self.cell_name(lane, zone));
            text.push_str(&format!("  subgraph z{lane}_{zone}[\"{name}\"]\n"));
            for node in nodes {
                let (open, close) = match self.sketch.nodes[node].outside {
                    true => ("([", "])"),
                    false => ("[", "]"),
                };
                let name = caption(&self.sketch.nodes[node]);
                let name = name.iter().map(|line| quoted_mermaid(line));
                let name = name.collect::<Vec<_>>().join("<br/>");
                text.push_str(&format!("    n{node}{open}\"{name}\"{close}\n"));
            }
            text.push_str("  end\n");
        }
        for line in &self.sketch.lines {
            let arrow = match (line.look, line.strength) {
                (Look::Delivery, _) | (_, Strength::Possible | Strength::NoPermission) => "-.->",
                (Look::Call | Look::Access, Strength::Strong) => "-->",
            };
            let label = match labels(line) {
                label if label.is_empty() => String::new(),
                label => format!("|\"{}\"|", quoted_mermaid(&label)),
            };
            text.push_str(&format!(
                "  n{} {arrow}{label} n{}\n",
                line.source, line.destination
            ));
        }
        text
    }

    /// As a Graphviz graph.
    pub fn dot(&self) -> String {
        let mut text = String::from(
            "digraph architecture {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"Inter\"];\n  edge [fontname=\"Inter\", fontsize=10];\n",
        );
        for (lane, zone, nodes) in self.cells() {
            let name = quoted_dot(&self.cell_name(lane, zone));
            text.push_str(&format!(
                "  subgraph cluster_{lane}_{zone} {{\n    label={name};\n"
            ));
            for node in nodes {
                let name = quoted_dot(&caption(&self.sketch.nodes[node]).join("\n"));
                let style = match self.sketch.nodes[node].outside {
                    true => ", style=\"rounded,dashed\"",
                    false => "",
                };
                text.push_str(&format!("    n{node} [label={name}{style}];\n"));
            }
            text.push_str("  }\n");
        }
        for line in &self.sketch.lines {
            let style = match (line.look, line.strength) {
                (Look::Delivery, _) => "dotted",
                (_, Strength::Possible | Strength::NoPermission) => "dashed",
                (Look::Call | Look::Access, Strength::Strong) => "solid",
            };
            let label = quoted_dot(&labels(line));
            text.push_str(&format!(
                "  n{} -> n{} [label={label}, style={style}];\n",
                line.source, line.destination
            ));
        }
        text.push_str("}\n");
        text
    }

    /// The boxes of each zone of each lane, in order.
    fn cells(&self) -> Vec<(usize, usize, Vec<usize>)> {
        let mut nodes: Vec<usize> = (0..self.sketch.nodes.len()).collect();
        let cell = |node: &usize| {
            let node = &self.sketch.nodes[*node];
            (node.zone, node.lane)
        };
        nodes.sort_by_key(|node| (cell(node), *node));
        let cells = nodes.chunk_by(|a, b| cell(a) == cell(b));
        let cells = cells.filter_map(|nodes| {
            let (zone, lane) = cell(nodes.first()?);
            Some((lane, zone, nodes.to_vec()))
        });
        cells.collect()
    }

    fn cell_name(&self, lane: usize, zone: usize) -> String {
        let zone = &self.sketch.zones[zone].name;
        let lane = &self.sketch.lanes[lane].name;
        match lane.is_empty() || lane == zone {
            true => clean(zone),
            false => clean(&format!("{lane}: {zone}")),
        }
    }
}

/// The lines of text of a box.
fn caption(node: &Node) -> Vec<String> {
    let rows = node.rows.iter().map(|row| clean(&row.name));
    let head = [clean(&node.name), clean(&node.kind_name)];
    head.into_iter().chain(rows).collect()
}

/// The first labels of a line.
fn labels(line: &Line) -> String {
    let shown: Vec<String> = line
        .labels
        .iter()
        .take(3)
        .map(|label| clean(label))
        .collect();
    let mut labels = shown.join(", ");
    if line.labels.len() > shown.len() {
        labels.push_str(", …");
    }
    labels
}

/// For a Mermaid string: anything but letters, digits and a few marks by number.
fn quoted_mermaid(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' ' | '-' | '_' | '.' | ',' | ':' | '/' | '+' | '×' | '…' => quoted.push(character),
            other if other.is_alphanumeric() => quoted.push(other),
            other => quoted.push_str(&format!("#{};", other as u32)),
        }
    }
    quoted
}

fn quoted_dot(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
