//! What a risk never does: rise when something is put in place, or fall when a
//! door is opened wider. Tried on facts, every combination.

use std::collections::BTreeSet;

use underbelly_engine::{Options, assess};
use underbelly_expression::{Basis, Fact, Guard, Reason, Value};
use underbelly_library::{Library, load};
use underbelly_model::{Architecture, Component, Drawn, Facts, State, Threat};
use underbelly_source::{Files, Limits};

const GROUND: &[(&str, &str)] = &[
    (
        "library/kinds/traits/component.yaml",
        "trait: component\nname: Component\nnames: components\nabout: Anything.\nfacts:\n  \
         kind: { type: text, by: catalogue, about: Its kind. }\n",
    ),
    (
        "library/kinds/function-url.yaml",
        "kind: function-url\nname: Address\nnames: addresses\nabout: An address.\ntraits: []\ndrawn: node\nzone: inside\n\
         facts:\n  \
         gap: { type: bool, by: computed, about: Open. }\n  \
         one: { type: bool, by: computed, about: One. }\n  \
         two: { type: bool, by: computed, about: Two. }\n  \
         three: { type: bool, by: computed, about: Three. }\n  \
         open_to: { type: text, by: computed, about: Who may call. }\n",
    ),
    (
        "library/zones.yaml",
        "zones:\n  - { id: inside, name: Inside, rating: 50, about: Inside. }\n",
    ),
    (
        "library/threats/open.yaml",
        "id: open\nname: open\nstatus: draft\napplies-to: function-url\nwhen: 'true'\nexposed: gap\n\
         threat:\n  source: anyone\n  action: opens {component}\n  impact: takes all\n  harms: [integrity]\n\
         why: Because.\nrate:\n  likelihood: high\n  impact: { confidentiality: low, integrity: high, availability: low }\n\
         stride: [tampering]\ncountermeasures:\n  - one\n  - two\n  - three: { sufficient: true }\n",
    ),
];

const MEASURES: [(&str, &str); 3] = [
    ("one", "likelihood: 0.5"),
    ("two", "likelihood: 0.3, impact: 0.4"),
    ("three", "impact: 0.9"),
];

fn library() -> Library {
    let mut files = Files::default();
    for (path, text) in GROUND {
        files.add(*path, *text);
    }
    for (id, lowers) in MEASURES {
        files.add(
            format!("library/countermeasures/{id}.yaml"),
            format!(
                "id: {id}\nname: {id}\nstatus: draft\napplies-to: function-url\nin-place: {id}\n\
                 lowers: {{ {lowers} }}\neffort: small\ndo: Do it.\nverify: See it.\n"
            ),
        );
    }
    let (knowledge, problems) = load(&files, "library", &Limits::default());
    let broken = problems.iter().filter(|problem| {
        problem.severity == underbelly_source::Severity::Error
            && !problem.message.contains("example")
    });
    let broken: Vec<&String> = broken.map(|problem| &problem.message).collect();
    assert!(broken.is_empty(), "the test's own library: {broken:?}");
    knowledge.library
}

/// What is known of a countermeasure, the least in place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    Missing,
    Unknown,
    InPlace,
}

const ALL: [Known; 3] = [Known::Missing, Known::Unknown, Known::InPlace];

fn judged(
    library: &Library,
    open_to: &str,
    known: [Known; 3],
    planned: &BTreeSet<std::sync::Arc<str>>,
) -> Threat {
    let said = |value: Value| Fact::known(value, Basis::Written, Vec::new());
    let mut facts = Facts::default();
    facts.set("kind", said(Value::Text("function-url".into())));
    facts.set("gap", said(Value::Bool(true)));
    facts.set("open_to", said(Value::Text(open_to.into())));
    for ((id, _), known) in MEASURES.into_iter().zip(known) {
        let fact = match known {
            Known::Missing => said(Value::Bool(false)),
            Known::Unknown => Fact::unknown(Reason::People, None),
            Known::InPlace => said(Value::Bool(true)),
        };
        facts.set(id, fact);
    }
    let mut architecture = Architecture::default();
    architecture.components.push(Component {
        id: "stack/Door".into(),
        short: "Door".into(),
        name: "Door".into(),
        kind: "function-url".into(),
        zone: "inside".into(),
        system: None,
        resource: None,
        place: None,
        guard: Guard::always(),
        outside: false,
        drawn: Drawn::Node,
        facts,
        parts: Vec::new(),
    });
    let options = Options {
        as_of: "2026-11-24",
        planned,
        limits: Limits::default(),
    };
    let mut threats = assess(architecture, library, &options).model.threats;
    threats.pop().expect("the one threat")
}

#[test]
fn what_is_put_in_place_never_raises_a_risk() {
    let library = library();
    let none = BTreeSet::new();
    let mut lowered = 0;
    let every = ALL.into_iter().flat_map(|one| {
        ALL.into_iter()
            .flat_map(move |two| ALL.into_iter().map(move |three| [one, two, three]))
    });
    for before in every {
        let was = judged(&library, "anyone", before, &none);
        for at in 0..before.len() {
            for better in ALL.into_iter().filter(|known| *known > before[at]) {
                let mut after = before;
                after[at] = better;
                let is = judged(&library, "anyone", after, &none);
                assert!(is.risk.value <= was.risk.value, "{before:?} {after:?}");
                assert!(
                    is.risk.projected <= was.risk.projected,
                    "{before:?} {after:?}"
                );
                assert_eq!(is.risk.inherent, was.risk.inherent);
                lowered += usize::from(is.risk.value < was.risk.value);
            }
        }
        assert!(was.risk.value <= was.risk.inherent);
        assert!(was.risk.projected <= was.risk.value);
    }
    assert!(lowered > 20, "nothing lowers anything: {lowered}");
}

#[test]
fn a_door_opened_wider_never_lowers_a_risk() {
    let library = library();
    let none = BTreeSet::new();
    let wider = [
        "account",
        "deputy",
        "partner",
        "any_account",
        "signed_in",
        "key_holder",
        "anyone",
    ];
    let risks = wider.map(|who| {
        let threat = judged(&library, who, [Known::Missing; 3], &none);
        assert_eq!(threat.state, State::Exposed);
        threat.risk.value
    });
    assert!(risks.windows(2).all(|two| two[0] < two[1]), "{risks:?}");
}

#[test]
fn a_plan_lowers_the_projected_risk_as_if_it_were_done() {
    let library = library();
    let none = BTreeSet::new();
    for at in 0..MEASURES.len() {
        let planned = BTreeSet::from([format!("{}@Door", MEASURES[at].0).into()]);
        let plan = judged(&library, "anyone", [Known::Missing; 3], &planned);
        let mut done = [Known::Missing; 3];
        done[at] = Known::InPlace;
        let done = judged(&library, "anyone", done, &none);
        assert_eq!(plan.risk.projected, done.risk.value, "{}", MEASURES[at].0);
        assert!(plan.risk.value > done.risk.value);
    }
}
