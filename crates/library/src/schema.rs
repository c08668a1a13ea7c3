//! JSON Schemas of the library's files, for editors that complete as one types.
//!
//! Generated and committed as `library/schema/<name>.json`. They help; what
//! decides is [`load`](crate::load).

use serde_json::{Map, Value, json};

use crate::{Effort, Format, Harm, Knowledge, Level, Library, Outcome, Pages, Stride};

/// Each schema's name and text.
pub fn schemas(knowledge: &Knowledge) -> Vec<(&'static str, String)> {
    let Knowledge { library, pages, .. } = knowledge;
    let all = [
        ("threat", threat(library, pages)),
        ("countermeasure", countermeasure(library, pages)),
        ("kind", kind(library)),
        ("catalogue", catalogue(library)),
    ];
    let text = |schema: Value| format!("{:#}\n", sorted(schema));
    all.into_iter()
        .map(|(name, schema)| (name, text(schema)))
        .collect()
}

fn threat(library: &Library, pages: &Pages) -> Value {
    let measures = words(library.countermeasures.iter().map(|def| &*def.id));
    let threats = words(library.threats.iter().map(|def| &*def.id));
    let link = closed(
        &[],
        json!({
            "on": said("The facts that lead to where it goes: target"),
            "sufficient": { "type": "boolean", "description": "Whether it alone settles the threat" },
            "any": said("A group of which one is enough"),
            "lowers": lowers(),
        }),
    );
    let absorb = closed(
        &[],
        json!({ "on": said("The facts that lead to where it stands") }),
    );
    let levels = words(Level::ALL.map(Level::word));
    let impact: Map<String, Value> = Harm::ALL
        .iter()
        .map(|harm| (harm.word().to_owned(), levels.clone()))
        .collect();
    let sentence = closed(
        &["source", "action", "impact"],
        json!({
            "source": said("Who: anyone on the internet"),
            "action": said("Does what: calls {component} directly"),
            "impact": said("With what result: runs {target} with its permissions"),
            "harms": list(words(Harm::ALL.map(Harm::word))),
        }),
    );
    let rate = closed(
        &["likelihood", "impact"],
        json!({ "likelihood": levels, "impact": closed(&[], Value::Object(impact)) }),
    );
    root(
        "A threat",
        &[
            "id",
            "name",
            "status",
            "applies-to",
            "when",
            "threat",
            "why",
            "rate",
            "stride",
        ],
        json!({
            "id": said("The file's name"),
            "name": said("The problem in a few words, not the cure"),
            "status": status(),
            "provider": said("Only for components of this provider"),
            "applies-to": applies_to(library),
            "when": condition("The situation"),
            "exposed": condition("The gap; left out: no sufficient countermeasure is in place"),
            "absorbs": list(named(&threats, absorb)),
            "threat": sentence,
            "why": said("Two or three plain sentences"),
            "hint": said("When it may be fine after all"),
            "rate": rate,
            "stride": list(words(Stride::ALL.map(Stride::word))),
            "standards": standards(pages),
            "countermeasures": list(named(&measures, link)),
            "references": references(),
            "examples": examples(library, &Outcome::OF_THREATS),
        }),
    )
}

fn countermeasure(library: &Library, pages: &Pages) -> Value {
    let fixes: Map<String, Value> = Format::ALL
        .iter()
        .map(|format| {
            (
                format.word().to_owned(),
                json!({ "type": ["object", "string"] }),
            )
        })
        .collect();
    root(
        "A countermeasure",
        &[
            "id",
            "name",
            "status",
            "applies-to",
            "in-place",
            "lowers",
            "effort",
            "do",
            "verify",
        ],
        json!({
            "id": said("The file's name"),
            "name": said("What it does, as an order"),
            "status": status(),
            "applies-to": applies_to(library),
            "in-place": condition("The proof that it is there"),
            "lowers": lowers(),
            "effort": words(Effort::ALL.map(Effort::word)),
            "do": said("What to do"),
            "fix": closed(&[], Value::Object(fixes)),
            "verify": said("How to see that it works"),
            "standards": standards(pages),
            "references": references(),
            "examples": examples(library, &Outcome::OF_COUNTERMEASURES),
        }),
    )
}

fn kind(library: &Library) -> Value {
    let by = [
        "catalogue",
        "joined",
        "computed",
        "person",
        "code",
        "provisional",
    ];
    let fact = closed(
        &["type", "by", "about"],
        json!({
            "type": said("bool, text, num<s>, enum{a|b}, set<…>, parts<…>, ref<…>; `?`: may be absent"),
            "by": words(by),
            "about": said("What it says, in a sentence"),
            "ask": said("The question to a person; {component} stands for the name"),
            "until-answered": { "enum": [true, false, "unknown"] },
        }),
    );
    let code = closed(
        &["ask", "good"],
        json!({
            "ask": said("The question"),
            "looks-for": list(json!({ "type": "string" })),
            "good": { "type": "boolean", "description": "The answer nobody need worry about" },
        }),
    );
    root(
        "A kind of component",
        &["kind", "name", "names", "about", "drawn", "zone", "facts"],
        json!({
            "kind": said("Its id, the file's name"),
            "name": said("Its name for people"),
            "names": said("Its plural"),
            "about": said("One sentence on what it is"),
            "traits": list(words(library.traits.iter().map(|found| &*found.id))),
            "drawn": words(["node", "badge", "no"]),
            "zone": words(library.zones.iter().map(|zone| &*zone.id)),
            "facts": { "type": "object", "additionalProperties": fact },
            "code": { "type": "object", "additionalProperties": code },
            "no-threats": said("Why no threat applies to it, if none does"),
        }),
    )
}

