//! What a fact may be, and how the kind files write it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Type {
    /// `bool`
    Bool,
    /// `enum{a|b}`, or the name of a vocabulary.
    Enum(Members),
    /// `num<s>`; the unit is empty for a plain number.
    Number(Arc<str>),
    /// `text`
    Text,
    /// `set<…>`
    Set(Box<Type>),
    /// `parts<route>`: the parts of this name.
    Parts(Arc<str>),
    /// One part of this name: a member of `parts<…>`. It has no notation.
    Part(Arc<str>),
    /// `ref<role>`: a component of this kind or trait; `component` is any.
    Reference(Arc<str>),
    /// A property: nothing is known of it beforehand. It has no notation.
    Any,
}

/// The closed list of values of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// The vocabulary it comes from, if it has a name.
    pub vocabulary: Option<Arc<str>>,
    /// The values, in the order written.
    pub values: Arc<[Arc<str>]>,
}

/// The declared type of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactType {
    /// What it is when it is there.
    pub value: Type,
    /// Whether it may be absent: `?`.
    pub optional: bool,
}

/// The trait every component has, and the type of a reference to any.
pub(crate) const COMPONENT: &str = "component";

const DEEPEST: usize = 8;

impl FactType {
    /// Reads the notation of the kind files: `ref<role>?`. Names that are
    /// nothing else are looked up as vocabularies.
    pub fn parse(
        notation: &str,
        vocabulary: impl Fn(&str) -> Option<Members>,
    ) -> Result<Self, String> {
        let notation = notation.trim();
        let (inner, optional) = match notation.strip_suffix('?') {
            Some(inner) => (inner, true),
            None => (notation, false),
        };
        let value = parse_type(inner, &vocabulary, 0)?;
        Ok(Self { value, optional })
    }
}

fn parse_type(
    text: &str,
    vocabulary: &impl Fn(&str) -> Option<Members>,
    depth: usize,
) -> Result<Type, String> {
    let text = text.trim();
    if depth > DEEPEST {
        return Err(format!("the type `{text}` is nested too deeply"));
    }
    if let Some((name, argument)) = bracketed(text, '<', '>') {
        return match name {
            "num" => Ok(Type::Number(unit(argument))),
            "set" => Ok(Type::Set(Box::new(parse_type(
                argument,
                vocabulary,
                depth + 1,
            )?))),
            "parts" => Ok(Type::Parts(argument.into())),
            "ref" => Ok(Type::Reference(argument.into())),
            _ => Err(format!("there is no type `{name}<…>`")),
        };
    }
    if let Some(("enum", list)) = bracketed(text, '{', '}') {
        let values: Vec<Arc<str>> = list.split('|').map(|value| value.trim().into()).collect();
        if values.iter().any(|value| value.is_empty()) {
            return Err(format!("`{text}` has an empty value"));
        }
        return Ok(Type::Enum(Members {
            vocabulary: None,
            values: values.into(),
        }));
    }
    match text {
        "bool" => Ok(Type::Bool),
        "text" => Ok(Type::Text),
        "num" => Ok(Type::Number("".into())),
        "ref" => Ok(Type::Reference(COMPONENT.into())),
        _ => vocabulary(text)
            .map(Type::Enum)
            .ok_or_else(|| format!("there is no type or vocabulary `{text}`")),
    }
}

fn bracketed(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(open)?;
    Some((name.trim(), rest.strip_suffix(close)?.trim()))
}

/// `num<1>` is a plain number.
fn unit(text: &str) -> Arc<str> {
    if text == "1" { "".into() } else { text.into() }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool => f.write_str("bool"),
            Type::Enum(members) => match &members.vocabulary {
                Some(name) => f.write_str(name),
                None => write!(f, "enum{{{}}}", members.values.join("|")),
            },
            Type::Number(unit) if unit.is_empty() => f.write_str("num"),
            Type::Number(unit) => write!(f, "num<{unit}>"),
            Type::Text => f.write_str("text"),
            Type::Set(inner) => write!(f, "set<{inner}>"),
            Type::Parts(part) => write!(f, "parts<{part}>"),
            Type::Part(part) => write!(f, "part<{part}>"),
            Type::Reference(to) if &**to == COMPONENT => f.write_str("ref"),
            Type::Reference(to) => write!(f, "ref<{to}>"),
            Type::Any => f.write_str("any"),
        }
    }
}

impl fmt::Display for FactType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, if self.optional { "?" } else { "" })
    }
}

impl Type {
    /// What kind of thing it is, in words for people.
    pub fn words(&self) -> String {
        match self {
            Type::Bool => "yes or no".to_owned(),
            Type::Enum(members) => format!("one of {}", members.list()),
            Type::Number(unit) if unit.is_empty() => "a number".to_owned(),
            Type::Number(unit) => format!("a number of {unit}"),
            Type::Text => "text".to_owned(),
            Type::Set(_) => "a set".to_owned(),
            Type::Parts(part) => format!("a set of parts ({part})"),
            Type::Part(part) => format!("a part ({part})"),
            Type::Reference(to) if &**to == COMPONENT => "a component".to_owned(),
            Type::Reference(to) => format!("a component ({to})"),
            Type::Any => "a property".to_owned(),
        }
    }
}

impl Members {
    /// The values in back-ticks, a long list cut short.
    pub fn list(&self) -> String {
        const SHOWN: usize = 12;
        let mut words: Vec<String> = self
            .values
            .iter()
            .take(SHOWN)
            .map(|value| format!("`{value}`"))
            .collect();
        if self.values.len() > SHOWN {
            words.push("…".to_owned());
        }
        words.join(", ")
    }

    /// Whether this is one of the values.
    pub fn contains(&self, value: &str) -> bool {
        self.values.iter().any(|member| &**member == value)
    }
}
