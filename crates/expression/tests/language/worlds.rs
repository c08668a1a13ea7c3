//! Answers that depend on conditions and parameters.

use std::collections::BTreeSet;

use underbelly_expression::{
    Answer, Asked, Basis, Fact, Formula, Guard, Judge, Known, Reason, Truth, Value, Variable,
    VariableId, VariableKind, Verdict, Worlds, by_cases, guard_of,
};

use crate::shop::{
    FUNCTION, QUEUE, ROLE, Shop, absent, condition, guarded, map, no, number, text, to, unknown,
    yes,
};

const IS_PROD: VariableId = VariableId(1);
const NOT_PROD: VariableId = VariableId(2);
const LOUD: VariableId = VariableId(3);

/// `Stage` is dev (by default), test or prod; `IsProd` and `NotProd` follow
/// from it; `Loud` is free and has no default.
fn worlds() -> Worlds {
    let mut worlds = Worlds::default();
    let stage = worlds.add(Variable {
        name: "Stage".into(),
        kind: VariableKind::Parameter,
        values: vec!["dev".into(), "test".into(), "prod".into()],
        assumed: Some(0),
    });
    for (name, formula, assumed) in [
        ("IsProd", Formula::Is(stage, 2), Some(0)),
        (
            "NotProd",
            Formula::Not(Box::new(Formula::Is(stage, 2))),
            Some(1),
        ),
        ("Loud", Formula::Open, None),
    ] {
        worlds.add(Variable {
            name: name.into(),
            kind: VariableKind::Condition(formula),
            values: vec!["false".into(), "true".into()],
            assumed,
        });
    }
    worlds
}

fn either(variable: VariableId, then: Fact, otherwise: Fact) -> Fact {
    Fact::one_of([
        (Guard::when(variable, 1), then),
        (Guard::when(variable, 0), otherwise),
    ])
}

fn answer(shop: &Shop, written: &str) -> Answer {
    let expression = condition("function", written);
    Judge::new(shop, &worlds()).answer(Asked::new(&expression, FUNCTION))
}

/// `yes`, or `yes when IsProd is true; no when IsProd is false (no by default)`.
fn shown(answer: &Answer) -> String {
    let word = |truth: Truth| truth.word();
    match &answer.verdict {
        Verdict::Yes => word(Truth::Yes).to_owned(),
        Verdict::No => word(Truth::No).to_owned(),
        Verdict::Unknown => word(Truth::Unknown).to_owned(),
        Verdict::Depends(depends) => {
            let cases = depends.cases.iter();
            let cases: Vec<String> = cases
                .map(|(guard, truth)| format!("{} when {}", word(*truth), worlds().describe(guard)))
                .collect();
            format!(
                "{} ({} by default)",
                cases.join("; "),
                word(depends.by_default)
            )
        }
    }
}

#[test]
fn an_answer_depends_only_where_it_must() {
    let shop = Shop::default()
        .with(FUNCTION, "traced", either(IS_PROD, yes(), no()))
        .with(FUNCTION, "sensitive", either(NOT_PROD, yes(), no()))
        .with(FUNCTION, "in_network", either(LOUD, yes(), unknown()))
        .with(FUNCTION, "limit", either(IS_PROD, number(5), absent()))
        .with(FUNCTION, "runs_as", either(IS_PROD, to(ROLE), absent()))
        .with(ROLE, "admin", either(LOUD, yes(), no()))
        .with(FUNCTION, "untrusted_input", yes())
        .with(
            FUNCTION,
            "kinds_used",
            guarded(
                [
                    (Guard::always(), text("a")),
                    (Guard::when(IS_PROD, 1), text("b")),
                ],
                false,
            ),
        );
    for (written, expected) in [
        ("untrusted_input || traced", "yes"),
        ("untrusted_input", "yes"),
        (
            "traced",
            "no when IsProd is false; yes when IsProd is true (no by default)",
        ),
        // Never an impossible world, though each may go either way.
        ("traced && sensitive", "no"),
        ("traced || sensitive", "yes"),
        ("traced == sensitive", "no"),
        (
            "has(limit) && limit > 3",
            "no when IsProd is false; yes when IsProd is true (no by default)",
        ),
        ("!has(limit) || limit < 9", "yes"),
        (
            "in_network",
            "unknown when Loud is false; yes when Loud is true (unknown by default)",
        ),
        (
            "traced && in_network",
            "no when IsProd is false; unknown when IsProd is true and Loud is false; \
             yes when IsProd is true and Loud is true (no by default)",
        ),
        // Which variable matters shows only on the way.
        (
            "has(runs_as) && runs_as.admin",
            "no when IsProd is false; no when IsProd is true and Loud is false; \
             yes when IsProd is true and Loud is true (no by default)",
        ),
        (
            "kinds_used.size() > 1",
            "no when IsProd is false; yes when IsProd is true (no by default)",
        ),
        ("\"a\" in kinds_used", "yes"),
        (
            "\"b\" in kinds_used",
            "no when IsProd is false; yes when IsProd is true (no by default)",
        ),
        (
            "kinds_used.all(k, k == \"a\")",
            "yes when IsProd is false; no when IsProd is true (yes by default)",
        ),
    ] {
        assert_eq!(shown(&answer(&shop, written)), expected, "{written}");
    }
}

