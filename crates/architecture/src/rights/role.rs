//! What a role is, all its grants together: its abilities, whether it is an
//! administrator, what takes it on, and whether its users can log.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use underbelly_expression::{
    Basis, Cause, Fact, Guard, Places, Reason, SubjectId, Text, Unknown, Value,
};
use underbelly_iac::{ResourceGraph, ResourceId};
use underbelly_source::{Place, Span};

use super::ability::Wildcard;
use super::allowed::Allowed;
use super::escalation;
use super::facts;
use super::grants::RoleRights;
use super::pattern::Pattern;
use super::policy::{self, Effect};
use super::principal::{self, Class};
use super::reach::Reach;
use super::users::Users;
use crate::draft::Draft;
use crate::worlds::{Variables, World, in_world};

/// Services that run something of ours under a role.
const WORKLOADS: &[&str] = &[
    "apigateway",
    "appsync",
    "batch",
    "bedrock",
    "build.apprunner",
    "credentials.iot",
    "ec2",
    "ecs-tasks",
    "edgelambda",
    "emr-serverless",
    "events",
    "firehose",
    "glue",
    "iot",
    "kinesisanalytics",
    "lambda",
    "pipes",
    "pods.eks",
    "replicator.lambda",
    "s3",
    "sagemaker",
    "scheduler",
    "ses",
    "sns",
    "states",
    "tasks.apprunner",
    "transcribe",
    "transfer",
    "vpc-lattice",
];

/// Build pipelines outside the provider that sign in with tokens of their own.
const PIPELINES: &[&str] = &[
    "token.actions.githubusercontent.com",
    "gitlab",
    "bitbucket",
    "circleci",
    "buildkite",
    "app.terraform.io",
    "dev.azure.com",
    "vstoken",
    "spacelift",
    "codefresh",
    "semaphoreci",
    "app.harness.io",
    "cirrus-ci",
    "travis-ci",
];

/// Those who sign in elsewhere and are people or clusters, not pipelines.
const NOT_PIPELINES: &[&str] = &[
    "cognito-identity",
    "saml-provider",
    "accounts.google.com",
    "graph.facebook.com",
    "www.amazon.com",
    "appleid.apple.com",
    "oidc.eks",
    "login.microsoftonline",
    "okta",
    "auth0",
];

/// Adds the facts of a role.
pub(super) fn add(draft: &mut Draft<'_>, role: SubjectId, rights: &RoleRights, users: &Users) {
    let all = All::of(rights);
    let worlds = &draft.graph.worlds;
    let head = draft
        .components
        .get(role.index())
        .and_then(|role| role.place);
    let mut set = |name: &str, make: &dyn Fn(&[&Allowed]) -> Fact| {
        let fact = all
            .variables
            .by_case(worlds, &Guard::always(), |world| make(&all.within(world)));
        draft.set(role, name, fact);
    };
    set("abilities", &|grants| {
        abilities(grants, rights, head, false)
    });
    set("abilities_everywhere", &|grants| {
        abilities(grants, rights, head, true)
    });
    set("admin", &|grants| admin(grants, rights, head));
    let escalations = all.variables.by_case(worlds, &Guard::always(), |world| {
        let grants = all.within(world);
        let (open, rest) = escalation::escalations(draft, role, &grants, rights.rest.as_ref());
        let open = open.into_iter().map(|(word, by)| {
            let places: Places = by.iter().filter_map(|grant| grant.place).collect();
            (word, Basis::Written, places)
        });
        facts::words(open, rest, Basis::Written, missing(head))
    });
    draft.set(role, "escalations", escalations);
    let full = full_access(rights, head);
    draft.set(role, "full_access_policies", full);
    let code = Fact::unknown(Reason::Code, None);
    draft.set(role, "unused_abilities", code);
    trust(draft, role, users);
    boundary(draft, role);
}

/// Whether the functions that run under each role may write their logs.
pub(super) fn can_log(draft: &mut Draft<'_>, rights: &BTreeMap<SubjectId, RoleRights>) {
    for function in draft.of_kind("function") {
        let Some(runs_as) = draft.fact(function, "runs_as").cloned() else {
            continue;
        };
        let fact = runs_as.map(|case| match case {
            Fact::Known(known) => match &known.value {
                Value::Subject(role) => match rights.get(role) {
                    Some(rights) => logs(draft, rights, case.span()),
                    None => Fact::unknown(
                        Reason::OtherComponent("the role it runs under".into()),
                        case.span(),
                    ),
                },
                _ => case.clone(),
            },
            Fact::Absent(_) => facts::nothing_says(case.span(), "it has no role"),
            Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
        });
        draft.set(function, "can_log", fact);
    }
}

static NEEDED_TO_LOG: LazyLock<[Pattern; 2]> =
    LazyLock::new(|| ["logs:CreateLogStream", "logs:PutLogEvents"].map(Pattern::literal));

