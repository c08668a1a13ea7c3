//! From the file's text to what it says, every key checked.

use std::sync::Arc;

use underbelly_library::{Fields, Sheet};
use underbelly_model::{Decided, Level};
use underbelly_source::{Diagnostic, FileId, Files, Limits};
use underbelly_syntax::{Entry, Kind, Node};

use crate::{Answer, Asset, Decision, Declared, Named, Planned, Project, Zone};

const SECTIONS: &[&str] = &[
    "components",
    "actors",
    "zones",
    "assets",
    "out-of-scope",
    "answers",
    "accepted",
    "dismissed",
    "planned",
];

/// What the file says, and what is wrong with it. What is wrong is left out; the
/// rest counts.
pub fn read(files: &Files, file: FileId, limits: &Limits) -> (Project, Vec<Diagnostic>) {
    let (documents, mut problems) = underbelly_syntax::read(files, file, limits);
    let mut project = Project {
        folder: folder(files.path(file)).into(),
        ..Project::default()
    };
    let mut sheet = Sheet::default();
    for document in &documents {
        if !document.root().is_null() {
            sheet.refuse_cleverness(document.root());
            of_root(&mut sheet, document.root(), &mut project);
        }
    }
    problems.append(&mut sheet.problems);
    problems.sort_by_key(|problem| problem.span);
    (project, problems)
}

fn folder(path: &str) -> &str {
    path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or("")
}

fn of_root(sheet: &mut Sheet, root: Node<'_>, project: &mut Project) {
    let Some(fields) = sheet.fields(root, "the file", SECTIONS) else {
        return;
    };
    for entry in sheet.entries_of(fields, "components") {
        let known = ["kind", "zone", "about", "calls", "called-by"];
        let declared = declared(sheet, entry, "a component", &known);
        project.components.extend(declared);
    }
    for entry in sheet.entries_of(fields, "actors") {
        let declared = declared(sheet, entry, "an actor", &["zone", "about", "calls"]);
        project.actors.extend(declared);
    }
    for entry in sheet.entries_of(fields, "zones") {
        project.zones.extend(zone(sheet, entry));
    }
    for entry in sheet.entries_of(fields, "assets") {
        project.assets.extend(asset(sheet, entry));
    }
    for entry in sheet.entries_of(fields, "answers") {
        project.answers.extend(answer(sheet, entry));
    }
    let sections = [
        ("accepted", Decided::Accepted),
        ("dismissed", Decided::Dismissed),
        ("out-of-scope", Decided::OutOfScope),
    ];
    for (section, decided) in sections {
        for item in sheet.items_of(fields, section) {
            project.decisions.extend(decision(sheet, item, decided));
        }
    }
    for item in sheet.items_of(fields, "planned") {
        project.planned.extend(planned(sheet, item));
    }
}

fn declared(
    sheet: &mut Sheet,
    entry: Entry<'_>,
    what: &'static str,
    known: &[&str],
) -> Option<Declared> {
    let name = named(sheet, entry.key, what)?;
    let mut declared = Declared {
        name,
        kind: None,
        zone: None,
        calls: Vec::new(),
        called_by: Vec::new(),
    };
    if !entry.value.is_null() {
        let fields = sheet.fields(entry.value, what, known)?;
        declared.kind = named_of(sheet, fields, "kind");
        declared.zone = named_of(sheet, fields, "zone");
        declared.calls = all_named(sheet, fields, "calls");
        declared.called_by = all_named(sheet, fields, "called-by");
        sheet.text_of(fields, "about");
    }
    Some(declared)
}

fn zone(sheet: &mut Sheet, entry: Entry<'_>) -> Option<Zone> {
    let id = named(sheet, entry.key, "a zone")?;
    let fields = sheet.fields(entry.value, "a zone", &["name", "rating", "holds"])?;
    let rating = fields.get("rating");
    let rating = rating.and_then(|node| match node.integer() {
        Some(rating @ 0..=100) => u8::try_from(rating).ok(),
        _ => {
            let message = "`rating` is a number from 0 (anyone) to 100";
            sheet.report("wrong-value", node.span(), message);
            None
        }
    });
    Some(Zone {
        id,
        name: sheet.text_of(fields, "name"),
        rating,
        holds: all_named(sheet, fields, "holds"),
    })
}

