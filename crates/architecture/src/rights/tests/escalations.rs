//! Each known way to stronger rights: open with all it takes, shut without any one
//! of its permissions, shut where a role may not be handed to its service, and, of
//! roles that are handed on by name, shut where their own policy lets nobody in.

use super::super::testing::{draw, of};
use super::super::ways::WAYS;
use super::grants::{statements, template};

const PASS: &str = "iam:PassRole";

/// The ways open to a role with these statements.
fn open(said: &[&str]) -> Vec<String> {
    let template = template("", &statements(said), "");
    let shown = draw(&template, |draft| of(draft, "Run", "escalations"));
    let list = shown.trim_start_matches('[').trim_end_matches(']');
    let words = list.split(", ").filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn allow(actions: &[&str]) -> String {
    let quoted: Vec<String> = actions.iter().map(|one| format!("'{one}'")).collect();
    format!(
        "{{Effect: Allow, Action: [{}], Resource: '*'}}",
        quoted.join(", ")
    )
}

/// Whether these actions are enough for some way of this name.
fn is_enough(name: &str, actions: &[&str]) -> bool {
    let mut ways = WAYS.iter().filter(|(other, ..)| *other == name);
    ways.any(|(_, _, needed)| needed.iter().all(|one| actions.contains(one)))
}

#[test]
fn a_way_is_open_with_all_it_takes_and_shut_without_any_of_it() {
    for (name, _, needed) in WAYS {
        let found = open(&[&allow(needed)]);
        assert!(found.iter().any(|word| word == name), "{name}: {needed:?}");
        for left_out in *needed {
            let others = needed.iter().copied().filter(|one| one != left_out);
            let others: Vec<&str> = others.collect();
            if others.is_empty() || is_enough(name, &others) {
                continue;
            }
            let found = open(&[&allow(&others)]);
            assert!(
                !found.iter().any(|word| word == name),
                "{name} without {left_out}: {found:?}"
            );
        }
    }
}

#[test]
fn a_deny_of_any_of_it_shuts_a_way() {
    for (name, _, needed) in WAYS {
        for denied in *needed {
            let others = needed.iter().copied().filter(|one| one != denied);
            if is_enough(name, &others.collect::<Vec<_>>()) {
                continue;
            }
            let deny = format!("{{Effect: Deny, Action: '{denied}', Resource: '*'}}");
            let found = open(&[&allow(needed), &deny]);
            assert!(
                !found.iter().any(|word| word == name),
                "{name} with {denied} denied: {found:?}"
            );
        }
    }
}

#[test]
fn a_role_is_handed_only_to_the_services_a_condition_names() {
    for (name, service, needed) in WAYS.iter().filter(|(_, _, n)| n.contains(&PASS)) {
        let others = needed.iter().copied().filter(|one| *one != PASS);
        let others: Vec<&str> = others.collect();
        if is_enough(name, &others) {
            continue;
        }
        for (to, expected) in [(*service, true), ("nobody.amazonaws.com", false)] {
            let pass = format!(
                "{{Effect: Allow, Action: '{PASS}', Resource: '*', \
                 Condition: {{StringEquals: {{'iam:PassedToService': {to}}}}}}}"
            );
            let found = open(&[&pass, &allow(&others)]);
            let is_open = found.iter().any(|word| word == name);
            assert_eq!(is_open, expected, "{name} through {to}: {found:?}");
        }
    }
}

/// The roles that `Run` may act as by ways of this name, where it may do `needed`, may
/// hand on `Strong` alone under `condition`, and that trusts `trusted`.
fn handed(name: &str, needed: &[&str], condition: &str, trusted: &str) -> String {
    let others = needed.iter().copied().filter(|one| *one != PASS);
    let others: Vec<&str> = others.collect();
    let mut said = Vec::new();
    if needed.contains(&PASS) {
        said.push(format!(
            "{{Effect: Allow, Action: '{PASS}', Resource: !GetAtt Strong.Arn{condition}}}"
        ));
    }
    if !others.is_empty() {
        said.push(allow(&others));
    }
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let strong = format!(
        "
Strong:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Statement: {{Effect: Allow, Action: 'sts:AssumeRole', Principal: {{Service: {trusted}}}}}
"
    );
    let fact = match name {
        "create_function" => "create_function_as",
        "deploy_stack" => "deploy_stack_as",
        "pass_to_orchestrator" => "orchestrate_as",
        _ => "compute_as",
    };
    draw(&template("", &statements(&said), &strong), |draft| {
        of(draft, "Run", fact)
    })
}

#[test]
fn a_named_role_is_taken_over_with_all_it_takes() {
    for (name, service, needed) in WAYS.iter().filter(|(_, _, n)| n.contains(&PASS)) {
        let to =
            |to: &str| format!(", Condition: {{StringEquals: {{'iam:PassedToService': {to}}}}}");
        let check = |needed: &[&str], condition: &str, trusted: &str, expected: &str| {
            assert_eq!(
                handed(name, needed, condition, trusted),
                expected,
                "{name}: {needed:?}{condition}, trusted is {trusted}"
            );
        };
        check(needed, "", service, "[Strong]");
        check(needed, &to(service), service, "[Strong]");
        check(needed, &to("nobody.amazonaws.com"), service, "[]");
        check(needed, "", "nobody.amazonaws.com", "[]");
        for left_out in *needed {
            let others = needed.iter().copied().filter(|one| one != left_out);
            let others: Vec<&str> = others.collect();
            if !is_enough(name, &others) {
                check(&others, "", service, "[]");
            }
        }
    }
}

/// The roles under which `Run` may have a function run.
fn functions_as(policies: &[&str], others: &str) -> String {
    draw(&template("", &statements(policies), others), |draft| {
        of(draft, "Run", "create_function_as")
    })
}

const CREATE: &str = "{Effect: Allow, Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: 'arn:aws:lambda:*:*:function:app-*'}";

#[test]
fn a_role_is_taken_over_as_far_as_its_policy_and_the_rights_say() {
    let trusting = |more: &str| {
        format!(
            "
Strong:
  Type: AWS::IAM::Role
  Properties:
    RoleName: app-strong
    AssumeRolePolicyDocument:
      Statement: {{Effect: Allow, Action: 'sts:AssumeRole', Principal: {{Service: lambda.amazonaws.com}}{more}}}
Fn: {{Type: AWS::Lambda::Function}}
"
        )
    };
    let pass =
        |resource: &str| format!("{{Effect: Allow, Action: '{PASS}', Resource: {resource}}}");
    let by_name = pass("!GetAtt Strong.Arn");
    let cases: &[(&[&str], &str, &str)] = &[
        (&[&by_name, CREATE], "", "[Strong]"),
        (
            &[&pass("'arn:aws:iam::*:role/app-*'"), CREATE],
            "",
            "[Strong]",
        ),
        (&[&pass("'arn:aws:iam::*:role/web-*'"), CREATE], "", "[]"),
        // Any role at all is more than this one.
        (&[&pass("'*'"), CREATE], "", "[]"),
        (&[&pass("!GetAtt Run.Arn"), CREATE], "", "[]"),
        // A function that is there cannot be created.
        (
            &[
                &by_name,
                "{Effect: Allow, Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: !GetAtt Fn.Arn}",
            ],
            "",
            "[]",
        ),
        (
            &[
                &by_name,
                "{Effect: Allow, Action: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'], Resource: !GetAtt Fn.Arn}",
            ],
            "",
            "[Strong]",
        ),
        // The right to create roles' namesakes is none to create functions.
        (
            &[
                "{Effect: Allow, Action: ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: !GetAtt Strong.Arn}",
            ],
            "",
            "[]",
        ),
        (
            &[
                &by_name,
                CREATE,
                "{Effect: Deny, Action: 'iam:*', Resource: !GetAtt Strong.Arn}",
            ],
            "",
            "[]",
        ),
        (
            &[&by_name, CREATE],
            ", Condition: {StringEquals: {'aws:SourceAccount': !Ref 'AWS::AccountId'}}",
            "[Strong]",
        ),
        (
            &[&by_name, CREATE],
            ", Condition: {ArnEquals: {'aws:SourceArn': 'arn:aws:lambda:eu-west-1:1:function:a'}}",
            "[?NotAnalysed(\"the condition of its trust policy\")]",
        ),
    ];
    for (policies, condition, expected) in cases {
        assert_eq!(
            &functions_as(policies, &trusting(condition)),
            expected,
            "{policies:?} {condition}"
        );
    }
}

#[test]
fn any_role_may_be_handed_to_what_may_be_created() {
    let pass = format!("{{Effect: Allow, Action: '{PASS}', Resource: '*'}}");
    assert_eq!(open(&[&pass, CREATE]), ["create_function"]);
}

#[test]
fn a_role_that_may_change_itself_may_become_anything() {
    let change = |action: &str, role: &str| {
        open(&[&format!(
            "{{Effect: Allow, Action: 'iam:{action}', Resource: {role}}}"
        )])
    };
    assert_eq!(
        change("PutRolePolicy", "!GetAtt Run.Arn"),
        ["change_identity"]
    );
    assert_eq!(
        change("AttachRolePolicy", "!GetAtt Run.Arn"),
        ["change_identity"]
    );
    assert_eq!(
        change("PutRolePolicy", "'arn:aws:iam::1:role/other'"),
        [""; 0]
    );
    assert_eq!(change("GetRolePolicy", "!GetAtt Run.Arn"), [""; 0]);
}
