//! What a component or part is: its facts, their types and meaning, its place.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A kind of component: `library/kinds/<id>.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// Its id, such as `object-store`.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Arc<str>,
    /// Its plural for people.
    pub names: Arc<str>,
    /// One sentence on what it is.
    pub about: Arc<str>,
    /// Its traits and theirs, flattened, sorted; `component` is left out.
    pub traits: Vec<Arc<str>>,
    /// How it is drawn: `node`, `badge` or `no`.
    pub drawn: Arc<str>,
    /// The id of the zone it stands in unless something says otherwise.
    pub zone: Arc<str>,
    /// Its own facts, by name; [`Library::facts_of`](crate::Library::facts_of)
    /// gives those of its traits too.
    pub facts: Vec<FactDef>,
    /// What only its code can tell, by name without `code.`.
    pub code: Vec<CodeFact>,
    /// Why no threat of the library applies to it, if none does.
    pub no_threats: Option<Arc<str>>,
}

/// Facts that several kinds share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trait {
    /// Its id, such as `guarded`.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Arc<str>,
    /// One sentence on what it is.
    pub about: Arc<str>,
    /// The traits it has itself, flattened, sorted; `component` is left out.
    pub traits: Vec<Arc<str>>,
    /// Its own facts, by name; those of its traits are not repeated.
    pub facts: Vec<FactDef>,
}

/// A kind of part: `library/kinds/parts/<id>.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartKind {
    /// Its id, such as `route`.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Arc<str>,
    /// One sentence on what it is.
    pub about: Arc<str>,
    /// What its key is, in words.
    pub key: Arc<str>,
    /// Its facts, by name.
    pub facts: Vec<FactDef>,
}

/// Who gives a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The catalogue, from the resource itself.
    #[default]
    Catalogue,
    /// The catalogue, over attached resources or parts.
    Joined,
    /// Rust.
    Computed,
    /// A person.
    Person,
    /// A reader of code.
    Code,
    /// Nobody yet: its reader does not exist.
    Provisional,
}

/// A fact: its name, type and meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactDef {
    /// Its name, such as `open_to`.
    pub name: Arc<str>,
    /// Its type as written: `bool`, `num<s>`, `set<ref<cdn>>`, `text?` …
    pub ty: Arc<str>,
    /// Who gives it.
    pub by: By,
    /// What it says, in a sentence.
    pub about: Arc<str>,
    /// For a person's fact: the question; `{component}` stands for the name.
    pub ask: Option<Arc<str>>,
    /// For a person's fact: what holds until somebody answers; none is unknown.
    pub until_answered: Option<bool>,
}

/// What only code can tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeFact {
    /// Its name without `code.`.
    pub name: Arc<str>,
    /// The question.
    pub ask: Arc<str>,
    /// What a reader of code looks for.
    pub looks_for: Vec<Arc<str>>,
    /// The answer nobody need worry about.
    pub good: bool,
}

/// What only people know of the team: `practice.<name>` in conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// Its name without `practice.`.
    pub name: Arc<str>,
    /// What it says, in a sentence.
    pub about: Arc<str>,
    /// The question.
    pub ask: Arc<str>,
}

/// A closed list of words: `library/vocabulary/<plural>.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// What facts call it, such as `ability`.
    pub id: Arc<str>,
    /// Its words, in the order of the file.
    pub words: Vec<Word>,
}

/// A word of a vocabulary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// The word, such as `read_data`.
    pub id: Arc<str>,
    /// What people call it.
    pub name: Arc<str>,
    /// What it means, in a sentence.
    pub about: Arc<str>,
}

/// A trust zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Its id, such as `internet`.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Arc<str>,
    /// How far it is trusted, 0 to 100.
    pub rating: u8,
    /// One sentence on what stands in it.
    pub about: Arc<str>,
}
