//! What the library says of entries, found by their ids.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_library::{CountermeasurePage, Pages, Requirements, Standard, ThreatPage};

use super::super::words::prose;
use super::{Cell, Column};

/// The widest column of a standard's items.
const WIDTH: usize = 18;

/// Pages by the id of their entry.
pub(crate) struct Index<'p> {
    pub pages: &'p Pages,
    threats: BTreeMap<&'p str, &'p ThreatPage>,
    countermeasures: BTreeMap<&'p str, &'p CountermeasurePage>,
}

impl<'p> Index<'p> {
    pub(crate) fn of(pages: &'p Pages) -> Self {
        let threats = pages.threats.iter();
        let countermeasures = pages.countermeasures.iter();
        Index {
            pages,
            threats: threats.map(|page| (&*page.id, page)).collect(),
            countermeasures: countermeasures.map(|page| (&*page.id, page)).collect(),
        }
    }

    pub(crate) fn threat(&self, entry: &str) -> Option<&'p ThreatPage> {
        self.threats.get(entry).copied()
    }

    pub(crate) fn countermeasure(&self, entry: &str) -> Option<&'p CountermeasurePage> {
        self.countermeasures.get(entry).copied()
    }

    /// The standards that threats are known by: the same whatever was found, so
    /// that a table always has the same columns.
    pub(super) fn of_threats(&self) -> Standards<'p> {
        let pages = self.pages.threats.iter();
        self.named(pages.flat_map(|page| &page.standards))
    }

    /// The standards that countermeasures satisfy.
    pub(super) fn of_countermeasures(&self) -> Standards<'p> {
        let pages = self.pages.countermeasures.iter();
        self.named(pages.flat_map(|page| &page.standards))
    }

    fn named(&self, requirements: impl Iterator<Item = &'p Requirements>) -> Standards<'p> {
        let named: BTreeSet<&str> = requirements.map(|one| &*one.standard).collect();
        let standards = self.pages.standards.iter();
        Standards(standards.filter(|one| named.contains(&*one.id)).collect())
    }
}

/// Standards with a column each.
#[derive(Debug)]
pub(super) struct Standards<'p>(Vec<&'p Standard>);

impl Standards<'_> {
    pub(super) fn columns(&self) -> impl Iterator<Item = Column> {
        self.0.iter().map(|standard| Column {
            title: prose(&standard.short),
            narrowest: 0,
            widest: WIDTH,
            asked: None,
        })
    }

    /// The items of each, or nothing.
    pub(super) fn cells(&self, requirements: &[Requirements]) -> impl Iterator<Item = Cell> {
        self.0.iter().map(|standard| {
            let mut requirements = requirements.iter();
            let items = requirements.find(|one| one.standard == standard.id);
            let items = items.map_or(&[][..], |one| &one.items);
            let items: Vec<&str> = items.iter().map(|item| &**item).collect();
            Cell::text(prose(&items.join(", ")))
        })
    }
}
