//! One task of a workflow: the service it calls, and the resource it names.

use underbelly_expression::{Basis, Fact, Guard, SubjectId, Text, Value};
use underbelly_iac::ResourceId;
use underbelly_model::{FlowKind, Strength};
use underbelly_source::{Place, Span};

use crate::address;
use crate::derived::{at_host, bool_like, like, unresolved};
use crate::draft::Draft;
use crate::services::Service;

use super::apis::subjects;
use super::link::{Link, Style, Trigger};

/// A state that calls something.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// Its path: `Pay/Charge`.
    pub(crate) path: String,
    /// When it exists.
    pub(crate) guard: Guard,
    /// How many tasks come before it, if a way leads to it.
    pub(crate) before: Option<u32>,
    /// Where its name stands.
    pub(crate) place: Span,
    /// The state as written.
    pub(crate) state: Fact,
}

/// What the `Resource` of a task asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    /// A function or activity by its address.
    Address,
    /// A service: its name, the action, and whether it waits for a token.
    Service {
        service: String,
        action: String,
        token: bool,
    },
    /// Nobody can tell.
    Unclear,
}

/// What a task calls.
struct Call {
    calls: Fact,
    from_input: Fact,
    token: Fact,
    external: Fact,
    /// How the flow is drawn.
    drawn: Drawn,
}

enum Drawn {
    Call,
    Read,
    Write,
}

/// Adds the part and draws the flow.
pub(crate) fn add(draft: &mut Draft<'_>, workflow: SubjectId, near: ResourceId, task: &Task) {
    let resource = task.state.field("Resource").into_owned();
    let part = draft.add_part(
        workflow,
        "tasks",
        "task",
        &task.path,
        Some(task.place),
        task.guard.clone(),
    );
    let mut facts: Vec<(Guard, Call)> = Vec::new();
    for (guard, case) in resource.cases() {
        let call = match asked(case) {
            Asked::Address => address_call(draft, case, near),
            Asked::Service {
                service,
                action,
                token,
            } => {
                let asked = (service.as_str(), action.as_str(), token);
                service_call(draft, case, asked, task, near)
            }
            Asked::Unclear => unclear(case, task.place),
        };
        facts.push((guard, call));
    }
    let pick = |field: fn(&Call) -> &Fact| {
        let all = facts
            .iter()
            .map(|(guard, call)| (guard.clone(), field(call).clone()));
        Fact::one_of(all.collect::<Vec<_>>())
    };
    draft.set(part, "calls", pick(|call| &call.calls));
    draft.set(part, "target_from_input", pick(|call| &call.from_input));
    draft.set(part, "token_callback", pick(|call| &call.token));
    draft.set(part, "external", pick(|call| &call.external));
    let before = match task.before {
        Some(before) => Fact::known(
            Value::Number(before.into()),
            Basis::Written,
            vec![Place::here(task.place)],
        ),
        None => Fact::absent(Some(task.place)),
    };
    draft.set(part, "tasks_before", before);
    for (guard, call) in &facts {
        if let Some(guard) = task.guard.and(guard) {
            draw(draft, workflow, task, &guard, call);
        }
    }
}

fn draw(draft: &mut Draft<'_>, workflow: SubjectId, task: &Task, guard: &Guard, call: &Call) {
    for (guard, destination) in subjects(Some(&call.calls), guard) {
        let (kind, label) = match call.drawn {
            Drawn::Call => (FlowKind::Call, task.path.as_str()),
            Drawn::Read => (FlowKind::Access, "read"),
            Drawn::Write => (FlowKind::Access, "write"),
        };
        if kind == FlowKind::Access {
            let places = vec![Place::here(task.place)];
            let strength = Strength::Strong;
            draft.add_flow(workflow, destination, kind, strength, label, guard, places);
            continue;
        }
        let link = Link {
            source: workflow,
            destination,
            kind,
            label: label.to_owned(),
            guard,
            place: task.place,
        };
        link.draw(draft, &Trigger::plain(Style::Sync, task.place));
    }
}

/// Reads `arn:aws:states:::sqs:sendMessage.waitForTaskToken` and its like.
fn asked(resource: &Fact) -> Asked {
    let Some(text) = resource.as_pattern() else {
        return Asked::Unclear;
    };
    let fields = address::split(text, ':', 8);
    let known = |at: usize| fields.get(at).and_then(Text::known).unwrap_or_default();
    let integration = known(0) == "arn" && known(2) == "states" && known(3).is_empty();
    if !integration || fields.len() < 7 {
        return Asked::Address;
    }
    let (service, action) = match known(5) {
        "aws-sdk" => (known(6), known(7)),
        service => (service, known(6)),
    };
    let token = action.ends_with(".waitForTaskToken");
    let action = action.split('.').next().unwrap_or(action);
    Asked::Service {
        service: service.to_ascii_lowercase(),
        action: action.to_owned(),
        token,
    }
}

