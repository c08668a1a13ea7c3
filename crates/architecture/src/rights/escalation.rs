//! Known ways in which a role's rights can be turned into stronger ones.
//!
//! A way is open when the role may do all of it on more than named resources; it is
//! unknown when that hangs on something nobody can tell here; else it is shut.
//! Sources: the 28 methods of github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation
//! and the paths of github.com/DataDog/pathfinding.cloud; ways through orchestrators
//! follow from how those act under a role they are handed.

use std::sync::LazyLock;

use underbelly_expression::Unknown;

use super::actions::Actions;
use super::allowed::Allowed;
use super::pattern::Pattern;

/// A way: what it is, the service that is handed a role (empty if none is), and
/// the actions it takes, all of them.
pub(super) type Way = (&'static str, &'static str, &'static [&'static str]);

const PASS: &str = "iam:PassRole";

pub(super) const WAYS: &[Way] = &[
    (
        "create_function",
        "lambda.amazonaws.com",
        &[PASS, "lambda:CreateFunction", "lambda:InvokeFunction"],
    ),
    (
        "create_function",
        "lambda.amazonaws.com",
        &[PASS, "lambda:CreateFunction", "lambda:AddPermission"],
    ),
    (
        "create_function",
        "lambda.amazonaws.com",
        &[
            PASS,
            "lambda:CreateFunction",
            "lambda:CreateEventSourceMapping",
        ],
    ),
    (
        "create_function",
        "lambda.amazonaws.com",
        &[
            PASS,
            "lambda:CreateFunction",
            "lambda:CreateFunctionUrlConfig",
        ],
    ),
    ("replace_code", "", &["lambda:UpdateFunctionCode"]),
    ("change_config", "", &["lambda:UpdateFunctionConfiguration"]),
    ("open_function", "", &["lambda:AddPermission"]),
    (
        "hijack_event_source",
        "",
        &["lambda:CreateEventSourceMapping"],
    ),
    ("change_identity", "", &["iam:CreatePolicyVersion"]),
    ("change_identity", "", &["iam:SetDefaultPolicyVersion"]),
    ("change_identity", "", &["iam:CreateAccessKey"]),
    ("change_identity", "", &["iam:CreateLoginProfile"]),
    ("change_identity", "", &["iam:UpdateLoginProfile"]),
    ("change_identity", "", &["iam:AttachUserPolicy"]),
    ("change_identity", "", &["iam:AttachGroupPolicy"]),
    ("change_identity", "", &["iam:AttachRolePolicy"]),
    ("change_identity", "", &["iam:PutUserPolicy"]),
    ("change_identity", "", &["iam:PutGroupPolicy"]),
    ("change_identity", "", &["iam:PutRolePolicy"]),
    ("change_identity", "", &["iam:AddUserToGroup"]),
    (
        "change_identity",
        "",
        &["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"],
    ),
    (
        "deploy_stack",
        "cloudformation.amazonaws.com",
        &[PASS, "cloudformation:CreateStack"],
    ),
    ("deploy_stack", "", &["cloudformation:UpdateStack"]),
    (
        "deploy_stack",
        "cloudformation.amazonaws.com",
        &[
            PASS,
            "cloudformation:CreateStackSet",
            "cloudformation:CreateStackInstances",
        ],
    ),
    ("deploy_stack", "", &["cloudformation:UpdateStackSet"]),
    (
        "deploy_stack",
        "",
        &[
            "cloudformation:CreateChangeSet",
            "cloudformation:ExecuteChangeSet",
        ],
    ),
    (
        "pass_to_orchestrator",
        "states.amazonaws.com",
        &[PASS, "states:CreateStateMachine"],
    ),
    (
        "pass_to_orchestrator",
        "scheduler.amazonaws.com",
        &[PASS, "scheduler:CreateSchedule"],
    ),
    (
        "pass_to_orchestrator",
        "pipes.amazonaws.com",
        &[PASS, "pipes:CreatePipe"],
    ),
    (
        "pass_to_orchestrator",
        "events.amazonaws.com",
        &[PASS, "events:PutTargets"],
    ),
    (
        "pass_to_compute",
        "ec2.amazonaws.com",
        &[PASS, "ec2:RunInstances"],
    ),
    (
        "pass_to_compute",
        "ecs-tasks.amazonaws.com",
        &[PASS, "ecs:RegisterTaskDefinition", "ecs:RunTask"],
    ),
    (
        "pass_to_compute",
        "codebuild.amazonaws.com",
        &[PASS, "codebuild:CreateProject", "codebuild:StartBuild"],
    ),
    (
        "pass_to_compute",
        "glue.amazonaws.com",
        &[PASS, "glue:CreateDevEndpoint"],
    ),
    (
        "pass_to_compute",
        "glue.amazonaws.com",
        &[PASS, "glue:CreateJob", "glue:StartJobRun"],
    ),
    (
        "pass_to_compute",
        "sagemaker.amazonaws.com",
        &[
            PASS,
            "sagemaker:CreateNotebookInstance",
            "sagemaker:CreatePresignedNotebookInstanceUrl",
        ],
    ),
];

