//! What a user relies on in a judgement: the table of statuses, worlds, points,
//! countermeasures along paths, what is absorbed, and what is asked.
//!
//! Every case is a few facts on a few boxes, judged by a small library of its own.

use std::collections::BTreeMap;

use underbelly_engine::{Options, assess};
use underbelly_expression::{
    Basis, Fact, Formula, Guard, Item, Reason, Set, SubjectId, Value, Variable, VariableId,
    VariableKind, Worlds,
};
use underbelly_library::{Library, load};
use underbelly_model::{Architecture, Component, Drawn, Facts, Part, State, ThreatModel};
use underbelly_source::{Files, Limits};

const GROUND: &[(&str, &str)] = &[
    (
        "library/kinds/traits/component.yaml",
        "trait: component\nname: Component\nnames: components\nabout: Anything.\nfacts:\n  \
         kind: { type: text, by: catalogue, about: Its kind. }\n",
    ),
    (
        "library/kinds/box.yaml",
        "kind: box\nname: Box\nnames: boxes\nabout: A box.\ntraits: []\ndrawn: node\nzone: inside\n\
         facts:\n  \
         a: { type: bool, by: computed, about: A. }\n  \
         b: { type: bool, by: computed, about: B. }\n  \
         c: { type: bool, by: computed, about: C. }\n  \
         other: { type: 'ref<box>?', by: computed, about: Another one. }\n  \
         doors: { type: parts<door>, by: computed, about: Its doors. }\n\
         code:\n  \
         shouts: { ask: Does it shout?, looks-for: [shout], good: false }\n",
    ),
    (
        "library/kinds/parts/door.yaml",
        "part: door\nname: Door\nnames: doors\nabout: A door.\nkey: its name\nfacts:\n  \
         open: { type: bool, by: computed, about: Open. }\n",
    ),
    (
        "library/zones.yaml",
        "zones:\n  - { id: inside, name: Inside, rating: 50, about: Inside. }\n",
    ),
];

fn countermeasure(id: &str, applies_to: &str, in_place: &str) -> (String, String) {
    (
        format!("library/countermeasures/{id}.yaml"),
        format!(
            "id: {id}\nname: {id}\nstatus: draft\napplies-to: {applies_to}\nin-place: {in_place}\n\
             lowers: {{ likelihood: 0.5 }}\neffort: small\ndo: Do it.\nverify: See it.\n"
        ),
    )
}

/// A threat file; `rest` are its lines on conditions, countermeasures, absorbs.
fn threat(id: &str, rest: &str) -> (String, String) {
    (
        format!("library/threats/{id}.yaml"),
        format!(
            "id: {id}\nname: {id}\nstatus: draft\n{rest}\nthreat:\n  source: anyone\n  \
             action: opens {{component}}\n  impact: takes all\n  harms: [integrity]\nwhy: Because.\n\
             rate:\n  likelihood: high\n  impact: {{ confidentiality: low, integrity: high, availability: low }}\nstride: [tampering]\n"
        ),
    )
}

fn library(entries: &[(String, String)]) -> Library {
    let mut files = Files::default();
    for (path, text) in GROUND {
        files.add(*path, *text);
    }
    for (path, text) in entries {
        files.add(path.as_str(), text.as_str());
    }
    let (knowledge, problems) = load(&files, "library", &Limits::default());
    let broken: Vec<String> = problems
        .iter()
        .filter(|problem| problem.severity == underbelly_source::Severity::Error)
        .filter(|problem| !problem.message.contains("example"))
        .map(|problem| format!("{} {:?}", problem.message, problem.help))
        .collect();
    assert_eq!(broken, Vec::<String>::new(), "the test's own library");
    knowledge.library
}

/// `y`, `n`, `?` (only people know), `-` (absent), or `p`/`q`: yes exactly when
/// the condition `IsProd` is true, or false.
fn fact(letter: char) -> Fact {
    let known = |value| Fact::known(Value::Bool(value), Basis::Written, Vec::new());
    let prod = |value| Guard::when(VariableId(0), value);
    match letter {
        'y' => known(true),
        'n' => known(false),
        'p' => Fact::one_of([(prod(1), known(true)), (prod(0), known(false))]),
        'q' => Fact::one_of([(prod(1), known(false)), (prod(0), known(true))]),
        '-' => Fact::absent(None),
        _ => Fact::unknown(Reason::People, None),
    }
}