fn address_call(draft: &mut Draft<'_>, resource: &Fact, near: ResourceId) -> Call {
    let activity = resource
        .as_pattern()
        .is_some_and(|text| text.to_string().contains(":activity:"));
    let calls = match activity {
        true => Fact::absent(resource.span()),
        false => draft.reference(resource, &["function"], near),
    };
    Call {
        calls,
        from_input: bool_like(resource, false),
        // Whoever works on an activity is given a token.
        token: bool_like(resource, activity),
        external: bool_like(resource, false),
        drawn: Drawn::Call,
    }
}

fn unclear(resource: &Fact, place: Span) -> Call {
    let unknown = match resource {
        Fact::Known(_) => unresolved(resource),
        Fact::Absent(_) => Fact::unknown(
            underbelly_expression::Reason::Unsupported("a task without resource".into()),
            Some(place),
        ),
        Fact::Unknown(_) | Fact::OneOf(_) => resource.clone(),
    };
    Call {
        calls: unknown.clone(),
        from_input: unknown.clone(),
        token: unknown.clone(),
        external: unknown,
        drawn: Drawn::Call,
    }
}

fn service_call(
    draft: &mut Draft<'_>,
    resource: &Fact,
    (service, action, token): (&str, &str, bool),
    task: &Task,
    near: ResourceId,
) -> Call {
    let arguments = arguments(&task.state);
    let external = service == "http";
    let (named, from_input) = match external {
        true => endpoint(&arguments),
        false => named(service, &arguments),
    };
    let calls = match (&named, from_input, Service::of(service)) {
        (_, true, _) => Fact::absent(resource.span()),
        (Some(address), false, _) if external || service == "apigateway" => {
            at_host(draft, address, near, task.place)
        }
        (Some(named), false, Some(service)) => draft.reference(named, &[service.kind], near),
        (None, false, Some(service)) if service.kind == "event-bus" => {
            let bus = draft.default_bus(task.place);
            like(resource, Value::Subject(bus))
        }
        (_, false, _) => {
            let actor = draft.actor(&format!("{service}.amazonaws.com"));
            like(resource, Value::Subject(actor))
        }
    };
    let at = named.as_ref().unwrap_or(resource);
    Call {
        calls,
        from_input: bool_like(at, from_input),
        token: bool_like(resource, token),
        external: bool_like(resource, external),
        drawn: drawn(service, action),
    }
}

/// What a task passes on, in either of the two languages.
fn arguments(state: &Fact) -> Fact {
    let arguments = state.field("Arguments");
    match arguments.is_absent() {
        true => state.field("Parameters").into_owned(),
        false => arguments.into_owned(),
    }
}

/// The value that names the resource, and whether the input decides it.
fn named(service: &str, arguments: &Fact) -> (Option<Fact>, bool) {
    let Some(service) = Service::of(service) else {
        return (None, false);
    };
    if service.kind == "event-bus" {
        let entries = arguments.field("Entries").into_owned();
        let first = entries.items().0.into_iter().next();
        let found = first.and_then(|(_, entry)| service.names_in(entry));
        let decided = found.as_ref().is_some_and(decided_by_input);
        return (found, decided);
    }
    let found = service.names_in(arguments);
    let decided = found.as_ref().is_some_and(decided_by_input);
    (found, decided)
}

fn endpoint(arguments: &Fact) -> (Option<Fact>, bool) {
    let (entries, _) = arguments.entries();
    let found = entries.iter().find(|(_, entry)| {
        let key = entry.key.strip_suffix(".$").unwrap_or(&entry.key);
        key == "ApiEndpoint"
    });
    let found = found.map(|(_, entry)| entry.fact.clone());
    let decided = found.as_ref().is_some_and(decided_by_input);
    (found, decided)
}

/// `$.table` in the one language, `{% $states.input.table %}` in the other.
fn decided_by_input(fact: &Fact) -> bool {
    let Some(text) = fact.as_pattern() else {
        return false;
    };
    let start = text.prefix().trim_start();
    let path = start.starts_with("$.") || start.starts_with("$$.") || start == "$";
    let made = start.starts_with("States.") && text.to_string().contains("$.");
    let expression = start.starts_with("{%") && text.to_string().contains("$states");
    path || made || expression
}

/// Calls of stores read or write; others are waited for.
fn drawn(service: &str, action: &str) -> Drawn {
    const READS: [&str; 8] = [
        "get", "query", "scan", "list", "describe", "head", "batchget", "receive",
    ];
    let of_data = matches!(
        Service::of(service).map(|service| service.kind),
        Some("table" | "object-store" | "database" | "secret" | "log-group" | "key")
    );
    let action = action.to_ascii_lowercase();
    match (of_data, READS.iter().any(|verb| action.starts_with(verb))) {
        (true, true) => Drawn::Read,
        (true, false) => Drawn::Write,
        (false, _) => Drawn::Call,
    }
}
