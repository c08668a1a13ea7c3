//! What names, tags and fields suggest of the data in a store: a hint with the
//! word that gave it, never a verdict.

use underbelly_expression::{Basis, Fact, Piece, SubjectId};
use underbelly_iac::Resource;
use underbelly_source::Place;

use crate::derived::text;
use crate::draft::Draft;

/// Sets `data_hint` of stores.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for index in 0..draft.components.len() {
        let store = SubjectId::component(index);
        let kind = draft.kind_of(store).to_owned();
        if !draft.library.is(&kind, "store") {
            continue;
        }
        if let Some(fact) = hint(draft, store) {
            draft.set(store, "data_hint", fact);
        }
    }
}

fn hint(draft: &Draft<'_>, store: SubjectId) -> Option<Fact> {
    let component = draft.components.get(store.index())?;
    let head = component.place?;
    let words = &draft.library.data.words;
    let resource = draft.resource_of(store).map(|(_, resource)| resource);
    if let Some(fact) = resource.and_then(|resource| by_tags(draft, resource)) {
        return Some(fact);
    }
    let mut names = vec![(component.name.to_string(), Place::here(head))];
    names.extend(own_names(draft, store));
    // A name that says public outweighs one that may mean anything: `user-site`.
    let lists = [
        ("public_names", "public"),
        ("sensitive_data", "sensitive"),
        ("log_names", "logs"),
    ];
    for (list, means) in lists {
        for (name, place) in &names {
            if let Some(word) = words.word_in(list, name) {
                let note = format!("its name holds the word `{word}`");
                return Some(assumed(means, *place, &note));
            }
        }
    }
    for (field, place) in resource.map(fields).unwrap_or_default() {
        if let Some(word) = words.word_in("sensitive_data", &field) {
            let note = format!("the name of its field `{field}` holds the word `{word}`");
            return Some(assumed("sensitive", place, &note));
        }
    }
    Some(assumed(
        "none",
        Place::here(head),
        "no word of its name says so",
    ))
}

/// The names it is given in the template, as far as they are written there: what a
/// hole is called says nothing of the data.
fn own_names(draft: &Draft<'_>, store: SubjectId) -> Vec<(String, Place)> {
    let Some((id, resource)) = draft.resource_of(store) else {
        return Vec::new();
    };
    let paths = draft.entry_of(id).map_or(&[][..], |entry| &entry.names);
    let mut found = Vec::new();
    for path in paths {
        let name = resource.properties.path(path).into_owned();
        for (_, case) in name.cases() {
            let (Some(text), Some(span)) = (case.as_pattern(), case.span()) else {
                continue;
            };
            let literal = text.pieces().iter().filter_map(|piece| match piece {
                Piece::Literal(literal) => Some(&**literal),
                Piece::Hole(_) => None,
            });
            let literal: Vec<&str> = literal.collect();
            found.push((literal.join(" "), Place::here(span)));
        }
    }
    found
}

/// By a tag that classifies the data.
fn by_tags(draft: &Draft<'_>, resource: &Resource) -> Option<Fact> {
    let words = &draft.library.data.words;
    let tags = resource.properties.field("Tags");
    let (entries, _) = tags.entries();
    let pairs = entries
        .into_iter()
        .map(|(_, entry)| (entry.key.to_string(), entry.fact.clone()));
    let (items, _) = tags.items();
    let listed = items.into_iter().filter_map(|(_, item)| {
        let key = item.field("Key").as_text()?.to_owned();
        Some((key, item.field("Value").into_owned()))
    });
    for (key, value) in pairs.chain(listed) {
        if words.word_in("classification_tags", &key).is_none() {
            continue;
        }
        for (said, place) in written(&value) {
            for (list, means) in [("classified", "sensitive"), ("public_names", "public")] {
                if words.word_in(list, &said).is_some() {
                    let note = format!("its tag `{key}` says `{said}`");
                    return Some(assumed(means, place, &note));
                }
            }
        }
    }
    None
}

/// The names of fields that a store declares.
fn fields(resource: &Resource) -> Vec<(String, Place)> {
    let mut found = Vec::new();
    let declared = resource.properties.field("AttributeDefinitions");
    for (_, item) in declared.items().0 {
        found.extend(written(&item.field("AttributeName")));
    }
    found
}

/// The texts a fact may be, each with where it stands.
fn written(fact: &Fact) -> Vec<(String, Place)> {
    let mut found = Vec::new();
    for (_, case) in fact.cases() {
        if let (Fact::Known(known), Some(said)) = (case, case.as_pattern()) {
            let place = known.places.first().copied();
            found.extend(place.map(|place| (said.to_string(), place)));
        }
    }
    found
}

fn assumed(means: &str, place: Place, note: &str) -> Fact {
    let mut fact = Fact::known(text(means), Basis::LibraryAssumption, vec![place]);
    if let Fact::Known(known) = &mut fact {
        known.note = Some(note.into());
    }
    fact
}

#[cfg(test)]
mod tests {
    use crate::testing::check_facts;

    #[test]
    fn a_name_or_tag_or_field_suggests_what_a_store_holds() {
        let store = |name: &str, more: &str| {
            format!("  {name}: {{Type: AWS::DynamoDB::Table, Properties: {{{more}}}}}")
        };
        check_facts(
            &store("CustomerTable", ""),
            &["CustomerTable.data_hint = sensitive library-assumption 2"],
        );
        check_facts(
            &store("Main", "TableName: customer-${Stage}"),
            &["Main.data_hint = sensitive library-assumption 2"],
        );
        check_facts(
            &store("Main", "TableName: !Sub 'x-${Customer}'"),
            &["Main.data_hint = none library-assumption 2"],
        );
        check_facts(
            &store(
                "Main",
                "AttributeDefinitions: [{AttributeName: customerId, AttributeType: S}]",
            ),
            &["Main.data_hint = sensitive library-assumption 2"],
        );
        check_facts(
            &store(
                "Main",
                "Tags: [{Key: data-classification, Value: Confidential}]",
            ),
            &["Main.data_hint = sensitive library-assumption 2"],
        );
        check_facts(
            &store(
                "CustomerCopy",
                "Tags: [{Key: DataClassification, Value: public}]",
            ),
            &["CustomerCopy.data_hint = public library-assumption 2"],
        );
        for (name, means) in [
            ("AccessLogs", "logs"),
            ("CustomerLogs", "sensitive"),
            ("PublicLogs", "public"),
        ] {
            let expected = format!("{name}.data_hint = {means} library-assumption 2");
            check_facts(&store(name, ""), &[&expected]);
        }
        check_facts(
            &store("Main", ""),
            &["Main.data_hint = none library-assumption 2"],
        );
    }
}