/// Boxes by name: facts a, b and c in that order, and doors by key.
#[derive(Default)]
struct Scene {
    architecture: Architecture,
}

impl Scene {
    fn boxed(mut self, name: &str, facts: &str, doors: &[(&str, char)]) -> Self {
        let index = self.architecture.components.len();
        let owner = SubjectId::component(index);
        let mut known = Facts::default();
        known.set("kind", Fact::text_of("box"));
        for (fact_name, letter) in ["a", "b", "c"].into_iter().zip(facts.chars()) {
            known.set(fact_name, fact(letter));
        }
        known.set("other", Fact::absent(None));
        known.set("code.shouts", Fact::unknown(Reason::Code, None));
        let mut parts = Vec::new();
        for (key, letter) in doors {
            parts.push(SubjectId::part(self.architecture.parts.len()));
            let mut facts = Facts::default();
            facts.set("open", fact(*letter));
            facts.set("component", Fact::of_subject(owner));
            self.architecture.parts.push(Part {
                owner,
                group: "doors".into(),
                kind: "door".into(),
                key: (*key).into(),
                place: None,
                guard: Guard::always(),
                facts,
            });
        }
        let items = parts.iter().map(|part| Item {
            guard: Guard::always(),
            fact: Fact::of_subject(*part),
        });
        let doors = Set {
            items: items.collect(),
            rest: None,
        };
        known.set(
            "doors",
            Fact::known(Value::Set(doors), Basis::Written, Vec::new()),
        );
        self.architecture.components.push(Component {
            id: format!("stack/{name}").into(),
            short: name.into(),
            name: name.into(),
            kind: "box".into(),
            zone: "inside".into(),
            system: None,
            resource: None,
            place: None,
            guard: Guard::always(),
            outside: false,
            drawn: Drawn::Node,
            facts: known,
            parts,
        });
        self
    }

    /// The first box leads to the one of this name.
    fn leading_to(mut self, name: &str) -> Self {
        let mut all = self.architecture.components.iter();
        let index = all
            .position(|c| *c.name == *name)
            .expect("a box of this name");
        let fact = Fact::of_subject(SubjectId::component(index));
        self.architecture.components[0].facts.set("other", fact);
        self
    }

    /// The last box exists only where `IsProd` has this value.
    fn only_when(mut self, value: u16) -> Self {
        let last = self.architecture.components.last_mut().expect("a box");
        last.guard = Guard::when(VariableId(0), value);
        self
    }

    fn judged(mut self, entries: &[(String, String)]) -> ThreatModel {
        let mut worlds = Worlds::default();
        worlds.add(Variable {
            name: "IsProd".into(),
            kind: VariableKind::Condition(Formula::Open),
            values: vec!["false".into(), "true".into()],
            assumed: Some(0),
        });
        self.architecture.worlds = worlds;
        let options = Options {
            as_of: "2026-11-23",
            planned: &std::collections::BTreeSet::new(),
            limits: Limits::default(),
        };
        assess(self.architecture, &library(entries), &options).model
    }
}

/// Small constructors, so that cases read as tables.
trait Short {
    fn text_of(text: &str) -> Fact;
    fn of_subject(subject: SubjectId) -> Fact;
}

impl Short for Fact {
    fn text_of(text: &str) -> Fact {
        Fact::known(Value::Text(text.into()), Basis::Written, Vec::new())
    }
    fn of_subject(subject: SubjectId) -> Fact {
        Fact::known(Value::Subject(subject), Basis::Written, Vec::new())
    }
}

