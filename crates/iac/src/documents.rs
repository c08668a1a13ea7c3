//! Properties that hold a policy or pattern as text become the trees they hold.
//! Definitions of state machines and descriptions of APIs have modules of their own.

use underbelly_expression::{Fact, Value};

use crate::draft::{Draft, StackDraft};
use crate::make::with;
use crate::reader::Reader;

/// Properties that hold a policy or pattern, as a tree or as the text of one.
const HELD: [&str; 9] = [
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "KeyPolicy",
    "ResourcePolicy",
    "Policy",
    "EventPattern",
    "RedrivePolicy",
    "FilterPolicy",
    "RepositoryPolicyText",
];

/// Reads the documents that drafts hold as texts or in local files.
pub(crate) fn read_documents(stack: &mut StackDraft<'_, '_>) {
    let mut drafts = std::mem::take(&mut stack.resources);
    for draft in &mut drafts {
        if matches!(
            &*draft.kind,
            "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api"
        ) {
            read_body_file(draft, stack.reader);
        }
        for name in HELD {
            change(&mut draft.properties, name, &mut |fact| {
                read_text(fact, stack.reader)
            });
        }
    }
    stack.resources = drafts;
}

/// The document of an API that is not in the template. A local file in `BodyS3Location` is what `aws cloudformation package` uploads.
fn read_body_file(draft: &mut Draft, reader: &mut Reader<'_>) {
    let location = draft.properties.field("BodyS3Location").into_owned();
    if location.is_absent() || !draft.properties.field("Body").is_absent() {
        return;
    }
    let span = location.head(draft.head);
    match location.as_text() {
        Some(path) => {
            if let Some(body) = reader.file(path, span) {
                draft.properties = with(&draft.properties, "Body", body, span);
            }
        }
        None => reader.report_remote("the API's definition", span),
    }
}

/// The tree in a text; `None` where it is a tree already or no document.
fn read_text(fact: &Fact, reader: &mut Reader<'_>) -> Option<Fact> {
    let text = fact.as_pattern()?;
    reader.json_text(text, fact.span()?)
}

/// Changes a property wherever it is known.
fn change(properties: &mut Fact, name: &str, how: &mut dyn FnMut(&Fact) -> Option<Fact>) {
    match properties {
        Fact::Known(known) => {
            if let Value::Map(map) = &mut known.value
                && let Some(entry) = map.entries.iter_mut().find(|entry| &*entry.key == name)
            {
                let changed = entry
                    .fact
                    .map(|fact| how(fact).unwrap_or_else(|| fact.clone()));
                entry.fact = changed;
            }
        }
        Fact::OneOf(one_of) => {
            one_of
                .alternatives
                .iter_mut()
                .for_each(|a| change(&mut a.fact, name, how));
        }
        Fact::Unknown(_) | Fact::Absent(_) => {}
    }
}
