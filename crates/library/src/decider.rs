//! Who can tell whether a threat is there, or a countermeasure in place.

use underbelly_expression::UsedFact;

use crate::{By, Decider, Library};

/// Where the answer to a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Giver {
    /// The template, or an assumption until somebody answers.
    Template,
    /// Who reads the code.
    Code,
    /// A person, or an account that no template shows.
    Person,
    /// Nobody yet.
    Nobody,
}

impl Giver {
    /// Whether no template tells.
    pub(crate) fn is_asked(self) -> bool {
        matches!(self, Giver::Code | Giver::Person)
    }

    fn decider(self) -> Decider {
        match self {
            // Its reader will read templates.
            Giver::Template | Giver::Nobody => Decider::Template,
            Giver::Code => Decider::Code,
            Giver::Person => Decider::Person,
        }
    }
}

/// Who gives a fact that a condition uses.
pub(crate) fn giver(library: &Library, fact: &UsedFact) -> Giver {
    if fact.fact.starts_with("code.") {
        return Giver::Code;
    }
    if fact.fact.starts_with("practice.") {
        return Giver::Person;
    }
    let part = library.part(&fact.owner);
    let in_part = part.and_then(|part| part.facts.iter().find(|def| def.name == fact.fact));
    let Some(def) = in_part.or_else(|| library.fact(&fact.owner, &fact.fact)) else {
        return Giver::Template;
    };
    match def.by {
        // What nobody declares of the account may be declared elsewhere.
        _ if &*fact.owner == "account" => Giver::Person,
        By::Catalogue | By::Joined | By::Computed => Giver::Template,
        By::Person if def.until_answered.is_some() => Giver::Template,
        By::Person => Giver::Person,
        By::Code => Giver::Code,
        By::Provisional => Giver::Nobody,
    }
}

/// Who decides an entry: of the gap everybody counts, of the situation only who
/// must be asked, for every situation is one of the template's.
pub(crate) fn deciders(library: &Library, when: &[UsedFact], gap: &[UsedFact]) -> Vec<Decider> {
    let of_gap = gap.iter().map(|fact| giver(library, fact));
    let of_when = when.iter().map(|fact| giver(library, fact));
    let of_when = of_when.filter(|giver| giver.is_asked() || gap.is_empty());
    let mut deciders: Vec<Decider> = of_gap.chain(of_when).map(Giver::decider).collect();
    if deciders.is_empty() {
        deciders.push(Decider::Template);
    }
    deciders.sort();
    deciders.dedup();
    deciders
}
