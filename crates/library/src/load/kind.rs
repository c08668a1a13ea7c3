//! Reads kinds, traits, parts, practices, vocabularies and zones, and makes of
//! them the schema that conditions are checked against.

use std::sync::Arc;

use underbelly_expression::{OwnerRole, Schema, Type};
use underbelly_source::Span;
use underbelly_syntax::{Entry, Kind as NodeKind, Node};

use super::spelling::did_you_mean;
use super::strict::{Fields, Sheet};
use crate::{
    By, COMPONENT, CodeFact, FactDef, Kind, Library, PartKind, Practice, Trait, Vocabulary, Word,
    Zone,
};

const DRAWN: [&str; 3] = ["node", "badge", "no"];
const BY: [(By, &str); 6] = [
    (By::Catalogue, "catalogue"),
    (By::Joined, "joined"),
    (By::Computed, "computed"),
    (By::Person, "person"),
    (By::Code, "code"),
    (By::Provisional, "provisional"),
];

/// Where facts and traits are written, to underline them later.
#[derive(Debug, Default)]
pub(super) struct Declared<'d> {
    /// Owner, fact, its type.
    facts: Vec<(Arc<str>, Arc<str>, Node<'d>)>,
    /// Owner, trait.
    traits: Vec<(Arc<str>, Node<'d>)>,
    /// Kind, zone.
    zones: Vec<Node<'d>>,
}

/// A kind's file.
pub(super) fn kind<'d>(
    sheet: &mut Sheet,
    declared: &mut Declared<'d>,
    root: Node<'d>,
) -> Option<Kind> {
    let keys = [
        "kind",
        "name",
        "names",
        "about",
        "traits",
        "drawn",
        "zone",
        "facts",
        "code",
        "no-threats",
    ];
    let fields = sheet.fields(root, "a kind", &keys)?;
    let id = sheet.needed_text(fields, "kind");
    let drawn = sheet.need(fields, "drawn");
    let drawn = drawn.and_then(|node| sheet.choice(node, "drawn", &DRAWN, |word| word));
    declared.zones.extend(sheet.need(fields, "zone"));
    Some(Kind {
        name: sheet.needed_text(fields, "name"),
        names: sheet.needed_text(fields, "names"),
        about: sheet.needed_text(fields, "about"),
        traits: traits(sheet, declared, fields, &id),
        drawn: drawn.unwrap_or("node").into(),
        zone: sheet.text_of(fields, "zone").unwrap_or_default(),
        facts: facts(sheet, declared, fields, &id),
        code: code_facts(sheet, fields),
        no_threats: sheet.text_of(fields, "no-threats"),
        id,
    })
}

/// A trait's file.
pub(super) fn trait_of<'d>(
    sheet: &mut Sheet,
    declared: &mut Declared<'d>,
    root: Node<'d>,
) -> Option<Trait> {
    let keys = ["trait", "name", "names", "about", "traits", "facts"];
    let fields = sheet.fields(root, "a trait", &keys)?;
    let id = sheet.needed_text(fields, "trait");
    Some(Trait {
        name: sheet.needed_text(fields, "name"),
        about: sheet.needed_text(fields, "about"),
        traits: traits(sheet, declared, fields, &id),
        facts: facts(sheet, declared, fields, &id),
        id,
    })
}

/// A part's file.
pub(super) fn part<'d>(
    sheet: &mut Sheet,
    declared: &mut Declared<'d>,
    root: Node<'d>,
) -> Option<PartKind> {
    let keys = ["part", "name", "names", "about", "key", "facts"];
    let fields = sheet.fields(root, "a part", &keys)?;
    let id = sheet.needed_text(fields, "part");
    Some(PartKind {
        name: sheet.needed_text(fields, "name"),
        about: sheet.needed_text(fields, "about"),
        key: sheet.needed_text(fields, "key"),
        facts: facts(sheet, declared, fields, &id),
        id,
    })
}

fn traits<'d>(
    sheet: &mut Sheet,
    declared: &mut Declared<'d>,
    fields: Fields<'d>,
    owner: &Arc<str>,
) -> Vec<Arc<str>> {
    let mut found = Vec::new();
    for node in sheet.items_of(fields, "traits") {
        found.extend(sheet.text(node, "traits"));
        declared.traits.push((owner.clone(), node));
    }
    found
}

fn facts<'d>(
    sheet: &mut Sheet,
    declared: &mut Declared<'d>,
    fields: Fields<'d>,
    owner: &Arc<str>,
) -> Vec<FactDef> {
    sheet.need(fields, "facts");
    let mut found = Vec::new();
    for entry in sheet.entries_of(fields, "facts") {
        if let Some((fact, notation)) = fact(sheet, entry) {
            let place = (owner.clone(), fact.name.clone(), notation);
            declared.facts.push(place);
            found.push(fact);
        }
    }
    found
}

