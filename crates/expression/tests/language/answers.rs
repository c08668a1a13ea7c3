//! What an answer carries: the facts that decided, basis, assumptions, questions.

use underbelly_expression::{Answer, Asked, Atom, Basis, Judge, Reason, Value, Worlds};
use underbelly_source::Role;

use crate::shop::{
    FUNCTION, GRANT, OTHER, QUEUE, ROLE, Shop, WIDE, absent, because, condition, default, no,
    number, open_set, pattern, set, text, to, unknown, yes,
};

fn answer(shop: &Shop, written: &str) -> Answer {
    let expression = condition("function", written);
    Judge::new(shop, &Worlds::default()).answer(Asked::new(&expression, FUNCTION))
}

/// `owner.fact=value` of each fact that counts, in order.
fn evidence(answer: &Answer) -> String {
    let shown = |atom: &Atom| {
        let subject = atom.subject.unwrap();
        let owner = underbelly_expression::Scope::label(&Shop::default(), subject);
        format!("{owner}.{}={}", atom.fact, atom.shown)
    };
    answer
        .evidence
        .iter()
        .map(shown)
        .collect::<Vec<_>>()
        .join(" ")
}

fn assumed(value: bool) -> underbelly_expression::Fact {
    default(Value::Bool(value), Basis::LibraryAssumption, "taken as so")
}

#[test]
fn the_facts_that_decided_are_shown() {
    let shop = Shop::default()
        .with(FUNCTION, "traced", yes())
        .with(FUNCTION, "in_network", yes())
        .with(FUNCTION, "sensitive", no())
        .with(FUNCTION, "untrusted_input", assumed(false))
        .with(FUNCTION, "timeout", number(3))
        .with(FUNCTION, "limit", absent())
        .with(FUNCTION, "kinds_used", set([text("table"), text("queue")]));
    for (written, expected) in [
        (
            "traced && in_network",
            "orders.traced=yes orders.in_network=yes",
        ),
        // Of a no, the firmest false operand, then the first.
        ("traced && sensitive && timeout > 5", "orders.sensitive=no"),
        ("untrusted_input && sensitive", "orders.sensitive=no"),
        ("sensitive && untrusted_input", "orders.sensitive=no"),
        // The mirror.
        ("traced || in_network", "orders.traced=yes"),
        ("sensitive || in_network", "orders.in_network=yes"),
        (
            "untrusted_input || sensitive",
            "orders.untrusted_input=no orders.sensitive=no",
        ),
        (
            "!(traced && in_network)",
            "orders.traced=yes orders.in_network=yes",
        ),
        ("!has(limit)", "orders.limit=absent"),
        ("!has(limit) || limit > 10", "orders.limit=absent"),
        ("timeout < 60", "orders.timeout=3"),
        ("\"table\" in kinds_used", "orders.kinds_used=table"),
        ("\"cache\" in kinds_used", "orders.kinds_used=table, queue"),
        ("kinds_used.size() == 2", "orders.kinds_used=table, queue"),
    ] {
        assert_eq!(evidence(&answer(&shop, written)), expected, "{written}");
    }
}

#[test]
fn witnesses_and_counterexamples_are_shown_else_the_list() {
    let shop = Shop::default()
        .with(FUNCTION, "runs_as", to(ROLE))
        .with(ROLE, "grants", set([to(GRANT), to(WIDE)]))
        .with(GRANT, "reach", text("one"))
        .with(WIDE, "reach", text("everything"))
        .with(FUNCTION, "kinds_used", set([text("table"), text("queue")]))
        .with(FUNCTION, "uses", set([to(QUEUE), to(OTHER)]))
        .with(QUEUE, "sensitive", yes())
        .with(OTHER, "sensitive", yes());
    for (written, expected) in [
        (
            "has(runs_as) && runs_as.grants.exists(g, g.reach == \"everything\")",
            "orders.runs_as=orders-role orders-role.grants=part1 part1.reach=everything",
        ),
        (
            "has(runs_as) && runs_as.grants.all(g, g.reach == \"one\")",
            "orders-role.grants=part1 part1.reach=everything orders.runs_as=orders-role",
        ),
        (
            "has(runs_as) && runs_as.grants.all(g, g.reach != \"prefix\")",
            "orders.runs_as=orders-role orders-role.grants=part0, part1",
        ),
        (
            "uses.exists(t, t.sensitive)",
            "orders.uses=jobs jobs.sensitive=yes orders.uses=c3 c3.sensitive=yes",
        ),
        (
            "kinds_used.exists(k, k == \"cache\")",
            "orders.kinds_used=table, queue",
        ),
        (
            "kinds_used.exists(k, k == \"queue\")",
            "orders.kinds_used=queue",
        ),
        (
            "[\"table\", \"x\"].all(s, s in kinds_used)",
            "orders.kinds_used=table, queue",
        ),
    ] {
        assert_eq!(evidence(&answer(&shop, written)), expected, "{written}");
    }
}

