//! Where a role's rights are written: in the role itself, in policies that name it,
//! in policies it names, and which of them the provider manages.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Fact, Guard, Reason, SubjectId, Unknown};
use underbelly_iac::{Origin, Resource, ResourceId};
use underbelly_library::{ManagedPolicies, ManagedPolicy};
use underbelly_source::Place;

use super::policy;
use crate::draft::{Draft, Target};

/// How a grant was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Via {
    /// In the template.
    Inline,
    /// As a policy the provider or somebody else manages.
    Managed,
    /// As one that the serverless transform makes from a template.
    Template,
    /// As a connector.
    Connector,
}

impl Via {
    /// The word of the fact.
    pub(super) fn word(self) -> &'static str {
        match self {
            Via::Inline => "inline",
            Via::Managed => "managed",
            Via::Template => "template",
            Via::Connector => "connector",
        }
    }
}

/// What a policy says.
#[derive(Clone, Debug)]
pub(super) enum Document {
    /// As written.
    Written(Fact),
    /// As the provider publishes it.
    Managed(Arc<ManagedPolicy>),
    /// Nobody can tell.
    Unknown(Unknown),
}

/// One policy of a role.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// When the role has it.
    pub(super) guard: Guard,
    /// What it says.
    pub(super) document: Document,
    /// Its name, if it has one that a person gave.
    pub(super) name: Option<Arc<str>>,
    /// How it is written.
    pub(super) via: Via,
    /// The resource in whose words it speaks.
    pub(super) near: ResourceId,
    /// Where it stands or is attached.
    pub(super) place: Option<Place>,
}

/// The policies of a role, its boundary, and why there may be more.
#[derive(Clone, Debug, Default)]
pub(super) struct Policies {
    /// The policies.
    pub(super) sources: Vec<Source>,
    /// What caps them.
    pub(super) boundary: Vec<Source>,
    /// Why there may be more.
    pub(super) rest: Option<Unknown>,
}

/// The provider's policies, each read once.
struct Managed<'l> {
    table: &'l ManagedPolicies,
    read: BTreeMap<Arc<str>, Option<Arc<ManagedPolicy>>>,
}

impl Managed<'_> {
    fn get(&mut self, name: &str) -> Option<Arc<ManagedPolicy>> {
        if let Some(read) = self.read.get(name) {
            return read.clone();
        }
        let policy = self.table.get(name).map(Arc::new);
        self.read.insert(name.into(), policy.clone());
        policy
    }
}

/// The policies of every role of the draft.
pub(super) fn by_role(draft: &Draft<'_>) -> BTreeMap<SubjectId, Policies> {
    let mut roles = BTreeMap::new();
    let mut managed = Managed {
        table: &draft.library.data.managed_policies,
        read: BTreeMap::new(),
    };
    for role in draft.of_kind("role") {
        if let Some((id, resource)) = draft.resource_of(role) {
            roles.insert(role, own(draft, id, resource, &mut managed));
        }
    }
    attached(draft, &mut roles);
    roles
}

/// What stands in the role itself.
fn own(draft: &Draft<'_>, id: ResourceId, role: &Resource, managed: &mut Managed<'_>) -> Policies {
    let mut policies = Policies::default();
    let is_implied = matches!(role.origin, Origin::Implied { .. });
    let inline = role.properties.field("Policies");
    let (items, rest) = inline.items();
    policies.rest = rest.cloned();
    for (guard, item) in items {
        if let Fact::Unknown(unknown) = item {
            policies.rest.get_or_insert_with(|| unknown.clone());
            continue;
        }
        let document = item.field("PolicyDocument").into_owned();
        policies.sources.push(Source {
            guard,
            via: via(is_implied, &document),
            document: Document::Written(document),
            // The transform numbers the policies it makes; a number is no name.
            name: (!is_implied).then(|| name(item, "PolicyName")).flatten(),
            near: id,
            place: item.span().map(Place::here),
        });
    }
    let arns = role.properties.field("ManagedPolicyArns");
    let (items, rest) = arns.items();
    policies.rest = policies.rest.take().or_else(|| rest.cloned());
    for (guard, item) in items {
        named(
            draft,
            managed,
            id,
            &guard,
            item,
            &mut policies.sources,
            &mut policies.rest,
        );
    }
    let boundary = role.properties.field("PermissionsBoundary");
    for (guard, case) in boundary.cases() {
        if case.is_absent() {
            continue;
        }
        let mut open = None;
        let n_before = policies.boundary.len();
        named(
            draft,
            managed,
            id,
            &guard,
            case,
            &mut policies.boundary,
            &mut open,
        );
        if let Some(unknown) = open.filter(|_| policies.boundary.len() == n_before) {
            policies.boundary.push(Source {
                guard,
                place: unknown.place,
                document: Document::Unknown(unknown),
                name: None,
                via: Via::Managed,
                near: id,
            });
        }
    }
    policies
}

