//! A small system to ask about: its declared facts, its values, and short ways
//! to write them.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use underbelly_expression::{
    Basis, Cause, Entry, Expression, Fact, Guard, Hole, Item, Map, Narrowing, OwnerRole, Reason,
    Schema, Scope, ScopeType, Set, SubjectId, Text, Unknown, Value, check,
};
use underbelly_source::{FileId, Place, Span};

pub(crate) const FUNCTION: SubjectId = SubjectId::component(0);
pub(crate) const ROLE: SubjectId = SubjectId::component(1);
pub(crate) const QUEUE: SubjectId = SubjectId::component(2);
pub(crate) const OTHER: SubjectId = SubjectId::component(3);
pub(crate) const PARTNER: SubjectId = SubjectId::component(4);
pub(crate) const GRANT: SubjectId = SubjectId::part(0);
pub(crate) const WIDE: SubjectId = SubjectId::part(1);

pub(crate) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(declared);
    &SCHEMA
}

fn declared() -> Schema {
    use OwnerRole::{Kind, Part, Trait};
    let mut schema = Schema::default();
    schema.add_vocabulary("ability", ["read_data", "write_data", "invoke"]);
    for (role, name, traits, facts) in [
        (
            Trait,
            "component",
            "",
            "kind text, name text, open_to enum{anyone|signed_in|nobody}, untrusted_input bool, \
             sensitive bool, practice.scans bool",
        ),
        (Trait, "guarded", "", "admits parts<admit>"),
        (
            Trait,
            "channel",
            "guarded",
            "encrypted bool, consumers set<ref>",
        ),
        (
            Kind,
            "function",
            "guarded",
            "runtime text?, package enum{zip|image|inline}, timeout num<s>, memory num<MB>, \
             limit num?, zones num, runs_as ref<role>?, uses set<ref>, kinds_used set<text>, \
             traced bool, origins set<text>, calls ref?, code.runs_shell bool, \
             code.trusts_message bool, in_network bool",
        ),
        (
            Kind,
            "role",
            "guarded",
            "grants parts<grant>, admin bool, abilities set<ability>, users set<ref>",
        ),
        (Kind, "queue", "channel", "redrive bool, retention num<d>"),
        (Kind, "external", "", ""),
        (
            Part,
            "grant",
            "",
            "abilities set<ability>, reach enum{one|prefix|everything}, target ref?, name text",
        ),
        (
            Part,
            "admit",
            "",
            "principal enum{anyone|service|account}, source ref",
        ),
    ] {
        let traits = traits.split(", ").filter(|name| !name.is_empty());
        schema.add_owner(role, name, traits);
        for fact in facts.split(", ").filter(|fact| !fact.is_empty()) {
            let (fact, notation) = fact.split_once(' ').unwrap();
            schema.declare(name, fact, notation).unwrap();
        }
    }
    assert_eq!(schema.gaps(), Vec::<String>::new());
    schema
}

pub(crate) fn scope_type(applies_to: &str) -> ScopeType {
    match applies_to {
        "properties" => ScopeType::Properties(None),
        "known properties" => {
            ScopeType::Properties(Some(["AuthType", "Tags"].map(Arc::from).into()))
        }
        _ => schema().scope(applies_to).unwrap(),
    }
}

/// A condition that is known to be fine.
pub(crate) fn condition(applies_to: &str, text: &str) -> Expression {
    let parsed = Expression::parse(text).unwrap_or_else(|why| panic!("{text}: {why:?}"));
    let scope = scope_type(applies_to);
    let typed = check(&parsed, &scope, &Narrowing::default(), schema());
    typed
        .unwrap_or_else(|why| panic!("{text}: {why:?}"))
        .expression
}

/// Facts by subject and name.
#[derive(Clone, Default)]
pub(crate) struct Shop {
    facts: BTreeMap<(SubjectId, String), Fact>,
}

