//! The roads an attacker could walk: what makes one, what closes it, and what is
//! within reach of whom.

use serde_json::Value;

use crate::door::{AS_OF, Folder, root, run, run_in};
use crate::facts::{items, s};

/// Each road on a line: `url reaches (open anyone) > Save reaches (handed-on) > …`.
fn roads(folder: &Folder, more: &[&str]) -> Vec<String> {
    let mut arguments = vec!["reach", ".", "--format", "json", "--as-of", AS_OF];
    arguments.extend(more);
    let found = folder.run(&arguments).ended(0).json();
    let step = |step: &serde_json::Value| {
        let to = s(step, "to").rsplit('/').next().unwrap_or_default();
        let why = format!("{} {}", s(step, "how"), s(step, "by"));
        format!("{to} {} ({})", s(step, "hold"), why.trim())
    };
    let road = |road: &serde_json::Value| {
        let steps: Vec<String> = items(road, "steps").iter().map(step).collect();
        steps.join(" > ")
    };
    items(&found, "roads").iter().map(road).collect()
}

#[track_caller]
fn check(resources: &str, more: &[&str], expected: &[&str]) {
    let template = format!("Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}");
    let folder = Folder::of(&[("template.yaml", &template)]);
    assert_eq!(roads(&folder, more), expected, "{resources}");
}

/// A function with an address and a policy, and a table.
fn save(auth: &str, policy: &str) -> String {
    format!(
        "  Save:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs22.x
      FunctionUrlConfig: {{ AuthType: {auth} }}
      Environment: {{ Variables: {{ TABLE: !Ref Customers }} }}
      Policies:
        - {policy}
  Customers: {{ Type: AWS::DynamoDB::Table }}
"
    )
}

const READS: &str = "DynamoDBReadPolicy: { TableName: !Ref Customers }";

#[test]
fn an_open_address_leads_to_what_the_code_reads_for_its_callers() {
    check(
        &save("NONE", READS),
        &[],
        &["Save:url reaches (open anyone) > Save calls (handed-on) > Customers reads (purpose)"],
    );
}

#[test]
fn a_signed_address_leads_there_only_for_the_account() {
    check(
        &save("AWS_IAM", READS),
        &[],
        &["Save:url reaches (open account) > Save calls (handed-on) > Customers reads (purpose)"],
    );
}

#[test]
fn no_right_no_road() {
    check(&save("NONE", "AWSLambdaBasicExecutionRole"), &[], &[]);
}

#[test]
fn a_bucket_anyone_may_write_to_starts_what_listens_to_it() {
    check(
        "  Inbox:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: { BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false }
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Inbox
      PolicyDocument:
        Statement: [{ Effect: Allow, Principal: '*', Action: s3:PutObject, Resource: !Sub '${Inbox.Arn}/*' }]
  Sort:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs22.x
      Environment: { Variables: { TABLE: !Ref Customers } }
      Policies: [DynamoDBWritePolicy: { TableName: !Ref Customers }]
      Events:
        Put: { Type: S3, Properties: { Bucket: !Ref Inbox, Events: s3:ObjectCreated:* } }
  Customers: { Type: AWS::DynamoDB::Table }
",
        &["--to", "Customers"],
        &["Inbox writes (open anyone) > Sort reaches (handed-on s3:ObjectCreated:*) > Customers writes (purpose)"],
    );
}

#[test]
fn rights_that_lead_to_stronger_rights_lead_to_the_account() {
    let policy = "{ Statement: [{ Effect: Allow, Action: ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' }] }";
    check(
        &save("NONE", policy),
        &["--to", "account"],
        &[
            "Save:url reaches (open anyone) > Save calls (handed-on) > Save controls (flaw) > \
           Save:role controls (runs-as) > account controls (escalation create_function)",
        ],
    );
    let less = "{ Statement: [{ Effect: Allow, Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' }] }";
    check(&save("NONE", less), &["--to", "account"], &[]);
}

