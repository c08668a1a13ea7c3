//! The three-valued rules, a row per case.

use underbelly_expression::{
    Asked, Expression, Fact, Guard, Judge, Reason, Truth, VariableId, Verdict, Worlds,
};

use crate::shop::{
    FUNCTION, GRANT, OTHER, PARTNER, QUEUE, ROLE, Shop, WIDE, absent, because, condition, no,
    number, open_set, pattern, set, text, to, unknown, yes,
};

const YES: Truth = Truth::Yes;
const NO: Truth = Truth::No;
const OPEN: Truth = Truth::Unknown;

fn truth(shop: &Shop, applies_to: &str, written: &str) -> Truth {
    let expression = condition(applies_to, written);
    let subject = match applies_to {
        "role/grants" => GRANT,
        "role" => ROLE,
        _ => FUNCTION,
    };
    judged(shop, Asked::new(&expression, subject))
}

fn judged(shop: &Shop, asked: Asked<'_>) -> Truth {
    let worlds = Worlds::default();
    let judge = Judge::new(shop, &worlds);
    let answer = judge.answer(asked);
    let truth = match answer.verdict {
        Verdict::Yes => YES,
        Verdict::No => NO,
        Verdict::Unknown => OPEN,
        Verdict::Depends(_) => panic!("there are no worlds"),
    };
    // What is unknown can be asked, and what is known need not.
    assert_eq!(truth == OPEN, answer.question().is_some(), "{asked:?}");
    truth
}

fn of_function(facts: &[(&str, Fact)], written: &str) -> Truth {
    let mut shop = Shop::default();
    for (name, fact) in facts {
        shop.set(FUNCTION, name, fact.clone());
    }
    truth(&shop, "function", written)
}

#[test]
fn yes_no_and_unknown_combine_as_kleene_says() {
    let value = |truth| match truth {
        Truth::Yes => yes(),
        Truth::No => no(),
        Truth::Unknown => unknown(),
    };
    for (a, b, both, either) in [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (YES, OPEN, OPEN, YES),
        (NO, NO, NO, NO),
        (NO, OPEN, NO, OPEN),
        (OPEN, OPEN, OPEN, OPEN),
    ] {
        for (a, b) in [(a, b), (b, a)] {
            let facts = [("traced", value(a)), ("sensitive", value(b))];
            assert_eq!(of_function(&facts, "traced && sensitive"), both);
            assert_eq!(of_function(&facts, "traced || sensitive"), either);
            assert_eq!(of_function(&facts, "!(traced && sensitive)"), !both);
            assert_eq!(of_function(&facts, "!traced"), !a);
        }
    }
    assert_eq!(of_function(&[], "true"), YES);
    // There is no solver.
    let facts = [("traced", unknown())];
    assert_eq!(of_function(&facts, "traced || !traced"), OPEN);
}

#[test]
fn values_are_compared_as_far_as_they_are_known() {
    for (fact, written, expected) in [
        (text("anyone"), "open_to == \"anyone\"", YES),
        (text("nobody"), "open_to == \"anyone\"", NO),
        (unknown(), "open_to == \"anyone\"", OPEN),
        (text("nobody"), "open_to != \"anyone\"", YES),
        (unknown(), "open_to != \"anyone\"", OPEN),
        (text("anyone"), "open_to in [\"anyone\", \"nobody\"]", YES),
        (text("signed_in"), "open_to in [\"anyone\", \"nobody\"]", NO),
        (unknown(), "open_to in [\"anyone\", \"nobody\"]", OPEN),
    ] {
        assert_eq!(
            of_function(&[("open_to", fact)], written),
            expected,
            "{written}"
        );
    }
    for (fact, written, expected) in [
        (number(60), "timeout > 60", NO),
        (number(61), "timeout > 60", YES),
        (number(60), "timeout >= 60", YES),
        (number(60), "timeout < 60", NO),
        (number(60), "timeout <= 60", YES),
        (number(60), "timeout == 60", YES),
        (number(60), "timeout != 60", NO),
        (number(-1), "timeout < 0", YES),
        (number(-1), "timeout == -1", YES),
        (unknown(), "timeout > 60", OPEN),
        (number(i64::MAX), "timeout >= 9223372036854775807", YES),
    ] {
        assert_eq!(
            of_function(&[("timeout", fact)], written),
            expected,
            "{written}"
        );
    }
}

#[test]
fn has_asks_whether_anything_is_there() {
    for (fact, expected) in [
        (absent(), NO),
        (unknown(), OPEN),
        (to(ROLE), YES),
        (pattern("${Role}"), YES),
    ] {
        assert_eq!(of_function(&[("runs_as", fact)], "has(runs_as)"), expected);
    }
}

