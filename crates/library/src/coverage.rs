//! How much of what is known of serverless threats the library speaks of: threats
//! counted by kind and kind of threat, by item of the short standards, and by who
//! can tell. Drafts are counted apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{
    Decider, EntryStatus, Extract, Library, Pages, Standard, Stride, ThreatDef, ThreatPage, Wanted,
};

/// Standards with few items, of which an entry may be wanted for each.
const SHORT: [&str; 2] = ["owasp-serverless", "csa-12"];

/// How many threats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// That may be relied on.
    pub stable: usize,
    /// That are being written.
    pub drafts: usize,
}

impl Tally {
    fn add(&mut self, def: &ThreatDef) {
        match def.status {
            EntryStatus::Draft => self.drafts += 1,
            EntryStatus::Stable | EntryStatus::Deprecated(_) => self.stable += 1,
        }
    }
}

/// The counts of one kind of component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfKind {
    /// The kind.
    pub kind: Arc<str>,
    /// All its threats.
    pub all: Tally,
    /// Those of each kind of threat, in the order of [`Stride::ALL`].
    pub stride: [Tally; 6],
    /// Those that each can tell of, in the order of [`Decider::ALL`].
    pub decided_by: [Tally; 3],
    /// Why there is none, where that is on purpose.
    pub no_threats: Option<Arc<str>>,
}

/// The counts of one standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfStandard<'p> {
    /// The standard.
    pub standard: &'p Standard,
    /// Its items in their own order, with the threats of each.
    pub items: Vec<(Arc<str>, Arc<str>, Tally)>,
}

/// All counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage<'p> {
    /// Of the whole library.
    pub all: OfKind,
    /// How many countermeasures stand against them.
    pub countermeasures: Tally,
    /// By kind.
    pub kinds: Vec<OfKind>,
    /// By item, of standards with few.
    pub standards: Vec<OfStandard<'p>>,
    /// Threats of each provider, and of none in particular.
    pub providers: BTreeMap<String, Tally>,
}

/// What a library speaks of.
pub fn coverage<'p>(library: &'p Library, pages: &'p Pages) -> Coverage<'p> {
    let all = Extract::of(library, pages, &Wanted::default());
    let kinds = library.kinds.iter().map(|kind| {
        let wanted = [kind.id.to_string()];
        let of_kind = Extract::of(
            library,
            pages,
            &Wanted {
                kinds: &wanted,
                provider: None,
            },
        );
        let mut counts = counted(&kind.id, &of_kind.threats);
        counts.no_threats = kind.no_threats.clone();
        counts
    });
    let short = |standard: &&Standard| SHORT.contains(&&*standard.id);
    let standards = pages.standards.iter().filter(short);
    let mut countermeasures = Tally::default();
    for (def, _) in &all.countermeasures {
        match def.status {
            EntryStatus::Draft => countermeasures.drafts += 1,
            EntryStatus::Stable | EntryStatus::Deprecated(_) => countermeasures.stable += 1,
        }
    }
    let mut providers: BTreeMap<String, Tally> = BTreeMap::new();
    for (def, _) in &all.threats {
        for provider in library.providers_of(def) {
            providers.entry(provider.to_owned()).or_default().add(def);
        }
    }
    Coverage {
        all: counted("", &all.threats),
        countermeasures,
        kinds: kinds.collect(),
        standards: standards.map(|one| of_standard(one, &all)).collect(),
        providers,
    }
}

fn counted(kind: &str, threats: &[(&ThreatDef, &ThreatPage)]) -> OfKind {
    let mut counts = OfKind {
        kind: kind.into(),
        ..OfKind::default()
    };
    for (def, page) in threats {
        counts.all.add(def);
        for (tally, stride) in counts.stride.iter_mut().zip(Stride::ALL) {
            if page.stride.contains(&stride) {
                tally.add(def);
            }
        }
        for (tally, decider) in counts.decided_by.iter_mut().zip(Decider::ALL) {
            if page.decided_by.contains(&decider) {
                tally.add(def);
            }
        }
    }
    counts
}

fn of_standard<'p>(standard: &'p Standard, all: &Extract<'_>) -> OfStandard<'p> {
    let mut items: Vec<_> = standard
        .items
        .iter()
        .map(|(id, title)| {
            let mut tally = Tally::default();
            for (def, page) in &all.threats {
                let mut named = page.standards.iter();
                let named = named.find(|one| one.standard == standard.id);
                if named.is_some_and(|one| one.items.contains(id)) {
                    tally.add(def);
                }
            }
            (id.clone(), title.clone(), tally)
        })
        .collect();
    // `S10` comes after `S9`.
    items.sort_by_key(|(id, ..)| (id.len(), id.clone()));
    OfStandard { standard, items }
}