#[test]
fn a_role_is_taken_on_only_where_its_own_policy_lets_roles_in() {
    let trusting = |principal: &str| {
        let policy = "{ Statement: [{ Effect: Allow, Action: 'sts:AssumeRole', Resource: !GetAtt Other.Arn }] }";
        format!(
            "{}  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{ Effect: Allow, Principal: {principal}, Action: sts:AssumeRole }}]
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Statement: [{{ Effect: Allow, Action: 'dynamodb:Scan', Resource: !GetAtt Customers.Arn }}]
",
            save("AWS_IAM", policy)
        )
    };
    let way = ["--from", "Save", "--to", "Other"];
    check(
        &trusting("{ AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root' }"),
        &way,
        &["Save:role controls (runs-as) > Other controls (granted project/Save:role # Other)"],
    );
    check(&trusting("{ Service: ec2.amazonaws.com }"), &way, &[]);
    check(
        &trusting("{ AWS: 'arn:aws:iam::111122223333:role/partner' }"),
        &way,
        &[],
    );
    check(
        &trusting("{ AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/operators' }"),
        &way,
        &[],
    );
    let by_name = trusting("{ AWS: !GetAtt SaveRole.Arn }");
    check(
        &by_name,
        &way,
        &["Save:role controls (runs-as) > Other controls (granted project/Save:role # Other)"],
    );
}

#[test]
fn a_role_let_in_by_name_needs_no_right_of_its_own() {
    let other = "  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Principal: { AWS: !GetAtt SaveRole.Arn }, Action: sts:AssumeRole }]
";
    check(
        &(save("AWS_IAM", "AWSLambdaBasicExecutionRole") + other),
        &["--from", "Save", "--to", "Other"],
        &["Save:role controls (runs-as) > Other controls (admitted project/Other # SaveRole)"],
    );
}

/// A role that a function of `save` may hand on by name leads to its rights, where it
/// trusts the service and nothing else is wanting.
#[test]
fn a_role_handed_on_by_name_is_taken_over() {
    let rights = |more: &str, actions: &str| {
        format!(
            "{{ Statement: [{{ Effect: Allow, Action: 'iam:PassRole', Resource: !GetAtt Other.Arn{more} }}, \
             {{ Effect: Allow, Action: {actions}, Resource: 'arn:aws:lambda:*:*:function:app-*' }}] }}"
        )
    };
    let with_other = |policy: &str, trusted: &str| {
        format!(
            "{}  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{ Effect: Allow, Principal: {{ Service: {trusted} }}, Action: sts:AssumeRole }}]
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Statement: [{{ Effect: Allow, Action: 'dynamodb:Scan', Resource: !GetAtt Customers.Arn }}]
",
            save("AWS_IAM", policy)
        )
    };
    let both = "['lambda:CreateFunction', 'lambda:InvokeFunction']";
    let to = |service: &str| {
        format!(", Condition: {{ StringEquals: {{ 'iam:PassedToService': {service} }} }}")
    };
    let lambda = "lambda.amazonaws.com";
    let cases = [
        (rights("", both), lambda, true),
        (rights(&to(lambda), both), lambda, true),
        (rights(&to("glue.amazonaws.com"), both), lambda, false),
        (rights("", "'lambda:CreateFunction'"), lambda, false),
        (rights("", both), "glue.amazonaws.com", false),
    ];
    for (policy, trusted, leads) in cases {
        let expected: &[&str] = match leads {
            true => &[
                "Save:role controls (runs-as) > Other controls (escalation create_function) > \
                 Customers reads (granted project/Other # Read/Customers)",
            ],
            false => &[],
        };
        let way = ["--from", "Save", "--to", "Customers"];
        check(&with_other(&policy, trusted), &way, expected);
    }
}

#[test]
fn what_is_within_reach_of_a_function_is_what_its_role_may() {
    check(
        &save("AWS_IAM", READS),
        &["--from", "Save"],
        &["Customers reads (rights)"],
    );
    check(
        &save("AWS_IAM", READS),
        &["--from", "Save", "--to", "Customers"],
        &["Customers reads (rights)"],
    );
    check(&save("NONE", READS), &["--from", "Customers"], &[]);
}

