//! Parameters with a harmless name that feed something whose name, or whose form
//! with the parameter's value in it, looks secret: `DB_PASSWORD: !Ref Pw`.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_syntax::Node;

use crate::graph::IsSecret;

/// Parameters, each with the values it may have.
pub(crate) type Values<'v> = BTreeMap<&'v str, Vec<String>>;

/// What of these parameters, with their values, is used as a secret below a node.
pub(crate) fn as_secrets<'v>(
    node: Node<'_>,
    values: &Values<'v>,
    is_secret: IsSecret<'_>,
) -> BTreeSet<&'v str> {
    let mut used = BTreeSet::new();
    if values.is_empty() {
        return used;
    }
    let mut open: Vec<(&str, Node<'_>)> = vec![("", node)];
    while let Some((name, node)) = open.pop() {
        if let Some(text) = node.text() {
            let tag = node.tag().map_or("", |tag| tag.name);
            let found = match tag {
                "!Ref" => Use::Reference(text),
                "!Sub" => Use::Text(text),
                _ => continue,
            };
            found.note(name, values, is_secret, &mut used);
        }
        open.extend(node.items().map(|item| (name, item)));
        for entry in node.entries() {
            let found = match (entry.name(), entry.value.text()) {
                ("Ref", Some(text)) => Use::Reference(text),
                ("Fn::Sub", Some(text)) => Use::Text(text),
                (function, _) if function.starts_with("Fn::") => {
                    open.push((name, entry.value));
                    continue;
                }
                ("Value", _) => {
                    let beside = node.get("Name").and_then(Node::text);
                    open.push((beside.unwrap_or(name), entry.value));
                    continue;
                }
                (key, _) => {
                    open.push((key, entry.value));
                    continue;
                }
            };
            found.note(name, values, is_secret, &mut used);
        }
    }
    used
}

/// How a parameter is used.
enum Use<'t> {
    Reference(&'t str),
    /// With its name in `${…}`.
    Text(&'t str),
}

impl Use<'_> {
    fn note<'v>(
        &self,
        name: &str,
        values: &Values<'v>,
        is_secret: IsSecret<'_>,
        used: &mut BTreeSet<&'v str>,
    ) {
        match *self {
            Use::Reference(parameter) => {
                if let Some((parameter, values)) = values.get_key_value(parameter)
                    && values.iter().any(|value| (is_secret.0)(name, value))
                {
                    used.insert(parameter);
                }
            }
            Use::Text(text) => {
                let holes = text.split("${").skip(1);
                for hole in holes.filter_map(|rest| rest.split('}').next()) {
                    let Some((parameter, values)) = values.get_key_value(hole.trim()) else {
                        continue;
                    };
                    let written = format!("${{{hole}}}");
                    let mut filled = values.iter().map(|value| text.replace(&written, value));
                    if filled.any(|filled| (is_secret.0)(name, &filled)) {
                        used.insert(parameter);
                    }
                }
            }
        }
    }
}
