//! Who runs under which role.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, Places, Reason, SubjectId};
use underbelly_iac::{Resource, ResourceId};
use underbelly_source::Place;

use super::facts;
use crate::draft::{Draft, Target};

/// What runs under a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    /// The component.
    pub(crate) subject: SubjectId,
    /// When it does.
    pub(crate) guard: Guard,
    /// Where it says so.
    pub(crate) place: Option<Place>,
}

/// Who runs under each role.
#[derive(Clone, Debug, Default)]
pub(crate) struct Users {
    /// Those that run under a role.
    pub(crate) of: BTreeMap<SubjectId, Vec<User>>,
    /// Those that hand the role's credentials to people.
    pub(crate) hands_out: BTreeMap<SubjectId, Vec<User>>,
}

/// Resources that are no component themselves, what names their role, and what
/// names the component that acts for them.
/// (empty: all of these kinds in the system).
const FOR_OTHERS: &[(&str, &str, &str, &[&str])] = &[
    (
        "AWS::ApiGateway::Account",
        "CloudWatchRoleArn",
        "",
        &["rest-api", "websocket-api"],
    ),
    (
        "AWS::ApiGateway::Method",
        "Integration.Credentials",
        "RestApiId",
        &["rest-api"],
    ),
    (
        "AWS::ApiGatewayV2::Integration",
        "CredentialsArn",
        "ApiId",
        &["http-api", "websocket-api"],
    ),
    (
        "AWS::AppSync::DataSource",
        "ServiceRoleArn",
        "ApiId",
        &["graphql-api"],
    ),
    (
        "AWS::Events::Rule",
        "RoleArn",
        "EventBusName",
        &["event-bus"],
    ),
    (
        "AWS::Events::Rule",
        "Targets.RoleArn",
        "EventBusName",
        &["event-bus"],
    ),
    (
        "AWS::Logs::SubscriptionFilter",
        "RoleArn",
        "LogGroupName",
        &["log-group"],
    ),
    (
        "AWS::SNS::Subscription",
        "SubscriptionRoleArn",
        "TopicArn",
        &["topic"],
    ),
];

/// Where a component's own resource names the role it runs under, below the top.
const DEEPER: &[(&str, &str)] = &[
    ("AWS::Scheduler::Schedule", "Target.RoleArn"),
    ("AWS::Events::Rule", "Targets.RoleArn"),
    (
        "AWS::KinesisFirehose::DeliveryStream",
        "ExtendedS3DestinationConfiguration.RoleARN",
    ),
    (
        "AWS::KinesisFirehose::DeliveryStream",
        "S3DestinationConfiguration.RoleARN",
    ),
    (
        "AWS::KinesisFirehose::DeliveryStream",
        "KinesisStreamSourceConfiguration.RoleARN",
    ),
    ("AWS::S3::Bucket", "ReplicationConfiguration.Role"),
    ("AWS::IoT::TopicRule", "TopicRulePayload.Actions.*.RoleArn"),
    (
        "AWS::ApiGateway::RestApi",
        "Body.paths.*.*.x-amazon-apigateway-integration.credentials",
    ),
    (
        "AWS::ApiGatewayV2::Api",
        "Body.paths.*.*.x-amazon-apigateway-integration.credentials",
    ),
];

/// Finds who runs under what, and says so on both.
pub(super) fn add(draft: &mut Draft<'_>) -> Users {
    let mut users = Users::default();
    let graph = draft.graph;
    for (id, resource) in graph.iter() {
        match draft.component_of(id) {
            Some(component) => own(draft, id, resource, component, &mut users),
            None => for_others(draft, id, resource, &mut users),
        }
    }
    handed_out(draft, &mut users);
    for (role, users) in &users.of {
        let each = users.iter();
        let each = each.map(|user| {
            let places: Places = user.place.into_iter().collect();
            (user.guard.clone(), user.subject, places)
        });
        set_users(draft, *role, each.collect());
    }
    for role in draft.of_kind("role") {
        if draft.fact(role, "users").is_none() {
            set_users(draft, role, Vec::new());
        }
    }
    shared(draft, &users);
    users
}

fn set_users(draft: &mut Draft<'_>, role: SubjectId, users: Vec<(Guard, SubjectId, Places)>) {
    let head = draft
        .components
        .get(role.index())
        .and_then(|role| role.place);
    let fact = facts::subjects(users, None, head);
    draft.set_unless(role, "users", fact);
}