fn logs(draft: &Draft<'_>, rights: &RoleRights, head: Option<Span>) -> Fact {
    let all = All::of(rights);
    let worlds = &draft.graph.worlds;
    all.variables.by_case(worlds, &Guard::always(), |world| {
        let grants = all.within(world);
        let needed: &[Pattern; 2] = &NEEDED_TO_LOG;
        let found = needed.each_ref().map(|asked| {
            let mut grants = grants.iter();
            grants.find(|grant| grant.names(asked)).copied()
        });
        if let [Some(one), Some(other)] = found {
            let places = [one.place, other.place].into_iter().flatten().collect();
            return facts::yes_no(true, Basis::Written, places);
        }
        let open = needed.iter().find_map(|asked| {
            let mut grants = grants.iter();
            grants.find_map(|grant| grant.may_name(asked))
        });
        match rights.rest.clone().or(open) {
            Some(unknown) => Fact::Unknown(unknown),
            None => facts::nothing_says(head, "no grant of its role lets it write log lines"),
        }
    })
}

/// All grants with what they depend on.
pub(super) struct All<'r> {
    /// What they depend on.
    pub(super) variables: Variables,
    grants: Vec<(Guard, &'r Allowed)>,
}

impl<'r> All<'r> {
    pub(super) fn of(rights: &'r RoleRights) -> Self {
        let mut variables = Variables::default();
        let mut grants = Vec::new();
        for grant in &rights.grants {
            variables.add_guard(&grant.guard);
            for (case, allowed) in &grant.cases {
                variables.add_guard(case);
                if let Some(guard) = grant.guard.and(case) {
                    grants.push((guard, allowed));
                }
            }
        }
        Self { variables, grants }
    }

    /// Whether some of them may have an ability.
    pub(super) fn may(&self, ability: &str) -> bool {
        let mut grants = self.grants.iter();
        grants.any(|(_, grant)| {
            grant.abilities.has(ability) || grant.abilities.rest.is_some() || grant.open.is_some()
        })
    }

    /// Those of one world.
    pub(super) fn within(&self, world: &World) -> Vec<&'r Allowed> {
        let there = |(guard, allowed): &(Guard, &'r Allowed)| {
            (guard.holds(world) != Some(false)).then_some(*allowed)
        };
        self.grants.iter().filter_map(there).collect()
    }
}

fn abilities(grants: &[&Allowed], rights: &RoleRights, head: Option<Span>, wide: bool) -> Fact {
    let mut found: BTreeMap<Arc<str>, (Basis, Places)> = BTreeMap::new();
    let mut rest = rights.rest.clone();
    for grant in grants {
        if wide {
            match &grant.reach {
                Ok((reach, ..)) if !reach.is_wide() => continue,
                Ok(_) => {}
                Err(unknown) => {
                    // Nothing to spread where there are no abilities at all.
                    if !grant.abilities.items.is_empty() || grant.abilities.rest.is_some() {
                        rest = rest.or_else(|| Some(unknown.clone()));
                    }
                    continue;
                }
            }
        }
        for ability in &grant.abilities.items {
            let (_, places) = found
                .entry(ability.clone())
                .or_insert((Basis::Written, Places::new()));
            places.extend(grant.place);
        }
        if let Some(reason) = &grant.abilities.rest {
            rest = rest.or_else(|| Some(facts::unknown(reason.clone(), grant.place)));
        }
    }
    let words = found
        .into_iter()
        .map(|(word, (basis, places))| (Text::literal(word), basis, places));
    facts::words(words, rest, Basis::Written, missing(head))
}

fn admin(grants: &[&Allowed], rights: &RoleRights, head: Option<Span>) -> Fact {
    let mut unclear = rights.rest.clone();
    for grant in grants.iter().filter(|grant| grant.may_be_all()) {
        let (all, wide) = (&grant.wildcard, &grant.reach);
        match (all, wide) {
            (Ok(Wildcard::All), Ok((Reach::Everything, basis, _))) => {
                match (grant.narrowed.by.is_empty(), &grant.narrowed.rest) {
                    (true, None) => {
                        let places = grant.place.into_iter().collect();
                        return facts::yes_no(true, *basis, places);
                    }
                    (_, Some(unknown)) => unclear = unclear.or_else(|| Some(unknown.clone())),
                    // Whoever meets the condition may do everything.
                    (false, None) => {
                        let reason =
                            Reason::NotAnalysed("the condition of an Allow of everything".into());
                        unclear = unclear.or(Some(facts::unknown(reason, grant.place)));
                    }
                }
            }
            (Ok(Wildcard::None | Wildcard::Service), _) => {}
            (_, Ok((Reach::One | Reach::Prefix | Reach::Service, ..))) => {}
            (Err(unknown), _) | (Ok(Wildcard::All), Err(unknown)) => {
                unclear = unclear.or_else(|| Some(unknown.clone()));
            }
        }
    }
    match unclear {
        Some(unknown) => Fact::Unknown(unknown),
        None => facts::yes_no(false, Basis::Written, missing(head)),
    }
}

fn full_access(rights: &RoleRights, head: Option<Span>) -> Fact {
    let items = rights.full_access.iter().map(|(guard, name, place)| {
        let places: Places = place.iter().copied().collect();
        underbelly_expression::Item {
            guard: guard.clone(),
            fact: facts::word(name, Basis::Written, places),
        }
    });
    let set = underbelly_expression::Set {
        items: items.collect(),
        rest: rights.rest.clone(),
    };
    Fact::known(Value::Set(set), Basis::Written, missing(head))
}

