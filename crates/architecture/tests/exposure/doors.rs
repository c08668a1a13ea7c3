//! Function URLs, CDNs, load balancers, pools, mail and devices.

use crate::{Row, row};

const GIVEN: &str = "
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}, It: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:";

fn given(resources: String) -> String {
    format!("{GIVEN}{resources}")
}

/// An address with an authorisation, and what the function lets in.
fn url(auth: &str, permission: &str) -> String {
    let permission = match permission {
        "" => String::new(),
        _ => format!(
            "
  Let:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Fn
      Action: lambda:InvokeFunctionUrl{permission}
"
        ),
    };
    format!(
        "
  Fn: {{Type: AWS::Lambda::Function}}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Fn.Arn
      AuthType: {auth}
{permission}"
    )
}

pub(crate) fn function_url() -> Vec<Row> {
    let any = "\n      FunctionUrlAuthType: AWS_IAM\n      Principal: '*'";
    let front = "
  Front:
    Type: AWS::CloudFront::Distribution
    Properties: {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {TargetOriginId: fn}, Origins: [{Id: fn, DomainName: !Select [2, !Split ['/', !GetAtt Url.FunctionUrl]], OriginAccessControlId: oac}]}}§
";
    vec![
        row("no authorisation, everybody let in", "Url", "anyone", url("NONE§", "\n      FunctionUrlAuthType: NONE\n      Principal: '*'§")),
        row("no authorisation, nobody let in", "Url", "account", url("NONE", "").replace("  Url:", "  Url:§")),
        row("no authorisation, one other account let in", "Url", "partner", url("NONE", "\n      Principal: '111122223333'§")),
        row("signed, nothing else said", "Url", "account", url("AWS_IAM§", "")),
        row("signed, every account let in", "Url", "any_account", url("AWS_IAM§", &format!("{any}§"))),
        row("signed, one other account let in", "Url", "partner", url("AWS_IAM", "\n      Principal: '111122223333'§")),
        row("signed, a role of another account let in", "Url", "partner", url("AWS_IAM", "\n      Principal: arn:aws:iam::111122223333:role/caller§")),
        row("signed, an organisation let in", "Url", "partner", url("AWS_IAM", &format!("{any}§\n      PrincipalOrgID: o-12345"))),
        row("signed, our own account let in", "Url", "account", url("AWS_IAM§", "\n      Principal: !Ref AWS::AccountId")),
        row("signed, one CDN let in", "Url", "account", url("AWS_IAM§", "\n      Principal: cloudfront.amazonaws.com\n      SourceArn: !Sub 'arn:aws:cloudfront::${AWS::AccountId}:distribution/E1'")),
        row("signed, every CDN let in", "Url", "deputy", url("AWS_IAM", "\n      Principal: cloudfront.amazonaws.com§")),
        row("the function behind a CDN that signs for its callers", "Fn", "anyone", format!("{}{front}", url("AWS_IAM", "\n      Principal: cloudfront.amazonaws.com\n      SourceArn: !Sub 'arn:aws:cloudfront::${AWS::AccountId}:distribution/E1'")).replace("  Front:", "  Front:§").replace("oac}]}}§", "oac}]}}")),
        row("an authorisation nobody said", "Url", "unknown: It", given(url("!Ref It§", ""))),
        row("an account nobody said", "Url", "unknown: It", given(url("AWS_IAM", "\n      Principal: !Ref It§"))),
        row("a signature in production only", "Url", "anyone if IsProd is false and IsDev is true; account if IsProd is true and IsDev is false", given(url("!If [IsProd, AWS_IAM, NONE]§", "\n      FunctionUrlAuthType: NONE\n      Principal: '*'§").replace("    Type: AWS::Lambda::Permission", "    Type: AWS::Lambda::Permission\n    Condition: IsDev")).replace("IsProd: !Equals", "IsDev: !Equals [!Ref Stage, dev], IsProd: !Equals")),
    ]
}

