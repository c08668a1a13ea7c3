use crate::check_all;

const CHILD: &str = "Parameters:\n  Arn: {Type: String}\n  N: {Type: Number, Default: 1}\nResources:\n  T: {Type: 'AWS::SNS::Topic', Properties: {Src: !Ref Arn, N: !Ref N}}\nOutputs:\n  Topic: {Value: !Ref T}\n";

#[test]
fn nested_stacks_take_values_and_give_outputs() {
    let parent = "Resources:\n  Q: {Type: 'AWS::SQS::Queue', Properties: {To: !GetAtt Pay.Outputs.Topic, Two: !Sub 'x-${Pay.Outputs.Topic}'}}\n  Pay:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: ./pay.yaml, Parameters: {Arn: !GetAtt Q.Arn}}\n";
    check_all(
        &[("t/a.yaml", parent), ("+t/pay.yaml", CHILD)],
        &[],
        "system a
         a: CloudFormation
         Q AWS::SQS::Queue {To: '${T}', Two: 'x-${T}'}
         Pay AWS::CloudFormation::Stack {TemplateURL: './pay.yaml', Parameters: {Arn: '${Q.Arn}'}}
         a/Pay: CloudFormation by Pay
         T AWS::SNS::Topic {Src: '${Q.Arn}', N: 1~}
         output Topic = '${T}'",
    );
}

#[test]
fn a_stack_deployed_twice_is_there_twice_and_a_guard_is_handed_down() {
    let parent = "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\nResources:\n  A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: pay.yaml, Parameters: {Arn: one}}}\n  B: {Type: 'AWS::CloudFormation::Stack', Condition: C, Properties: {TemplateURL: pay.yaml, Parameters: {Arn: two}}}\n";
    check_all(
        &[("t/a.yaml", parent), ("t/pay.yaml", CHILD)],
        &[],
        "system a
         a: CloudFormation
         A AWS::CloudFormation::Stack {TemplateURL: 'pay.yaml', Parameters: {Arn: 'one'}}
         B AWS::CloudFormation::Stack when C is true {TemplateURL: 'pay.yaml', Parameters: {Arn: 'two'}}
         a/A: CloudFormation by A
         T AWS::SNS::Topic {Src: 'one', N: 1~}
         output Topic = '${T}'
         a/B: CloudFormation by B
         T AWS::SNS::Topic when C is true {Src: 'two', N: 1~}
         output Topic = '${T}'",
    );
}

#[test]
fn missing_remote_and_circular_stacks_are_told() {
    let stack = |url: &str| {
        format!(
            "Resources:\n  S: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: '{url}'}}}}\n"
        )
    };
    let line = |url: &str| {
        format!("a: CloudFormation\nS AWS::CloudFormation::Stack {{TemplateURL: '{url}'}}\n")
    };
    let check = |url: &str, problem: &str| {
        check_all(
            &[("t/a.yaml", &stack(url))],
            &[],
            &format!("{}{problem}", line(url)),
        );
    };
    check("b.yaml", "wanted t/b.yaml");
    check(
        "https://x/b.yaml",
        "# remote-stack at 2: the stack `S` is not a local file",
    );
    check(
        "../../b.yaml",
        "# outside-roots at 2: `../b.yaml` lies outside what was given to read",
    );
    check("a.yaml", "# circular-stack at 2: `a.yaml` deploys itself");
}

#[test]
fn exports_join_stacks_into_one_system() {
    let net = "Resources: {V: {Type: 'AWS::EC2::VPC'}}\nOutputs:\n  Vpc: {Value: !Ref V, Export: {Name: !Sub '${AWS::StackName}-Vpc'}}\n  Id: {Value: !GetAtt V.Id, Export: {Name: net-id}}\n";
    let app = "Parameters: {Net: {Type: String}}\nResources:\n  F: {Type: T::T::T, Properties: {V: !ImportValue {'Fn::Sub': '${Net}-Vpc'}, I: !ImportValue net-id, N: !ImportValue other}}\n";
    let app = app.replace(
        "!ImportValue {'Fn::Sub': '${Net}-Vpc'}",
        "{'Fn::ImportValue': !Sub '${Net}-Vpc'}",
    );
    check_all(
        &[
            ("app.yaml", &app),
            ("+net.yaml", net),
            ("+z.yaml", "Resources: {Z: {Type: T::T::T}}\n"),
        ],
        &[],
        "system app
         app: CloudFormation
         F T::T::T {V: '${V}'!, I: '${V.Id}', N: '${import other}'}
         net: CloudFormation
         V AWS::EC2::VPC {}
         output Vpc as '${AWS::StackName}-Vpc' = '${V}'
         output Id as 'net-id' = '${V.Id}'
         z: CloudFormation
         Z T::T::T {}",
    );
}

#[test]
fn a_name_exported_twice_means_neither() {
    let out =
        "Resources: {V: {Type: T::T::T}}\nOutputs:\n  X: {Value: !Ref V, Export: {Name: same}}\n";
    check_all(
        &[
            ("a.yaml", out),
            ("+b.yaml", out),
            (
                "+c.yaml",
                "Resources: {R: {Type: T::T::T, Properties: {X: !ImportValue same}}}\n",
            ),
        ],
        &[],
        "a: CloudFormation
         V T::T::T {}
         output X as 'same' = '${V}'
         b: CloudFormation
         V T::T::T {}
         output X as 'same' = '${V}'
         c: CloudFormation
         R T::T::T {X: '${import same}'}
         # double-export at 3: `same` is exported more than once",
    );
}

