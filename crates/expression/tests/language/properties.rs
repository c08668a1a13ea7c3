//! What holds of every answer, asked of many random conditions and systems.

use std::collections::BTreeSet;

use underbelly_expression::{
    Answer, Asked, Basis, Expression, Fact, Form, Judge, Node, Truth, Value, VariableId, Verdict,
    World,
};

use crate::random::{Dice, blurred, condition, shop, system, worlds};
use crate::shop::{FUNCTION, Shop, condition as checked, span};

const ROUNDS: u64 = 3_000;

struct Case {
    seed: u64,
    dice: Dice,
    written: String,
    expression: Expression,
}

fn cases() -> impl Iterator<Item = Case> {
    (0..ROUNDS).map(|seed| {
        let mut dice = Dice::new(seed + 1);
        let depth = dice.roll(4);
        let written = condition(&mut dice, depth).replace('@', "");
        let expression = checked("function", &written);
        Case {
            seed,
            dice,
            written,
            expression,
        }
    })
}

fn answer(shop: &Shop, expression: &Expression) -> Answer {
    Judge::new(shop, &worlds()).answer(Asked::new(expression, FUNCTION))
}

/// In the world that the blurred system was made from.
fn here(shop: &Shop, expression: &Expression) -> Answer {
    let world: World = [(VariableId(0), 1), (VariableId(1), 1)].into();
    Judge::new(shop, &worlds()).explain(Asked::new(expression, FUNCTION), &world)
}

#[test]
fn what_is_wholly_known_always_gives_an_answer() {
    for Case {
        seed,
        mut dice,
        written,
        expression,
    } in cases()
    {
        let answer = answer(&shop(&system(&mut dice)), &expression);
        let known = matches!(answer.verdict, Verdict::Yes | Verdict::No);
        assert!(known, "{seed}: {written}");
        assert!(answer.questions.is_empty(), "{seed}: {written}");
        assert_eq!(answer.basis, Some(Basis::Written), "{seed}: {written}");
    }
}

#[test]
fn learning_more_never_overturns_an_answer() {
    let mut known = 0;
    for Case {
        seed,
        mut dice,
        written,
        expression,
    } in cases()
    {
        let full = system(&mut dice);
        let finer = blurred(&full, &mut dice, 3);
        let coarser = blurred(&finer, &mut dice, 3);
        let truth = answer(&shop(&full), &expression).verdict;
        for less in [finer, coarser] {
            let less = shop(&less);
            let all = answer(&less, &expression).verdict;
            if matches!(all, Verdict::Yes | Verdict::No) {
                assert_eq!(all, truth, "{seed}: {written}");
                known += 1;
            }
            let one = here(&less, &expression).verdict;
            if one != Verdict::Unknown {
                assert_eq!(one, truth, "{seed}: {written}");
            }
            if let Verdict::Depends(depends) = all {
                let world = [(VariableId(0), 1), (VariableId(1), 1)].into();
                let case = depends
                    .cases
                    .iter()
                    .find(|(guard, _)| guard.holds(&world) == Some(true));
                let case = Verdict::from(case.unwrap().1);
                assert_eq!(case, one, "{seed}: {written}");
                assert_eq!(Verdict::from(depends.by_default), one, "{seed}: {written}");
            }
        }
    }
    assert!(known > ROUNDS / 2, "only {known} were known");
}

#[test]
fn the_order_of_operands_changes_no_answer() {
    for Case {
        seed,
        mut dice,
        written,
        expression,
    } in cases()
    {
        let blurred = shop(&blurred(&system(&mut dice), &mut dice, 2));
        let turned = Expression::parse(&reversed(expression.root(), &expression)).unwrap();
        assert_eq!(
            answer(&blurred, &expression).verdict,
            answer(&blurred, &turned).verdict,
            "{seed}: {written}"
        );
    }
}

/// The condition with all operands of `&&` and `||` in reverse.
fn reversed(node: &Node, expression: &Expression) -> String {
    let join = |nodes: &[Node], sign: &str| {
        let operands = nodes.iter().rev();
        let operands = operands.map(|node| format!("({})", reversed(node, expression)));
        operands.collect::<Vec<_>>().join(sign)
    };
    match &node.form {
        Form::And(nodes) => join(nodes, " && "),
        Form::Or(nodes) => join(nodes, " || "),
        Form::Not(inner) => format!("!({})", reversed(inner, expression)),
        Form::Quantified(quantifier, of, variable, condition) => format!(
            "{}.{}({variable}, {})",
            expression.excerpt(of.range),
            quantifier.word(),
            reversed(condition, expression)
        ),
        Form::Compare(comparison, left, right) => format!(
            "{} {} {}",
            reversed(left, expression),
            comparison.sign(),
            reversed(right, expression)
        ),
        Form::Size(of) => format!("{}.size()", reversed(of, expression)),
        _ => expression.excerpt(node.range).to_owned(),
    }
}

#[test]
fn what_is_asked_first_settles_the_answer_where_it_says_so() {
    let mut settled = 0;
    for Case {
        seed,
        mut dice,
        written,
        expression,
    } in cases()
    {
        let full = system(&mut dice);
        let blurred = blurred(&full, &mut dice, 2);
        let now = here(&shop(&blurred), &expression);
        let Some(question) = now.questions.first() else {
            assert_ne!(now.verdict, Verdict::Unknown, "{seed}: {written}");
            continue;
        };
        let subject = question.subject.unwrap();
        let key = full
            .keys()
            .find(|(s, f)| *s == subject && **f == *question.fact)
            .unwrap();
        // A fact that occurs twice may pull both ways; a yes or no has two values only.
        let once = written.matches(&*question.fact).count() == 1;
        let is_bool =
            matches!(&full[key], Fact::Known(known) if matches!(known.value, Value::Bool(_)));
        if !question.decisive || !once || !is_bool {
            continue;
        }
        let settles = [true, false].into_iter().any(|value| {
            let mut told = blurred.clone();
            told.insert(*key, Fact::bool(value, span(30)));
            here(&shop(&told), &expression).verdict != Verdict::Unknown
        });
        assert!(settles, "{seed}: {written}: {question:?}");
        settled += 1;
    }
    assert!(settled > 50, "only {settled} were asked");
}

#[test]
fn judging_together_is_judging_alone() {
    for Case {
        seed,
        mut dice,
        written,
        expression,
    } in cases().take(1_000)
    {
        let other = checked("function", &condition(&mut dice, 2).replace('@', ""));
        let blurred = shop(&blurred(&system(&mut dice), &mut dice, 2));
        let worlds = worlds();
        let judge = Judge::new(&blurred, &worlds);
        let asked = [&expression, &other].map(|e| Asked::new(e, FUNCTION));
        let together = judge.truths(&asked, &BTreeSet::new());
        for (index, asked) in asked.into_iter().enumerate() {
            let alone = judge.answer(asked);
            let truths: Vec<Truth> = together.worlds.iter().map(|w| w.truths[index]).collect();
            let agree = truths.iter().all(|truth| *truth == truths[0]);
            match alone.verdict {
                Verdict::Depends(_) => assert!(!agree, "{seed}: {written}"),
                verdict => assert_eq!(Verdict::from(truths[0]), verdict, "{seed}: {written}"),
            }
        }
    }
}
