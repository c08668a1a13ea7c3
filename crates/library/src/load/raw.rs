//! Entries as read, before names in them are looked up. Each keeps its tree, so
//! that whatever turns out wrong later can be underlined.

use std::sync::Arc;

use underbelly_source::Span;
use underbelly_syntax::Node;

use super::strict::{Fields, Sheet};
use crate::{AppliesTo, CountermeasurePage, Effort, EntryStatus, Lowers, Rate, ThreatPage};

/// A condition or path as written.
#[derive(Clone, Debug)]
pub(super) struct Written<'d> {
    pub(super) text: Arc<str>,
    pub(super) node: Node<'d>,
}

impl<'d> Written<'d> {
    /// That must be there.
    pub(super) fn needed(sheet: &mut Sheet, fields: Fields<'d>, key: &str) -> Option<Self> {
        sheet.need(fields, key)?;
        Written::of(sheet, fields, key)
    }

    /// That may be left out.
    pub(super) fn of(sheet: &mut Sheet, fields: Fields<'d>, key: &str) -> Option<Self> {
        let node = fields.get(key)?;
        sheet.text(node, key)?;
        // As decoded, so that ranges in it can be found in the file.
        let text = node.text().unwrap_or("").into();
        Some(Written { text, node })
    }
}

#[derive(Debug)]
pub(super) struct RawThreat<'d> {
    pub(super) id: Arc<str>,
    pub(super) root: Node<'d>,
    pub(super) name: Arc<str>,
    pub(super) status: EntryStatus,
    pub(super) provider: Option<Arc<str>>,
    pub(super) applies_to: Vec<(AppliesTo, Span)>,
    pub(super) when: Option<Written<'d>>,
    pub(super) exposed: Option<Written<'d>>,
    pub(super) absorbs: Vec<RawAbsorb<'d>>,
    pub(super) rate: Rate,
    pub(super) countermeasures: Vec<RawLink<'d>>,
    pub(super) page: ThreatPage,
}

#[derive(Debug)]
pub(super) struct RawAbsorb<'d> {
    pub(super) name: Node<'d>,
    pub(super) on: Option<Written<'d>>,
}

#[derive(Debug)]
pub(super) struct RawLink<'d> {
    pub(super) name: Node<'d>,
    pub(super) on: Option<Written<'d>>,
    pub(super) sufficient: bool,
    pub(super) any: Option<Arc<str>>,
    pub(super) lowers: Option<Lowers>,
}

#[derive(Debug)]
pub(super) struct RawCountermeasure<'d> {
    pub(super) id: Arc<str>,
    pub(super) root: Node<'d>,
    pub(super) name: Arc<str>,
    pub(super) status: EntryStatus,
    pub(super) applies_to: Vec<(AppliesTo, Span)>,
    pub(super) in_place: Option<Written<'d>>,
    pub(super) lowers: Lowers,
    pub(super) effort: Effort,
    pub(super) page: CountermeasurePage,
}
