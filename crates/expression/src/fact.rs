//! A value as it stands: known, one of several, unknown for a reason, or absent.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use underbelly_source::{Place, Span};

use crate::{Guard, Text};

/// A component or a part of one, in the architecture that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId(u32);

impl SubjectId {
    /// Parts are numbered apart from components, so that either list may grow
    /// while the architecture is drawn.
    const PART: u32 = 1 << 31;

    /// The component at this index.
    pub const fn component(index: usize) -> Self {
        Self(index as u32)
    }

    /// The part at this index.
    pub const fn part(index: usize) -> Self {
        Self(index as u32 | Self::PART)
    }

    /// Whether it is a part.
    pub const fn is_part(self) -> bool {
        self.0 & Self::PART != 0
    }

    /// The index in its own list: of components, or of parts.
    pub const fn index(self) -> usize {
        (self.0 & !Self::PART) as usize
    }
}

/// What a value rests on, firmest first; of several the weakest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// It stands in the template.
    Written,
    /// The function's own code shows it.
    Code,
    /// A person said so.
    Person,
    /// Nothing is written and the provider's documented default holds.
    ProviderDefault,
    /// A parameter's default value was taken.
    ParameterDefault,
    /// The library takes it so until somebody says otherwise.
    LibraryAssumption,
}

impl Basis {
    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Basis::Written => "written",
            Basis::Code => "code",
            Basis::Person => "person",
            Basis::ProviderDefault => "provider-default",
            Basis::ParameterDefault => "parameter-default",
            Basis::LibraryAssumption => "library-assumption",
        }
    }
}

/// Places that carry a value; mostly one.
pub type Places = Vec<Place>;

/// A value of a property or a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Resolved.
    Known(Known),
    /// One of several, each under its guard; closed: in every world exactly one holds.
    OneOf(OneOf),
    /// Not resolved, and why.
    Unknown(Unknown),
    /// Nothing is written.
    Absent(Absent),
}

/// A resolved value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The value.
    pub value: Value,
    /// What it rests on.
    pub basis: Basis,
    /// Where it stands.
    pub places: Places,
    /// What was taken as given, for people: which parameter's default, which
    /// provider default and since when. `None` for what is simply written.
    pub note: Option<Arc<str>>,
}

/// A value that depends on conditions or on a parameter's allowed values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOf {
    /// The alternatives, at least two, guards disjoint and together complete;
    /// none of them is itself a `OneOf` (their guards are joined instead).
    pub alternatives: Vec<Alternative>,
}

/// One alternative of a [`OneOf`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// When it holds.
    pub guard: Guard,
    /// What holds then: known, unknown or absent.
    pub fact: Fact,
}

/// A value nobody could resolve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Why.
    pub reason: Reason,
    /// The unresolved expression, where there is one.
    pub place: Option<Place>,
}

/// Why a value is unknown, in the order of what is cheapest to find out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A parameter has neither default nor given value.
    Parameter(Arc<str>),
    /// A file that is referred to was not found or not read.
    MissingFile(Arc<str>),
    /// Exported by a stack that was not read.
    Import(Arc<str>),
    /// Looked up when deployed.
    Lookup(Arc<str>),
    /// An expression outside what we understand; the text says which.
    Unsupported(Arc<str>),
    /// A limit was reached.
    Limit(Arc<str>),
    /// The fact belongs to something outside the model.
    OtherComponent(Arc<str>),
    /// It may be managed somewhere that was not read.
    Elsewhere(Arc<str>),
    /// The analysis does not look at this yet; the text says at what.
    NotAnalysed(Arc<str>),
    /// Only the code shows it.
    Code,
    /// Only people know.
    People,
}

/// Nothing is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The head of what lacks it.
    pub place: Option<Span>,
}

/// A plain value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number; the unit belongs to the fact.
    Number(i64),
    /// Text, perhaps with holes. Enumeration members are literal text.
    Text(Text),
    /// Several values.
    Set(Set),
    /// Named values; only properties have these, component facts do not.
    Map(Map),
    /// A component or a part.
    Subject(SubjectId),
}

/// Values together, and whether there may be more. Order is that of the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Set {
    /// What is in it.
    pub items: Vec<Item>,
    /// Why there may be more; `None` if these are all.
    pub rest: Option<Unknown>,
}

/// One value of a [`Set`], perhaps only in some worlds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// When it is there.
    pub guard: Guard,
    /// The value.
    pub fact: Fact,
}

/// Named values in the order of the source, and whether there may be more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// The entries; a key occurs once.
    pub entries: Vec<Entry>,
    /// Why there may be more; `None` if these are all.
    pub rest: Option<Unknown>,
}

/// One named value of a [`Map`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub key: Arc<str>,
    /// Where the name stands.
    pub key_span: Span,
    /// The value.
    pub fact: Fact,
}

impl Map {
    /// The entry of this name.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| &*entry.key == key)
    }
}

impl Fact {
    /// A value written at `span`.
    pub fn written(value: Value, span: Span) -> Self {
        Fact::known(value, Basis::Written, vec![Place::here(span)])
    }

    /// A value on some basis.
    pub fn known(value: Value, basis: Basis, places: Places) -> Self {
        Fact::Known(Known {
            value,
            basis,
            places,
            note: None,
        })
    }