#[test]
fn the_road_to_the_orders_comes_first_in_the_example() {
    let ran = run(&["reach", "examples/orders", "--as-of", AS_OF]).ended(0);
    let first: Vec<&str> = ran.out.lines().skip(2).take(8).map(str::trim).collect();
    let expected = [
        "1  reads and writes Orders · named like sensitive data · ease 0.58",
        "internet",
        "→ ShopApi # GET /orders",
        "open to anyone: authoriser Customers is not attached",
        "→ ListOrders",
        "is handed on: GET /orders",
        "→ reads and writes Orders",
        "its callers get what it reads",
    ];
    for (line, expected) in first.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}\n{}", ran.out);
    }
    assert!(
        ran.out.contains("examples/orders/template.yaml:111"),
        "{}",
        ran.out
    );
}

#[test]
fn a_component_that_is_not_there_is_told_with_what_was_meant() {
    let ran = run_in(&root(), &["reach", "examples/orders", "--to", "Order"]).ended(2);
    assert!(ran.err.contains("did you mean `Orders`?"), "{}", ran.err);
}

#[test]
fn nothing_to_read_ends_with_3() {
    let folder = Folder::of(&[("notes.txt", "hello")]);
    let ran = folder.run(&["reach", "."]).ended(3);
    assert!(ran.err.contains("no template"), "{}", ran.err);
}

#[test]
fn what_opens_the_roads_is_told_and_without_it_there_are_none() {
    let template = |auth: &str, public: bool| {
        format!(
            "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: shop.handler
      InlineCode: pass
      FunctionUrlConfig: {{ AuthType: {auth} }}
      Policies: [{{ DynamoDBCrudPolicy: {{ TableName: !Ref Customers }} }}]
  Customers:
    Type: AWS::Serverless::SimpleTable
  Files:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {{ BlockPublicAcls: {0}, BlockPublicPolicy: {0}, IgnorePublicAcls: {0}, RestrictPublicBuckets: {0} }}
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Files
      PolicyDocument:
        Statement: [{{ Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: !Sub '${{Files.Arn}}/*' }}]
",
            !public
        )
    };
    let asked = |template: String| -> Value {
        let folder = Folder::of(&[("template.yaml", &template)]);
        let ran = folder.run(&["reach", ".", "--as-of", AS_OF, "--format", "json"]);
        serde_json::from_str(&ran.ended(0).out).unwrap()
    };
    let open = asked(template("NONE", true));
    let openings = open["openings"].as_array().unwrap().iter();
    let named = |opening: &Value| {
        let subject = opening["subject"].as_str().unwrap();
        let subject = subject.rsplit('/').next().unwrap();
        format!("{} of {subject}", opening["fact"].as_str().unwrap())
    };
    let found: Vec<String> = openings.map(named).collect();
    assert_eq!(found, ["open_to of Shop:url", "public_read of Files"]);
    assert_eq!(open["always_open"], 0);
    // Each alone leaves a road, both leave none.
    for (auth, public, left) in [
        ("AWS_IAM", true, 1),
        ("NONE", false, 1),
        ("AWS_IAM", false, 0),
    ] {
        let after = asked(template(auth, public));
        let roads = after["roads"].as_array().unwrap().iter();
        let matter = roads.filter(|road| road["ease"].as_f64().unwrap() > 0.1);
        let ends: std::collections::BTreeSet<&str> = matter
            .map(|road| road["target"].as_str().unwrap())
            .collect();
        assert_eq!(ends.len(), left, "{auth} {public}: {ends:?}");
    }
}

