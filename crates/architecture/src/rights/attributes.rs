//! User attributes that look as if they decided on rights, and who may write them.

use underbelly_expression::{Basis, Fact, Guard, Places, SubjectId, Text};
use underbelly_iac::Resource;
use underbelly_source::Place;

use super::{facts, policy};
use crate::draft::Draft;
use crate::worlds::{Variables, in_world};

/// Adds `role_like_attributes` of user pools and `writes_privilege` of their clients.
pub(super) fn add(draft: &mut Draft<'_>) {
    for (id, resource) in draft.of_type("AWS::Cognito::UserPool") {
        let Some(pool) = draft.component_of(id) else {
            continue;
        };
        let schema = resource.properties.field("Schema");
        let variables = Variables::of(&schema);
        let worlds = &draft.graph.worlds;
        let fact = variables.by_case(worlds, &Guard::always(), |world| {
            role_like(draft, &in_world(&schema, world), resource)
        });
        draft.set(pool, "role_like_attributes", fact);
    }
    for (id, client) in draft.of_type("AWS::Cognito::UserPoolClient") {
        let pool = client.properties.field("UserPoolId").into_owned();
        for (_, pool) in draft.target_components(&pool, id) {
            of_client(draft, pool, client);
        }
    }
}

fn role_like(draft: &Draft<'_>, schema: &Fact, pool: &Resource) -> Fact {
    let list = &draft.library.data.words;
    let (attributes, rest) = schema.items();
    let mut rest = rest.cloned();
    let mut found: Vec<(Text, Basis, Places)> = Vec::new();
    for (_, attribute) in attributes {
        let mutable = attribute.field("Mutable").as_bool() != Some(false);
        let own = attribute.field("DeveloperOnlyAttribute").as_bool() == Some(true);
        if !mutable || own {
            continue;
        }
        match policy::term(&attribute.field("Name")) {
            Ok(name) => {
                let shown = name.text.to_string();
                if list.word_in("role_like_attributes", &shown).is_some() {
                    let name = Text::literal(format!("custom:{shown}"));
                    let places = attribute.span().map(Place::here).into_iter().collect();
                    found.push((name, Basis::LibraryAssumption, places));
                }
            }
            Err(unknown) => rest = rest.or(Some(unknown)),
        }
    }
    let head = schema.head(pool.head);
    facts::words(
        found,
        rest,
        Basis::LibraryAssumption,
        vec![Place::missing(head)],
    )
}

fn of_client(draft: &mut Draft<'_>, pool: SubjectId, client: &Resource) {
    let known = draft.parts_of(pool, "clients").into_iter();
    let mut known = known.filter(|part| {
        let part = draft.parts.get(part.index());
        let place = part.and_then(|part| part.place);
        place.is_some_and(|place| place == client.head || client.body.covers(place))
    });
    let part = match known.next() {
        Some(part) => part,
        None => {
            let name = client.properties.field("ClientName");
            let name = name.as_text().unwrap_or(&client.logical_id);
            let guard = client.guard.clone();
            draft.add_part(pool, "clients", "client", name, Some(client.head), guard)
        }
    };
    let Some(role_like) = draft.fact(pool, "role_like_attributes").cloned() else {
        return;
    };
    let written = client.properties.field("WriteAttributes").into_owned();
    let fact = written.map(|written| role_like.map(|role_like| writes(written, role_like)));
    draft.set(part, "writes_privilege", fact);
}

/// Whether one of the attributes may be written; where nothing is said, all may.
fn writes(written: &Fact, role_like: &Fact) -> Fact {
    let (attributes, more) = role_like.items();
    let unclear = |fact: &Fact| {
        let (_, rest) = fact.items();
        rest.cloned()
    };
    if written.is_absent() {
        let places = attributes.first().and_then(|(_, fact)| fact.span());
        let places = places.map(Place::here).into_iter();
        let places: Places = places.chain(written.span().map(Place::missing)).collect();
        return match (attributes.is_empty(), more) {
            (false, _) => facts::noted(
                facts::yes_no(true, Basis::ProviderDefault, places),
                "a client may write all attributes unless it names some",
            ),
            (true, Some(rest)) => Fact::Unknown(rest.clone()),
            (true, None) => facts::yes_no(false, Basis::LibraryAssumption, places),
        };
    }
    let (names, _) = written.items();
    let named = names.iter().find(|(_, name)| {
        let name = name.as_text();
        let mut attributes = attributes.iter();
        attributes.any(|(_, attribute)| name.is_some() && attribute.as_text() == name)
    });
    if let Some((_, name)) = named {
        let places = name.span().map(Place::here).into_iter().collect();
        return facts::yes_no(true, Basis::LibraryAssumption, places);
    }
    let hole = names.iter().find(|(_, name)| name.as_text().is_none());
    let hole = hole.and_then(|(_, name)| policy::term(name).err());
    match unclear(written).or(more.cloned()).or(hole) {
        Some(unknown) => Fact::Unknown(unknown),
        None => {
            let places = written.span().map(Place::here).into_iter().collect();
            facts::yes_no(false, Basis::Written, places)
        }
    }
}