/// `id state [point state …] [when …]`, a line each, those that do not apply left out.
fn told(model: &ThreatModel) -> String {
    let mut lines = Vec::new();
    for threat in &model.threats {
        let mut line = format!("{} {}", threat.id, threat.state.word());
        for point in &threat.points {
            if !point.key.is_empty() {
                line.push_str(&format!(" [{} {}]", point.key, point.state.word()));
            }
            let when: Vec<String> = point
                .when
                .iter()
                .map(|guard| model.architecture.worlds.describe(guard))
                .collect();
            if !when.is_empty() {
                line.push_str(&format!(" when {}", when.join(" or ")));
            }
            if let Some(by) = &point.absorbed_by {
                line.push_str(&format!(" in {by}"));
            }
        }
        lines.push(line);
    }
    lines.sort();
    lines.join("\n")
}

fn check(scene: Scene, entries: &[(String, String)], expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).collect();
    assert_eq!(told(&scene.judged(entries)), expected.join("\n").trim());
}

#[test]
fn statuses_follow_the_table() {
    let entries = [
        threat(
            "gap",
            "applies-to: box\nwhen: a\nexposed: b\ncountermeasures:\n  - lock: { sufficient: true }",
        ),
        countermeasure("lock", "box", "c"),
    ];
    // when, exposed, countermeasure in place → status
    let table = [
        ("nyn", "not-applicable"),
        ("n??", "not-applicable"),
        ("ynn", "mitigated"),
        ("yn?", "mitigated"),
        ("yyn", "exposed"),
        ("yy?", "exposed"),
        ("yyy", "mitigated"),
        ("y?n", "question"),
        ("y?y", "mitigated"),
        ("?yn", "question"),
        ("?yy", "mitigated"),
        ("??n", "question"),
        ("?nn", "mitigated"),
    ];
    let mut got = BTreeMap::new();
    for (facts, _) in table {
        let model = Scene::default().boxed("one", facts, &[]).judged(&entries);
        let state = model.threats.first().map(|threat| threat.state);
        got.insert(facts, state.unwrap_or(State::NotApplicable).word());
    }
    assert_eq!(got, BTreeMap::from(table));
}

#[test]
fn without_a_gap_of_its_own_the_lack_of_what_settles_it_is_the_gap() {
    let entries = [
        threat(
            "open",
            "applies-to: box\nwhen: a\ncountermeasures:\n  - lock: { sufficient: true }",
        ),
        countermeasure("lock", "box", "c"),
    ];
    for (facts, expected) in [
        ("y-y", "open@one mitigated"),
        ("y-n", "open@one exposed"),
        ("y-?", "open@one question"),
    ] {
        check(
            Scene::default().boxed("one", facts, &[]),
            &entries,
            expected,
        );
    }
}

#[test]
fn one_of_a_group_is_enough() {
    let entries = [
        threat(
            "open",
            "applies-to: box\nwhen: 'true'\ncountermeasures:\n  - lock: { any: either }\n  - bar: { any: either }",
        ),
        countermeasure("lock", "box", "a"),
        countermeasure("bar", "box", "b"),
    ];
    let scene = |facts| Scene::default().boxed("one", facts, &[]);
    check(scene("ny-"), &entries, "open@one mitigated");
    check(scene("nn-"), &entries, "open@one exposed");
    check(scene("n?-"), &entries, "open@one question");
}

#[test]
fn a_condition_decides_in_some_worlds_only() {
    let entries = [threat("gap", "applies-to: box\nwhen: a\nexposed: b")];
    let scene = |facts| Scene::default().boxed("one", facts, &[]);
    check(
        scene("yq-"),
        &entries,
        "gap@one exposed when IsProd is false",
    );
    check(
        scene("py-"),
        &entries,
        "gap@one exposed when IsProd is true",
    );
    // The situation and the gap exclude each other: in no world both.
    check(
        scene("pq-"),
        &entries,
        "gap@one mitigated when IsProd is true",
    );
    let model = scene("yq-").judged(&entries);
    assert_eq!(model.threats[0].points[0].by_default, Some(true));
    let model = scene("yp-").judged(&entries);
    assert_eq!(model.threats[0].points[0].by_default, Some(false));
}