/// A policy named by ARN, by name or by reference.
fn named(
    draft: &Draft<'_>,
    managed: &mut Managed<'_>,
    near: ResourceId,
    guard: &Guard,
    item: &Fact,
    into: &mut Vec<Source>,
    rest: &mut Option<Unknown>,
) {
    let place = item.span().map(Place::here);
    if let Fact::Unknown(unknown) = item {
        rest.get_or_insert_with(|| unknown.clone());
        return;
    }
    let mut found = false;
    for (inner, target) in draft.targets(item, near) {
        let Some((id, policy)) = declared(draft, &target, &["AWS::IAM::ManagedPolicy"]) else {
            continue;
        };
        let guards = guard.and(&inner).and_then(|g| g.and(&policy.guard));
        if let Some(guard) = guards {
            into.push(of_resource(id, policy, guard));
        }
        found = true;
    }
    if found {
        return;
    }
    let Some(text) = item.as_pattern() else {
        let reason = Reason::Unsupported("a policy that is not named by a text".into());
        rest.get_or_insert_with(|| policy::unknown(reason, item.span()));
        return;
    };
    let shown = text.to_string();
    let last = shown.rsplit('/').next().unwrap_or(&shown);
    let is_providers = shown.contains(":aws:policy/") || !shown.contains([':', '$']);
    let known = is_providers.then(|| managed.get(last)).flatten();
    let document = match known {
        Some(known) => Document::Managed(known),
        None => {
            let reason = match (is_providers, text.only_hole()) {
                (true, _) => Reason::NotAnalysed(format!("what the policy `{last}` allows").into()),
                (false, Some(hole)) => super::reach::reason(&hole.cause, &hole.label),
                (false, None) => Reason::OtherComponent(format!("the policy `{shown}`").into()),
            };
            Document::Unknown(policy::unknown(reason, item.span()))
        }
    };
    into.push(Source {
        guard: guard.clone(),
        document,
        name: Some(last.into()),
        via: Via::Managed,
        near,
        place,
    });
}

/// Policies that are resources of their own and say whose they are.
fn attached(draft: &Draft<'_>, roles: &mut BTreeMap<SubjectId, Policies>) {
    for (kind, property) in [
        ("AWS::IAM::Policy", "Roles"),
        ("AWS::IAM::ManagedPolicy", "Roles"),
        ("AWS::IAM::RolePolicy", "RoleName"),
    ] {
        for (id, resource) in draft.of_type(kind) {
            let whose = resource.properties.field(property);
            let (items, _) = whose.items();
            for (guard, item) in items {
                attach(draft, id, resource, &guard, item, roles);
            }
        }
    }
}

fn attach(
    draft: &Draft<'_>,
    id: ResourceId,
    policy: &Resource,
    guard: &Guard,
    whose: &Fact,
    roles: &mut BTreeMap<SubjectId, Policies>,
) {
    for (inner, target) in draft.targets(whose, id) {
        let Target::Component(role) = target else {
            continue;
        };
        let Some(policies) = roles.get_mut(&role) else {
            continue;
        };
        let guards = guard.and(&inner).and_then(|g| g.and(&policy.guard));
        let Some(guard) = guards else { continue };
        // A role may name a policy that names it too.
        let again = policies.sources.iter().any(|source| source.near == id);
        if !again {
            policies.sources.push(of_resource(id, policy, guard));
        }
    }
}

fn of_resource(id: ResourceId, policy: &Resource, guard: Guard) -> Source {
    let is_implied = matches!(policy.origin, Origin::Implied { .. });
    let document = policy.properties.field("PolicyDocument").into_owned();
    let via = match is_implied && &*policy.kind == "AWS::IAM::ManagedPolicy" {
        true => Via::Connector,
        false => via(is_implied, &document),
    };
    Source {
        guard,
        document: Document::Written(document),
        name: Some(policy.logical_id.clone()),
        via,
        near: id,
        place: Some(Place::here(policy.head)),
    }
}

/// The transform writes all that one of its templates grants at the line that asks
/// for it; what a person wrote spreads over lines of its own.
pub(super) fn via(is_implied: bool, document: &Fact) -> Via {
    let statements = document.field("Statement");
    let (items, _) = statements.items();
    let first = items.first().and_then(|(_, statement)| statement.span());
    match is_implied && first.is_some() && first == document.span() {
        true => Via::Template,
        false => Via::Inline,
    }
}

/// A name, as far as it does not depend on anything.
fn name(item: &Fact, property: &str) -> Option<Arc<str>> {
    let name = item.field(property);
    Some(name.as_pattern()?.to_string().into())
}

/// The resource behind a target, if it is of one of these types.
pub(super) fn declared<'a>(
    draft: &Draft<'a>,
    target: &Target,
    kinds: &[&str],
) -> Option<(ResourceId, &'a Resource)> {
    let graph = draft.graph;
    let (id, resource) = match target {
        Target::Resource(id) => (*id, graph.resource(*id)?),
        Target::Component(component) => draft.resource_of(*component)?,
        Target::Outside(_) | Target::Unknown(_) => return None,
    };
    kinds.contains(&&*resource.kind).then_some((id, resource))
}
