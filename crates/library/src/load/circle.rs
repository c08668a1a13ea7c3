//! Entries that lead round in a circle. Threats that include one another would all
//! be hidden; deprecated ones that take each other's place lead nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::raw::RawThreat;
use super::strict::Sheet;
use super::{Entries, kind};
use crate::{EntryStatus, Library};

/// Which entries lead on to which.
type Steps = BTreeMap<Arc<str>, Vec<Arc<str>>>;

/// Reports each step of the entries just read that closes a circle, and takes it out
/// of the library, so that the rest of the entry stands.
pub(super) fn refuse_circles(sheet: &mut Sheet, library: &mut Library, entries: &Entries<'_>) {
    let mut steps: Steps = library
        .threats
        .iter()
        .map(|def| {
            let absorbs = def.absorbs.iter().map(|absorb| absorb.id.clone());
            (def.id.clone(), absorbs.collect())
        })
        .collect();
    let read = entries.threats.iter();
    for raw in read.filter(|raw| !entries.broken.contains(&raw.id)) {
        for absorb in &raw.absorbs {
            let name = absorb.name.text().unwrap_or("");
            let Some(way) = way(&steps, name, &raw.id) else {
                continue;
            };
            let message = format!("`{}` includes itself by way of {way}", raw.id);
            let problem = sheet.report("circle", absorb.name.span(), message);
            problem.note = Some("each of them would be hidden by another".to_owned());
            problem.help = Some("let only the more general one include the other".to_owned());
            if let Some(steps) = steps.get_mut(&raw.id) {
                steps.retain(|step| **step != *name);
            }
            let mut threats = library.threats.iter_mut();
            if let Some(def) = threats.find(|def| def.id == raw.id) {
                def.absorbs.retain(|absorb| *absorb.id != *name);
            }
        }
    }
    let instead = library.threats.iter().filter_map(|def| match &def.status {
        EntryStatus::Deprecated(why) => Some((def.id.clone(), vec![why.instead.clone()?])),
        EntryStatus::Draft | EntryStatus::Stable => None,
    });
    let instead: Steps = instead.collect();
    for raw in &entries.threats {
        replaced_by_itself(sheet, &instead, raw);
    }
}

fn replaced_by_itself(sheet: &mut Sheet, instead: &Steps, raw: &RawThreat<'_>) {
    let Some(next) = instead.get(&raw.id).and_then(|next| next.first()) else {
        return;
    };
    if let Some(way) = way(instead, next, &raw.id) {
        let message = format!("`{}` takes its own place by way of {way}", raw.id);
        let span = kind::place_of(raw.root);
        sheet.report("circle", span, message).help =
            Some("name as `instead` an entry that is still judged".to_owned());
    }
}

/// The entries on the way from one to another, told; nothing where none leads there.
fn way(steps: &Steps, from: &str, to: &str) -> Option<String> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open = vec![from];
    let mut seen = BTreeSet::from([from]);
    while let Some(at) = open.pop() {
        if at == to {
            let mut way = vec![];
            let mut at = before.get(at).copied();
            while let Some(step) = at {
                way.push(format!("`{step}`"));
                at = before.get(step).copied();
            }
            way.reverse();
            return Some(match way.is_empty() {
                true => "itself".to_owned(),
                false => way.join(", "),
            });
        }
        for next in steps.get(at).into_iter().flatten() {
            if seen.insert(next) {
                before.insert(next, at);
                open.push(next);
            }
        }
    }
    None
}