#[test]
fn roads_are_drawn_with_what_they_lead_over_and_nothing_else() {
    let other = "  Apart: { Type: AWS::SQS::Queue }\n";
    let template = format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n{}{other}",
        save("NONE", READS)
    );
    let folder = Folder::of(&[("template.yaml", &template)]);
    folder
        .run(&[
            "reach",
            ".",
            "-o",
            "roads.svg",
            "-o",
            "roads.txt",
            "--as-of",
            AS_OF,
        ])
        .ended(0);
    let picture = std::fs::read_to_string(folder.path().join("roads.svg")).unwrap();
    for name in ["Save:url", "Save", "Customers"] {
        assert!(picture.contains(&format!("/{name}\"")), "{name}");
    }
    assert!(!picture.contains("Apart"));
    assert_eq!(picture.matches("class=\"ub-box ub-way-box").count(), 4);
    let told = std::fs::read_to_string(folder.path().join("roads.txt")).unwrap();
    assert!(told.starts_with("1 road from outside to data"), "{told}");
    let refused = folder.run(&["reach", ".", "-o", "roads.html"]).ended(2);
    assert!(refused.err.contains("`underbelly model` writes reports"));
}

#[test]
fn the_worst_road_stands_out_in_the_picture_of_all() {
    let lit = |resources: &str| {
        let template = format!("Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}");
        let folder = Folder::of(&[("template.yaml", &template)]);
        let picture = folder.run(&["model", ".", "--format", "svg"]).ended(0).out;
        let n_boxes = picture.matches("ub-box ub-way-box").count();
        (n_boxes, picture.contains("worst road to data"))
    };
    assert_eq!(lit(&save("NONE", READS)), (4, true));
    assert_eq!(lit("  Alone: { Type: AWS::SQS::Queue }\n"), (0, false));
}

#[test]
fn explain_follows_a_right_from_its_role_to_its_resource() {
    let template = "Resources:
  Run:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]
      PermissionsBoundary: !Ref Cap
      Policies:
        - PolicyName: Tables
          PolicyDocument:
            Statement:
              - Sid: All
                Effect: Allow
                Action: dynamodb:GetItem
                Resource: '*'
                Condition: { Bool: { 'aws:SecureTransport': 'true' } }
              - Effect: Deny
                Action: 'dynamodb:Get*'
                Resource: !GetAtt Orders.Arn
              - { Effect: Deny, Action: 'sqs:*', Resource: '*' }
              - { Sid: One, Effect: Allow, Action: 'dynamodb:PutItem', Resource: !GetAtt Orders.Arn }
  Cap:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: { Statement: [{ Effect: Allow, Action: 'dynamodb:*', Resource: '*' }] }
  Orders: { Type: AWS::DynamoDB::Table }
";
    let folder = Folder::of(&[("template.yaml", template)]);
    let ran = folder.run(&["explain", "role-wildcard-resource@Run", "."]);
    let told = ran.ended(0).out;
    let lines: Vec<&str> = told.lines().map(str::trim).collect();
    let expected = [
        "where the right Tables/All comes from",
        "role: Run (template.yaml:2)",
        "policy: Tables, inline (template.yaml:9)",
        "statement: allows read_data (template.yaml:12)",
        "boundary: what it does not let through is left out (template.yaml:7)",
        "let through: dynamodb:* on * (template.yaml:25)",
        "denied: dynamodb:Get* on ${Orders.Arn} (template.yaml:17)",
        "conditions: tls (template.yaml:16)",
        "resource: everything (template.yaml:15)",
    ];
    assert!(
        lines.windows(expected.len()).any(|found| found == expected),
        "{told}"
    );
    // A right that no threat speaks of is explained by its name.
    let ran = folder.run(&["explain", "@Run # Tables/One", "."]);
    let told = ran.ended(0).out;
    let lines: Vec<&str> = told.lines().map(str::trim).collect();
    let expected = [
        "The rights of Run",
        "where the right Tables/One comes from",
        "role: Run (template.yaml:2)",
        "policy: Tables, inline (template.yaml:9)",
        "statement: allows write_data (template.yaml:21)",
        "boundary: what it does not let through is left out (template.yaml:7)",
        "let through: dynamodb:* on * (template.yaml:25)",
        "conditions: none (template.yaml:21)",
        "resource: one: Orders (template.yaml:21)",
    ];
    assert_eq!(lines, expected);
    let ran = folder.run(&["explain", "@Run", "."]);
    assert!(
        ran.ended(0)
            .out
            .contains("where the right Tables/One comes from")
    );
    folder.run(&["explain", "@Run # Nothing", "."]).ended(2);
}

