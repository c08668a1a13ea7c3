//! Which conditions are accepted, and how the others are refused.

use underbelly_expression::{Expression, Narrowing, Problem, check, check_path};

use crate::shop;

fn checked(applies_to: &str, when: &str, text: &str) -> Result<(), Vec<Problem>> {
    let schema = shop::schema();
    let scope = shop::scope_type(applies_to);
    let when = Expression::parse(when).unwrap();
    let none = Narrowing::default();
    let narrowed = check(&when, &scope, &none, schema).unwrap().narrowed;
    let expression = Expression::parse(text)?;
    check(&expression, &scope, &narrowed, schema).map(|_| ())
}

#[test]
fn good_conditions_are_accepted() {
    for (applies_to, text) in GOOD {
        if let Err(problems) = checked(applies_to, "true", text) {
            panic!("{text}: {problems:?}");
        }
    }
}

/// A block per condition: where and what, the underline with the message, the help.
#[test]
fn bad_conditions_are_refused_where_they_go_wrong() {
    let expected = include_str!("refused.txt");
    let blocks: Vec<&str> = expected.trim_end().split("\n\n").collect();
    for expected in &blocks {
        let first = expected.lines().next().unwrap();
        let (applies_to, text) = first.split_once(':').unwrap();
        let text = text.strip_prefix(' ').unwrap_or(text);
        let found = match checked(applies_to, "true", text) {
            Ok(()) => format!("{first}\naccepted"),
            Err(problems) => format!("{first}{}", underlined(first, text, &problems)),
        };
        assert_eq!(found, *expected, "found:\n{found}\n");
    }
    assert!(blocks.len() > 80);
}

fn underlined(first: &str, text: &str, problems: &[Problem]) -> String {
    let before = first.find(": ").unwrap_or(first.len()) + 2;
    let mut lines = String::new();
    for problem in problems {
        let skipped = text[..problem.range.start as usize].chars().count();
        let length = text[problem.range.bytes()].chars().count().max(1);
        let indent = " ".repeat(before + skipped);
        lines += &format!("\n{indent}{} {}", "^".repeat(length), problem.message);
        if let Some(help) = &problem.help {
            lines += &format!("\n{indent}= {help}");
        }
    }
    lines
}

fn shown(text: &str, problems: &[Problem]) -> String {
    let shown = problems.iter().map(|problem| {
        let underlined = text.get(problem.range.bytes()).unwrap();
        let help = problem.help.as_deref().unwrap_or("-");
        format!("{underlined} | {} | {help}", problem.message)
    });
    shown.collect::<Vec<_>>().join(" // ")
}

#[test]
fn what_when_says_narrows_exposed() {
    let exposed = "runs_as.admin";
    assert!(checked("function", "has(runs_as)", exposed).is_ok());
    assert!(checked("function", "traced && has(runs_as)", exposed).is_ok());
    assert!(checked("function", "!(!has(runs_as) || traced)", exposed).is_ok());
    assert!(checked("function", "traced || has(runs_as)", exposed).is_err());
    assert!(checked("function", "!has(runs_as)", exposed).is_err());
}

#[test]
fn facts_used_are_listed_once_in_order() {
    let typed = |applies_to: &str, text: &str| {
        let expression = Expression::parse(text).unwrap();
        let scope = shop::scope_type(applies_to);
        let typed = check(&expression, &scope, &Narrowing::default(), shop::schema()).unwrap();
        let facts = typed.facts.iter();
        facts
            .map(|used| format!("{}.{}", used.owner, used.fact))
            .collect::<Vec<_>>()
    };
    assert_eq!(typed("function", "true"), [""; 0]);
    assert_eq!(
        typed(
            "function",
            "has(runs_as) && runs_as.admin && code.runs_shell"
        ),
        ["function.runs_as", "role.admin", "function.code.runs_shell"]
    );
    assert_eq!(
        typed(
            "role/grants",
            "component.admin || practice.scans || reach == \"one\""
        ),
        ["role.admin", "role.practice.scans", "grant.reach"]
    );
    assert_eq!(
        typed(
            "queue",
            "consumers.exists(t, t.kind == \"function\" && t.code.runs_shell)"
        ),
        [
            "queue.consumers",
            "component.kind",
            "function.code.runs_shell"
        ]
    );
}

#[test]
fn paths_lead_to_components() {
    let leads = |applies_to: &str, path: &str| {
        let expression = Expression::parse(path).unwrap();
        let scope = shop::scope_type(applies_to);
        match check_path(&expression, &scope, shop::schema()) {
            Ok(path) => format!(
                "{}{}",
                path.leads_to,
                if path.several { " many" } else { "" }
            ),
            Err(problems) => shown(path, &problems),
        }
    };
    assert_eq!(leads("function", "runs_as"), "ref<role>");
    assert_eq!(leads("function", "uses"), "ref many");
    assert_eq!(leads("function", "runs_as.grants.target"), "ref many");
    assert_eq!(leads("role/grants", "component"), "ref<role>");
    assert_eq!(
        leads("function", "runtime"),
        "runtime | `runtime` is text, not a component | -"
    );
    assert_eq!(
        leads("function", "runs_sa"),
        "runs_sa | `function` has no fact `runs_sa` | did you mean `runs_as`?"
    );
}

#[test]
fn deep_and_long_conditions_are_refused_not_followed() {
    for text in [
        "(".repeat(5_000),
        "!".repeat(5_000) + "traced",
        "[".repeat(5_000),
        format!("traced{}", ".x".repeat(3_000)),
        "has(".repeat(3_000),
        "traced.exists(x, ".repeat(500),
        "x".repeat(100_000),
        "traced && ".repeat(100_000),
    ] {
        assert!(Expression::parse(&text).is_err());
    }
    let chain = vec!["traced"; 1_000].join(" && ");
    assert!(Expression::parse(&chain).is_ok());
}