/// The role that a component's own resource names.
fn own(
    draft: &mut Draft<'_>,
    id: ResourceId,
    resource: &Resource,
    component: SubjectId,
    users: &mut Users,
) {
    if resource.kind.starts_with("AWS::IAM::") {
        return;
    }
    let kind = draft
        .components
        .get(component.index())
        .map(|c| c.kind.clone());
    let kind = kind.unwrap_or_default();
    let runs = matches!(&*kind, "function" | "workflow" | "pipe" | "scheduler");
    let mut named: Vec<(Guard, Fact)> = Vec::new();
    let (properties, _) = resource.properties.entries();
    for (guard, property) in properties {
        let is_role = ["Role", "RoleArn", "RoleARN"];
        if is_role.iter().any(|end| property.key.ends_with(end)) {
            named.push((guard, property.fact.clone()));
        }
    }
    for (_, path) in DEEPER.iter().filter(|(kind, _)| **kind == *resource.kind) {
        named.extend(all_at(&resource.properties, path));
    }
    let mut roles = Vec::new();
    for (guard, value) in &named {
        for (inner, role) in roles_of(draft, value, id, runs) {
            if let Some(guard) = guard.and(&inner) {
                let place = value.span().map(Place::here);
                push(&mut users.of, role, component, guard.clone(), place);
                roles.push((guard, role, place));
            }
        }
    }
    if runs && draft.fact(component, "runs_as").is_none() {
        let fact = runs_as(&named, roles, resource);
        draft.set(component, "runs_as", fact);
    }
}

fn runs_as(
    named: &[(Guard, Fact)],
    mut roles: Vec<(Guard, SubjectId, Option<Place>)>,
    resource: &Resource,
) -> Fact {
    if roles.len() == 1
        && let Some((_, role, place)) = roles.pop()
    {
        return facts::subject(role, place.into_iter().collect());
    }
    if roles.is_empty() {
        return match named.first() {
            None => Fact::absent(Some(resource.head)),
            Some((_, Fact::Unknown(unknown))) => Fact::Unknown(unknown.clone()),
            Some((_, value)) => {
                let reason = Reason::Unsupported("a role that is named in no way we read".into());
                Fact::unknown(reason, value.span())
            }
        };
    }
    let cases = roles.into_iter();
    Fact::one_of(
        cases
            .map(|(guard, role, place)| (guard, facts::subject(role, place.into_iter().collect()))),
    )
}

/// The role under which a component lets one of its satellites act.
fn for_others(draft: &mut Draft<'_>, id: ResourceId, resource: &Resource, users: &mut Users) {
    for (kind, path, whose, kinds) in FOR_OTHERS {
        if **kind != *resource.kind {
            continue;
        }
        let owners = match whose.is_empty() {
            true => all_beside(draft, resource, kinds),
            false => {
                let owner = resource.properties.path(whose).into_owned();
                let named = draft.named(kinds, &owner, id).into_iter();
                let components = named.filter_map(|(_, target)| match target {
                    Target::Component(component) => Some(component),
                    Target::Resource(_) | Target::Outside(_) | Target::Unknown(_) => None,
                });
                components.collect()
            }
        };
        for (guard, value) in all_at(&resource.properties, path) {
            for (inner, role) in roles_of(draft, &value, id, false) {
                let guards = guard.and(&inner).and_then(|g| g.and(&resource.guard));
                let Some(guard) = guards else { continue };
                let place = value.span().map(Place::here);
                for owner in &owners {
                    push(&mut users.of, role, *owner, guard.clone(), place);
                }
            }
        }
    }
}

/// The components of these kinds in the system of a resource.
fn all_beside(draft: &Draft<'_>, resource: &Resource, kinds: &[&str]) -> Vec<SubjectId> {
    let system = |resource: &Resource| {
        let stack = draft.graph.stack(resource.stack);
        stack.map(|stack| stack.system.0)
    };
    let beside = kinds.iter().flat_map(|kind| draft.of_kind(kind));
    let beside = beside.filter(|component| {
        let own = draft.resource_of(*component);
        own.is_some_and(|(_, own)| system(own) == system(resource))
    });
    beside.collect()
}

/// The roles that identity pools give to people.
fn handed_out(draft: &mut Draft<'_>, users: &mut Users) {
    for (id, resource) in draft.of_type("AWS::Cognito::IdentityPoolRoleAttachment") {
        let pool = resource.properties.field("IdentityPoolId").into_owned();
        let pools = draft.target_components(&pool, id);
        for (guard, value) in all_at(&resource.properties, "Roles.*") {
            for (inner, role) in roles_of(draft, &value, id, false) {
                let guards = guard.and(&inner).and_then(|g| g.and(&resource.guard));
                let Some(guard) = guards else { continue };
                for (_, pool) in &pools {
                    let place = value.span().map(Place::here);
                    push(&mut users.hands_out, role, *pool, guard.clone(), place);
                }
            }
        }
    }
}

