//! `Globals`: what every resource of a type has unless it says otherwise.
//!
//! Maps are merged, lists put one after the other with the global part first,
//! anything else is the resource's own where it has one. Spans stay where written.

use underbelly_expression::{Fact, Known, Map, Set, Value};

/// How deep maps in maps are merged; deeper ones are the resource's own.
const DEPTH: usize = 64;

/// The properties of a resource with the globals of its type under them.
/// `ignored` is what its attribute `IgnoreGlobals` names.
pub(crate) fn merged(globals: &Fact, properties: &Fact, ignored: &Fact) -> Fact {
    let (names, _) = ignored.items();
    let names: Vec<&str> = names
        .iter()
        .filter_map(|(_, name)| name.as_text())
        .collect();
    if names.contains(&"*") || globals.is_absent() {
        return properties.clone();
    }
    let globals = without(globals, &names);
    if properties.is_absent() {
        return globals;
    }
    merge(&globals, properties, DEPTH)
}

fn without(globals: &Fact, names: &[&str]) -> Fact {
    if names.is_empty() {
        return globals.clone();
    }
    globals.map(|case| {
        let mut case = case.clone();
        if let Fact::Known(known) = &mut case
            && let Value::Map(map) = &mut known.value
        {
            map.entries.retain(|entry| !names.contains(&&*entry.key));
        }
        case
    })
}

fn merge(global: &Fact, own: &Fact, depth: usize) -> Fact {
    own.map(|own| global.map(|global| merge_case(global, own, depth)))
}

fn merge_case(global: &Fact, own: &Fact, depth: usize) -> Fact {
    let (Fact::Known(below), Fact::Known(above)) = (global, own) else {
        return own.clone();
    };
    let value = match (&below.value, &above.value) {
        (Value::Map(below), Value::Map(above)) if depth > 0 => {
            Value::Map(merge_maps(below, above, depth))
        }
        (Value::Set(below), Value::Set(above)) => Value::Set(Set {
            items: below.items.iter().chain(&above.items).cloned().collect(),
            rest: below.rest.clone().or_else(|| above.rest.clone()),
        }),
        _ => return own.clone(),
    };
    Fact::Known(Known {
        value,
        ..above.clone()
    })
}

fn merge_maps(below: &Map, above: &Map, depth: usize) -> Map {
    let mut entries = below.entries.clone();
    for own in &above.entries {
        match entries.iter_mut().find(|entry| entry.key == own.key) {
            Some(entry) => {
                let fact = merge(&entry.fact, &own.fact, depth.saturating_sub(1));
                entry.fact = fact;
                entry.key_span = own.key_span;
            }
            None => entries.push(own.clone()),
        }
    }
    Map {
        entries,
        rest: below.rest.clone().or_else(|| above.rest.clone()),
    }
}