#[test]
fn evidence_of_a_dependent_answer_says_when() {
    let shop = Shop::default().with(FUNCTION, "traced", either(IS_PROD, yes(), no()));
    let answer = answer(&shop, "traced");
    let evidence: Vec<(String, String)> = answer
        .evidence
        .iter()
        .map(|atom| (atom.shown.to_string(), worlds().describe(&atom.guard)))
        .collect();
    let row = |shown: &str, guard: &str| (shown.to_owned(), guard.to_owned());
    assert_eq!(
        evidence,
        [row("no", "IsProd is false"), row("yes", "IsProd is true")]
    );
}

#[test]
fn several_conditions_are_judged_over_the_same_worlds() {
    let shop = Shop::default()
        .with(FUNCTION, "traced", either(IS_PROD, yes(), no()))
        .with(FUNCTION, "in_network", either(LOUD, yes(), no()))
        .with(QUEUE, "encrypted", yes());
    let worlds = worlds();
    let judge = Judge::new(&shop, &worlds);
    let (when, exposed) = (
        condition("function", "traced"),
        condition("function", "!in_network"),
    );
    let elsewhere = condition("queue", "encrypted");
    let asked = [
        Asked::new(&when, FUNCTION),
        Asked::new(&exposed, FUNCTION),
        Asked::new(&elsewhere, QUEUE),
    ];
    let judgement = judge.truths(&asked, &BTreeSet::new());
    assert!(!judgement.capped);
    assert_eq!(judgement.worlds.len(), 4);
    // What an engine does: a status per world, then by cases.
    let statuses: Vec<_> = judgement
        .worlds
        .iter()
        .map(|found| (found.world.clone(), found.truths[0].and(found.truths[1])))
        .collect();
    let cases: Vec<String> = by_cases(&statuses, &worlds)
        .iter()
        .map(|(guard, truth)| format!("{} {}", worlds.describe(guard), truth.word()))
        .collect();
    assert_eq!(
        cases,
        [
            "IsProd is false no",
            "IsProd is true and Loud is false yes",
            "IsProd is true and Loud is true no"
        ]
    );
    let exposed_world = &judgement.worlds[2];
    assert_eq!(
        worlds.describe(&guard_of(&exposed_world.world)),
        "IsProd is true and Loud is false"
    );
    assert_eq!(exposed_world.by_default, Some(false));
    let answer = judge.explain(asked[1], &exposed_world.world);
    assert_eq!((answer.verdict, answer.evidence.len()), (Verdict::Yes, 1));
}

#[test]
fn without_variables_there_is_one_world() {
    let shop = Shop::default().with(FUNCTION, "traced", yes());
    let worlds = worlds();
    let expression = condition("function", "traced");
    let judge = Judge::new(&shop, &worlds);
    let judgement = judge.truths(&[Asked::new(&expression, FUNCTION)], &BTreeSet::new());
    assert_eq!(judgement.worlds.len(), 1);
    assert_eq!(judgement.worlds[0].by_default, Some(true));
    let also = BTreeSet::from([IS_PROD]);
    let judgement = judge.truths(&[Asked::new(&expression, FUNCTION)], &also);
    assert_eq!(judgement.worlds.len(), 2);
}

