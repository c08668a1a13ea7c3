//! What a function runs on: whether its runtime still gets fixes on the day of the
//! analysis, and whose layers it loads.

use std::sync::Arc;

use underbelly_expression::{Basis, Cause, Fact, Known, Piece, Reason, SubjectId, Text, Value};
use underbelly_iac::ResourceId;
use underbelly_library::Runtime;
use underbelly_source::Place;

use crate::address;
use crate::derived::{text, unresolved};
use crate::draft::{Draft, Target};

/// Word lists of account ids.
const OF_PROVIDER: &str = "layer_accounts_of_provider";
const OF_PARTNERS: &str = "layer_accounts_of_partners";

/// Adds `runtime_support` of functions and `owner` of their layers.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for function in draft.of_kind("function") {
        let Some(runtime) = draft.fact(function, "runtime").cloned() else {
            continue;
        };
        let support = runtime.map(|case| support(draft, case));
        draft.set(function, "runtime_support", support);
        let Some((near, _)) = draft.resource_of(function) else {
            continue;
        };
        for layer in layers(draft, function) {
            if let Some(arn) = draft.fact(layer, "arn").cloned() {
                let owner = arn.map(|case| owner(draft, case, near));
                draft.set(layer, "owner", owner);
            }
        }
    }
}

fn layers(draft: &Draft<'_>, function: SubjectId) -> Vec<SubjectId> {
    let component = draft.components.get(function.index());
    let parts = component.map_or(&[][..], |component| &component.parts);
    let is_layer = |part: &&SubjectId| {
        let part = draft.parts.get(part.index());
        part.is_some_and(|part| &*part.group == "layers")
    };
    parts.iter().filter(is_layer).copied().collect()
}

fn support(draft: &Draft<'_>, runtime: &Fact) -> Fact {
    let known = match runtime {
        Fact::Known(known) => known,
        Fact::Absent(absent) => {
            let note = "an image brings its own runtime";
            return Fact::default(text("none"), Basis::Written, absent.place, note);
        }
        Fact::Unknown(_) | Fact::OneOf(_) => return runtime.clone(),
    };
    let Some(name) = runtime.as_text() else {
        return unresolved(runtime);
    };
    let Some(dates) = draft.library.data.runtimes.get(name) else {
        let why = format!("the runtime `{name}` is not in the list");
        return Fact::unknown(Reason::Unsupported(why.into()), runtime.span());
    };
    let (word, note) = word(dates, draft.as_of);
    Fact::Known(Known {
        value: text(word),
        note: note.map(Into::into).or_else(|| known.note.clone()),
        ..known.clone()
    })
}

fn word(dates: &Runtime, as_of: &str) -> (&'static str, Option<String>) {
    // Dates are written so that their order as texts is that of time.
    let past = |date: &Option<Arc<str>>| date.clone().filter(|date| **date <= *as_of);
    if let Some(date) = past(&dates.block_create).or_else(|| past(&dates.block_update)) {
        return ("blocked", Some(format!("blocked since {date}")));
    }
    match past(&dates.deprecated) {
        Some(date) => ("deprecated", Some(format!("deprecated since {date}"))),
        None => ("supported", None),
    }
}

fn owner(draft: &Draft<'_>, arn: &Fact, near: ResourceId) -> Fact {
    let Fact::Known(known) = arn else {
        return arn.clone();
    };
    let say = |word: &str| {
        Fact::Known(Known {
            value: text(word),
            ..known.clone()
        })
    };
    let targets = draft.targets(arn, near);
    if let [(_, Target::Component(_) | Target::Resource(_))] = targets.as_slice() {
        return say("own");
    }
    let account = arn
        .as_pattern()
        .and_then(address::arn)
        .map(|arn| arn.account);
    let Some(account) = account else {
        return unresolved(arn);
    };
    if let [Piece::Hole(hole)] = account.pieces()
        && matches!(&hole.cause, Cause::Pseudo(name) if name.ends_with("AccountId"))
    {
        return say("own");
    }
    let Some(account) = account.known() else {
        return unresolved(&with_text(arn, account));
    };
    let listed = |list: &str| {
        let words = draft.library.data.words.lists.get(list);
        words.is_some_and(|words| words.iter().any(|word| **word == *account))
    };
    match (listed(OF_PROVIDER), listed(OF_PARTNERS)) {
        (true, _) => say("provider"),
        (false, true) => say("partner"),
        (false, false) => say("foreign"),
    }
}

fn with_text(fact: &Fact, text: Text) -> Fact {
    let places = fact.span().map(Place::here).into_iter().collect();
    Fact::known(Value::Text(text), Basis::Written, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_decides_on_support() {
        let dates = Runtime {
            deprecated: Some("2025-01-10".into()),
            block_create: Some("2025-03-01".into()),
            ..Runtime::default()
        };
        assert_eq!(word(&dates, "2025-01-09").0, "supported");
        assert_eq!(word(&dates, "2025-01-10").0, "deprecated");
        assert_eq!(word(&dates, "2025-03-01").0, "blocked");
        assert_eq!(word(&Runtime::default(), "2025-03-01").0, "supported");
    }
}
