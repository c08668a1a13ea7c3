//! Buckets, and functions by what may invoke them.

use crate::{Row, row};

const GIVEN: &str = "
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}, It: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:";

const OPEN: &str = "\n      PublicAccessBlockConfiguration: {BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false}§";

fn files(properties: &str, principal: &str, condition: &str) -> String {
    let policy = match principal {
        "" => String::new(),
        _ => format!(
            "
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: {{Bucket: !Ref Files, PolicyDocument: {{Statement: [{{Effect: Allow, Principal: {principal}, Action: 's3:GetObject', Resource: !Sub '${{Files.Arn}}/*'{condition}}}]}}}}§
"
        ),
    };
    format!(
        "
  Files:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: shop-files{properties}
{policy}"
    )
}

pub(crate) fn bucket() -> Vec<Row> {
    let head = |text: String| text.replace("  Files:", "  Files:§");
    let role = |group: &str, guests: &str| {
        format!("
  Keys: {{Type: AWS::Cognito::IdentityPool, Properties: {{AllowUnauthenticatedIdentities: {guests}}}}}
  Attached: {{Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {{IdentityPoolId: !Ref Keys, Roles: {{{group}: !GetAtt User.Arn}}}}}}
  User: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: []}}, Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, Action: 's3:GetObject', Resource: !Sub '${{Files.Arn}}/*'}}]}}}}]}}}}§
")
    };
    vec![
        row(
            "nobody unless it says so",
            "Files",
            "nobody",
            head(files("", "", "")),
        ),
        row(
            "everybody by its policy",
            "Files",
            "anyone",
            files(OPEN, "'*'", ""),
        ),
        row(
            "everybody, but the block settings leave our account of it",
            "Files",
            "account",
            head(files("", "'*'", "")),
        ),
        row(
            "a header that anyone can write",
            "Files",
            "anyone",
            files(
                OPEN,
                "'*'",
                ", Condition: {StringLike: {'aws:Referer': 'https://shop.example/*'}}",
            ),
        ),
        row(
            "guests, by the role they are given",
            "Files",
            "anyone",
            format!("{}{}", files("", "", ""), role("unauthenticated", "true")),
        ),
        row(
            "a role for guests that are not let in",
            "Files",
            "nobody",
            format!(
                "{}{}",
                head(files("", "", "")),
                role("unauthenticated", "false").replace('§', "")
            ),
        ),
        row(
            "people who signed in, by the role they are given",
            "Files",
            "signed_in",
            format!("{}{}", files("", "", ""), role("authenticated", "false")),
        ),
        row(
            "another account",
            "Files",
            "partner",
            files("", "{AWS: '111122223333'}", ""),
        ),
        row(
            "known addresses",
            "Files",
            "partner",
            files(
                &OPEN.replace('§', ""),
                "'*'",
                ", Condition: {IpAddress: {'aws:SourceIp': 192.0.2.0/24}}",
            ),
        ),
        row(
            "our account",
            "Files",
            "account",
            files("", "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", ""),
        ),
        row(
            "one endpoint of a network",
            "Files",
            "account",
            files(
                "",
                "'*'",
                ", Condition: {StringEquals: {'aws:SourceVpce': vpce-1}}",
            ),
        ),
        row(
            "one CDN",
            "Files",
            "nobody",
            files(
                "",
                "{Service: cloudfront.amazonaws.com}",
                ", Condition: {StringEquals: {'AWS:SourceArn': !Sub 'arn:aws:cloudfront::${AWS::AccountId}:distribution/E1'}}",
            ),
        ),
        row(
            "the identity of one CDN",
            "Files",
            "nobody",
            format!(
                "{}  Identity: {{Type: AWS::CloudFront::CloudFrontOriginAccessIdentity, Properties: {{CloudFrontOriginAccessIdentityConfig: {{Comment: c}}}}}}\n",
                files(
                    "",
                    "{CanonicalUser: !GetAtt Identity.S3CanonicalUserId}",
                    ""
                )
            ),
        ),
        row(
            "every CDN there is",
            "Files",
            "deputy",
            files("", "{Service: cloudfront.amazonaws.com}", ""),
        ),
        row(
            "a service for whoever asks it",
            "Files",
            "deputy",
            files("", "{Service: logging.s3.amazonaws.com}", ""),
        ),
        row(
            "a service for our account",
            "Files",
            "nobody",
            files(
                "",
                "{Service: logging.s3.amazonaws.com}",
                ", Condition: {StringEquals: {'aws:SourceAccount': !Ref AWS::AccountId}}",
            ),
        ),
        row(
            "an account nobody said",
            "Files",
            "unknown: It",
            format!("{GIVEN}{}", files("", "{AWS: !Ref It}", "")),
        ),
        row(
            "everybody in production only",
            "Files",
            "nobody if IsProd is false; anyone if IsProd is true",
            format!(
                "{GIVEN}{}",
                head(files(OPEN, "'*'", "")).replace(
                    "    Type: AWS::S3::BucketPolicy",
                    "    Condition: IsProd\n    Type: AWS::S3::BucketPolicy"
                )
            ),
        ),
    ]
}

