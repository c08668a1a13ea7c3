//! What follows from flows: circles, uses, unused functions.

use underbelly_expression::Guard;
use underbelly_model::{FlowKind, Strength};

use crate::draft::Draft;
use crate::testing::{check_facts, draw_with, facts};

const RESIZE: &str = r"
  Files:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Fn.Arn}]}}
  Fn: {Type: AWS::Lambda::Function}
  Topic: {Type: AWS::SNS::Topic}
";

/// An access as rights would draw it.
fn writes(draft: &mut Draft<'_>, from: &str, to: &str, strength: Strength) {
    let of = |name: &str| {
        let found = draft.components.iter().position(|c| *c.name == *name);
        underbelly_expression::SubjectId::component(found.unwrap())
    };
    let (from, to) = (of(from), of(to));
    let kind = FlowKind::Access;
    draft.add_flow(
        from,
        to,
        kind,
        strength,
        "write",
        Guard::always(),
        Vec::new(),
    );
}

#[test]
fn a_function_that_writes_where_it_is_triggered_runs_in_a_circle() {
    let resources = RESIZE;
    draw_with(
        resources,
        |draft| writes(draft, "Fn", "Files", Strength::Strong),
        |drawing| {
            facts(
                drawing,
                &["Fn.in_cycle = true written 4", "Fn.uses = [Files] written"],
            )
        },
    );
    draw_with(
        resources,
        |draft| writes(draft, "Fn", "Files", Strength::Possible),
        |drawing| facts(drawing, &["Fn.in_cycle = true library-assumption 4"]),
    );
    draw_with(
        resources,
        |draft| writes(draft, "Fn", "Files", Strength::NoPermission),
        |drawing| facts(drawing, &["Fn.in_cycle = false provider-default 5"]),
    );
    draw_with(
        resources,
        |draft| writes(draft, "Fn", "Topic", Strength::Strong),
        |drawing| {
            facts(
                drawing,
                &[
                    "Fn.in_cycle = false provider-default 5",
                    "Fn.kinds_used = [topic] written",
                    "Topic.producers = [Fn] written",
                ],
            );
        },
    );
}

#[test]
fn a_circle_too_long_to_search_is_found_all_the_same() {
    const N: usize = 1_500;
    let functions = (0..N).map(|n| format!("  Fn{n}: {{Type: AWS::Lambda::Function}}"));
    let functions: Vec<String> = functions.collect();
    let check = |weak: Option<usize>, expected: &[&str]| {
        let ring = |draft: &mut Draft<'_>| {
            let of = |name: String| {
                let found = draft.components.iter().position(|c| *c.name == *name);
                underbelly_expression::SubjectId::component(found.unwrap())
            };
            let ends: Vec<_> = (0..N).map(|n| of(format!("Fn{n}"))).collect();
            for (n, from) in ends.iter().enumerate() {
                let strength = match weak == Some(n) {
                    true => Strength::Possible,
                    false => Strength::Strong,
                };
                let (to, places) = (ends[(n + 1) % N], draft.place_of(*from));
                let places = places.map(underbelly_source::Place::here);
                let (kind, guard) = (FlowKind::Call, Guard::always());
                draft.add_flow(
                    *from,
                    to,
                    kind,
                    strength,
                    "",
                    guard,
                    places.into_iter().collect(),
                );
            }
        };
        draw_with(&functions.join("\n"), ring, |drawing| {
            facts(drawing, expected)
        });
    };
    // The last lines before one is back.
    check(
        None,
        &[
            "Fn0.in_cycle = true written 1494,1495,1496,1497,1498,1499,1500,1501",
            "Fn700.in_cycle = true written 694,695,696,697,698,699,700,701",
            // Two lines up to the first function, and how it goes on from here.
            "Fn2.in_cycle = true written 4,5,6,7,8,9,2,3",
        ],
    );
    check(
        Some(900),
        &[
            "Fn2.in_cycle = true library-assumption 4,5,6,7,8,9,2,3",
            "Fn1200.in_cycle = true library-assumption 1194,1195,1196,1197,1198,1199,1200,1201",
        ],
    );
}

#[test]
fn a_conditional_circle_is_conditional() {
    check_facts(
        r"
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Fn: {Type: AWS::Lambda::Function}
  Loop:
    Type: AWS::Lambda::EventInvokeConfig
    Condition: IsProd
    Properties: {FunctionName: !Ref Fn, Qualifier: $LATEST, DestinationConfig: {OnSuccess: {Destination: !GetAtt Jobs.Arn}}}
  Jobs: {Type: AWS::SQS::Queue}
  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Fn, EventSourceArn: !GetAtt Jobs.Arn}}
",
        &[
            "Fn.in_cycle = false provider-default 6 if IsProd is false; true written 10,12 if IsProd is true",
        ],
    );
}

#[test]
fn a_function_nothing_starts_is_unused_unless_others_may() {
    check_facts(
        "  Fn: {Type: AWS::Lambda::Function}",
        &["Fn.unused = true library-assumption 2"],
    );
    check_facts(
        r"
Resources:
  Fn: {Type: AWS::Lambda::Function}
Outputs:
  Arn: {Value: !GetAtt Fn.Arn, Export: {Name: the-function}}
",
        &["Fn.unused = unknown elsewhere"],
    );
}

#[test]
fn whether_a_function_waits_for_another_only_its_code_tells() {
    let resources = r"
  One: {Type: AWS::Lambda::Function}
  Two: {Type: AWS::Lambda::Function}
";
    let calls = |draft: &mut Draft<'_>| {
        let ids: Vec<_> = draft.of_kind("function");
        let kind = FlowKind::Call;
        let (strength, guard) = (Strength::Strong, Guard::always());
        draft.add_flow(ids[0], ids[1], kind, strength, "invoke", guard, Vec::new());
    };
    draw_with(resources, calls, |drawing| {
        facts(
            drawing,
            &[
                "Two#One.style = unknown code",
                "Two.answers_caller = unknown code",
                "Two.invoked_async = unknown code",
                "Two.unused = false written",
                "One.uses = [Two] written",
            ],
        );
    });
}
