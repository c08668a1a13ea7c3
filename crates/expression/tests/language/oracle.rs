//! An independent reading of CEL must agree wherever everything is known.
//!
//! Two differences are meant and kept out: unknown instead of an error, and
//! what is missing is unequal to everything instead of an error. One is of
//! form: there `has` takes a member only, so a fact is written `self.fact`.

use std::collections::HashMap;

use cel::objects::Map;
use cel::{Context, Program, Value as Cel};
use underbelly_expression::{Asked, Fact, Judge, SubjectId, Value, Verdict};

use crate::random::{Dice, System, condition, shop, system, worlds};
use crate::shop::{FUNCTION, condition as checked};

#[test]
fn cel_gives_the_same_answers() {
    let mut yes = 0;
    for seed in 0..2_000 {
        let mut dice = Dice::new(seed + 7_001);
        let depth = dice.roll(4);
        let written = condition(&mut dice, depth);
        let system = system(&mut dice);
        let expression = checked("function", &written.replace('@', ""));
        let shop = shop(&system);
        let worlds = worlds();
        let ours = Judge::new(&shop, &worlds).answer(Asked::new(&expression, FUNCTION));
        let ours = ours.verdict == Verdict::Yes;
        let theirs = by_cel(&written.replace('@', "self."), &system);
        assert_eq!(Cel::Bool(ours), theirs, "{seed}: {written}");
        yes += u64::from(ours);
    }
    assert!((500..1_500).contains(&yes), "{yes} of 2000 hold");
}

fn by_cel(written: &str, system: &System) -> Cel {
    let program = Program::compile(written).unwrap_or_else(|why| panic!("{written}: {why}"));
    let mut context = Context::default();
    context.add_variable_from_value("self", subject(FUNCTION, system, 0));
    let found = program.execute(&context);
    found.unwrap_or_else(|why| panic!("{written}: {why}"))
}

fn subject(id: SubjectId, system: &System, depth: u8) -> Cel {
    let facts = system.iter().filter(|((owner, _), _)| *owner == id);
    let facts = facts.filter_map(|((_, name), fact)| {
        let value = &fact.as_known()?.value;
        Some(((*name).into(), cel(value, system, depth)))
    });
    Cel::Map(Map {
        map: facts.collect::<HashMap<_, _>>().into(),
    })
}

fn cel(value: &Value, system: &System, depth: u8) -> Cel {
    match value {
        Value::Bool(value) => Cel::Bool(*value),
        Value::Number(number) => Cel::Int(*number),
        Value::Text(text) => Cel::String(text.known().unwrap().to_owned().into()),
        Value::Subject(id) if depth < 3 => subject(*id, system, depth + 1),
        Value::Set(set) => {
            let items = set.items.iter().map(|item| match &item.fact {
                Fact::Known(known) => cel(&known.value, system, depth),
                other => panic!("{other:?} is not known"),
            });
            Cel::List(items.collect::<Vec<_>>().into())
        }
        Value::Subject(_) | Value::Map(_) => panic!("no such value here"),
    }
}