#[test]
fn what_is_absent_equals_nothing() {
    for (fact, written, expected) in [
        (absent(), "!has(limit) || limit > 10", YES),
        (absent(), "has(limit) && limit > 10", NO),
        (number(11), "!has(limit) || limit > 10", YES),
        (number(10), "!has(limit) || limit > 10", NO),
        (unknown(), "!has(limit) || limit > 10", OPEN),
        (absent(), "has(limit) && limit == 1", NO),
        (absent(), "!has(limit) || limit != 1", YES),
    ] {
        assert_eq!(
            of_function(&[("limit", fact)], written),
            expected,
            "{written}"
        );
    }
}

#[test]
fn sets_answer_as_far_as_their_members_are_known() {
    let known = || set([text("table"), text("queue")]);
    let empty = || set([]);
    let open = || open_set([text("table")]);
    let unsure = || set([text("table"), unknown()]);
    for (fact, written, expected) in [
        (known(), "\"table\" in kinds_used", YES),
        (known(), "\"cache\" in kinds_used", NO),
        (open(), "\"table\" in kinds_used", YES),
        (open(), "\"cache\" in kinds_used", OPEN),
        (unsure(), "\"cache\" in kinds_used", OPEN),
        (unsure(), "\"table\" in kinds_used", YES),
        (unknown(), "\"table\" in kinds_used", OPEN),
        (empty(), "\"table\" in kinds_used", NO),
        (known(), "kinds_used.exists(k, k == \"table\")", YES),
        (known(), "kinds_used.exists(k, k == \"cache\")", NO),
        (open(), "kinds_used.exists(k, k == \"cache\")", OPEN),
        (unsure(), "kinds_used.exists(k, k == \"cache\")", OPEN),
        (empty(), "kinds_used.exists(k, k == \"cache\")", NO),
        (known(), "kinds_used.all(k, k != \"cache\")", YES),
        (known(), "kinds_used.all(k, k != \"table\")", NO),
        (open(), "kinds_used.all(k, k != \"table\")", NO),
        (open(), "kinds_used.all(k, k != \"cache\")", OPEN),
        (unsure(), "kinds_used.all(k, k != \"table\")", NO),
        (empty(), "kinds_used.all(k, k == \"cache\")", YES),
        (unknown(), "kinds_used.all(k, k == \"cache\")", OPEN),
        (known(), "kinds_used.size() == 2", YES),
        (known(), "kinds_used.size() > 2", NO),
        (open(), "kinds_used.size() >= 1", YES),
        (open(), "kinds_used.size() > 1", OPEN),
        (open(), "kinds_used.size() < 1", NO),
        (open(), "kinds_used.size() == 0", NO),
        (open(), "kinds_used.size() == 1", OPEN),
        (open(), "kinds_used.size() != 0", YES),
        (unsure(), "kinds_used.size() == 2", YES),
        (unknown(), "kinds_used.size() > 0", OPEN),
        (empty(), "kinds_used.size() > 0", NO),
        (
            known(),
            "kinds_used.filter(k, k == \"table\").size() == 1",
            YES,
        ),
        (
            known(),
            "kinds_used.filter(k, k == \"table\").size() > 1",
            NO,
        ),
        (
            unsure(),
            "kinds_used.filter(k, k == \"table\").size() > 1",
            OPEN,
        ),
        (
            unsure(),
            "kinds_used.filter(k, k == \"table\").size() >= 1",
            YES,
        ),
        (
            unsure(),
            "kinds_used.filter(k, k == \"table\").size() > 2",
            NO,
        ),
        (
            unsure(),
            "kinds_used.filter(k, k != \"x\").exists(k, k == \"table\")",
            YES,
        ),
        (
            known(),
            "kinds_used.filter(k, k != \"table\").exists(k, k == \"table\")",
            NO,
        ),
        (
            known(),
            "kinds_used.filter(k, k != \"table\").all(k, k == \"queue\")",
            YES,
        ),
        (
            known(),
            "[\"table\", \"queue\"].all(s, s in kinds_used)",
            YES,
        ),
        (
            known(),
            "[\"table\", \"cache\"].all(s, s in kinds_used)",
            NO,
        ),
        (
            open(),
            "[\"table\", \"cache\"].all(s, s in kinds_used)",
            OPEN,
        ),
    ] {
        assert_eq!(
            of_function(&[("kinds_used", fact)], written),
            expected,
            "{written}"
        );
    }
}