#[test]
fn basis_is_the_weakest_and_assumptions_are_collected() {
    let parameter = default(
        Value::Number(3),
        Basis::ParameterDefault,
        "`Timeout` is 3 by default",
    );
    let provider = default(Value::Bool(true), Basis::ProviderDefault, "since 2022");
    let shop = Shop::default()
        .with(FUNCTION, "traced", yes())
        .with(FUNCTION, "in_network", provider)
        .with(FUNCTION, "timeout", parameter)
        .with(FUNCTION, "sensitive", assumed(true));
    for (written, basis, assumptions) in [
        ("traced", Basis::Written, vec![]),
        ("traced && in_network", Basis::ProviderDefault, vec![]),
        (
            "traced && timeout < 5",
            Basis::ParameterDefault,
            vec!["`Timeout` is 3 by default"],
        ),
        (
            "sensitive && timeout < 5",
            Basis::LibraryAssumption,
            vec!["`Timeout` is 3 by default", "taken as so"],
        ),
        ("traced || sensitive", Basis::Written, vec![]),
    ] {
        let answer = answer(&shop, written);
        assert_eq!(answer.basis, Some(basis), "{written}");
        let found: Vec<&str> = answer.assumptions.iter().map(|note| &**note).collect();
        assert_eq!(found, assumptions, "{written}");
    }
    let answer = answer(&shop, "in_network");
    assert_eq!(answer.evidence[0].note.as_deref(), Some("since 2022"));
    assert_eq!(answer.places()[0].role, Role::MissingHere);
}

#[test]
fn what_is_missing_points_at_the_head() {
    let shop = Shop::default().with(FUNCTION, "limit", absent());
    let answer = answer(&shop, "!has(limit)");
    assert_eq!(answer.places()[0].role, Role::MissingHere);
    assert_eq!(answer.basis, Some(Basis::Written));
}

/// `owner.fact` of each question, in order, `!` after what alone decides.
fn questions(answer: &Answer) -> String {
    let shown = answer.questions.iter().map(|question| {
        let owner =
            underbelly_expression::Scope::label(&Shop::default(), question.subject.unwrap());
        let decisive = if question.decisive { "!" } else { "" };
        format!("{owner}.{}{decisive}", question.fact)
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_question_is_what_decides_then_what_is_cheapest_then_the_first() {
    let shop = Shop::default()
        .with(FUNCTION, "traced", yes())
        .with(FUNCTION, "open_to", text("nobody"))
        .with(FUNCTION, "sensitive", because(Reason::People))
        .with(FUNCTION, "untrusted_input", unknown())
        .with(FUNCTION, "code.runs_shell", because(Reason::Code))
        .with(FUNCTION, "code.trusts_message", because(Reason::Code))
        .with(FUNCTION, "timeout", unknown())
        .with(FUNCTION, "memory", unknown())
        .with(FUNCTION, "zones", unknown())
        .with(FUNCTION, "limit", unknown())
        .with(FUNCTION, "name", pattern("orders-${Stage}"))
        .with(FUNCTION, "kinds_used", open_set([text("table")]))
        .with(FUNCTION, "runs_as", unknown())
        .with(FUNCTION, "uses", set([to(QUEUE), to(OTHER)]))
        .with(QUEUE, "sensitive", because(Reason::People))
        .with(OTHER, "sensitive", no());
    for (written, expected) in [
        ("sensitive", "orders.sensitive!"),
        ("traced && sensitive", "orders.sensitive!"),
        (
            "sensitive && code.runs_shell && untrusted_input",
            "orders.untrusted_input! orders.code.runs_shell! orders.sensitive!",
        ),
        (
            "code.runs_shell || code.trusts_message",
            "orders.code.runs_shell! orders.code.trusts_message!",
        ),
        // One alone could only make the first part no, and the second is open.
        (
            "(untrusted_input && timeout > 3) || sensitive",
            "orders.sensitive! orders.untrusted_input orders.timeout",
        ),
        (
            "(untrusted_input || timeout > 3) && sensitive",
            "orders.sensitive! orders.untrusted_input orders.timeout",
        ),
        (
            "!(untrusted_input && timeout > 3) && traced",
            "orders.untrusted_input! orders.timeout!",
        ),
        ("has(limit) && limit > zones", "orders.limit! orders.zones"),
        ("name == \"orders-dev\"", "orders.name!"),
        ("\"cache\" in kinds_used", "orders.kinds_used!"),
        ("kinds_used.exists(k, k == \"cache\")", "orders.kinds_used!"),
        ("kinds_used.size() > 1", "orders.kinds_used!"),
        ("has(runs_as) && runs_as.admin", "orders.runs_as!"),
        ("uses.exists(t, t.sensitive)", "jobs.sensitive!"),
        ("uses.all(t, !t.sensitive)", "jobs.sensitive!"),
        ("uses.filter(t, t.sensitive).size() > 0", "jobs.sensitive!"),
        ("sensitive || !sensitive", "orders.sensitive!"),
        ("traced || sensitive", ""),
        ("in_network", "orders.in_network!"),
    ] {
        assert_eq!(questions(&answer(&shop, written)), expected, "{written}");
    }
    let name = answer(&shop, "name == \"orders-dev\"");
    assert_eq!(name.questions[0].reason, Reason::Parameter("Stage".into()));
    let nobody = answer(&shop, "in_network");
    assert_eq!(
        nobody.questions[0].reason,
        Reason::NotAnalysed("in_network".into())
    );
}

#[test]
fn an_unknown_answer_shows_what_is_known_too() {
    let shop = Shop::default().with(FUNCTION, "traced", yes()).with(
        FUNCTION,
        "sensitive",
        because(Reason::People),
    );
    let answer = answer(&shop, "traced && sensitive");
    assert_eq!(
        evidence(&answer),
        "orders.traced=yes orders.sensitive=unknown"
    );
    assert_eq!(answer.evidence[1].reason, Some(Reason::People));
    assert_eq!(answer.evidence[1].basis, None);
}

#[test]
fn long_sets_are_cut_short() {
    let many = (0..9).map(|index| text(&format!("t{index}")));
    let shop = Shop::default().with(FUNCTION, "kinds_used", set(many));
    let found = evidence(&answer(&shop, "kinds_used.size() > 3"));
    assert_eq!(found, "orders.kinds_used=t0, t1, t2, t3, 5 more");
}