fn permitted(properties: &str) -> String {
    format!(
        "
  Fn: {{Type: AWS::Lambda::Function}}
  Let:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Fn
      Action: lambda:InvokeFunction
      {properties}
"
    )
}

pub(crate) fn function() -> Vec<Row> {
    let none = "  Fn: {Type: AWS::Lambda::Function}§\n".to_owned();
    let at = |properties: &str| permitted(properties);
    vec![
        row("nobody unless it says so", "Fn", "nobody", none),
        row("everybody through a route", "Fn", "anyone", "
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Target: !GetAtt Fn.Arn}}§
  Fn: {Type: AWS::Lambda::Function}
"),
        row("every account, as a function answers no unsigned call", "Fn", "any_account", at("Principal: '*'§")),
        row("people who signed in, by the role they are given", "Fn", "signed_in", "
  Fn: {Type: AWS::Lambda::Function}
  Keys: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: false}}
  Attached: {Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {IdentityPoolId: !Ref Keys, Roles: {authenticated: !GetAtt User.Arn}}}
  User: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'lambda:InvokeFunction', Resource: !GetAtt Fn.Arn}]}}]}}§
"),
        row("another account", "Fn", "partner", at("Principal: '111122223333'§")),
        row("an organisation", "Fn", "partner", at("Principal: '*'§\n      PrincipalOrgID: o-12345")),
        row("a service for whoever asks it", "Fn", "deputy", at("Principal: s3.amazonaws.com§")),
        row("a voice service for whoever asks it", "Fn", "deputy", at("Principal: alexa-appkit.amazon.com§")),
        row("a voice service for one skill", "Fn", "nobody", at("Principal: alexa-appkit.amazon.com§\n      EventSourceToken: amzn1.ask.skill.1")),
        row("a service for one bucket", "Fn", "nobody", format!("{}  Files: {{Type: AWS::S3::Bucket}}\n", at("Principal: s3.amazonaws.com§\n      SourceArn: !GetAtt Files.Arn"))),
        row("a service for our account", "Fn", "nobody", at("Principal: s3.amazonaws.com§\n      SourceAccount: !Ref AWS::AccountId")),
        row("our account", "Fn", "account", at("Principal: !Ref AWS::AccountId§")),
        row("somebody nobody said", "Fn", "unknown: It", format!("{GIVEN}{}", at("Principal: !Ref It§"))),
        row("a service for our account in production only", "Fn", "deputy if IsProd is false; nobody if IsProd is true", format!("{GIVEN}{}", at("Principal: s3.amazonaws.com§\n      SourceAccount: !If [IsProd, !Ref AWS::AccountId, !Ref AWS::NoValue]"))),
    ]
}