#[test]
fn too_many_worlds_are_cut_and_the_rest_is_unknown() {
    let mut worlds = Worlds::default();
    let mut items = Vec::new();
    for index in 0..10 {
        let variable = worlds.add(Variable {
            name: format!("C{index}").into(),
            kind: VariableKind::Condition(Formula::Open),
            values: vec!["false".into(), "true".into()],
            assumed: Some(0),
        });
        items.push((Guard::when(variable, 1), text("a")));
    }
    let shop = Shop::default().with(FUNCTION, "kinds_used", guarded(items, false));
    let judge = Judge::new(&shop, &worlds).with_cap(16);
    let ask = |written: &str| {
        let expression = condition("function", written);
        judge.answer(Asked::new(&expression, FUNCTION))
    };
    assert_eq!(ask("kinds_used.size() > 10").verdict, Verdict::No);
    // In all worlds looked at the answer is no, yet not in all.
    assert_eq!(ask("kinds_used.size() > 9").verdict, Verdict::Unknown);
    let Verdict::Depends(depends) = ask("kinds_used.size() > 2").verdict else {
        panic!("it depends");
    };
    assert!(depends.capped);
}

#[test]
fn a_condition_becomes_a_fact_by_cases() {
    let properties = map([
        ("Secret", either(IS_PROD, text("true"), absent())),
        ("Plain", text("x")),
        ("Lost", unknown()),
    ]);
    let worlds = worlds();
    let shop = Shop::default();
    let fact = |written: &str| {
        let expression = condition("properties", written);
        Judge::new(&shop, &worlds).fact(Asked::new(&expression, &properties))
    };
    let Fact::OneOf(one_of) = fact("Secret != true") else {
        panic!("it depends");
    };
    let cases: Vec<_> = one_of
        .alternatives
        .iter()
        .map(|a| (worlds.describe(&a.guard), a.fact.as_bool()))
        .collect();
    assert_eq!(
        cases,
        [
            ("IsProd is false".to_owned(), Some(true)),
            ("IsProd is true".to_owned(), Some(false))
        ]
    );
    let plain = fact("Plain == \"x\"");
    let known = plain.as_known().unwrap();
    assert_eq!(
        (&known.value, known.basis),
        (&Value::Bool(true), Basis::Written)
    );
    assert_eq!(known.places.len(), 1);
    let Fact::Unknown(unknown) = fact("Lost == 1") else {
        panic!("it is unknown");
    };
    assert_eq!(unknown.reason, Reason::Parameter("P".into()));
}

#[test]
fn paths_are_followed_through_guards() {
    let shop = Shop::default()
        .with(FUNCTION, "runs_as", either(IS_PROD, to(ROLE), absent()))
        .with(
            FUNCTION,
            "uses",
            guarded([(Guard::when(LOUD, 1), to(QUEUE))], true),
        )
        .with(ROLE, "calls", to(QUEUE))
        .with(FUNCTION, "calls", text("arn:somewhere"));
    let worlds = worlds();
    let judge = Judge::new(&shop, &worlds);
    let follow = |path: &str| {
        let path = underbelly_expression::Expression::parse(path).unwrap();
        let found = judge.follow(&path, FUNCTION);
        let subjects = found.subjects.iter();
        let subjects: Vec<_> = subjects
            .map(|(guard, subject)| (worlds.describe(guard), *subject))
            .collect();
        (subjects, found.rest.map(|rest| rest.reason))
    };
    let prod = || "IsProd is true".to_owned();
    assert_eq!(follow("runs_as"), (vec![(prod(), ROLE)], None));
    assert_eq!(follow("runs_as.calls"), (vec![(prod(), QUEUE)], None));
    let (found, rest) = follow("uses");
    assert_eq!(found, [("Loud is true".to_owned(), QUEUE)]);
    assert!(rest.is_some());
    assert_eq!(
        follow("calls").1,
        Some(Reason::OtherComponent("arn:somewhere".into()))
    );
    assert_eq!(
        follow("nothing").1,
        Some(Reason::NotAnalysed("nothing".into()))
    );
}

#[test]
fn a_note_travels_with_a_computed_fact() {
    let note = "`Flag` is true by default";
    let flag = Fact::Known(Known {
        value: Value::Bool(true),
        basis: Basis::ParameterDefault,
        places: Vec::new(),
        note: Some(note.into()),
    });
    let properties = map([("Flag", flag)]);
    let expression = condition("properties", "Flag");
    let shop = Shop::default();
    let worlds = worlds();
    let fact = Judge::new(&shop, &worlds).fact(Asked::new(&expression, &properties));
    let known = fact.as_known().unwrap();
    assert_eq!(known.note.as_deref(), Some(note));
    assert_eq!(known.basis, Basis::ParameterDefault);
}