/// Open where the loader knows better: facts have many forms.
fn catalogue(library: &Library) -> Value {
    let mut facts: Vec<&str> = library
        .kinds
        .iter()
        .flat_map(|kind| library.facts_of(&kind.id))
        .map(|(_, fact)| &*fact.name)
        .collect();
    facts.sort_unstable();
    facts.dedup();
    let kinds = words(library.kinds.iter().map(|kind| &*kind.id));
    json!({
        "$schema": DIALECT,
        "title": "What a resource type becomes",
        "type": "object",
        "properties": {
            "component": kinds,
            "satellite": said("Instead of a component: whose facts it is read as"),
            "left-out": said("Instead of a component: why it is neither drawn nor read"),
            "resources": closed(&[], json!({ "cloudformation": one_or_list(json!({ "type": "string" })) })),
            "zone": words(library.zones.iter().map(|zone| &*zone.id)),
            "facts": { "type": "object", "propertyNames": words(facts) },
        },
    })
}

const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

fn root(title: &str, required: &[&str], properties: Value) -> Value {
    json!({
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

/// A mapping with no other keys than these.
fn closed(required: &[&str], properties: Value) -> Value {
    let mut schema = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// Keys in order, whichever map `serde_json` was built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            let entries = entries.into_iter().map(|(key, value)| (key, sorted(value)));
            Value::Object(entries.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        scalar => scalar,
    }
}

fn said(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn condition(description: &str) -> Value {
    json!({ "type": ["string", "boolean"], "description": description })
}

fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Value {
    let words: Vec<&str> = words.into_iter().collect();
    json!({ "enum": words })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn one_or_list(one: Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one }] })
}

/// A name, alone or with settings.
fn named(names: &Value, settings: Value) -> Value {
    json!({ "anyOf": [
        names,
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": names,
            "additionalProperties": settings,
        },
    ] })
}

fn applies_to(library: &Library) -> Value {
    let kinds = library.kinds.iter().map(|kind| &*kind.id);
    let traits = library.traits.iter().map(|found| &*found.id);
    let mut places: Vec<String> = Vec::new();
    for owner in kinds.chain(traits) {
        places.push(owner.to_owned());
        let facts = library.facts_of(owner);
        let parts = facts.filter(|(_, fact)| fact.ty.starts_with("parts<"));
        places.extend(parts.map(|(_, fact)| format!("{owner}/{}", fact.name)));
    }
    places.sort_unstable();
    one_or_list(words(places.iter().map(|place| &**place)))
}

fn status() -> Value {
    let deprecated = closed(
        &["since", "reason"],
        json!({
            "since": said("The day: 2026-01-31"),
            "instead": said("What took its place"),
            "reason": said("Why"),
        }),
    );
    json!({ "anyOf": [
        words(["draft", "stable"]),
        closed(&["deprecated"], json!({ "deprecated": deprecated })),
    ] })
}

fn lowers() -> Value {
    let share = json!({ "type": "number", "minimum": 0, "maximum": 1 });
    closed(&[], json!({ "likelihood": share, "impact": share }))
}

fn standards(pages: &Pages) -> Value {
    let of = |standard: &crate::Standard| {
        let items = words(standard.items.iter().map(|(id, _)| &**id));
        (standard.id.to_string(), list(items))
    };
    let properties: Map<String, Value> = pages.standards.iter().map(of).collect();
    closed(&[], Value::Object(properties))
}

fn references() -> Value {
    list(json!({ "type": "string", "pattern": "^https://" }))
}

fn examples(library: &Library, outcomes: &[Outcome]) -> Value {
    let outcome = words(outcomes.iter().map(|outcome| outcome.word()));
    let expect = json!({ "anyOf": [outcome, closed(
        &["state"],
        json!({
            "state": outcome,
            "on": said("Which component, where the template has several"),
            "points": { "type": "object", "additionalProperties": outcome },
            "asks": list(words(askable(library).iter().map(|name| &**name))),
        }),
    )] });
    let mut properties = json!({
        "case": said("The case in a few words"),
        "expect": expect,
        "parameters": { "type": "object" },
        "as-of": said("The day it is judged for: 2026-01-31"),
        "known-gap": said("Why it fails as written, if it must"),
    });
    for format in Format::ALL {
        properties[format.word()] = said("The template, begun with `|`");
    }
    list(closed(&["case", "expect"], properties))
}

/// Every fact an example may ask for.
fn askable(library: &Library) -> Vec<String> {
    let kinds = library.kinds.iter();
    let own = kinds.clone().flat_map(|kind| library.facts_of(&kind.id));
    let own = own.map(|(_, fact)| fact.name.to_string());
    let parts = library.parts.iter().flat_map(|part| &part.facts);
    let parts = parts.map(|fact| fact.name.to_string());
    let code = kinds.flat_map(|kind| &kind.code);
    let code = code.map(|fact| format!("code.{}", fact.name));
    let practices = library.practices.iter();
    let practices = practices.map(|practice| format!("practice.{}", practice.name));
    let mut all: Vec<String> = own.chain(parts).chain(code).chain(practices).collect();
    all.sort_unstable();
    all.dedup();
    all
}