#[test]
fn what_does_not_exist_is_not_exposed() {
    let entries = [threat("gap", "applies-to: box\nwhen: a\nexposed: b")];
    let scene = Scene::default().boxed("one", "yy-", &[]).only_when(1);
    check(scene, &entries, "gap@one exposed when IsProd is true");
    let scene = Scene::default().boxed("one", "yq-", &[]).only_when(1);
    check(scene, &entries, "gap@one mitigated when IsProd is true");
}

#[test]
fn each_part_is_a_point_and_the_worst_one_counts() {
    let entries = [threat(
        "ajar",
        "applies-to: box/doors\nwhen: 'true'\nexposed: open",
    )];
    check(
        Scene::default().boxed(
            "one",
            "---",
            &[("front", 'n'), ("back", 'y'), ("side", '?')],
        ),
        &entries,
        "ajar@one exposed [front mitigated] [back exposed] [side question]",
    );
    check(Scene::default().boxed("one", "---", &[]), &entries, "");
}

#[test]
fn a_countermeasure_may_stand_along_a_path() {
    let entries = [
        threat(
            "gap",
            "applies-to: box\nwhen: a\nexposed: b\ncountermeasures:\n  - lock: { on: other, sufficient: true }",
        ),
        countermeasure("lock", "box", "c"),
    ];
    let scene = |lock| {
        Scene::default()
            .boxed("one", "yyn", &[])
            .boxed("two", &format!("nn{lock}"), &[])
    };
    check(scene("y").leading_to("two"), &entries, "gap@one mitigated");
    check(scene("n").leading_to("two"), &entries, "gap@one exposed");
    // Nothing to put it on is not in place.
    check(scene("y"), &entries, "gap@one exposed");
}

#[test]
fn the_general_threat_takes_in_the_special_one() {
    let entries = [
        threat(
            "wide",
            "applies-to: box\nwhen: a\nexposed: 'true'\nabsorbs:\n  - ajar: { on: doors }\n  - near: { on: other }",
        ),
        threat("ajar", "applies-to: box/doors\nwhen: 'true'\nexposed: open"),
        threat("near", "applies-to: box\nwhen: b\nexposed: 'true'"),
    ];
    let scene = |facts| {
        Scene::default()
            .boxed("one", facts, &[("front", 'y')])
            .boxed("two", "nyn", &[])
            .leading_to("two")
    };
    check(
        scene("ynn"),
        &entries,
        "ajar@one exposed [front exposed] in wide@one
         near@two exposed in wide@one
         wide@one exposed",
    );
    check(
        scene("nnn"),
        &entries,
        "ajar@one exposed [front exposed]
         near@two exposed",
    );
}

#[test]
fn a_fact_is_asked_once_and_code_is_not_asked() {
    let entries = [
        threat("one-way", "applies-to: box\nwhen: a\nexposed: b"),
        threat(
            "other-way",
            "applies-to: box\nwhen: 'true'\nexposed: b && a",
        ),
        threat("loud", "applies-to: box\nwhen: a\nexposed: code.shouts"),
    ];
    let model = Scene::default().boxed("one", "y?-", &[]).judged(&entries);
    let asked: Vec<(String, usize)> = model
        .questions
        .iter()
        .map(|question| (question.key.fact.to_string(), question.decides.len()))
        .collect();
    assert_eq!(asked, [("b".to_owned(), 2)]);
    let only_code: Vec<&str> = model
        .threats
        .iter()
        .filter(|threat| threat.only_code)
        .map(|threat| &*threat.id)
        .collect();
    assert_eq!(only_code, ["loud@one"]);
}

#[test]
fn what_is_in_place_never_raises_the_risk() {
    let entries = [
        threat(
            "gap",
            "applies-to: box\nwhen: a\nexposed: b\ncountermeasures:\n  - bar",
        ),
        countermeasure("bar", "box", "c"),
    ];
    let risk = |facts| {
        let model = Scene::default().boxed("one", facts, &[]).judged(&entries);
        model.threats[0].risk.value
    };
    assert!(risk("yyy") < risk("yyp"));
    assert!(risk("yyp") < risk("yyn"));
}