#[test]
fn texts_with_holes_answer_where_their_pieces_suffice() {
    for (fact, written, expected) in [
        ("orders-${Stage}", "name == \"orders-dev\"", OPEN),
        ("orders-${Stage}", "name == \"orders-\"", OPEN),
        ("orders-${Stage}", "name == \"jobs-dev\"", NO),
        ("orders-${Stage}", "name == \"orders\"", NO),
        ("${A}-orders-${B}", "name == \"x-orders-y\"", OPEN),
        ("${A}-orders-${B}", "name == \"x-orders\"", NO),
        ("${A}aba${B}a", "name == \"aba\"", NO),
        ("a${A}a", "name == \"a\"", NO),
        ("${A}", "name == \"\"", OPEN),
        ("orders", "name == \"orders\"", YES),
        ("orders-${Stage}", "name.startsWith(\"orders\")", YES),
        ("orders-${Stage}", "name.startsWith(\"orders-d\")", OPEN),
        ("orders-${Stage}", "name.startsWith(\"jobs\")", NO),
        ("orders-${Stage}-x", "name.endsWith(\"-x\")", YES),
        ("orders-${Stage}-x", "name.endsWith(\"dev-x\")", OPEN),
        ("orders-${Stage}-x", "name.endsWith(\"-y\")", NO),
        ("orders-${Stage}", "name.contains(\"rder\")", YES),
        ("orders-${Stage}", "name.contains(\"prod\")", OPEN),
        ("orders", "name.contains(\"prod\")", NO),
    ] {
        assert_eq!(
            of_function(&[("name", pattern(fact))], written),
            expected,
            "{fact} {written}"
        );
    }
    let set = set([pattern("orders-${Stage}"), text("*")]);
    for (written, expected) in [
        ("\"*\" in origins", YES),
        ("\"orders-x\" in origins", OPEN),
        ("\"jobs\" in origins", NO),
        ("origins.all(o, o.startsWith(\"o\"))", NO),
    ] {
        assert_eq!(
            of_function(&[("origins", set.clone())], written),
            expected,
            "{written}"
        );
    }
}

#[test]
fn two_patterns_differ_only_where_their_ends_clash() {
    for (one, other, expected) in [
        ("a-${X}", "b-${X}", NO),
        ("a-${X}", "a-${X}", OPEN),
        ("a-${X}", "a-b${Y}", OPEN),
        ("${X}-a", "${Y}-b", NO),
        ("${X}-a", "a-${Y}", OPEN),
    ] {
        let facts = [("name", pattern(one)), ("runtime", pattern(other))];
        let found = of_function(&facts, "has(runtime) && name == runtime");
        assert_eq!(found, expected, "{one} {other}");
    }
}

/// A function, its role with two grants, a queue, and a partner outside.
fn shop() -> Shop {
    Shop::default()
        .with(FUNCTION, "kind", text("function"))
        .with(FUNCTION, "runs_as", to(ROLE))
        .with(FUNCTION, "uses", set([to(QUEUE), to(OTHER), to(PARTNER)]))
        .with(ROLE, "kind", text("role"))
        .with(ROLE, "admin", no())
        .with(ROLE, "grants", set([to(GRANT), to(WIDE)]))
        .with(GRANT, "reach", text("one"))
        .with(GRANT, "component", to(ROLE))
        .with(GRANT, "target", to(QUEUE))
        .with(WIDE, "reach", text("everything"))
        .with(WIDE, "target", absent())
        .with(WIDE, "component", to(ROLE))
        .with(QUEUE, "kind", text("queue"))
        .with(QUEUE, "redrive", yes())
        .with(QUEUE, "sensitive", no())
        .with(OTHER, "kind", text("function"))
        .with(OTHER, "sensitive", no())
        .with(OTHER, "code.runs_shell", because(Reason::Code))
        .with(PARTNER, "kind", text("external"))
}

#[test]
fn references_lead_to_facts_of_others() {
    for (applies_to, written, expected) in [
        ("function", "has(runs_as) && runs_as.admin", NO),
        (
            "function",
            "has(runs_as) && runs_as.grants.exists(g, g.reach == \"everything\")",
            YES,
        ),
        (
            "function",
            "has(runs_as) && runs_as.grants.all(g, g.reach == \"one\")",
            NO,
        ),
        (
            "function",
            "uses.exists(t, t.kind == \"queue\" && t.redrive)",
            YES,
        ),
        (
            "function",
            "uses.filter(t, t.kind == \"function\").size() == 1",
            YES,
        ),
        (
            "function",
            "uses.exists(t, t.kind == \"function\" && t.code.runs_shell)",
            OPEN,
        ),
        // What is outside is not known.
        ("function", "uses.exists(t, t.sensitive)", OPEN),
        ("role/grants", "component.admin", NO),
        (
            "role/grants",
            "has(target) && target.kind == \"queue\" && target.redrive",
            YES,
        ),
        (
            "role",
            "grants.exists(g, has(g.target) && g.target.sensitive)",
            NO,
        ),
        (
            "role",
            "grants.exists(g, g.component.kind == \"role\")",
            YES,
        ),
    ] {
        assert_eq!(truth(&shop(), applies_to, written), expected, "{written}");
    }
}