#[test]
fn a_right_on_everything_leads_to_everything_it_is_for_and_beyond() {
    let policy = "{ Statement: [{ Effect: Allow, Action: 'dynamodb:GetItem', Resource: '*' }] }";
    check(
        &(save("NONE", policy).replace("!Ref Customers }", "nothing }")
            + "  Invoices: { Type: AWS::DynamoDB::Table }\n  Files: { Type: AWS::S3::Bucket }\n"),
        &["--from", "Save"],
        &[
            "Save:role controls (runs-as) > account reads (granted project/Save:role # everything)",
            "Save:role controls (runs-as) > Customers reads (granted project/Save:role # everything)",
            "Save:role controls (runs-as) > Invoices reads (granted project/Save:role # everything)",
        ],
    );
}

#[test]
fn what_a_deny_takes_from_a_right_on_everything_is_not_had() {
    let policy = "{ Statement: [{ Effect: Allow, Action: 'dynamodb:GetItem', Resource: '*' }, { Effect: Deny, Action: 'dynamodb:*', Resource: !GetAtt Customers.Arn }] }";
    check(
        &(save("NONE", policy).replace("!Ref Customers }", "nothing }")
            + "  Invoices: { Type: AWS::DynamoDB::Table }\n"),
        &["--from", "Save"],
        &[
            "Save:role controls (runs-as) > account reads (granted project/Save:role # everything)",
            "Save:role controls (runs-as) > Invoices reads (granted project/Save:role # everything)",
        ],
    );
}

#[test]
fn each_of_several_things_a_grant_names_is_had_by_what_is_for_it() {
    let policy = "{ Statement: [{ Effect: Allow, Action: ['dynamodb:GetItem', 's3:PutObject'], Resource: [!GetAtt Customers.Arn, !Sub '${Files.Arn}/*'] }] }";
    check(
        &(save("NONE", policy) + "  Files: { Type: AWS::S3::Bucket }\n"),
        &["--from", "Save"],
        &["Customers reads (rights)", "Files writes (rights)"],
    );
}

#[test]
fn a_condition_nobody_can_judge_halves_what_a_right_is_worth_and_is_told() {
    let policy = "{ Statement: [{ Effect: Allow, Action: 'dynamodb:GetItem', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': 10.0.0.0/8 } } }] }";
    let resources = save("NONE", policy).replace("!Ref Customers }", "nothing }");
    let template = format!("Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}");
    let folder = Folder::of(&[("template.yaml", &template)]);
    let said = folder
        .run(&["reach", ".", "--to", "Customers"])
        .ended(0)
        .out;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("unknown: not analysed yet: whether its condition (ip) is met"),
        "{said}"
    );
}

#[test]
fn a_table_that_nothing_declares_is_data_where_a_right_names_it() {
    let policy = "{ Statement: [{ Effect: Allow, Action: 'dynamodb:GetItem', Resource: !Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/legacy' }] }";
    check(
        &save("NONE", policy).replace("!Ref Customers }", "legacy }"),
        &[],
        &["Save:url reaches (open anyone) > Save calls (handed-on) > table:legacy reads (purpose)"],
    );
}

#[test]
fn who_controls_the_account_has_what_is_in_it() {
    let policy = "AdministratorAccess";
    check(
        &save("NONE", policy).replace("!Ref Customers }", "nothing }"),
        &["--from", "Save", "--to", "Customers"],
        &[
            "Save:role controls (runs-as) > account controls (escalation administer) > Customers reads (account)",
            "Save:role controls (runs-as) > account controls (escalation administer) > Customers writes (account)",
            "Save:role controls (runs-as) > Customers controls (granted project/Save:role # AdministratorAccess)",
        ],
    );
}