/// The roles a value names; where `drawn`, one that nothing declares is drawn outside.
fn roles_of(
    draft: &mut Draft<'_>,
    value: &Fact,
    near: ResourceId,
    drawn: bool,
) -> Vec<(Guard, SubjectId)> {
    let mut roles = Vec::new();
    let head = draft.graph.resource(near).map(|resource| resource.head);
    for (guard, target) in draft.named(&["role"], value, near) {
        let role = match (&target, value.span().or(head)) {
            (Target::Component(component), _) => Some(*component),
            (Target::Outside(_) | Target::Unknown(_), Some(place)) if drawn => {
                draft.draw(&target, "role", place)
            }
            (Target::Resource(_) | Target::Outside(_) | Target::Unknown(_), _) => None,
        };
        let is_role = |role: &SubjectId| {
            let component = draft.components.get(role.index());
            component.is_some_and(|component| &*component.kind == "role")
        };
        if let Some(role) = role.filter(is_role) {
            roles.push((guard, role));
        }
    }
    roles
}

/// Whether another function runs under the same role.
fn shared(draft: &mut Draft<'_>, users: &Users) {
    for function in draft.of_kind("function") {
        let Some(fact) = draft.fact(function, "runs_as").cloned() else {
            continue;
        };
        let shared = fact.map(|case| match case.as_known().map(|known| &known.value) {
            Some(underbelly_expression::Value::Subject(role)) => {
                shared_role(draft, users, function, *role, case)
            }
            _ => match case {
                Fact::Unknown(unknown) => Fact::Unknown(unknown.clone()),
                Fact::Known(_) | Fact::OneOf(_) | Fact::Absent(_) => {
                    facts::nothing_says(case.span(), "it has no role")
                }
            },
        });
        draft.set(function, "role_shared", shared);
    }
}

fn shared_role(
    draft: &Draft<'_>,
    users: &Users,
    function: SubjectId,
    role: SubjectId,
    case: &Fact,
) -> Fact {
    let is_function = |user: &&User| {
        let component = draft.components.get(user.subject.index());
        component.is_some_and(|component| &*component.kind == "function")
    };
    let own = |user: &&User| user.subject == function;
    let of = users.of.get(&role).map_or(&[][..], Vec::as_slice);
    let mine = of.iter().find(own).map(|user| user.guard.clone());
    let mine = mine.unwrap_or_default();
    let mut others = of.iter().filter(is_function).filter(|user| !own(user));
    // Two that never run in the same world do not share.
    let other = others.find(|user| mine.and(&user.guard).is_some());
    let place = case.span().map(Place::here);
    match other {
        Some(other) => {
            let places = place.into_iter().chain(other.place).collect();
            facts::yes_no(true, underbelly_expression::Basis::Written, places)
        }
        None => {
            let outside = draft
                .components
                .get(role.index())
                .is_some_and(|c| c.outside);
            match outside {
                true => {
                    let reason = Reason::Elsewhere("who else runs under this role".into());
                    Fact::unknown(reason, case.span())
                }
                false => {
                    facts::nothing_says(case.span(), "nothing else that was read runs under it")
                }
            }
        }
    }
}

fn push(
    into: &mut BTreeMap<SubjectId, Vec<User>>,
    role: SubjectId,
    subject: SubjectId,
    guard: Guard,
    place: Option<Place>,
) {
    let users = into.entry(role).or_default();
    let again = users
        .iter()
        .any(|user| user.subject == subject && user.guard == guard);
    if !again {
        users.push(User {
            subject,
            guard,
            place,
        });
    }
}

/// All values at a path, into every item of the lists on the way; `*` stands for
/// every key of a map.
pub(super) fn all_at(fact: &Fact, path: &str) -> Vec<(Guard, Fact)> {
    let mut at: Vec<(Guard, Fact)> = vec![(Guard::always(), fact.clone())];
    for name in path.split('.') {
        let mut next = Vec::new();
        for (guard, fact) in &at {
            let (items, _) = fact.items();
            for (inner, item) in items {
                let Some(guard) = guard.and(&inner) else {
                    continue;
                };
                if name == "*" {
                    let (entries, _) = item.entries();
                    for (inner, entry) in entries {
                        if let Some(guard) = guard.and(&inner) {
                            next.push((guard, entry.fact.clone()));
                        }
                    }
                } else {
                    let found = item.field(name).into_owned();
                    if !found.is_absent() {
                        next.push((guard, found));
                    }
                }
            }
        }
        at = next;
    }
    at
}