fn fact<'d>(sheet: &mut Sheet, entry: Entry<'d>) -> Option<(FactDef, Node<'d>)> {
    let keys = ["type", "by", "about", "ask", "until-answered"];
    let fields = sheet.fields(entry.value, "a fact", &keys)?;
    let by = sheet.need(fields, "by")?;
    let (by, _) = sheet.choice(by, "by", &BY, |(_, word)| word)?;
    if by == By::Person {
        sheet.need(fields, "ask");
    }
    let until = fields.get("until-answered");
    let until = until.and_then(|node| sheet.choice(node, "until-answered", &UNTIL, |(_, w)| w));
    let notation = sheet.need(fields, "type")?;
    let fact = FactDef {
        name: entry.name().into(),
        ty: sheet.text(notation, "type")?,
        by,
        about: sheet.needed_text(fields, "about"),
        ask: sheet.text_of(fields, "ask"),
        until_answered: until.and_then(|(value, _)| value),
    };
    Some((fact, notation))
}

const UNTIL: [(Option<bool>, &str); 3] = [
    (Some(true), "true"),
    (Some(false), "false"),
    (None, "unknown"),
];

fn code_facts(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<CodeFact> {
    let mut found = Vec::new();
    for entry in sheet.entries_of(fields, "code") {
        let keys = ["ask", "looks-for", "good"];
        let Some(fields) = sheet.fields(entry.value, "a code fact", &keys) else {
            continue;
        };
        sheet.need(fields, "good");
        found.push(CodeFact {
            name: entry.name().into(),
            ask: sheet.needed_text(fields, "ask"),
            looks_for: sheet.texts_of(fields, "looks-for"),
            good: sheet.flag(fields, "good"),
        });
    }
    found
}

/// What only people know of the team.
pub(super) fn practices(sheet: &mut Sheet, root: Node<'_>) -> Vec<Practice> {
    let Some(fields) = sheet.fields(root, "the file of practices", &["practice"]) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in sheet.entries_of(fields, "practice") {
        if let Some(fields) = sheet.fields(entry.value, "a practice", &["ask", "about"]) {
            found.push(Practice {
                name: entry.name().into(),
                about: sheet.needed_text(fields, "about"),
                ask: sheet.needed_text(fields, "ask"),
            });
        }
    }
    found
}

/// A closed list of words; facts call it by the singular of its only key.
pub(super) fn vocabulary(sheet: &mut Sheet, root: Node<'_>) -> Option<Vocabulary> {
    let entries = sheet.entries(root, "a vocabulary");
    let [only] = entries.as_slice() else {
        sheet.wrong(root, "a vocabulary", "a mapping with one key");
        return None;
    };
    let plural = only.name();
    let singular = match plural.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => plural.strip_suffix('s').unwrap_or(plural).to_owned(),
    };
    if only.value.kind() != NodeKind::Sequence {
        sheet.wrong(only.value, "a vocabulary", "a list of words");
    }
    let word = |item: Node<'_>| {
        let fields = sheet.fields(item, "a word", &["id", "name", "about"])?;
        Some(Word {
            id: sheet.needed_text(fields, "id"),
            name: sheet.needed_text(fields, "name"),
            about: sheet.needed_text(fields, "about"),
        })
    };
    Some(Vocabulary {
        id: singular.into(),
        words: only.value.items().filter_map(word).collect(),
    })
}

/// The trust zones.
pub(super) fn zones(sheet: &mut Sheet, root: Node<'_>) -> Vec<Zone> {
    let Some(fields) = sheet.fields(root, "the file of zones", &["zones"]) else {
        return Vec::new();
    };
    let items = sheet.items_of(fields, "zones");
    let zone = |item: Node<'_>| {
        let keys = ["id", "name", "rating", "about"];
        let fields = sheet.fields(item, "a zone", &keys)?;
        let rating = sheet.need(fields, "rating")?;
        let number = rating
            .integer()
            .and_then(|number| u8::try_from(number).ok());
        let Some(number) = number.filter(|number| *number <= 100) else {
            sheet.wrong(rating, "`rating`", "a number from 0 to 100");
            return None;
        };
        Some(Zone {
            id: sheet.needed_text(fields, "id"),
            name: sheet.needed_text(fields, "name"),
            rating: number,
            about: sheet.needed_text(fields, "about"),
        })
    };
    items.into_iter().filter_map(zone).collect()
}