#[test]
fn circular_outputs_are_told() {
    let parent = "Resources:\n  A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: c.yaml, Parameters: {P: !GetAtt A.Outputs.O}}}\n";
    let child = "Parameters: {P: {Type: String}}\nOutputs: {O: {Value: !Ref P}}\nResources: {}\nAWSTemplateFormatVersion: '2010-09-09'\n";
    let (_, resolution) = crate::resolved(&[("a.yaml", parent), ("c.yaml", child)], &[]);
    assert!(
        resolution
            .diagnostics
            .iter()
            .any(|problem| problem.code == "circular-output")
    );
}

#[test]
fn a_cdk_output_is_one_system() {
    let manifest = r#"{"version": "36.0.0", "artifacts": {
        "Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}},
        "Shop.assets": {"type": "cdk:asset-manifest"}}}"#;
    let shop = r#"{"Resources": {
        "Q1": {"Type": "AWS::SQS::Queue", "Metadata": {"aws:cdk:path": "Shop/Q/Resource"}},
        "N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::Region"}]]}}, "Metadata": {"aws:asset:path": "ShopN.nested.template.json"}},
        "CDKMetadata": {"Type": "AWS::CDK::Metadata"}}}"#;
    let nested = r#"{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
    check_all(
        &[
            ("shop/cdk.out/manifest.json", manifest),
            ("+shop/cdk.out/Shop.template.json", shop),
            ("+shop/cdk.out/ShopN.nested.template.json", nested),
            ("+shop/cdk.json", "{\"app\": \"npx x\"}"),
        ],
        &[],
        "system shop
         Shop: Cdk
         Q1 AWS::SQS::Queue {}
         N AWS::CloudFormation::Stack {TemplateURL: 'https://s3.${AWS::Region}'}
         Shop/N: Cdk by N
         T AWS::SNS::Topic {}",
    );
}

#[test]
fn nested_stacks_of_the_cdk_are_called_as_their_constructs() {
    let manifest = r#"{"version": "36.0.0", "artifacts": {
        "Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}}}"#;
    let nested = |file: &str, path: &str| {
        format!(
            r#"{{"Resources": {{"NestedResource1A2B3C4D": {{"Type": "AWS::CloudFormation::Stack", "Metadata": {{"aws:cdk:path": "{path}", "aws:asset:path": "{file}"}}}}}}}}"#
        )
    };
    let shop = nested(
        "A.nested.template.json",
        "App/Shop/Group/Data.NestedStack/Data.NestedStackResource",
    );
    let data = nested(
        "B.nested.template.json",
        "App/Shop/Group/Data/Inner.NestedStack/Inner.NestedStackResource",
    );
    check_all(
        &[
            ("shop/cdk.out/manifest.json", manifest),
            ("+shop/cdk.out/Shop.template.json", &shop),
            ("+shop/cdk.out/A.nested.template.json", &data),
            (
                "+shop/cdk.out/B.nested.template.json",
                r#"{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#,
            ),
        ],
        &[],
        "system shop
         Shop: Cdk
         NestedResource1A2B3C4D AWS::CloudFormation::Stack {}
         Shop/Group/Data: Cdk by NestedResource1A2B3C4D
         NestedResource1A2B3C4D AWS::CloudFormation::Stack {}
         Shop/Group/Data/Inner: Cdk by NestedResource1A2B3C4D
         T AWS::SNS::Topic {}",
    );
}

#[test]
fn templates_that_deploy_each_other_are_one_system() {
    let stack = |url: &str| {
        format!(
            "Resources:\n  S: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: {url}}}}}\n"
        )
    };
    check_all(
        &[("a.yaml", &stack("b.yaml")), ("+b.yaml", &stack("a.yaml"))],
        &[],
        "system a
         a: CloudFormation
         S AWS::CloudFormation::Stack {TemplateURL: 'b.yaml'}
         a/S: CloudFormation by S
         S AWS::CloudFormation::Stack {TemplateURL: 'a.yaml'}
         # circular-stack at 2: `a.yaml` deploys itself",
    );
}

#[test]
fn a_file_that_could_not_be_had_is_told_once() {
    let text = "Resources:\n  A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: b.yaml}}\n  B: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: b.yaml}}\n";
    let mut files = underbelly_source::Files::default();
    let file = files.add("t/a.yaml", text);
    let options = underbelly_iac::Options {
        parameters: Default::default(),
        missing: [("t/b.yaml".into(), "permission denied".into())].into(),
        sam: &Default::default(),
        is_secret: Default::default(),
        limits: Default::default(),
    };
    let resolution = underbelly_iac::resolve(&files, &[underbelly_iac::Input { file }], &options);
    let messages: Vec<_> = resolution
        .diagnostics
        .iter()
        .map(|problem| &problem.message)
        .collect();
    assert_eq!(messages, ["`t/b.yaml` was not read: permission denied"]);
    assert!(resolution.wanted.is_empty());
}