fn distribution(settings: &str) -> String {
    format!(
        "
  Front:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Origins: [{{Id: files, DomainName: !GetAtt Files.RegionalDomainName, S3OriginConfig: {{}}}}]{settings}
  Files: {{Type: AWS::S3::Bucket}}
  Keys: {{Type: AWS::CloudFront::KeyGroup, Properties: {{KeyGroupConfig: {{Name: keys, Items: [one]}}}}}}
"
    )
}

pub(crate) fn cdn() -> Vec<Row> {
    let open = "\n        Enabled: true\n        DefaultCacheBehavior: {TargetOriginId: files, ViewerProtocolPolicy: https-only}";
    let signed = "\n        Enabled: true\n        DefaultCacheBehavior:\n          TargetOriginId: files\n          TrustedKeyGroups: [!Ref Keys]§";
    let path = |more: &str| {
        format!(
            "\n        CacheBehaviors:\n          - PathPattern: /img/*\n            TargetOriginId: files{more}"
        )
    };
    vec![
        row("it answers everybody", "Front", "anyone", distribution(open).replace("  Front:", "  Front:§")),
        row("signed addresses only", "Front", "signed_in", distribution(signed)),
        row("addresses signed by the keys of accounts", "Front", "signed_in", distribution(&signed.replace("TrustedKeyGroups: [!Ref Keys]", "TrustedSigners: [self]"))),
        row("signed on every path", "Front", "signed_in", distribution(&format!("{signed}{}", path("\n            TrustedKeyGroups: [!Ref Keys]§")))),
        row("one path without", "Front", "anyone", distribution(&format!("{}{}", signed.replace('§', ""), path(""))).replace("  Front:", "  Front:§")),
        row("a certificate of the caller", "Front", "partner", distribution(&format!("{open}\n        ViewerMtlsConfig: {{Mode: required, TrustStoreConfig: {{TrustStoreId: store}}}}§"))),
        row("a certificate if the caller has one", "Front", "anyone", distribution(&format!("{open}\n        ViewerMtlsConfig: {{Mode: optional, TrustStoreConfig: {{TrustStoreId: store}}}}")).replace("  Front:", "  Front:§")),
        row("switched off", "Front", "nobody", distribution(&open.replace("Enabled: true", "Enabled: false§"))),
        row("switched on by a value nobody said", "Front", "unknown: It", given(distribution(&open.replace("Enabled: true", "Enabled: !Ref It§")))),
        row("keys nobody said", "Front", "unknown: It", given(distribution(&signed.replace("[!Ref Keys]", "!Ref It")))),
        row("signed in production only", "Front", "anyone if IsProd is false; signed_in if IsProd is true", given(distribution(&signed.replace("[!Ref Keys]", "!If [IsProd, [!Ref Keys], !Ref AWS::NoValue]"))).replace("  Front:", "  Front:§")),
    ]
}

fn balancer(properties: &str, listener: &str, more: &str) -> String {
    format!(
        "
  Front:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Name: front{properties}
  Safe:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Front
      Protocol: HTTPS
      Port: 443
      DefaultActions: [{listener}{{Type: forward, TargetGroupArn: !Ref Group}}]{more}
  Group: {{Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {{TargetType: lambda, Targets: [{{Id: !GetAtt Fn.Arn}}]}}}}
  Fn: {{Type: AWS::Lambda::Function}}
"
    )
}

pub(crate) fn load_balancer() -> Vec<Row> {
    let pool = "{Type: authenticate-cognito, Order: 1, AuthenticateCognitoConfig: {UserPoolArn: a, UserPoolClientId: b, UserPoolDomain: c}}, ";
    let plain = "
  Plain: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Front, Protocol: HTTP, Port: 80, DefaultActions: [{Type: redirect, RedirectConfig: {Protocol: HTTPS, StatusCode: HTTP_301}}]}}
";
    let hook = "
  Hook: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref Safe, Priority: 1, Conditions: [], Actions: [{Type: forward, TargetGroupArn: !Ref Group}]}}