/// What conditions may name, and what in the declarations leads nowhere.
pub(super) fn schema(sheet: &mut Sheet, declared: &Declared<'_>, library: &Library) -> Schema {
    let mut schema = library.schema();
    for (owner, name) in &declared.traits {
        let name_text = name.text().unwrap_or("");
        if library.trait_of(name_text).is_none() {
            let message = format!("`{owner}` has the trait `{name_text}`, which there is not");
            let known = library.traits.iter().map(|found| &*found.id);
            sheet.report("unknown-trait", name.span(), message).help =
                did_you_mean(name_text, known);
        }
    }
    for zone in &declared.zones {
        let id = zone.text().unwrap_or("");
        if library.zones.iter().all(|zone| &*zone.id != id) {
            let known = library.zones.iter().map(|zone| &*zone.id);
            let help = did_you_mean(id, known);
            let message = format!("there is no zone `{id}`");
            sheet.report("unknown-zone", zone.span(), message).help = help;
        }
    }
    for (owner, fact, notation) in &declared.facts {
        let found = schema.fact(owner, fact).or(schema.part_fact(owner, fact));
        let problem = match found {
            Some(declared) => gap(&schema, &declared.value),
            // Declaring it failed: once more, for the reason.
            None => {
                let notation = notation.text().unwrap_or("");
                schema.declare(owner, fact, notation).err()
            }
        };
        if let Some(problem) = problem {
            sheet.report("wrong-fact-type", notation.span(), problem);
        }
    }
    schema
}

/// What in a type is not declared.
fn gap(schema: &Schema, declared: &Type) -> Option<String> {
    let mut declared = declared;
    while let Type::Set(inner) = declared {
        declared = inner;
    }
    match declared {
        Type::Parts(part) | Type::Part(part) if schema.part(part).is_none() => {
            Some(format!("there is no part `{part}`"))
        }
        Type::Reference(to) if schema.owner(to).is_none() => {
            Some(format!("there is no kind or trait `{to}`"))
        }
        Type::Bool
        | Type::Enum(_)
        | Type::Number(_)
        | Type::Text
        | Type::Set(_)
        | Type::Parts(_)
        | Type::Part(_)
        | Type::Reference(_)
        | Type::Any => None,
    }
}

/// Replaces each kind's and trait's own traits by all it has, sorted.
pub(super) fn flatten_traits(library: &mut Library) {
    let direct: Vec<(Arc<str>, Vec<Arc<str>>)> = library
        .traits
        .iter()
        .map(|found| (found.id.clone(), found.traits.clone()))
        .collect();
    let all = |own: &[Arc<str>]| {
        let mut found: Vec<Arc<str>> = own.to_vec();
        let mut at = 0;
        while let Some(name) = found.get(at).cloned() {
            let more = direct.iter().filter(|(id, _)| *id == name);
            for name in more.flat_map(|(_, traits)| traits) {
                if !found.contains(name) {
                    found.push(name.clone());
                }
            }
            at += 1;
        }
        found.retain(|name| &**name != COMPONENT);
        found.sort();
        found
    };
    for found in &mut library.traits {
        found.traits = all(&found.traits);
    }
    for kind in &mut library.kinds {
        kind.traits = all(&kind.traits);
    }
}

impl Library {
    /// What conditions may name. Facts whose type cannot be read are left out.
    pub fn schema(&self) -> Schema {
        let mut schema = Schema::default();
        for vocabulary in &self.vocabularies {
            let words = vocabulary.words.iter().map(|word| word.id.clone());
            schema.add_vocabulary(vocabulary.id.clone(), words);
        }
        let kinds = self.kinds.iter();
        let kinds = kinds.map(|kind| (OwnerRole::Kind, &kind.id, &kind.traits[..], &kind.facts));
        let traits = self.traits.iter();
        let traits = traits.map(|t| (OwnerRole::Trait, &t.id, &t.traits[..], &t.facts));
        let parts = self.parts.iter();
        let parts = parts.map(|part| (OwnerRole::Part, &part.id, &[][..], &part.facts));
        let owners: Vec<_> = kinds.chain(traits).chain(parts).collect();
        for (role, id, traits, _) in &owners {
            schema.add_owner(*role, (*id).clone(), traits.iter().cloned());
        }
        for (_, id, _, facts) in owners {
            for fact in facts {
                // What cannot be read was reported when the file was loaded.
                let _ = schema.declare(id, &fact.name, &fact.ty);
            }
        }
        for kind in &self.kinds {
            for fact in &kind.code {
                let _ = schema.declare(&kind.id, &format!("code.{}", fact.name), "bool");
            }
        }
        for practice in &self.practices {
            let name = format!("practice.{}", practice.name);
            let _ = schema.declare(COMPONENT, &name, "bool");
        }
        schema
    }
}

/// A place to point at for a kind that nothing is known of.
pub(super) fn place_of(root: Node<'_>) -> Span {
    root.entries()
        .next()
        .map_or(root.span(), |first| first.value.span())
}
