use std::collections::BTreeSet;

use crate::{check, check_all, resolved};

const STAGES: &str =
    "Parameters:\n  Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}\n";

#[test]
fn a_conditional_resource_stays_under_its_guard() {
    check(
        &format!(
            "{STAGES}Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\nResources:\n  R: {{Type: T::T::T, Condition: IsProd}}\n"
        ),
        "a: CloudFormation\nR T::T::T when IsProd is true {}",
    );
}

#[test]
fn a_given_value_decides_and_nothing_is_dropped() {
    let template = format!(
        "{STAGES}Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\nResources:\n  R: {{Type: T::T::T, Condition: IsProd, Properties: {{X: !If [IsProd, 1, 2]}}}}\n"
    );
    check_all(
        &[("t/a.yaml", &template)],
        &[("Stage", "prod")],
        "a: CloudFormation\nR T::T::T {X: 1}",
    );
    check_all(
        &[("t/a.yaml", &template)],
        &[("Stage", "dev")],
        "a: CloudFormation\nR T::T::T when IsProd is true {X: 2}",
    );
}

#[test]
fn a_default_that_a_condition_rules_out_is_not_the_value_there() {
    let head = "Parameters:
  Key: {Type: String, Default: ''}
  Stage: {Type: String, Default: dev}
Conditions:
  HasKey: !Not [!Equals [!Ref Key, '']]
  NoKey: !Not [!Condition HasKey]
  IsProd: !Equals [!Ref Stage, prod]
Resources:
";
    check(
        &format!(
            "{head}  R: {{Type: T::T::T, Condition: HasKey, Properties: {{X: !Ref Key, Y: !Sub 'k/${{Key}}', Z: !Ref Stage}}}}\n"
        ),
        "a: CloudFormation
         R T::T::T when HasKey is true {X: '${parameter Key}', Y: 'k/${parameter Key}', Z: 'dev'~}",
    );
    check(
        &format!(
            "{head}  R: {{Type: T::T::T, Properties: {{X: !If [HasKey, !Ref Key, none], Y: !If [NoKey, !Ref Key, !Ref Key]}}}}\n"
        ),
        "a: CloudFormation
         R T::T::T {X: <HasKey is true: '${parameter Key}' | *HasKey is false: 'none'>, Y: <*NoKey is true: ''~ | NoKey is false: '${parameter Key}'>}",
    );
    // A composed name stays the same name wherever it is composed.
    check(
        &format!(
            "{head}  R: {{Type: T::T::T, Condition: IsProd, Properties: {{X: !Ref Stage, Y: !Sub 'orders-${{Stage}}'}}}}\n"
        ),
        "a: CloudFormation
         R T::T::T when IsProd is true {X: 'prod', Y: 'orders-dev'~}",
    );
}

/// The possible worlds of all variables, each as its conditions' values.
fn check_worlds(parameters: &str, conditions: &str, expected: &[&str]) {
    let names: Vec<&str> = conditions
        .lines()
        .filter_map(|line| line.trim().split_once(':'))
        .map(|(name, _)| name)
        .collect();
    let resources: String = names
        .iter()
        .map(|name| format!("  R{name}: {{Type: T::T::T, Condition: {name}}}\n"))
        .collect();
    let template =
        format!("Parameters:\n  {parameters}\nConditions:\n{conditions}\nResources:\n{resources}");
    let (_, resolution) = resolved(&[("a.yaml", &template)], &[]);
    let worlds = &resolution.graph.worlds;
    let variables: BTreeSet<_> = (0..worlds.len() as u32)
        .map(underbelly_expression::VariableId)
        .filter(|id| names.contains(&&*worlds.variable(*id).unwrap().name))
        .collect();
    let (combinations, _) = worlds.combinations(&variables, 64);
    let mut shown: Vec<String> = combinations
        .iter()
        .map(|world| {
            let each = world
                .iter()
                .map(|(id, value)| format!("{}={value}", worlds.variable(*id).unwrap().name));
            let mut each: Vec<String> = each.collect();
            each.sort();
            each.join(" ")
        })
        .collect();
    shown.sort();
    shown.dedup();
    assert_eq!(shown, expected, "{template}\n{:?}", resolution.diagnostics);
}

#[test]
fn impossible_combinations_never_occur() {
    check_worlds(
        "Stage: {Type: String, AllowedValues: [dev, test, prod]}",
        "  IsDev: !Equals [!Ref Stage, dev]\n  IsProd: !Equals [prod, !Ref Stage]\n  Either: !Or [!Condition IsDev, Condition: IsProd]",
        &[
            "Either=0 IsDev=0 IsProd=0",
            "Either=1 IsDev=0 IsProd=1",
            "Either=1 IsDev=1 IsProd=0",
        ],
    );
    check_worlds(
        "Stage: {Type: String, Default: dev}",
        "  A: !Equals [!Ref Stage, a]\n  B: !Equals [!Ref Stage, b]\n  N: {'Fn::And': [{'Fn::Not': [{Condition: A}]}, {'Fn::Not': [{Condition: B}]}]}",
        &["A=0 B=0 N=1", "A=0 B=1 N=0", "A=1 B=0 N=0"],
    );
    check_worlds(
        "X: {Type: String}",
        "  Here: !Equals [!Ref 'AWS::Region', us-east-1]\n  There: !Equals [!Ref 'AWS::Region', eu-west-1]",
        &["Here=0 There=0", "Here=0 There=1", "Here=1 There=0"],
    );
}

#[test]
fn what_cannot_be_computed_goes_either_way() {
    check_worlds(
        "L: {Type: CommaDelimitedList, Default: ''}",
        "  Empty: !Equals [!Join ['', !Ref L], '']\n  Not: !Not [!Condition Empty]",
        &["Empty=0 Not=1", "Empty=1 Not=0"],
    );
}

#[test]
fn a_default_says_which_way_a_condition_goes() {
    check(
        "Parameters:\n  Stage: {Type: String, Default: dev}\nConditions:\n  IsDev: !Equals [!Ref Stage, dev]\nResources:\n  R: {Type: T::T::T, Properties: {X: !If [IsDev, 1, 2]}}\n",
        "a: CloudFormation\nR T::T::T {X: <*IsDev is true: 1 | IsDev is false: 2>}",
    );
}

#[test]
fn circles_and_strangers_go_either_way_and_are_told() {
    check(
        "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\nResources:\n  R: {Type: T::T::T, Condition: A}\n  S: {Type: T::T::T, Condition: AA}\n",
        "a: CloudFormation
         R T::T::T when A is true {}
         S T::T::T when AA is true {}
         # circular-condition at 2: the condition `A` depends on itself
         # unknown-condition at 6: there is no condition `AA`; did you mean `A`?",
    );
}