#[test]
fn a_key_is_within_reach_of_who_may_decrypt_with_it() {
    let policy =
        "{ Statement: [{ Effect: Allow, Action: 'kms:Decrypt', Resource: !GetAtt Key.Arn }] }";
    let letting_in = |principal: &str, action: &str| {
        format!(
            "{}  Key: {{ Type: AWS::KMS::Key, Properties: {{ KeyPolicy: {{ Statement: [{{ Effect: Allow, Principal: {principal}, Action: '{action}', Resource: '*' }}] }} }} }}\n",
            save("NONE", policy).replace("!Ref Customers }", "nothing }")
        )
    };
    let account = "{ AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root' }";
    let leads: &[&str] =
        &["Save:role controls (runs-as) > Key decrypts (granted project/Save:role # Key)"];
    check(&letting_in(account, "kms:*"), &["--from", "Save"], leads);
    // What an identity may do counts only where the key's policy lets the account in.
    check(
        &letting_in(account, "kms:Describe*"),
        &["--from", "Save"],
        &[],
    );
    check(
        &letting_in("{ Service: logs.amazonaws.com }", "kms:*"),
        &["--from", "Save"],
        &[],
    );
    check(
        &letting_in("{ AWS: '111111111111' }", "kms:*"),
        &["--from", "Save"],
        &[],
    );
}

#[test]
fn who_only_started_something_gets_none_of_its_answers() {
    let resources = |event: &str| {
        format!(
            "  Save:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs22.x
      Environment: {{ Variables: {{ TABLE: !Ref Customers }} }}
      Policies: [{READS}]
      Events: {{ Start: {event} }}
  Customers: {{ Type: AWS::DynamoDB::Table }}
  Bus: {{ Type: AWS::Events::EventBus, Properties: {{ Name: shop }} }}
  Open:
    Type: AWS::Events::EventBusPolicy
    Properties: {{ EventBusName: !Ref Bus, StatementId: open, Action: 'events:PutEvents', Principal: '*' }}
"
        )
    };
    let by_bus = "{ Type: EventBridgeRule, Properties: { EventBusName: !Ref Bus, Pattern: { source: [shop] } } }";
    check(
        &resources(by_bus),
        &["--to", "Customers"],
        &[
            "Bus reaches (admitted project/Bus # Open) > Save reaches (handed-on SaveStart) > Save controls (flaw) > Customers reads (rights)",
        ],
    );
    let by_api = "{ Type: Api, Properties: { Path: /a, Method: get } }";
    check(
        &resources(by_api),
        &["--to", "Customers"],
        &["a reaches (open anyone) > Save calls (handed-on GET /a) > Customers reads (purpose)"],
    );
}

#[test]
fn an_authoriser_is_reached_by_whoever_calls() {
    check(
        "  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Auth: { DefaultAuthorizer: Ask, Authorizers: { Ask: { FunctionArn: !GetAtt Check.Arn } } }
  Check: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, Runtime: nodejs22.x } }
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs22.x
      Events: { Get: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /a, Method: get } } }
",
        &["--to", "Check"],
        &[
            "Check reaches (open anyone)",
            "Check reaches (open anyone) > Check controls (flaw)",
        ],
    );
}

/// An identity pool whose two roles each read a bucket.
const POOL: &str = "  Pool: { Type: AWS::Cognito::IdentityPool, Properties: { AllowUnauthenticatedIdentities: GUESTS } }
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: { IdentityPoolId: !Ref Pool, Roles: { unauthenticated: !GetAtt Guest.Arn, authenticated: !GetAtt User.Arn } }
  Guest: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: TRUST, Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: 's3:GetObject', Resource: !Sub '${Shared.Arn}/*' }] } }] } }
  User: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: TRUST, Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: 's3:GetObject', Resource: !Sub '${Own.Arn}/*' }] } }] } }
  Shared: { Type: AWS::S3::Bucket }
  Own: { Type: AWS::S3::Bucket }
";

