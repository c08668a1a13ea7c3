//! What the reviewer draws: components in trust zones, their parts, and the
//! data that flows between them, with facts in words no provider owns.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Fact, Guard, SubjectId, Worlds};
use underbelly_source::{Place, Span};

use crate::{Level, Right};

/// The drawing's meaning.
#[derive(Debug, Default)]
pub struct Architecture {
    /// Wholes that belong together.
    pub systems: Vec<System>,
    /// Zones in order of trust, least first.
    pub zones: Vec<TrustZone>,
    /// What a reviewer could draw or discuss alone, actors among them.
    pub components: Vec<Component>,
    /// What exists only inside one component but has a name people use.
    pub parts: Vec<Part>,
    /// What joins two components.
    pub flows: Vec<DataFlow>,
    /// What roles may do with components.
    pub rights: Vec<Right>,
    /// Data worth protecting.
    pub assets: Vec<Asset>,
    /// The conditions and parameters that guards name.
    pub worlds: Worlds,
    /// Places whose text must never be shown.
    pub secrets: Vec<Span>,
}

/// Components that belong together: one application.
#[derive(Clone, Debug)]
pub struct System {
    /// Its name.
    pub name: Arc<str>,
    /// What its templates say it is, if they do.
    pub description: Option<Arc<str>>,
    /// The files it stands in, as shown.
    pub files: Vec<Arc<str>>,
    /// How many resources it declares.
    pub n_resources: usize,
}

/// Components that trust one another alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustZone {
    /// Its id, such as `internet`.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Arc<str>,
    /// How far it is trusted, 0 (anyone) to 100.
    pub rating: u8,
}

/// How a component is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Drawn {
    /// As a box of its own.
    Node,
    /// As a badge on what uses it.
    Badge,
    /// Not at all.
    No,
}

/// Something with an address, an owner or a life of its own.
#[derive(Debug)]
pub struct Component {
    /// `stack/logical-id[:sub]`; `internet` and the like for actors.
    pub id: Arc<str>,
    /// The shortest form of the id that names only this component.
    pub short: Arc<str>,
    /// Its name for people: mostly the logical id.
    pub name: Arc<str>,
    /// Its kind, such as `function`.
    pub kind: Arc<str>,
    /// The id of its trust zone.
    pub zone: Arc<str>,
    /// Its system, by index; none for actors and what stands outside.
    pub system: Option<u32>,
    /// The resource it stands for, if it is declared.
    pub resource: Option<DeclaredAs>,
    /// The place to point at.
    pub place: Option<Span>,
    /// When it exists.
    pub guard: Guard,
    /// Named but not declared in what was read: drawn dashed.
    pub outside: bool,
    /// How it is drawn.
    pub drawn: Drawn,
    /// What is known of it.
    pub facts: Facts,
    /// Its parts, in the order of the source.
    pub parts: Vec<SubjectId>,
}

/// The resource behind a component, in provider words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredAs {
    /// Its type as written, such as `AWS::Serverless::Function`.
    pub kind: Arc<str>,
    /// Its logical id.
    pub logical_id: Arc<str>,
    /// The path of its stack.
    pub stack: Arc<str>,
}

/// A named thing inside a component.
#[derive(Debug)]
pub struct Part {
    /// The component it belongs to.
    pub owner: SubjectId,
    /// The fact that lists it, such as `routes`.
    pub group: Arc<str>,
    /// What it is, such as `route`.
    pub kind: Arc<str>,
    /// The name people use, unique in its group: `GET /orders`.
    pub key: Arc<str>,
    /// The place to point at.
    pub place: Option<Span>,
    /// When it exists.
    pub guard: Guard,
    /// What is known of it.
    pub facts: Facts,
}

/// Facts by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    by_name: BTreeMap<Arc<str>, Fact>,
    /// What holds where none was set, shared by many.
    otherwise: Option<Arc<BTreeMap<Arc<str>, Fact>>>,
}