const GOOD: &[(&str, &str)] = &[
    ("function", "true"),
    ("function", "traced"),
    ("function", "!traced"),
    ("function", "!!traced"),
    ("function", "traced && in_network || sensitive"),
    ("function", "(traced && (in_network || !sensitive))"),
    ("function", "traced == true"),
    ("function", "traced != in_network"),
    ("function", "open_to == \"anyone\""),
    ("function", "open_to == 'anyone'"),
    ("function", "\"anyone\" == open_to"),
    ("function", "open_to in [\"anyone\", \"signed_in\"]"),
    ("function", "!(open_to in [\"anyone\", \"signed_in\"])"),
    ("function", "name == \"orders\""),
    ("function", "name == \"a \\\"quoted\\\" \\\\ name\""),
    (
        "function",
        "name.startsWith(\"orders-\") || name.endsWith('-x') || name.contains(\"y\")",
    ),
    ("function", "timeout > 60"),
    (
        "function",
        "timeout >= 60 && timeout <= 900 && timeout < 901",
    ),
    ("function", "zones != 1"),
    ("function", "has(limit) && limit < 0"),
    ("function", "has(limit) && limit == -1"),
    ("function", "!has(limit) || limit > 10"),
    ("function", "!has(limit) || (limit > 10 && limit < 20)"),
    ("function", "(has(limit) && limit >= 1) || traced"),
    ("function", "has(runtime) && runtime.startsWith(\"node\")"),
    ("function", "has(runs_as) && runs_as.admin"),
    ("function", "!(!has(runs_as) || runs_as.admin)"),
    ("function", "!has(runs_as) || !runs_as.admin || traced"),
    (
        "function",
        "has(runs_as) && runs_as.grants.exists(g, g.reach == \"everything\")",
    ),
    (
        "function",
        "has(runs_as) && runs_as.grants.all(g, !(\"invoke\" in g.abilities) || g.reach == \"one\")",
    ),
    (
        "function",
        "has(runs_as) && runs_as.users.filter(u, u.kind == \"function\").size() >= 2",
    ),
    (
        "function",
        "has(calls) && calls.kind == \"queue\" && calls.redrive",
    ),
    (
        "function",
        "has(calls) && calls.kind in [\"queue\", \"role\"] && calls.admits.size() == 0",
    ),
    (
        "function",
        "has(calls) && (calls.kind != \"queue\" || !calls.redrive)",
    ),
    (
        "function",
        "uses.exists(t, t.kind == \"function\" && t.code.runs_shell)",
    ),
    (
        "function",
        "uses.exists(t, t.kind == \"queue\" && t.consumers.exists(c, c.sensitive))",
    ),
    ("function", "uses.size() > 0"),
    ("function", "uses.size() == origins.size()"),
    (
        "function",
        "kinds_used.exists(k, k in [\"table\", \"database\"])",
    ),
    ("function", "\"table\" in kinds_used"),
    ("function", "!(\"table\" in kinds_used)"),
    ("function", "name in kinds_used"),
    (
        "function",
        "origins.exists(o, o == \"*\" || o.endsWith(\"://*\"))",
    ),
    ("function", "[\"a\", \"b\"].all(s, s in origins)"),
    ("function", "[1, 2].exists(n, zones == n)"),
    ("function", "timeout > 5 && [1, 2].exists(n, timeout == n)"),
    (
        "function",
        "kinds_used.exists(k, [\"a\", \"b\"].exists(s, s == k))",
    ),
    ("function", "code.runs_shell || !code.trusts_message"),
    ("function", "practice.scans"),
    ("function", "kind == \"function\" || traced"),
    ("role", "\"invoke\" in abilities"),
    (
        "role",
        "abilities.exists(a, a in [\"invoke\", \"read_data\"])",
    ),
    (
        "role",
        "grants.exists(g, has(g.target) && g.target.kind == \"queue\")",
    ),
    (
        "role",
        "grants.exists(g, has(g.target) && g.target.kind == \"queue\" && g.target.redrive)",
    ),
    ("role", "grants.exists(g, g.component.sensitive)"),
    ("role/grants", "reach == \"everything\""),
    ("role/grants", "component.admin && !component.sensitive"),
    (
        "role/grants",
        "component.kind == \"role\" && \"invoke\" in abilities",
    ),
    ("role/grants", "practice.scans || has(target)"),
    ("channel", "encrypted && consumers.size() > 0"),
    ("queue", "retention >= 1 && encrypted && admits.size() == 0"),
    ("properties", "GenerateSecret != true"),
    ("properties", "AuthType == \"NONE\" || !has(AuthType)"),
    ("properties", "VpcConfig.SubnetIds.size() > 0"),
    (
        "properties",
        "Tags.exists(t, t.Key == \"public\" && t.Value == \"yes\")",
    ),
    ("properties", "MemorySize > 1024 && code.x == 1"),
    ("properties", "\"a\" in Names"),
    ("known properties", "has(AuthType) && Tags.size() > 0"),
];

#[test]
fn a_checked_condition_survives_being_stored() {
    let written = "has(limit) && uses.exists(t, t.kind == \"function\" && t.code.runs_shell)";
    let expression = shop::condition("function", written);
    let stored = serde_json::to_string(&expression).unwrap();
    let read: Expression = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, expression);
    assert_eq!(read.text(), written);
}
