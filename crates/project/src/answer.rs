//! An answer as the fact it gives: of the type the fact has, or refused.

use std::sync::Arc;

use underbelly_expression::{
    Basis, Fact, FactType, Guard, Item, Members, Set, SubjectId, Type, Value, closest,
};
use underbelly_library::{FactDef, Library};
use underbelly_model::Architecture;
use underbelly_source::{Diagnostic, Place};

use crate::{Answer, Named};

/// The type of a fact of a subject; what is wrong with the name otherwise.
pub(crate) fn type_of(
    library: &Library,
    architecture: &Architecture,
    subject: SubjectId,
    fact: &str,
) -> Result<FactType, String> {
    let label = architecture.label(subject);
    if let Some(name) = fact.strip_prefix("code.") {
        let kind = architecture.component(subject).map(|c| &*c.kind);
        let code = kind
            .and_then(|kind| library.kind(kind))
            .map(|kind| &kind.code);
        let names: Vec<&str> = code.into_iter().flatten().map(|c| &*c.name).collect();
        return if names.contains(&name) {
            Ok(FactType {
                value: Type::Bool,
                optional: false,
            })
        } else {
            Err(unknown(
                fact,
                &label,
                closest(name, names).map(|n| format!("code.{n}")),
            ))
        };
    }
    let defs: Vec<&FactDef> = match architecture.part(subject) {
        Some(part) => library
            .part(&part.kind)
            .map_or(Vec::new(), |kind| kind.facts.iter().collect()),
        None => architecture
            .component(subject)
            .map_or(Vec::new(), |component| {
                let facts = library.facts_of(&component.kind);
                facts.map(|(_, fact)| fact).collect()
            }),
    };
    let Some(def) = defs.iter().find(|def| *def.name == *fact) else {
        let near = closest(fact, defs.iter().map(|def| &*def.name));
        return Err(unknown(fact, &label, near.map(str::to_owned)));
    };
    FactType::parse(&def.ty, |name| members(library, name))
}

fn unknown(fact: &str, label: &str, near: Option<String>) -> String {
    let near = near.map(|near| format!("; did you mean `{near}`?"));
    format!("`{label}` has no fact `{fact}`{}", near.unwrap_or_default())
}

fn members(library: &Library, name: &str) -> Option<Members> {
    let found = library.vocabularies.iter().find(|v| *v.id == *name)?;
    Some(Members {
        vocabulary: Some(name.into()),
        values: found.words.iter().map(|word| word.id.clone()).collect(),
    })
}

/// How the answers to a question are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Yes or no.
    YesNo,
    /// A list of words.
    List,
    /// One word, number or text.
    One,
}

/// How answers about a fact of a subject are written, if it has the fact.
pub fn form(
    library: &Library,
    architecture: &Architecture,
    subject: SubjectId,
    fact: &str,
) -> Option<Form> {
    let ty = type_of(library, architecture, subject, fact).ok()?;
    Some(match ty.value {
        Type::Bool => Form::YesNo,
        Type::Set(_) => Form::List,
        Type::Number(_)
        | Type::Text
        | Type::Enum(_)
        | Type::Parts(_)
        | Type::Part(_)
        | Type::Reference(_)
        | Type::Any => Form::One,
    })
}

/// The fact an answer gives.
pub(crate) fn fact(ty: &FactType, answer: &Answer) -> Result<Fact, Box<Diagnostic>> {
    let first = match answer.value.as_slice() {
        [only] => only,
        _ if answer.is_list => &answer.key,
        _ => return Err(refused(&answer.key, "one value is wanted")),
    };
    let place = vec![Place::here(first.span)];
    if !answer.is_list && ty.optional && &*first.name == "none" {
        return Ok(Fact::absent(Some(first.span)));
    }
    let value = match (&ty.value, answer.is_list) {
        (Type::Set(inner), is_list) => {
            let none = !is_list && &*first.name == "none";
            let said_so = answer.value.iter().filter(|_| !none);
            let items = said_so.map(|named| {
                Ok(Item {
                    guard: Guard::always(),
                    fact: said(item(inner, named)?, vec![Place::here(named.span)], answer),
                })
            });
            let items: Result<Vec<Item>, Box<Diagnostic>> = items.collect();
            Value::Set(Set {
                items: items?,
                rest: None,
            })
        }
        (_, true) => return Err(refused(&answer.key, "one value is wanted, not a list")),
        (single, false) => value(single, first)?,
    };
    Ok(said(value, place, answer))
}

fn said(value: Value, places: Vec<Place>, answer: &Answer) -> Fact {
    let mut fact = Fact::known(value, Basis::Person, places);
    if let (Fact::Known(known), Some(by)) = (&mut fact, &answer.by) {
        known.note = Some(Arc::from(format!("{by} says so")));
    }
    fact
}

/// One of a list: yes and no name nothing.
fn item(ty: &Type, named: &Named) -> Result<Value, Box<Diagnostic>> {
    let is_name = !matches!(&*named.name, "true" | "false" | "yes" | "no");
    match ty {
        Type::Text if !is_name => Err(refused(named, "names are wanted, or `[]` for none")),
        _ => value(ty, named),
    }
}

fn value(ty: &Type, named: &Named) -> Result<Value, Box<Diagnostic>> {
    let text = &*named.name;
    match ty {
        Type::Bool => match text {
            "true" | "yes" => Ok(Value::Bool(true)),
            "false" | "no" => Ok(Value::Bool(false)),
            _ => Err(refused(named, "`true` or `false` is wanted")),
        },
        Type::Number(unit) => match text.parse() {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) if unit.is_empty() => Err(refused(named, "a whole number is wanted")),
            Err(_) => Err(refused(
                named,
                &format!("a whole number is wanted, in {unit}"),
            )),
        },
        Type::Text => Ok(Value::Text(text.into())),
        Type::Enum(members) => {
            if members.values.iter().any(|value| &**value == text) {
                return Ok(Value::Text(text.into()));
            }
            let near = closest(text, members.values.iter().map(|value| &**value));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it may be `{}`", members.values.join("`, `")),
            };
            Err(Box::new(
                wrong(named, "it is none of its values").help(help),
            ))
        }
        Type::Set(_) | Type::Parts(_) | Type::Part(_) | Type::Reference(_) | Type::Any => {
            Err(refused(named, "only the templates can say this"))
        }
    }
}

fn refused(named: &Named, why: &str) -> Box<Diagnostic> {
    Box::new(wrong(named, why))
}

fn wrong(named: &Named, why: &str) -> Diagnostic {
    let message = format!("`{}` is no answer here: {why}", named.name);
    Diagnostic::error("wrong-answer", message).at(named.span)
}