#[test]
fn an_identity_pool_leads_guests_and_users_to_what_their_roles_may() {
    let trust = "{ Statement: [{ Effect: Allow, Principal: { Federated: cognito-identity.amazonaws.com }, Action: 'sts:AssumeRoleWithWebIdentity', Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': !Ref Pool } } }] }";
    let pool = |guests: &str| POOL.replace("GUESTS", guests).replace("TRUST", trust);
    let users = "Pool calls (open signed_in) > User controls (signed-in) > Own reads (granted project/User # p/Own/*)";
    check(
        &pool("true"),
        &[],
        &[
            "Pool reaches (open anyone) > Guest controls (guest) > Shared reads (granted project/Guest # p/Shared/*)",
            users,
        ],
    );
    check(&pool("false"), &[], &[users]);
}

/// An API with a route for everyone and one for those who sign in.
const TWO_ROUTES: &str = "  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        Authorizers:
          Users: { JwtConfiguration: { issuer: 'https://id.example.com', audience: [a] }, IdentitySource: $request.header.Authorization }
  Save:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs22.x
      Environment: { Variables: { TABLE: !Ref Customers } }
      Policies: [DynamoDBCrudPolicy: { TableName: !Ref Customers }]
      Events:
        All: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: GET, Path: /all } }
        Own: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: POST, Path: /own, Auth: { Authorizer: Users } } }
  Customers: { Type: AWS::DynamoDB::Table }
";

#[test]
fn what_roads_print_may_be_asked_for() {
    let by_all = "all reaches (open anyone)";
    let by_own = "own reaches (open signed_in)";
    let save = |label: &str| format!("Save calls (handed-on {label})");
    let (all, own) = (save("GET /all"), save("POST /own"));
    let reads = "Customers reads (purpose)";
    check(
        TWO_ROUTES,
        &["--from", "internet", "--to", "Api # GET /all"],
        &[by_all],
    );
    check(
        TWO_ROUTES,
        &["--from", "signed-in user", "--to", "reads Customers"],
        &[&format!("{by_own} > {own} > {reads}")],
    );
    check(
        TWO_ROUTES,
        &[
            "--from",
            "Api # GET /all",
            "--to",
            "reads and writes Customers",
        ],
        &[
            &format!("{all} > {reads}"),
            &format!("{all} > Customers writes (purpose)"),
        ],
    );
}

#[test]
fn a_road_says_why_each_hop_is_possible() {
    let template = format!("Transform: AWS::Serverless-2016-10-31\nResources:\n{TWO_ROUTES}");
    let folder = Folder::of(&[("template.yaml", &template)]);
    let told = folder.run(&["reach", ".", "--as-of", AS_OF]).ended(0).out;
    for said in [
        "open to anyone: authoriser Users is not attached",
        "open to signed-in users",
        "→ reads and writes Customers",
        "its callers get what it reads: ",
        "who may call Api # GET /all: closes 1 of the 2 roads",
    ] {
        assert!(told.contains(said), "{said}\n{told}");
    }
    let told = folder.run(&["model", ".", "--as-of", AS_OF]).ended(0).out;
    let chain = "internet → Api # GET /all (no authoriser attached) → Save → (";
    assert!(told.contains(chain), "{told}");
    assert!(told.contains("2 roads lead from outside to data"), "{told}");
}

#[test]
fn pictures_of_roads_show_roles_and_who_sets_out() {
    let policy = "{ Statement: [{ Effect: Allow, Action: ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' }] }";
    let template = format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n{}",
        save("NONE", policy)
    );
    let folder = Folder::of(&[("template.yaml", &template)]);
    let asked = [
        "reach",
        ".",
        "--to",
        "account",
        "-o",
        "roads.mmd",
        "--as-of",
        AS_OF,
    ];
    folder.run(&asked).ended(0);
    let picture = std::fs::read_to_string(folder.path().join("roads.mmd")).unwrap();
    for shown in [
        "\"internet<br/>Actor\"",
        "\"Save:role<br/>Role\"",
        "\"account<br/>Account\"",
        "acts as",
        "takes over",
    ] {
        assert!(picture.contains(shown), "{shown}\n{picture}");
    }
    assert_eq!(picture.matches("-->").count(), 4, "{picture}");
}
