//! What conditions may ask, as text for the terminal: names, types, who gives
//! the answer, meaning.

use std::fmt::Write;

use crate::{By, COMPONENT, FactDef, Library};

/// The facts of a kind, trait or part, with those it inherits and those of its
/// parts; without one, the list of what there is. `None` if there is no such kind.
pub fn facts_page(library: &Library, id: Option<&str>) -> Option<String> {
    let Some(id) = id else {
        return Some(overview(library));
    };
    let mut page = String::new();
    if let Some(part) = library.part(id) {
        heading(&mut page, id, &part.about);
        let _ = writeln!(page, "\nkey: {}\n", part.key);
        table(&mut page, "", part.facts.iter());
        let _ = writeln!(
            page,
            "\n`component` is what the {} belongs to",
            part.name.to_lowercase()
        );
        return Some(page);
    }
    let about = match (library.kind(id), library.trait_of(id)) {
        (Some(kind), _) => &kind.about,
        (None, Some(found)) => &found.about,
        (None, None) => return None,
    };
    heading(&mut page, id, about);
    facts_by_owner(&mut page, library, id);
    code(&mut page, library, id);
    parts(&mut page, library, id);
    practices(&mut page, library);
    Some(page)
}

fn overview(library: &Library) -> String {
    let mut page = String::new();
    let kinds = library.kinds.iter().map(|kind| (&*kind.id, &*kind.about));
    list(&mut page, "Kinds", kinds.collect());
    let traits = library.traits.iter();
    let traits = traits.filter(|found| &*found.id != COMPONENT);
    let traits = traits.map(|found| (&*found.id, &*found.about));
    list(
        &mut page,
        "Traits, which several kinds share",
        traits.collect(),
    );
    let parts = library.parts.iter().map(|part| (&*part.id, &*part.about));
    list(&mut page, "Parts", parts.collect());
    page.push_str("show one: underbelly library facts NAME\n");
    page
}

fn list(page: &mut String, title: &str, rows: Vec<(&str, &str)>) {
    let _ = writeln!(page, "{title}");
    let width = rows.iter().map(|(id, _)| id.len()).max().unwrap_or(0);
    for (id, about) in rows {
        let _ = writeln!(page, "  {id:width$}  {about}");
    }
    page.push('\n');
}

fn heading(page: &mut String, id: &str, about: &str) {
    let _ = writeln!(page, "{id}: {about}");
}

fn facts_by_owner(page: &mut String, library: &Library, id: &str) {
    let mut rows: Vec<(&str, Vec<&FactDef>)> = Vec::new();
    for (owner, fact) in library.facts_of(id) {
        match rows.last_mut() {
            Some((last, facts)) if *last == owner => facts.push(fact),
            _ => rows.push((owner, vec![fact])),
        }
    }
    for (owner, facts) in rows {
        let title = match owner {
            COMPONENT => "\nas every component\n".to_owned(),
            owner if owner == id => "\n".to_owned(),
            owner => format!("\nas {owner}\n"),
        };
        page.push_str(&title);
        table(page, "", facts.into_iter());
    }
}

fn table<'f>(page: &mut String, prefix: &str, facts: impl Iterator<Item = &'f FactDef>) {
    let facts: Vec<&FactDef> = facts.collect();
    let name = |fact: &FactDef| format!("{prefix}{}", fact.name);
    let width = facts.iter().map(|fact| name(fact).len()).max().unwrap_or(0);
    for fact in facts {
        let _ = writeln!(
            page,
            "  {:width$}  {} ({})",
            name(fact),
            fact.ty.to_string().replace('|', " | "),
            giver(fact.by)
        );
        let _ = writeln!(page, "  {:width$}  {}", "", fact.about);
    }
}

fn giver(by: By) -> &'static str {
    match by {
        By::Catalogue => "written",
        By::Joined => "written nearby",
        By::Computed => "computed",
        By::Person => "a person",
        By::Code => "its code",
        By::Provisional => "nobody yet",
    }
}

fn code(page: &mut String, library: &Library, id: &str) {
    let facts = library.kind(id).map_or(&[][..], |kind| &kind.code);
    if facts.is_empty() {
        return;
    }
    page.push_str("\nwhat only its code can tell\n");
    let width = facts.iter().map(|fact| fact.name.len()).max().unwrap_or(0);
    for fact in facts {
        let good = if fact.good {
            "good if yes"
        } else {
            "good if no"
        };
        let _ = writeln!(page, "  code.{:width$}  {} ({good})", fact.name, fact.ask);
    }
}

fn parts(page: &mut String, library: &Library, id: &str) {
    for (_, fact) in library.facts_of(id) {
        let part = fact.ty.strip_prefix("parts<");
        let part = part.and_then(|rest| library.part(rest.strip_suffix('>')?));
        let Some(part) = part else {
            continue;
        };
        let _ = writeln!(page, "\neach of `{}`: {}", fact.name, part.about);
        table(page, "", part.facts.iter());
    }
}

fn practices(page: &mut String, library: &Library) {
    if library.practices.is_empty() {
        return;
    }
    page.push_str("\nwhat only people know of the team\n");
    let names = library.practices.iter().map(|practice| practice.name.len());
    let width = names.max().unwrap_or(0);
    for practice in &library.practices {
        let _ = writeln!(
            page,
            "  practice.{:width$}  {}",
            practice.name, practice.ask
        );
    }
}
