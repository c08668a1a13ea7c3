//! Random systems, blurred copies of them, and random conditions about them,
//! from a seed: the same run always asks the same.

use std::collections::BTreeMap;

use underbelly_expression::{
    Cause, Fact, Formula, Guard, Hole, Item, Known, Piece, Reason, Set, SubjectId, Text, Unknown,
    Value, Variable, VariableId, VariableKind, Worlds,
};

use crate::shop::{
    FUNCTION, GRANT, OTHER, QUEUE, ROLE, Shop, WIDE, absent, no, number, set, span, text, to, yes,
};

/// A small generator of numbers that look random.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len() as u64) as usize].clone()
    }
}

/// Wholly known facts by subject and name.
pub(crate) type System = BTreeMap<(SubjectId, &'static str), Fact>;

const NAMES: [&str; 5] = ["orders-dev", "orders", "jobs-x", "", "table"];
const KINDS: [&str; 4] = ["table", "queue", "cache", "orders"];
const OPEN_TO: [&str; 3] = ["anyone", "signed_in", "nobody"];
const ABILITIES: [&str; 3] = ["read_data", "write_data", "invoke"];
const REACH: [&str; 3] = ["one", "prefix", "everything"];

pub(crate) fn system(dice: &mut Dice) -> System {
    let mut system = System::new();
    for (subject, kind) in [
        (FUNCTION, "function"),
        (OTHER, "function"),
        (QUEUE, "queue"),
        (ROLE, "role"),
    ] {
        system.insert((subject, "kind"), text(kind));
        for name in BOOLS.iter().chain(&["redrive", "admin"]) {
            system.insert((subject, name), bool(dice));
        }
        system.insert((subject, "open_to"), text(dice.pick(&OPEN_TO)));
    }
    for grant in [GRANT, WIDE] {
        system.insert((grant, "reach"), text(dice.pick(&REACH)));
        system.insert((grant, "abilities"), some_of(dice, &ABILITIES));
    }
    let grants = [to(GRANT), to(WIDE)];
    let count = dice.roll(3) as usize;
    system.insert((ROLE, "grants"), set(grants.into_iter().take(count)));
    let mut uses = vec![to(QUEUE), to(OTHER)];
    uses.truncate(dice.roll(3) as usize);
    let facts = [
        ("name", text(dice.pick(&NAMES))),
        ("timeout", number(dice.roll(6) as i64)),
        ("zones", number(dice.roll(6) as i64)),
        ("kinds_used", some_of(dice, &KINDS)),
        ("uses", set(uses)),
        (
            "limit",
            optional(dice, |dice| number(dice.roll(6) as i64 - 1)),
        ),
        ("runtime", optional(dice, |dice| text(dice.pick(&NAMES)))),
        ("runs_as", optional(dice, |_| to(ROLE))),
    ];
    for (name, fact) in facts {
        system.insert((FUNCTION, name), fact);
    }
    system
}

const BOOLS: [&str; 4] = ["traced", "sensitive", "untrusted_input", "in_network"];

fn bool(dice: &mut Dice) -> Fact {
    if dice.roll(2) == 0 { yes() } else { no() }
}

fn optional(dice: &mut Dice, fact: impl Fn(&mut Dice) -> Fact) -> Fact {
    if dice.roll(3) == 0 {
        absent()
    } else {
        fact(dice)
    }
}

fn some_of(dice: &mut Dice, from: &[&str]) -> Fact {
    let count = dice.roll(4);
    set((0..count).map(|_| text(dice.pick(from))))
}

pub(crate) fn shop(system: &System) -> Shop {
    let mut shop = Shop::default();
    for ((subject, name), fact) in system {
        shop.set(*subject, name, fact.clone());
    }
    shop
}

/// Two free variables; where both are 1 is the system before it was blurred.
pub(crate) fn worlds() -> Worlds {
    let mut worlds = Worlds::default();
    for name in ["A", "B"] {
        worlds.add(Variable {
            name: name.into(),
            kind: VariableKind::Condition(Formula::Open),
            values: vec!["false".into(), "true".into()],
            assumed: Some(1),
        });
    }
    worlds
}

/// The same system, less known: one fact in `share` is.
pub(crate) fn blurred(system: &System, dice: &mut Dice, share: u64) -> System {
    let mut blurred = system.clone();
    for ((_, name), fact) in &mut blurred {
        // What something is, is always known.
        if *name != "kind" && dice.roll(share) == 0 {
            *fact = blur(fact, dice);
        }
    }
    blurred
}

fn blur(fact: &Fact, dice: &mut Dice) -> Fact {
    let known = match fact {
        Fact::Known(known) => known,
        _ => return unknown(dice),
    };
    let variable = VariableId(dice.roll(2) as u32);
    match (&known.value, dice.roll(3)) {
        (Value::Set(items), 1) => opened(known, items, dice),
        (Value::Set(items), 2) => conditional(known, items, variable, dice),
        (Value::Text(written), 1) if written.known().is_some() => {
            let text = hollow(written.known().unwrap(), dice);
            Fact::written(Value::Text(text), span(20))
        }
        (_, 2) => Fact::one_of([
            (Guard::when(variable, 1), fact.clone()),
            (Guard::when(variable, 0), unknown_or_other(known, dice)),
        ]),
        _ => unknown(dice),
    }
}

fn unknown(dice: &mut Dice) -> Fact {
    let reasons = [
        Reason::Parameter("P".into()),
        Reason::Import("I".into()),
        Reason::Code,
        Reason::People,
    ];
    Fact::unknown(dice.pick(&reasons), None)
}

fn unknown_or_other(known: &Known, dice: &mut Dice) -> Fact {
    match &known.value {
        Value::Bool(value) => Fact::bool(!value, span(21)),
        Value::Number(value) => number(value + 1),
        Value::Set(_) => set([]),
        _ => unknown(dice),
    }
}

/// Some members moved into what is not known, or known of less.
fn opened(known: &Known, set: &Set, dice: &mut Dice) -> Fact {
    let mut items = set.items.clone();
    if dice.roll(2) == 0 {
        items.truncate(dice.roll(items.len() as u64 + 1) as usize);
        return with_items(known, items, true);
    }
    for item in &mut items {
        if dice.roll(2) == 0 {
            item.fact = unknown(dice);
        }
    }
    with_items(known, items, false)
}

/// Members that are there in some worlds, and more that are there in others.
fn conditional(known: &Known, set: &Set, variable: VariableId, dice: &mut Dice) -> Fact {
    let mut items = set.items.clone();
    for item in &mut items {
        if item.guard.is_always() && dice.roll(2) == 0 {
            item.guard = Guard::when(variable, 1);
        }
    }
    if let Some(first) = set.items.first() {
        items.push(Item {
            guard: Guard::when(variable, 0),
            fact: first.fact.clone(),
        });
    }
    with_items(known, items, false)
}

fn with_items(known: &Known, items: Vec<Item>, open: bool) -> Fact {
    let already = match &known.value {
        Value::Set(set) => set.rest.clone(),
        _ => None,
    };
    let rest = already.or_else(|| {
        open.then(|| Unknown {
            reason: Reason::Import("I".into()),
            place: None,
        })
    });
    Fact::Known(Known {
        value: Value::Set(Set { items, rest }),
        ..known.clone()
    })
}

/// A text with a hole somewhere.
fn hollow(text: &str, dice: &mut Dice) -> Text {
    let start = dice.roll(text.len() as u64 + 1) as usize;
    let end = start + dice.roll((text.len() - start) as u64 + 1) as usize;
    let mut hollow = Text::literal(&text[..start]);
    hollow.push_hole(Hole {
        cause: Cause::Parameter("P".into()),
        label: "P".into(),
        span: span(22),
    });
    hollow.push_literal(&text[end..]);
    assert!(
        hollow
            .pieces()
            .iter()
            .any(|piece| matches!(piece, Piece::Hole(_)))
    );
    hollow
}

/// A condition on a function; `@` stands before every fact of its own.
pub(crate) fn condition(dice: &mut Dice, depth: u64) -> String {
    if depth == 0 || dice.roll(4) == 0 {
        return atom(dice, depth);
    }
    let (left, right) = (condition(dice, depth - 1), condition(dice, depth - 1));
    match dice.roll(6) {
        0 | 1 => format!("({left}) && ({right})"),
        2 | 3 => format!("({left}) || ({right})"),
        4 => format!("!({left})"),
        _ => {
            let quantifier = dice.pick(&["exists", "all"]);
            let variable = format!("t{depth}");
            let about = of_component(dice, &variable);
            let join = dice.pick(&["&&", "||"]);
            format!("@uses.{quantifier}({variable}, {about} {join} ({left}))")
        }
    }
}

fn atom(dice: &mut Dice, depth: u64) -> String {
    let number = dice.roll(4) + 1;
    let op = dice.pick(&["==", "!=", "<", "<=", ">", ">="]);
    let same = dice.pick(&["==", "!="]);
    let (kind, other) = (dice.pick(&KINDS), dice.pick(&KINDS));
    let (name, text) = (
        dice.pick(&NAMES),
        dice.pick(&["or", "x", "orders-", "dev", "table"]),
    );
    let test = dice.pick(&["startsWith", "endsWith", "contains"]);
    let quantifier = dice.pick(&["exists", "all"]);
    let (reach, ability) = (dice.pick(&REACH), dice.pick(&ABILITIES));
    match dice.roll(20) {
        0..=3 => format!("@{}", dice.pick(&BOOLS)),
        4 => format!("@open_to {same} \"{}\"", dice.pick(&OPEN_TO)),
        5 => "@open_to in [\"anyone\", \"nobody\"]".to_owned(),
        6 => format!("@timeout {op} {number}"),
        7 => format!("(!has(@limit) || @limit {op} {number})"),
        8 => format!("(has(@limit) && @limit {op} -1)"),
        9 => format!("@name {same} \"{name}\""),
        10 => format!("@name.{test}(\"{text}\")"),
        11 => format!("(has(@runtime) && @runtime.{test}(\"{text}\"))"),
        12 => format!("\"{kind}\" in @kinds_used"),
        13 => "@name in @kinds_used".to_owned(),
        14 => format!("@kinds_used.{quantifier}(k, k {same} \"{kind}\" || k.{test}(\"{text}\"))"),
        15 => format!("@kinds_used.size() {op} {number}"),
        16 => format!("@kinds_used.filter(k, k {same} \"{kind}\").size() {op} {number}"),
        17 => format!("[\"{kind}\", \"{other}\"].{quantifier}(s, s in @kinds_used)"),
        18 => {
            let variable = format!("u{depth}");
            let about = of_component(dice, &variable);
            format!("@uses.filter({variable}, {about}).size() {op} {number}")
        }
        _ => format!(
            "(has(@runs_as) && (@runs_as.admin || @runs_as.grants.{quantifier}(g, \
             g.reach {same} \"{reach}\" && \"{ability}\" in g.abilities)))"
        ),
    }
}

fn of_component(dice: &mut Dice, variable: &str) -> String {
    match dice.roll(4) {
        0 => format!("({variable}.kind == \"queue\" && {variable}.redrive)"),
        1 => format!("{variable}.sensitive"),
        2 => format!("{variable}.open_to != \"{}\"", dice.pick(&OPEN_TO)),
        _ => format!("{variable}.kind in [\"function\", \"role\"]"),
    }
}