#[test]
fn a_reference_that_leads_nowhere_known_is_unknown() {
    for lost in [
        pattern("${Role.Arn}"),
        text("arn:aws:iam::1:role/x"),
        unknown(),
    ] {
        let shop = shop().with(FUNCTION, "runs_as", lost);
        assert_eq!(
            truth(&shop, "function", "has(runs_as) && runs_as.admin"),
            OPEN
        );
    }
    let shop = shop().with(FUNCTION, "runs_as", absent());
    assert_eq!(
        truth(&shop, "function", "has(runs_as) && runs_as.admin"),
        NO
    );
    assert_eq!(
        truth(&shop, "function", "traced"),
        OPEN,
        "nobody supplies it"
    );
}

#[test]
fn members_that_are_there_in_no_world_do_not_count() {
    let never = VariableId(0);
    let items = [
        (Guard::always(), absent()),
        (Guard::always(), text("table")),
        (Guard::when(never, 1), text("queue")),
    ];
    let shop = Shop::default().with(FUNCTION, "kinds_used", crate::shop::guarded(items, false));
    let expression = condition("function", "kinds_used.size() == 1");
    let worlds = Worlds::default();
    let judge = Judge::new(&shop, &worlds);
    let world = [(never, 0)].into();
    let answer = judge.explain(Asked::new(&expression, FUNCTION), &world);
    assert_eq!(answer.verdict, Verdict::Yes);
}

#[test]
fn properties_are_read_loosely() {
    let properties = crate::shop::map([
        ("AuthType", text("NONE")),
        ("Enabled", text("true")),
        ("Off", text("false")),
        ("Plain", yes()),
        ("Size", text("1024")),
        ("Stage", pattern("${Stage}")),
        ("One", text("a")),
        ("Vpc", crate::shop::map([("Subnets", set([text("s")]))])),
        (
            "Tags",
            set([crate::shop::map([("Key", text("k")), ("Value", text("v"))])]),
        ),
        ("Gone", unknown()),
    ]);
    for (written, expected) in [
        ("AuthType == \"NONE\"", YES),
        ("Enabled", YES),
        ("Enabled == true", YES),
        ("Enabled != true", NO),
        ("!Off", YES),
        ("Off == false", YES),
        ("Plain == \"true\"", YES),
        ("Size > 1000", YES),
        ("Size == 1024", YES),
        ("Stage == true", OPEN),
        ("Stage > 5", OPEN),
        ("Missing == \"x\"", NO),
        ("Missing != true", YES),
        ("!has(Missing)", YES),
        ("Missing.Deeper == 1", NO),
        ("Missing", NO),
        ("Missing > 5", NO),
        ("Missing.exists(x, x == 1)", NO),
        ("Missing.size() == 0", YES),
        ("Vpc.Subnets.size() > 0", YES),
        ("has(Vpc.Groups)", NO),
        ("\"a\" in One", YES),
        ("One.exists(x, x == \"a\")", YES),
        ("Tags.exists(t, t.Key == \"k\" && t.Value == \"v\")", YES),
        ("Tags.exists(t, t.Key == \"x\")", NO),
        ("Gone.Deeper == 1", OPEN),
        ("has(Gone.Deeper)", OPEN),
        ("has(Stage.Deeper)", OPEN),
    ] {
        let expression = condition("properties", written);
        let found = judged(&Shop::default(), Asked::new(&expression, &properties));
        assert_eq!(found, expected, "{written}");
    }
}

#[test]
fn a_condition_never_checked_does_not_panic() {
    for written in [
        "\"a\".b.c",
        "1.exists(x, x)",
        "[1].exists(x, x.y < \"z\")",
        "traced.size().x",
        "5",
        "[[1]] == [[1]]",
        "has(a.b.c.d)",
        "a.filter(x, x).filter(y, y).size() == true",
    ] {
        let Ok(expression) = Expression::parse(written) else {
            continue;
        };
        let worlds = Worlds::default();
        let shop = shop();
        let judge = Judge::new(&shop, &worlds);
        let _ = judge.answer(Asked::new(&expression, FUNCTION));
        let _ = judge.answer(Asked::new(&expression, &unknown()));
    }
}