/// What the trust policy says of a role: whether components run under it, and
/// whether a pipeline outside takes it on.
fn trust(draft: &mut Draft<'_>, role: SubjectId, users: &Users) {
    let Some((_, resource)) = draft.resource_of(role) else {
        return;
    };
    let trust = resource
        .properties
        .field("AssumeRolePolicyDocument")
        .into_owned();
    let variables = Variables::of(&trust);
    let worlds = &draft.graph.worlds;
    let used = users.of.get(&role).and_then(|users| users.first());
    let used = used.map(|user| user.place);
    let workload = variables.by_case(worlds, &Guard::always(), |world| {
        workload(&in_world(&trust, world), used, resource.head)
    });
    let pipeline = variables.by_case(worlds, &Guard::always(), |world| {
        pipeline(draft.graph, &in_world(&trust, world), resource.head)
    });
    draft.set(role, "workload", workload);
    draft.set(role, "pipeline", pipeline);
}

fn trusted(trust: &Fact) -> (Vec<policy::Named>, Option<Unknown>) {
    let (statements, mut rest) = policy::statements(trust);
    let mut named = Vec::new();
    for statement in statements {
        let statement = policy::read(statement.fact);
        if statement.effect == Effect::Deny {
            continue;
        }
        rest = rest.or(statement.more_principals);
        named.extend(statement.principals);
    }
    (named, rest)
}

fn workload(trust: &Fact, used: Option<Option<Place>>, head: Span) -> Fact {
    if let Some(place) = used {
        return facts::yes_no(true, Basis::Written, place.into_iter().collect());
    }
    let (named, rest) = trusted(trust);
    for one in &named {
        let service = one.term.text.prefix();
        let runs = WORKLOADS.iter().any(|known| {
            service
                .strip_prefix(known)
                .is_some_and(|rest| rest.starts_with(".amazonaws"))
        });
        if runs {
            return facts::yes_no(true, one.term.basis, one.term.place.into_iter().collect());
        }
    }
    match rest {
        Some(unknown) => Fact::Unknown(unknown),
        None => facts::yes_no(
            false,
            Basis::Written,
            vec![Place::missing(trust.head(head))],
        ),
    }
}

/// The address of a provider of identities: its own, or what the resource that is
/// referred to declares.
fn provider_of(graph: &ResourceGraph, text: &Text) -> String {
    let declared = text.only_hole().and_then(|hole| match &hole.cause {
        Cause::Resource { resource, .. } => graph.resource(ResourceId(*resource)),
        Cause::Parameter(_)
        | Cause::Pseudo(_)
        | Cause::Import(_)
        | Cause::Lookup { .. }
        | Cause::Runtime
        | Cause::Unresolved => None,
    });
    let url = declared.map(|resource| resource.properties.field("Url").into_owned());
    let url = url.and_then(|url| url.as_pattern().map(ToString::to_string));
    url.unwrap_or_else(|| text.to_string()).to_ascii_lowercase()
}

fn pipeline(graph: &ResourceGraph, trust: &Fact, head: Span) -> Fact {
    let (named, mut rest) = trusted(trust);
    for one in &named {
        if principal::classify(one).class != Ok(Class::Federated) {
            continue;
        }
        let shown = provider_of(graph, &one.term.text);
        let is_one_of = |list: &[&str]| list.iter().any(|known| shown.contains(known));
        if is_one_of(PIPELINES) {
            return facts::yes_no(true, one.term.basis, one.term.place.into_iter().collect());
        }
        if !is_one_of(NOT_PIPELINES) {
            let reason =
                Reason::Unsupported(format!("who signs in through `{}`", one.term.text).into());
            rest = rest.or(Some(facts::unknown(reason, one.term.place)));
        }
    }
    match rest {
        Some(unknown) => Fact::Unknown(unknown),
        None => facts::yes_no(
            false,
            Basis::Written,
            vec![Place::missing(trust.head(head))],
        ),
    }
}

/// Whether a boundary caps the role, unless the catalogue has said so.
fn boundary(draft: &mut Draft<'_>, role: SubjectId) {
    if draft.fact(role, "boundary").is_some() {
        return;
    }
    let Some((_, resource)) = draft.resource_of(role) else {
        return;
    };
    let written = resource.properties.field("PermissionsBoundary");
    let fact = written.map(|case| match case {
        Fact::Absent(_) => {
            facts::yes_no(false, Basis::Written, vec![Place::missing(resource.head)])
        }
        Fact::Known(known) => facts::yes_no(true, known.basis, known.places.clone()),
        // Something is written; which policy it names does not matter.
        Fact::Unknown(unknown) => {
            facts::yes_no(true, Basis::Written, unknown.place.into_iter().collect())
        }
        Fact::OneOf(_) => case.clone(),
    });
    draft.set(role, "boundary", fact);
}

pub(super) fn missing(head: Option<Span>) -> Places {
    head.map(Place::missing).into_iter().collect()
}