    /// A value the library or provider gives where nothing is written.
    pub fn default(value: Value, basis: Basis, head: Option<Span>, note: &str) -> Self {
        Fact::Known(Known {
            value,
            basis,
            places: head.map(Place::missing).into_iter().collect(),
            note: (!note.is_empty()).then(|| note.into()),
        })
    }

    /// Written text.
    pub fn text(text: impl Into<Text>, span: Span) -> Self {
        Fact::written(Value::Text(text.into()), span)
    }

    /// Written yes or no.
    pub fn bool(value: bool, span: Span) -> Self {
        Fact::written(Value::Bool(value), span)
    }

    /// Unknown, with the unresolved expression's place.
    pub fn unknown(reason: Reason, span: Option<Span>) -> Self {
        Fact::Unknown(Unknown {
            reason,
            place: span.map(Place::here),
        })
    }

    /// Nothing is written in what begins at `head`.
    pub fn absent(head: Option<Span>) -> Self {
        Fact::Absent(Absent { place: head })
    }

    /// One of several under guards. Nested alternatives are flattened, those
    /// whose guards contradict are dropped, and where one is left it stands alone.
    pub fn one_of(alternatives: impl IntoIterator<Item = (Guard, Fact)>) -> Self {
        let mut flat: Vec<Alternative> = Vec::new();
        for (guard, fact) in alternatives {
            match fact {
                Fact::OneOf(inner) => {
                    for alternative in inner.alternatives {
                        if let Some(guard) = guard.and(&alternative.guard) {
                            let fact = alternative.fact;
                            flat.push(Alternative { guard, fact });
                        }
                    }
                }
                fact @ (Fact::Known(_) | Fact::Unknown(_) | Fact::Absent(_)) => {
                    flat.push(Alternative { guard, fact });
                }
            }
        }
        if flat.len() == 1 {
            return flat.swap_remove(0).fact;
        }
        if flat.is_empty() {
            return Fact::unknown(
                Reason::Unsupported("no alternative is possible".into()),
                None,
            );
        }
        Fact::OneOf(OneOf { alternatives: flat })
    }

    /// The known value, if it is one in every world.
    pub fn as_known(&self) -> Option<&Known> {
        match self {
            Fact::Known(known) => Some(known),
            Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => None,
        }
    }

    /// The wholly known text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.as_known()?.value {
            Value::Text(text) => text.known(),
            _ => None,
        }
    }

    /// The text, perhaps with holes.
    pub fn as_pattern(&self) -> Option<&Text> {
        match &self.as_known()?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Yes or no, also where written as the texts `true` and `false`, or as the
    /// words that YAML 1.1 reads so.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.as_known()?.value {
            Value::Bool(value) => Some(*value),
            Value::Text(text) => match text.known()? {
                "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
                "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
                    Some(false)
                }
                _ => None,
            },
            Value::Number(_) | Value::Set(_) | Value::Map(_) | Value::Subject(_) => None,
        }
    }

    /// A whole number, also where written as text.
    pub fn as_number(&self) -> Option<i64> {
        match &self.as_known()?.value {
            Value::Number(number) => Some(*number),
            Value::Text(text) => text.known()?.trim().parse().ok(),
            Value::Bool(_) | Value::Set(_) | Value::Map(_) | Value::Subject(_) => None,
        }
    }

    /// The named values.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.as_known()?.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The values together.
    pub fn as_set(&self) -> Option<&Set> {
        match &self.as_known()?.value {
            Value::Set(set) => Some(set),
            _ => None,
        }
    }

    /// Whether nothing is written, in every world.
    pub fn is_absent(&self) -> bool {
        matches!(self, Fact::Absent(_))
    }

    /// The first place, wherever it comes from.
    pub fn span(&self) -> Option<Span> {
        match self {
            Fact::Known(known) => known.places.first().map(|place| place.span),
            Fact::OneOf(one_of) => one_of.alternatives.iter().find_map(|a| a.fact.span()),
            Fact::Unknown(unknown) => unknown.place.map(|place| place.span),
            Fact::Absent(absent) => absent.place,
        }
    }
}

impl Reason {
    /// A word for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Reason::Parameter(_) => "parameter",
            Reason::MissingFile(_) => "missing-file",
            Reason::Import(_) => "import",
            Reason::Lookup(_) => "lookup",
            Reason::Unsupported(_) => "unsupported",
            Reason::Limit(_) => "limit",
            Reason::OtherComponent(_) => "other-component",
            Reason::Elsewhere(_) => "elsewhere",
            Reason::NotAnalysed(_) => "not-analysed",
            Reason::Code => "code",
            Reason::People => "people",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Parameter(name) => write!(f, "parameter `{name}` has no value"),
            Reason::MissingFile(path) => write!(f, "`{path}` was not read"),
            Reason::Import(name) => write!(f, "`{name}` is exported by a stack that was not read"),
            Reason::Lookup(what) => write!(f, "`{what}` is looked up when deployed"),
            Reason::Unsupported(what) => write!(f, "not understood: {what}"),
            Reason::Limit(what) => write!(f, "a limit was reached: {what}"),
            Reason::OtherComponent(name) => write!(f, "`{name}` is outside what was read"),
            Reason::Elsewhere(what) => write!(f, "{what} may be managed elsewhere"),
            Reason::NotAnalysed(what) => write!(f, "not analysed yet: {what}"),
            Reason::Code => f.write_str("only the code tells"),
            Reason::People => f.write_str("only people know"),
        }
    }
}
