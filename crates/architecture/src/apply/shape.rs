//! Which plain shape a declared fact has, as far as translating needs it.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_library::{FactDef, Library};

/// The shape of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) form: Form,
    /// Whether it may be absent.
    pub(super) optional: bool,
}

/// What a fact is when it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Bool,
    Number,
    Text,
    Enum(Vec<Arc<str>>),
    Texts,
    /// To one of this kind or trait.
    Reference(Arc<str>),
    /// To several.
    References(Arc<str>),
    /// Parts of this kind.
    Parts(Arc<str>),
}

/// Shapes by fact.
pub(super) type Shapes = BTreeMap<Arc<str>, Shape>;

/// The shapes of all kinds and parts, worked out once.
#[derive(Debug)]
pub(super) struct AllShapes {
    kinds: BTreeMap<Arc<str>, Shapes>,
    parts: BTreeMap<Arc<str>, Shapes>,
    none: Shapes,
}

impl AllShapes {
    pub(super) fn new(library: &Library) -> Self {
        let kinds = library.kinds.iter().map(|kind| {
            let facts = library.facts_of(&kind.id).map(|(_, fact)| fact);
            (kind.id.clone(), of_facts(facts))
        });
        let parts = library.parts.iter();
        let parts = parts.map(|part| (part.id.clone(), of_facts(part.facts.iter())));
        Self {
            kinds: kinds.collect(),
            parts: parts.collect(),
            none: Shapes::new(),
        }
    }

    /// The shapes of a kind's facts, inherited ones too.
    pub(super) fn of_kind(&self, kind: &str) -> &Shapes {
        self.kinds.get(kind).unwrap_or(&self.none)
    }

    /// The shapes of a part's facts.
    pub(super) fn of_part(&self, part: &str) -> &Shapes {
        self.parts.get(part).unwrap_or(&self.none)
    }
}

fn of_facts<'f>(facts: impl Iterator<Item = &'f FactDef>) -> Shapes {
    let mut shapes = Shapes::new();
    for fact in facts {
        shapes
            .entry(fact.name.clone())
            .or_insert_with(|| parse(&fact.ty));
    }
    shapes
}

fn parse(notation: &str) -> Shape {
    let optional = notation.ends_with('?');
    let inner = notation.trim_end_matches('?');
    let argument = |name: &str| inner.strip_prefix(name)?.strip_suffix('>');
    let form = if inner == "bool" {
        Form::Bool
    } else if inner.starts_with("num") {
        Form::Number
    } else if let Some(list) = inner.strip_prefix("enum{") {
        let list = list.trim_end_matches('}');
        Form::Enum(list.split('|').map(|word| word.trim().into()).collect())
    } else if let Some(kind) = argument("set<ref<") {
        Form::References(kind.trim_end_matches('>').into())
    } else if let Some(kind) = argument("ref<") {
        Form::Reference(kind.into())
    } else if let Some(part) = argument("parts<") {
        Form::Parts(part.into())
    } else if inner.starts_with("set<") {
        Form::Texts
    } else {
        Form::Text
    };
    Shape { form, optional }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_have_shapes() {
        let check = |notation: &str, form: Form, optional: bool| {
            assert_eq!(parse(notation), Shape { form, optional }, "{notation}");
        };
        check("bool", Form::Bool, false);
        check("num<s>?", Form::Number, true);
        check("set<ref<cdn>>", Form::References("cdn".into()), false);
        check("ref<role>?", Form::Reference("role".into()), true);
        check("parts<route>", Form::Parts("route".into()), false);
        check("enum{a|b}", Form::Enum(vec!["a".into(), "b".into()]), false);
        check("set<text>", Form::Texts, false);
    }
}