fn asset(sheet: &mut Sheet, entry: Entry<'_>) -> Option<Asset> {
    const KNOWN: &[&str] = &[
        "held-by",
        "confidentiality",
        "integrity",
        "availability",
        "about",
    ];
    let name = named(sheet, entry.key, "an asset")?;
    let fields = sheet.fields(entry.value, "an asset", KNOWN)?;
    sheet.text_of(fields, "about");
    sheet.need(fields, "held-by");
    let mut level = |key: &str| {
        let node = fields.get(key)?;
        sheet.choice(node, key, &Level::ALL, Level::word)
    };
    Some(Asset {
        name,
        confidentiality: level("confidentiality"),
        integrity: level("integrity"),
        availability: level("availability"),
        held_by: all_named(sheet, fields, "held-by"),
    })
}

/// `key: value`, or `key: { answer: value, by: … }`.
fn answer(sheet: &mut Sheet, entry: Entry<'_>) -> Option<Answer> {
    let key = named(sheet, entry.key, "a question")?;
    let mut by = None;
    let value = match entry.value.kind() {
        Kind::Mapping => {
            let known = ["answer", "by", "reason"];
            let fields = sheet.fields(entry.value, "an answer", &known)?;
            by = sheet.text_of(fields, "by");
            sheet.text_of(fields, "reason");
            sheet.need(fields, "answer")?
        }
        Kind::Null | Kind::Bool | Kind::Number | Kind::Text | Kind::Sequence => entry.value,
    };
    let is_list = value.kind() == Kind::Sequence;
    let values: Vec<Named> = if is_list {
        let items = value.items();
        items
            .filter_map(|item| named(sheet, item, "an answer"))
            .collect()
    } else {
        vec![named(sheet, value, "an answer")?]
    };
    Some(Answer {
        key,
        value: values,
        is_list,
        by,
    })
}

fn decision(sheet: &mut Sheet, item: Node<'_>, decided: Decided) -> Option<Decision> {
    let (what, of) = match decided {
        Decided::Accepted => ("an accepted threat", "threat"),
        Decided::Dismissed => ("a dismissed threat", "threat"),
        Decided::OutOfScope => ("what is out of scope", "component"),
    };
    let fields = sheet.fields(item, what, &[of, "points", "reason", "by", "until"])?;
    let found = sheet.need(fields, of);
    let reason = sheet.need(fields, "reason");
    let until = match decided {
        // What nobody looks at again is forgotten, not accepted.
        Decided::Accepted => Some(sheet.need(fields, "until")?),
        Decided::Dismissed | Decided::OutOfScope => fields.get("until"),
    };
    let until = match until {
        None => None,
        Some(node) => Some(day(sheet, node)?),
    };
    let points = fields.get("points");
    Some(Decision {
        decided,
        points: points.map(|_| all_named(sheet, fields, "points")),
        of: named(sheet, found?, of)?,
        reason: sheet.text(reason?, "reason")?,
        by: sheet.text_of(fields, "by"),
        until,
    })
}

fn planned(sheet: &mut Sheet, item: Node<'_>) -> Option<Planned> {
    let known = ["countermeasure", "by", "until"];
    let fields = sheet.fields(item, "what is planned", &known)?;
    sheet.text_of(fields, "by");
    let countermeasure = sheet.need(fields, "countermeasure")?;
    let until = fields.get("until");
    Some(Planned {
        countermeasure: named(sheet, countermeasure, "countermeasure")?,
        until: until.and_then(|node| day(sheet, node)),
    })
}

fn day(sheet: &mut Sheet, node: Node<'_>) -> Option<Named> {
    let name = sheet.date(node, "until")?;
    Some(Named {
        name,
        span: node.span(),
    })
}

fn named(sheet: &mut Sheet, node: Node<'_>, what: &str) -> Option<Named> {
    let name: Arc<str> = sheet.text(node, what)?;
    Some(Named {
        name,
        span: node.span(),
    })
}

fn named_of(sheet: &mut Sheet, fields: Fields<'_>, key: &str) -> Option<Named> {
    let node = fields.get(key)?;
    named(sheet, node, key)
}

/// One name, or a list of them.
fn all_named(sheet: &mut Sheet, fields: Fields<'_>, key: &str) -> Vec<Named> {
    let one = fields.get(key).filter(|node| node.kind() == Kind::Text);
    let items = match one {
        Some(one) => vec![one],
        None => sheet.items_of(fields, key),
    };
    let items = items.into_iter();
    items.filter_map(|item| named(sheet, item, key)).collect()
}