impl Facts {
    /// The fact of this name.
    pub fn get(&self, name: &str) -> Option<&Fact> {
        let otherwise = self.otherwise.as_ref();
        self.by_name
            .get(name)
            .or_else(|| otherwise.and_then(|facts| facts.get(name)))
    }

    /// What holds where none was set.
    pub fn otherwise(&mut self, facts: Arc<BTreeMap<Arc<str>, Fact>>) {
        self.otherwise = Some(facts);
    }

    /// Sets a fact; the last one set counts.
    pub fn set(&mut self, name: impl Into<Arc<str>>, fact: Fact) {
        self.by_name.insert(name.into(), fact);
    }

    /// The facts that were set, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Fact)> {
        self.by_name.iter()
    }
}

/// What a flow is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlowKind {
    /// The source makes the destination run: an event, a message, a request.
    Trigger,
    /// The source reads from or writes to the destination, or may.
    Access,
    /// The source calls the destination and waits.
    Call,
    /// The provider hands something on: logs, failed messages, mail.
    Delivery,
}

impl FlowKind {
    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            FlowKind::Trigger => "trigger",
            FlowKind::Access => "access",
            FlowKind::Call => "call",
            FlowKind::Delivery => "delivery",
        }
    }
}

/// How sure it is that a flow happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Declared, or permitted and named in the settings.
    Strong,
    /// Permitted; nothing shows that it is used.
    Possible,
    /// Named in the settings; no permission was seen.
    NoPermission,
}

/// Data that moves from one component to another.
#[derive(Debug)]
pub struct DataFlow {
    /// `source -> destination (kind)`, made unique by `label`.
    pub id: Arc<str>,
    /// Where it starts.
    pub source: SubjectId,
    /// Where it ends.
    pub destination: SubjectId,
    /// What it is.
    pub kind: FlowKind,
    /// How sure it is.
    pub strength: Strength,
    /// Which way data moves in an access: `read`, `write` or both; what event or
    /// route a trigger is. May be empty.
    pub label: Arc<str>,
    /// When it exists.
    pub guard: Guard,
    /// Where it is written.
    pub places: Vec<Place>,
}

/// Data worth protecting, where it lies, and what its loss would mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// What it is called.
    pub name: Arc<str>,
    /// The components that hold it.
    pub held_by: Vec<SubjectId>,
    /// How bad it would be if others learned it; none if nobody said.
    pub confidentiality: Option<Level>,
    /// How bad it would be if others changed it; none if nobody said.
    pub integrity: Option<Level>,
    /// How bad it would be to lose it; none if nobody said.
    pub availability: Option<Level>,
    /// Where that is written.
    pub place: Option<Place>,
}

impl Architecture {
    /// The facts of a component or part.
    pub fn facts(&self, subject: SubjectId) -> Option<&Facts> {
        if subject.is_part() {
            self.part(subject).map(|part| &part.facts)
        } else {
            self.component(subject).map(|component| &component.facts)
        }
    }

    /// The component of this subject id; none for a part.
    pub fn component(&self, subject: SubjectId) -> Option<&Component> {
        (!subject.is_part()).then(|| self.components.get(subject.index()))?
    }

    /// The part of this subject id; none for a component.
    pub fn part(&self, subject: SubjectId) -> Option<&Part> {
        subject.is_part().then(|| self.parts.get(subject.index()))?
    }

    /// The component itself, or the one a part belongs to.
    pub fn owner(&self, subject: SubjectId) -> Option<&Component> {
        match self.part(subject) {
            Some(part) => self.component(part.owner),
            None => self.component(subject),
        }
    }

    /// How people name a subject: `Resize`, `orders-api # GET /orders`.
    pub fn label(&self, subject: SubjectId) -> String {
        match (self.component(subject), self.part(subject)) {
            (Some(component), _) => component.short.to_string(),
            (None, Some(part)) => {
                let owner = self.component(part.owner);
                let owner = owner.map_or("?", |component| &*component.short);
                [owner, " # ", &part.key].concat()
            }
            (None, None) => "?".to_owned(),
        }
    }
}
