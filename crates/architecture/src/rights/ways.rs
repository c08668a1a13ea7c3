//! The known ways of turning rights into stronger ones: what each takes.
//!
//! Sources: the 28 methods of github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation
//! and the paths of github.com/DataDog/pathfinding.cloud; ways through orchestrators
//! follow from how those act under a role they are handed. CodeStar, which three of the
//! methods went through, is no more.

use std::sync::LazyLock;

use super::pattern::Pattern;

/// A way: what it is, the service that is handed a role (empty if none is), and
/// the actions it takes, all of them.
pub(super) type Way = (&'static str, &'static str, &'static [&'static str]);

pub(super) const PASS: &str = "iam:PassRole";

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
    (
        "create_function",
        "lambda.amazonaws.com",
        &[
            PASS,
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
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
        "states.amazonaws.com",
        &[PASS, "states:UpdateStateMachine"],
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
        "ecs-tasks.amazonaws.com",
        &[PASS, "ecs:RegisterTaskDefinition", "ecs:StartTask"],
    ),
    (
        "pass_to_compute",
        "ecs-tasks.amazonaws.com",
        &[PASS, "ecs:RegisterTaskDefinition", "ecs:CreateService"],
    ),
    (
        "pass_to_compute",
        "codebuild.amazonaws.com",
        &[PASS, "codebuild:CreateProject", "codebuild:StartBuild"],
    ),
    (
        "pass_to_compute",
        "codebuild.amazonaws.com",
        &[PASS, "codebuild:CreateProject", "codebuild:StartBuildBatch"],
    ),
    // The commands of a build may be given when it starts.
    ("pass_to_compute", "", &["codebuild:StartBuild"]),
    ("pass_to_compute", "", &["codebuild:StartBuildBatch"]),
    (
        "pass_to_compute",
        "glue.amazonaws.com",
        &[PASS, "glue:CreateDevEndpoint"],
    ),
    ("pass_to_compute", "", &["glue:UpdateDevEndpoint"]),
    (
        "pass_to_compute",
        "glue.amazonaws.com",
        &[PASS, "glue:CreateJob", "glue:StartJobRun"],
    ),
    (
        "pass_to_compute",
        "glue.amazonaws.com",
        &[PASS, "glue:UpdateJob", "glue:StartJobRun"],
    ),
    (
        "pass_to_compute",
        "datapipeline.amazonaws.com",
        &[
            PASS,
            "datapipeline:CreatePipeline",
            "datapipeline:PutPipelineDefinition",
            "datapipeline:ActivatePipeline",
        ],
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
    (
        "pass_to_compute",
        "sagemaker.amazonaws.com",
        &[PASS, "sagemaker:CreateTrainingJob"],
    ),
    (
        "pass_to_compute",
        "sagemaker.amazonaws.com",
        &[PASS, "sagemaker:CreateProcessingJob"],
    ),
    (
        "pass_to_compute",
        "",
        &["sagemaker:CreatePresignedNotebookInstanceUrl"],
    ),
];

/// What a role may do to itself that makes it stronger.
pub(super) const TO_ITSELF: [&str; 2] = ["iam:PutRolePolicy", "iam:AttachRolePolicy"];

/// The actions of each way as patterns: every role is asked for all of them.
pub(super) static ACTIONS: LazyLock<Vec<Vec<Pattern>>> = LazyLock::new(|| {
    let pattern = |action: &&str| Pattern::literal(action);
    let ways = WAYS.iter();
    ways.map(|(_, _, actions)| actions.iter().map(pattern).collect())
        .collect()
});
