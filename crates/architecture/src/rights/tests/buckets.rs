//! Whether buckets are open to everybody.

use super::super::testing::{draw, of, parts};

/// `public_read` and `public_write` of a bucket with these properties and a policy
/// of this statement.
fn check(properties: &str, statement: &str, expected: [&str; 2]) {
    draw(&template(properties, statement), |draft| {
        let found = [
            of(draft, "Files", "public_read"),
            of(draft, "Files", "public_write"),
        ];
        assert_eq!(found, expected, "{properties} {statement}");
    });
}

fn template(properties: &str, statement: &str) -> String {
    let policy = match statement {
        "" => String::new(),
        statement => format!(
            "Policy: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: !Ref Files, PolicyDocument: {{Statement: {statement}}}}}}}"
        ),
    };
    format!(
        "
Parameters: {{Stage: {{Type: String, AllowedValues: [dev, prod], Default: dev}}, Block: {{Type: String}}}}
Conditions: {{IsProd: !Equals [!Ref Stage, prod]}}
Resources:
  Files: {{Type: AWS::S3::Bucket, Properties: {{{properties}}}}}
  {policy}
"
    )
}

const OPEN: &str =
    "{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: !Sub '${Files.Arn}/*'}";
const ALL_OFF: &str = "PublicAccessBlockConfiguration: {BlockPublicAcls: false, IgnorePublicAcls: false, \
                       BlockPublicPolicy: false, RestrictPublicBuckets: false}";

#[test]
fn a_new_bucket_is_shut() {
    check("", "", ["false", "false"]);
    check("", OPEN, ["false", "false"]);
    check("AccessControl: PublicReadWrite", "", ["false", "false"]);
}

#[test]
fn a_policy_opens_a_bucket_whose_blocks_are_off() {
    check(ALL_OFF, OPEN, ["true", "false"]);
    check(
        "PublicAccessBlockConfiguration: {BlockPublicAcls: true}",
        OPEN,
        ["true", "false"],
    );
    check(
        "PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}",
        OPEN,
        ["false", "false"],
    );
    check(
        "PublicAccessBlockConfiguration: {BlockPublicPolicy: 'true'}",
        OPEN,
        ["false", "false"],
    );
    check(
        ALL_OFF,
        "{Effect: Allow, Principal: {AWS: '*'}, Action: 's3:*', Resource: '*'}",
        ["true", "true"],
    );
    check(
        ALL_OFF,
        "{Effect: Allow, Principal: {AWS: !Ref 'AWS::AccountId'}, Action: 's3:*', Resource: '*'}",
        ["false", "false"],
    );
}

#[test]
fn an_access_list_counts_where_lists_count() {
    let lists = "OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}";
    check(
        &format!("{ALL_OFF}, {lists}, AccessControl: PublicRead"),
        "",
        ["false", "false"],
    );
    check(
        &format!("{ALL_OFF}, {lists}, AccessControl: PublicReadWrite"),
        "",
        ["false", "true"],
    );
    check(
        &format!("{ALL_OFF}, {lists}, AccessControl: Private"),
        "",
        ["false", "false"],
    );
    check(
        &format!("{ALL_OFF}, AccessControl: PublicRead"),
        "",
        ["false", "false"],
    );
    check(
        &format!(
            "{lists}, AccessControl: PublicRead, PublicAccessBlockConfiguration: {{IgnorePublicAcls: true}}"
        ),
        "",
        ["false", "false"],
    );
}

#[test]
fn an_access_list_shows_keys_and_a_policy_what_it_says() {
    let shut = ["false", "false"];
    let lists = "OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}";
    let by_list = format!("{ALL_OFF}, {lists}, AccessControl: PublicRead");
    for (properties, statement, expected) in [
        (&*by_list, "", "true"),
        ("AccessControl: PublicRead", "", "false"),
        (ALL_OFF, OPEN, "false"),
        (
            ALL_OFF,
            "{Effect: Allow, Principal: '*', Action: 's3:ListBucket', Resource: !GetAtt Files.Arn}",
            "true",
        ),
    ] {
        if statement != OPEN {
            check(properties, statement, shut);
        }
        let template = template(properties, statement);
        let found = draw(&template, |draft| of(draft, "Files", "public_list"));
        assert_eq!(found, expected, "{properties} {statement}");
    }
}

#[test]
fn conditions_of_a_policy_may_keep_strangers_out() {
    let open = |condition: &str| {
        format!(
            "{{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: '*', Condition: {condition}}}"
        )
    };
    check(
        ALL_OFF,
        &open("{IpAddress: {'aws:SourceIp': 10.0.0.0/8}}"),
        ["false", "false"],
    );
    check(
        ALL_OFF,
        &open("{IpAddress: {'aws:SourceIp': 0.0.0.0/0}}"),
        ["true", "false"],
    );
    check(
        ALL_OFF,
        &open("{StringLike: {'aws:Referer': 'https://shop.example/*'}}"),
        ["true", "false"],
    );
    check(
        ALL_OFF,
        &open("{Bool: {'aws:SecureTransport': true}}"),
        ["true", "false"],
    );
    check(
        ALL_OFF,
        &open("{StringEquals: {'s3:ExistingObjectTag/public': 'yes'}}"),
        [
            "?NotAnalysed(\"the condition of an Allow for everybody\")",
            "false",
        ],
    );
}

#[test]
fn what_is_not_known_is_not_guessed() {
    check(
        "PublicAccessBlockConfiguration: {BlockPublicPolicy: !Ref Block}",
        OPEN,
        ["?Parameter(\"Block\")", "false"],
    );
    check(
        "PublicAccessBlockConfiguration: !If [IsProd, {BlockPublicPolicy: true}, {BlockPublicPolicy: false}]",
        OPEN,
        [
            "<true if IsProd is false | false if IsProd is true>",
            "false",
        ],
    );
}

#[test]
fn a_block_leaves_only_the_account_in() {
    let template = |properties: &str| {
        format!(
            "Resources:\n  Files: {{Type: AWS::S3::Bucket, Properties: {{{properties}}}}}\n  \
             Policy: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: !Ref Files, PolicyDocument: {{Statement: {OPEN}}}}}}}\n"
        )
    };
    let principal = |properties: &str| {
        draw(&template(properties), |draft| {
            parts(draft, "Files", "admits", &["principal"]).join("\n")
        })
    };
    assert!(principal("").ends_with("principal=own_account"));
    assert!(principal(ALL_OFF).ends_with("principal=anyone"));
}

#[test]
fn a_block_leaves_in_who_is_narrowed_to_an_address() {
    let template = "
Resources:
  Files: {Type: AWS::S3::Bucket}
  Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Files, PolicyDocument: {Statement: {Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: !Sub '${Files.Arn}/*', Condition: {IpAddress: {'aws:SourceIp': 203.0.113.0/24}}}}}}
";
    draw(template, |draft| {
        let found = parts(draft, "Files", "admits", &["principal"]).join("\n");
        assert!(found.ends_with("principal=anyone"), "{found}");
        assert_eq!(of(draft, "Files", "public_read"), "false");
    });
}
