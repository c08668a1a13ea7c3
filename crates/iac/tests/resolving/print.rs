//! A resolution as lines of text, compact and deterministic.

use std::fmt::Write;

use underbelly_expression::{Basis, Cause, Fact, Guard, Piece, Reason, Text, Unknown, Value};
use underbelly_iac::{Origin, Resolution, ResourceGraph, ResourceId};
use underbelly_source::Files;

pub(crate) fn resolution(files: &Files, resolution: &Resolution) -> String {
    let graph = &resolution.graph;
    let mut out = String::new();
    for system in &graph.systems {
        if system.stacks.len() > 1 {
            writeln!(out, "system {}", system.name).unwrap();
        }
        for id in &system.stacks {
            let stack = graph.stack(*id).unwrap();
            let by = stack
                .parent
                .map(|by| format!(" by {}", name(graph, by)))
                .unwrap_or_default();
            writeln!(out, "{}: {:?}{by}", stack.path, stack.format).unwrap();
            for (_, resource) in graph.iter().filter(|(_, resource)| resource.stack == *id) {
                let guard = when(graph, &resource.guard);
                let implied = match &resource.origin {
                    Origin::Written => String::new(),
                    Origin::Implied { by, sub } => format!(" ({}:{sub})", name(graph, *by)),
                };
                let properties = fact(graph, &resource.properties);
                writeln!(
                    out,
                    "{}{implied} {}{guard} {properties}",
                    resource.logical_id, resource.kind
                )
                .unwrap();
            }
            for output in &stack.outputs {
                let export = output
                    .export
                    .as_ref()
                    .map(|name| format!(" as {}", fact(graph, name)));
                let export = export.unwrap_or_default();
                writeln!(
                    out,
                    "output {}{export} = {}",
                    output.name,
                    fact(graph, &output.value)
                )
                .unwrap();
            }
        }
    }
    for wanted in &resolution.wanted {
        writeln!(out, "wanted {}", wanted.path).unwrap();
    }
    for problem in &resolution.diagnostics {
        let line = problem
            .span
            .map(|span| format!(" at {}", files.position(span).line));
        let help = problem
            .help
            .as_ref()
            .filter(|help| help.starts_with("did you"));
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        writeln!(
            out,
            "# {}{}: {}{help}",
            problem.code,
            line.unwrap_or_default(),
            problem.message
        )
        .unwrap();
    }
    out
}

fn name(graph: &ResourceGraph, id: ResourceId) -> String {
    graph
        .resource(id)
        .map_or("?".into(), |resource| resource.logical_id.to_string())
}

fn when(graph: &ResourceGraph, guard: &Guard) -> String {
    if guard.is_always() {
        String::new()
    } else {
        format!(" when {}", graph.worlds.describe(guard))
    }
}

pub(crate) fn fact(graph: &ResourceGraph, fact: &Fact) -> String {
    match fact {
        Fact::Known(known) => {
            let basis = match known.basis {
                Basis::Written => "",
                Basis::ParameterDefault => "~",
                _ => "!",
            };
            format!("{}{basis}", value(graph, &known.value))
        }
        Fact::OneOf(one_of) => {
            let each = |a: &underbelly_expression::Alternative| {
                let default = if graph.worlds.by_default(&a.guard) == Some(true) {
                    "*"
                } else {
                    ""
                };
                format!(
                    "{default}{}: {}",
                    graph.worlds.describe(&a.guard),
                    self::fact(graph, &a.fact)
                )
            };
            let all: Vec<String> = one_of.alternatives.iter().map(each).collect();
            format!("<{}>", all.join(" | "))
        }
        Fact::Unknown(unknown) => reason(unknown),
        Fact::Absent(_) => "-".into(),
    }
}

fn reason(unknown: &Unknown) -> String {
    match &unknown.reason {
        Reason::Parameter(name) => format!("?parameter {name}"),
        Reason::Lookup(what) => format!("?lookup {what}"),
        Reason::Unsupported(what) => format!("?{what}"),
        other => format!("?{other:?}"),
    }
}

fn value(graph: &ResourceGraph, value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("'{}'", self::text(graph, text)),
        Value::Set(set) => {
            let mut items: Vec<String> = set
                .items
                .iter()
                .map(|item| format!("{}{}", fact(graph, &item.fact), when(graph, &item.guard)))
                .collect();
            items.extend(set.rest.as_ref().map(|rest| format!("…{}", reason(rest))));
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let entry = |entry: &underbelly_expression::Entry| {
                format!("{}: {}", entry.key, fact(graph, &entry.fact))
            };
            let mut entries: Vec<String> = map.entries.iter().map(entry).collect();
            entries.extend(map.rest.as_ref().map(|rest| format!("…{}", reason(rest))));
            format!("{{{}}}", entries.join(", "))
        }
        Value::Subject(subject) => format!("{subject:?}"),
    }
}

fn text(graph: &ResourceGraph, text: &Text) -> String {
    let mut out = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Hole(hole) => match &hole.cause {
                Cause::Resource {
                    resource,
                    attribute,
                } => {
                    let dot = if attribute.is_empty() { "" } else { "." };
                    write!(
                        out,
                        "${{{}{dot}{attribute}}}",
                        name(graph, ResourceId(*resource))
                    )
                    .unwrap();
                }
                Cause::Parameter(name) => write!(out, "${{parameter {name}}}").unwrap(),
                Cause::Pseudo(name) => write!(out, "${{{name}}}").unwrap(),
                Cause::Import(name) => write!(out, "${{import {name}}}").unwrap(),
                Cause::Lookup { service, key } => {
                    write!(out, "${{lookup {service} {key}}}").unwrap()
                }
                Cause::Runtime => out.push_str("${runtime}"),
                Cause::Unresolved => write!(out, "${{? {}}}", hole.label).unwrap(),
            },
        }
    }
    out
}