";
    let mark = |text: String, line: &str| text.replace(line, &format!("{line}§"));
    let head = |text: String| mark(text, "  Front:");
    let actions = |text: String| {
        text.replace(
            "TargetGroupArn: !Ref Group}]\n  Group",
            "TargetGroupArn: !Ref Group}]§\n  Group",
        )
    };
    vec![
        row(
            "it faces the internet unless it says so",
            "Front",
            "anyone",
            head(balancer("", "", "")),
        ),
        row(
            "it says so",
            "Front",
            "anyone",
            balancer("\n      Scheme: internet-facing§", "", ""),
        ),
        row(
            "one of the older kind",
            "Front",
            "anyone",
            "  Front: {Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: {Listeners: []}}§\n",
        ),
        row(
            "inside a network",
            "Front",
            "account",
            balancer("\n      Scheme: internal§", "", ""),
        ),
        row(
            "one of the older kind inside a network",
            "Front",
            "account",
            "  Front: {Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: {Scheme: internal, Listeners: []}}§\n",
        ),
        row(
            "people sign in first",
            "Front",
            "signed_in",
            actions(balancer("", pool, "")),
        ),
        row(
            "people sign in first, plain HTTP is only sent on",
            "Front",
            "signed_in",
            actions(format!("{}{plain}", balancer("", pool, ""))),
        ),
        row(
            "a token is checked first",
            "Front",
            "signed_in",
            actions(balancer(
                "",
                "{Type: jwt-validation, Order: 1, JwtValidationConfig: {Issuer: a, JwksEndpoint: b}}, ",
                "",
            )),
        ),
        row(
            "a sign-in that may be left out",
            "Front",
            "anyone",
            head(balancer(
                "",
                &pool.replace(
                    "UserPoolDomain: c",
                    "UserPoolDomain: c, OnUnauthenticatedRequest: allow",
                ),
                "",
            )),
        ),
        row(
            "one path without",
            "Front",
            "anyone",
            head(format!("{}{hook}", balancer("", pool, ""))),
        ),
        row(
            "certificates are checked",
            "Front",
            "partner",
            balancer(
                "",
                "",
                "\n      MutualAuthentication: {Mode: verify, TrustStoreArn: store}§",
            ),
        ),
        row(
            "certificates are only passed on",
            "Front",
            "anyone",
            head(balancer(
                "",
                "",
                "\n      MutualAuthentication: {Mode: passthrough}",
            )),
        ),
        row(
            "the function behind one inside a network",
            "Fn",
            "account",
            balancer("\n      Scheme: internal§", "", ""),
        ),
        row(
            "a scheme nobody said",
            "Front",
            "unknown: It",
            given(balancer("\n      Scheme: !Ref It§", "", "")),
        ),
        row(
            "inside a network in production only",
            "Front",
            "account if IsProd is true; anyone if IsProd is false",
            given(balancer(
                "\n      Scheme: !If [IsProd, internal, internet-facing]§",
                "",
                "",
            )),
        ),
    ]
}

pub(crate) fn user_pool() -> Vec<Row> {
    vec![
        row(
            "anyone may try to sign in",
            "People",
            "anyone",
            "  People: {Type: AWS::Cognito::UserPool}§\n",
        ),
        row(
            "also where only we add users",
            "People",
            "anyone",
            "  People: {Type: AWS::Cognito::UserPool, Properties: {AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}}}§\n",
        ),
    ]
}

