//! Where policies of resources stand, and what each of them guards.

use underbelly_expression::{Fact, Guard, SubjectId, Unknown};
use underbelly_iac::{Resource, ResourceId};
use underbelly_source::{Diagnostic, Span};

use super::permission;
use super::policy;
use crate::draft::{Draft, Target};

/// A policy: the type it stands in, the property that holds it, the property that
/// names what it guards (empty: the resource itself), and what a bare name names.
type Home = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const HOMES: &[Home] = &[
    (
        "AWS::S3::BucketPolicy",
        "PolicyDocument",
        "Bucket",
        &["object-store"],
    ),
    (
        "AWS::S3::AccessPoint",
        "Policy",
        "Bucket",
        &["object-store"],
    ),
    (
        "AWS::SQS::QueuePolicy",
        "PolicyDocument",
        "Queues",
        &["queue"],
    ),
    (
        "AWS::SQS::QueueInlinePolicy",
        "PolicyDocument",
        "Queue",
        &["queue"],
    ),
    (
        "AWS::SNS::TopicPolicy",
        "PolicyDocument",
        "Topics",
        &["topic"],
    ),
    (
        "AWS::SNS::TopicInlinePolicy",
        "PolicyDocument",
        "TopicArn",
        &["topic"],
    ),
    (
        "AWS::SecretsManager::ResourcePolicy",
        "ResourcePolicy",
        "SecretId",
        &["secret"],
    ),
    (
        "AWS::Kinesis::ResourcePolicy",
        "ResourcePolicy",
        "ResourceArn",
        &["stream"],
    ),
    (
        "AWS::Lambda::ResourcePolicy",
        "PolicyDocument",
        "ResourceArn",
        &["function", "layer"],
    ),
    (
        "AWS::S3Express::BucketPolicy",
        "PolicyDocument",
        "Bucket",
        &["object-store"],
    ),
    ("AWS::Events::EventBus", "Policy", "", &[]),
    ("AWS::KMS::Key", "KeyPolicy", "", &[]),
    ("AWS::KMS::ReplicaKey", "KeyPolicy", "", &[]),
    (
        "AWS::DynamoDB::Table",
        "ResourcePolicy.PolicyDocument",
        "",
        &[],
    ),
    ("AWS::ECR::Repository", "RepositoryPolicyText", "", &[]),
    ("AWS::ApiGateway::RestApi", "Policy", "", &[]),
    (
        "AWS::ApiGateway::RestApi",
        "Body.x-amazon-apigateway-policy",
        "",
        &[],
    ),
    ("AWS::IAM::Role", "AssumeRolePolicyDocument", "", &[]),
    ("AWS::EFS::FileSystem", "FileSystemPolicy", "", &[]),
    ("AWS::OpenSearchService::Domain", "AccessPolicies", "", &[]),
    ("AWS::Elasticsearch::Domain", "AccessPolicies", "", &[]),
];

/// The types that hold policies of resources, each with the property.
pub(super) fn documents() -> impl Iterator<Item = (&'static str, &'static str)> {
    HOMES.iter().map(|(kind, property, ..)| (*kind, *property))
}

/// A policy and what it guards.
pub(super) struct Statements {
    /// What it guards.
    pub(super) owner: SubjectId,
    /// When it does.
    pub(super) guard: Guard,
    /// The resource in whose words it speaks.
    pub(super) near: ResourceId,
    /// What it is read from.
    pub(super) document: Fact,
    /// How it is written.
    pub(super) kind: Kind,
    /// Its name, where its statements need not have one.
    pub(super) key: Option<String>,
    /// Where it stands.
    pub(super) head: Span,
}

/// How a policy is written.
pub(super) enum Kind {
    /// A policy document.
    Document,
    /// Statements without a document around them.
    Listed,
    /// A single Allow that is a resource.
    Permission(permission::Kind),
}

/// All policies that stand in what was read, with what each guards.
pub(super) fn find(draft: &mut Draft<'_>) -> Vec<Statements> {
    let mut found = Vec::new();
    for (kind, property, whose, kinds) in HOMES {
        for (id, resource) in draft.of_type(kind) {
            let document = resource.properties.path(property).into_owned();
            if document.is_absent() {
                continue;
            }
            let home = (id, resource);
            for (owner, guard) in owners(draft, home, whose, kinds) {
                found.push(Statements {
                    owner,
                    guard,
                    near: id,
                    head: document.head(resource.head),
                    document: document.clone(),
                    kind: Kind::Document,
                    key: None,
                });
            }
        }
    }
    for (kind, shape) in permission::KINDS {
        for (id, resource) in draft.of_type(kind) {
            let home = (id, resource);
            let statement = resource.properties.field("Statement");
            let listed = *shape == permission::Kind::EventBus && !statement.is_absent();
            let (document, kind) = match listed {
                true => (statement.into_owned(), Kind::Listed),
                false => (resource.properties.clone(), Kind::Permission(*shape)),
            };
            for (owner, guard) in owners(draft, home, shape.whose(), shape.kinds()) {
                found.push(Statements {
                    owner,
                    guard,
                    near: id,
                    head: resource.head,
                    document: document.clone(),
                    kind: match &kind {
                        Kind::Permission(shape) => Kind::Permission(*shape),
                        Kind::Listed => Kind::Listed,
                        Kind::Document => Kind::Document,
                    },
                    key: Some(resource.logical_id.to_string()),
                });
            }
        }
    }
    found
}

/// What a policy guards, with the guard under which it does.
fn owners(
    draft: &mut Draft<'_>,
    (id, resource): (ResourceId, &Resource),
    whose: &str,
    kinds: &[&str],
) -> Vec<(SubjectId, Guard)> {
    if whose.is_empty() {
        return draft
            .component_of(id)
            .map(|component| (component, Guard::always()))
            .into_iter()
            .collect();
    }
    let named = resource.properties.path(whose);
    if named.is_absent() && kinds == ["event-bus"] {
        let bus = draft.outside("event-bus", "default", resource.head);
        return vec![(bus, resource.guard.clone())];
    }
    let mut owners = Vec::new();
    let mut elsewhere = false;
    for (guard, target) in draft.named(kinds, &named, id) {
        match (target, guard.and(&resource.guard)) {
            (Target::Component(component), Some(guard)) => owners.push((component, guard)),
            (Target::Component(_), None) => {}
            (Target::Resource(_) | Target::Outside(_) | Target::Unknown(_), _) => elsewhere = true,
        }
    }
    if elsewhere && owners.is_empty() {
        let message = format!(
            "`{}` says who may use something that no file declares",
            resource.logical_id
        );
        draft.diagnostics.push(
            Diagnostic::note_only("policy-of-something-elsewhere", message)
                .at(named.head(resource.head))
                .note("whom it lets in is left out"),
        );
    }
    owners
}

impl Statements {
    /// Its statements, unless it is a single Allow, and why there may be more.
    pub(super) fn statements(&self) -> (Vec<policy::Draft<'_>>, Option<Unknown>) {
        match self.kind {
            Kind::Document => policy::statements(&self.document),
            Kind::Listed => policy::listed(&self.document),
            Kind::Permission(_) => (Vec::new(), None),
        }
    }
}