impl Shop {
    pub(crate) fn set(&mut self, subject: SubjectId, name: &str, fact: Fact) {
        self.facts.insert((subject, name.to_owned()), fact);
    }

    pub(crate) fn with(mut self, subject: SubjectId, name: &str, fact: Fact) -> Self {
        self.set(subject, name, fact);
        self
    }
}

impl Scope for Shop {
    fn fact(&self, subject: SubjectId, name: &str) -> Option<&Fact> {
        self.facts.get(&(subject, name.to_owned()))
    }

    fn label(&self, subject: SubjectId) -> String {
        match subject {
            FUNCTION => "orders".to_owned(),
            ROLE => "orders-role".to_owned(),
            QUEUE => "jobs".to_owned(),
            PARTNER => "partner".to_owned(),
            other => format!(
                "{}{}",
                if other.is_part() { "part" } else { "c" },
                other.index()
            ),
        }
    }
}

/// A place by number, so that evidence can be told apart.
pub(crate) fn span(at: u32) -> Span {
    Span::new(FileId(0), at, at + 1)
}

pub(crate) fn yes() -> Fact {
    Fact::bool(true, span(1))
}

pub(crate) fn no() -> Fact {
    Fact::bool(false, span(2))
}

pub(crate) fn number(value: i64) -> Fact {
    Fact::written(Value::Number(value), span(3))
}

pub(crate) fn text(value: &str) -> Fact {
    Fact::text(value, span(4))
}

/// Text with holes: `orders-${Stage}`.
pub(crate) fn pattern(written: &str) -> Fact {
    Fact::written(Value::Text(with_holes(written)), span(5))
}

pub(crate) fn with_holes(written: &str) -> Text {
    let mut text = Text::default();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_literal(before);
        let (label, after) = after.split_once('}').unwrap();
        text.push_hole(Hole {
            cause: Cause::Parameter(label.into()),
            label: label.into(),
            span: span(6),
        });
        rest = after;
    }
    text.push_literal(rest);
    text
}

pub(crate) fn to(subject: SubjectId) -> Fact {
    Fact::written(Value::Subject(subject), span(7))
}

pub(crate) fn absent() -> Fact {
    Fact::absent(Some(span(8)))
}

pub(crate) fn unknown() -> Fact {
    because(Reason::Parameter("P".into()))
}

pub(crate) fn because(reason: Reason) -> Fact {
    Fact::unknown(reason, Some(span(9)))
}

pub(crate) fn default(value: Value, basis: Basis, note: &str) -> Fact {
    Fact::default(value, basis, Some(span(10)), note)
}

pub(crate) fn set(items: impl IntoIterator<Item = Fact>) -> Fact {
    guarded(items.into_iter().map(|fact| (Guard::always(), fact)), false)
}

/// A set that may have more members.
pub(crate) fn open_set(items: impl IntoIterator<Item = Fact>) -> Fact {
    guarded(items.into_iter().map(|fact| (Guard::always(), fact)), true)
}

pub(crate) fn guarded(items: impl IntoIterator<Item = (Guard, Fact)>, rest: bool) -> Fact {
    let items = items.into_iter().map(|(guard, fact)| Item { guard, fact });
    Fact::Known(underbelly_expression::Known {
        value: Value::Set(Set {
            items: items.collect(),
            rest: rest.then(|| Unknown {
                reason: Reason::Import("Names".into()),
                place: Some(Place::here(span(11))),
            }),
        }),
        basis: Basis::Written,
        places: vec![Place::here(span(12))],
        note: None,
    })
}

pub(crate) fn map(entries: impl IntoIterator<Item = (&'static str, Fact)>) -> Fact {
    let entries = entries.into_iter().map(|(key, fact)| Entry {
        key: key.into(),
        key_span: span(13),
        fact,
    });
    let map = Map {
        entries: entries.collect(),
        rest: None,
    };
    Fact::written(Value::Map(map), span(14))
}