pub(crate) fn identity_pool() -> Vec<Row> {
    let pool = |properties: &str| {
        format!(
            "\n  Keys:\n    Type: AWS::Cognito::IdentityPool\n    Properties:\n      IdentityPoolName: keys{properties}\n  People: {{Type: AWS::Cognito::UserPool}}\n"
        )
    };
    let provider = "\n      CognitoIdentityProviders: [{ClientId: a, ProviderName: !GetAtt People.ProviderName}]§";
    vec![
        row(
            "guests",
            "Keys",
            "anyone",
            pool("\n      AllowUnauthenticatedIdentities: true§"),
        ),
        row(
            "guests beside people",
            "Keys",
            "anyone",
            pool(&format!(
                "\n      AllowUnauthenticatedIdentities: true§{}",
                provider.replace('§', "")
            )),
        ),
        row(
            "people of a user pool",
            "Keys",
            "signed_in",
            pool(&format!(
                "\n      AllowUnauthenticatedIdentities: false{provider}"
            )),
        ),
        row(
            "people of others",
            "Keys",
            "signed_in",
            pool(
                "\n      AllowUnauthenticatedIdentities: false\n      SupportedLoginProviders:\n        accounts.google.com: '1'§",
            ),
        ),
        row(
            "people of a company",
            "Keys",
            "signed_in",
            pool(
                "\n      AllowUnauthenticatedIdentities: false\n      SamlProviderARNs: ['arn:aws:iam::111122223333:saml-provider/corp']§",
            ),
        ),
        row(
            "whom our code asks for",
            "Keys",
            "account",
            pool(
                "\n      AllowUnauthenticatedIdentities: false\n      DeveloperProviderName: login.shop§",
            ),
        ),
        row(
            "no way in at all",
            "Keys",
            "nobody",
            pool("\n      AllowUnauthenticatedIdentities: false").replace("  Keys:", "  Keys:§"),
        ),
        row(
            "guests nobody said",
            "Keys",
            "unknown: It",
            given(pool(&format!(
                "\n      AllowUnauthenticatedIdentities: !Ref It§{}",
                provider.replace('§', "")
            ))),
        ),
        row(
            "no guests in production",
            "Keys",
            "anyone if IsProd is false; signed_in if IsProd is true",
            given(pool(&format!(
                "\n      AllowUnauthenticatedIdentities: !If [IsProd, false, true]§{provider}"
            ))),
        ),
    ]
}

pub(crate) fn email_receiver() -> Vec<Row> {
    let rule = |properties: &str| {
        format!(
            "\n  Inbox:\n    Type: AWS::SES::ReceiptRule\n    Properties:\n      RuleSetName: set\n      Rule:\n        Actions: [{{S3Action: {{BucketName: !Ref Mail}}}}]{properties}\n  Mail: {{Type: AWS::S3::Bucket}}\n"
        )
    };
    vec![
        row(
            "in force",
            "Inbox",
            "anyone",
            rule("\n        Enabled: true§"),
        ),
        row(
            "switched off",
            "Inbox",
            "nobody",
            rule("\n        Enabled: false§"),
        ),
        row(
            "not in force unless it says so",
            "Inbox",
            "nobody",
            rule("").replace("  Inbox:", "  Inbox:§"),
        ),
        row(
            "what it would pass on",
            "Mail.untrusted_input",
            "false",
            rule("\n        Enabled: false").replace("  Mail:", "§  Mail:"),
        ),
        row(
            "a switch nobody said",
            "Inbox",
            "unknown: It",
            given(rule("\n        Enabled: !Ref It§")),
        ),
        row(
            "in force in production only",
            "Inbox",
            "anyone if IsProd is true; nobody if IsProd is false",
            given(rule("\n        Enabled: !If [IsProd, true, false]§")),
        ),
    ]
}

pub(crate) fn device_rule() -> Vec<Row> {
    let rule = |properties: &str| {
        format!(
            "\n  Readings:\n    Type: AWS::IoT::TopicRule\n    Properties:\n      TopicRulePayload:\n        Sql: SELECT * FROM 't'\n        Actions: [{{Lambda: {{FunctionArn: !GetAtt Fn.Arn}}}}]{properties}\n  Fn: {{Type: AWS::Lambda::Function}}\n"
        )
    };
    let head = |text: String| text.replace("  Readings:", "  Readings:§");
    vec![
        row("connected devices", "Readings", "partner", head(rule(""))),
        row(
            "switched on",
            "Readings",
            "partner",
            head(rule("\n        RuleDisabled: false")),
        ),
        row(
            "switched off",
            "Readings",
            "nobody",
            rule("\n        RuleDisabled: true§"),
        ),
        row(
            "a switch nobody said",
            "Readings",
            "unknown: It",
            given(rule("\n        RuleDisabled: !Ref It§")),
        ),
        row(
            "on in production only",
            "Readings",
            "partner if IsProd is true; nobody if IsProd is false",
            given(head(rule(
                "\n        RuleDisabled: !If [IsProd, false, true]§",
            ))),
        ),
    ]
}