/// The actions of each way as patterns: every role is asked for all of them.
static ACTIONS: LazyLock<Vec<Vec<Pattern>>> = LazyLock::new(|| {
    let pattern = |action: &&str| Pattern::literal(action);
    let ways = WAYS.iter();
    ways.map(|(_, _, actions)| actions.iter().map(pattern).collect())
        .collect()
});

/// Which ways are open, and why there may be more.
pub(super) fn escalations<'g>(
    grants: &[&'g Allowed],
    rest: Option<&Unknown>,
) -> (Vec<(&'static str, Vec<&'g Allowed>)>, Option<Unknown>) {
    let mut open: Vec<(&'static str, Vec<&'g Allowed>)> = Vec::new();
    let mut unclear = rest.cloned();
    // Many actions are asked for: what each grant names is worked out once.
    let grants = grants.iter().map(|grant| {
        let named = grant.actions.iter();
        let named = named.filter_map(|own| Some((own, Pattern::literal(own.known()?))));
        (*grant, named.collect())
    });
    let grants: Vec<(&'g Allowed, Named<'g>)> = grants.collect();
    for ((name, service, _), actions) in WAYS.iter().zip(ACTIONS.iter()) {
        let mut by = Vec::new();
        let mut reason = None;
        // One action that it may not do shuts the way.
        let possible = actions
            .iter()
            .all(|action| match may(&grants, action, service) {
                May::Yes(grant) => {
                    by.push(grant);
                    true
                }
                May::Unknown(unknown) => {
                    reason = reason.take().or(Some(unknown));
                    true
                }
                May::No => false,
            });
        if !possible {
            continue;
        }
        if by.len() < actions.len() {
            unclear = unclear.or(reason);
        } else if !open.iter().any(|(known, _)| known == name) {
            open.push((name, by));
        }
    }
    (open, unclear)
}

/// Whether a role may do something beyond named resources.
enum May<'g> {
    Yes(&'g Allowed),
    Unknown(Unknown),
    No,
}

/// The actions of a grant with their patterns.
type Named<'g> = Vec<(&'g Actions, Pattern)>;

fn may<'g>(grants: &[(&'g Allowed, Named<'g>)], asked: &Pattern, service: &str) -> May<'g> {
    let mut unclear = None;
    for (grant, named) in grants {
        let names = |(own, pattern): &(&Actions, Pattern)| {
            pattern.covers(asked) && (own.but.is_empty() || own.covers(asked))
        };
        if !named.iter().any(names) {
            let is_narrow = matches!(&grant.reach, Ok((reach, ..)) if !reach.is_wide());
            let perhaps = grant.may_name(asked).filter(|_| !is_narrow);
            unclear = unclear.or(perhaps);
            continue;
        }
        match &grant.reach {
            Ok((reach, ..)) if !reach.is_wide() => {}
            Ok(_) => match grant.limit_on(service) {
                None => return May::Yes(grant),
                Some(Some(unknown)) => unclear = unclear.or(Some(unknown)),
                Some(None) => {}
            },
            Err(unknown) => unclear = unclear.or_else(|| Some(unknown.clone())),
        }
    }
    match unclear {
        Some(unknown) => May::Unknown(unknown),
        None => May::No,
    }
}
