//! Whether a bucket is open to everybody: access list, policy, the four block
//! settings and object ownership taken together.
//!
//! Since April 2023 the provider gives every new bucket all four blocks and switches
//! access lists off; that holds where nothing is written, on the provider's word
//! (docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html). Once a
//! configuration is written, a setting it leaves out is off.

use std::collections::BTreeMap;

use underbelly_expression::{Basis, Fact, Guard, Places, Reason, SubjectId, Text, Value};
use underbelly_source::{Place, Span};

use super::ability::Abilities;
use super::admits::{self, Admission, Admitted};
use super::condition::Narrowed;
use super::facts;
use super::principal::{Class, Principal};
use super::truth::Truth;
use crate::draft::Draft;
use crate::worlds::{Variables, World, in_world};

const SINCE: &str = "new buckets block public access and switch access lists off since 2023-04";
const LEFT_OUT: &str = "a block setting left out of a written configuration is off";

/// The block settings: what the fact calls each, and its property.
const BLOCKS: &[(&str, &str)] = &[
    ("block_acls", "BlockPublicAcls"),
    ("ignore_acls", "IgnorePublicAcls"),
    ("block_policy", "BlockPublicPolicy"),
    ("restrict", "RestrictPublicBuckets"),
];

/// What opening a bucket means.
#[derive(Clone, Copy)]
struct Opening {
    lists: &'static [&'static str],
    abilities: &'static [&'static str],
}

/// The list of a bucket says nothing of the objects in it: those have their own.
const READ: Opening = Opening {
    lists: &[],
    abilities: &["read_data", "administer"],
};

const LIST: Opening = Opening {
    lists: &["PublicRead", "PublicReadWrite", "AuthenticatedRead"],
    abilities: &["list", "administer"],
};

const WRITE: Opening = Opening {
    lists: &["PublicReadWrite"],
    abilities: &["write_data", "delete_data", "change_access", "administer"],
};

/// Adds `public_read`, `public_list` and `public_write`, the part for an access list, and what the
/// blocks leave of a policy that lets everybody in.
pub(super) fn add(draft: &mut Draft<'_>, admissions: &mut BTreeMap<SubjectId, Admission>) {
    for (id, resource) in draft.of_type("AWS::S3::Bucket") {
        let Some(bucket) = draft.component_of(id) else {
            continue;
        };
        let admission = admissions.entry(bucket).or_default();
        let settings = Settings {
            properties: &resource.properties,
            head: resource.head,
            blocks_given: draft.given(bucket, "block_settings"),
            lists_off_given: draft.given(bucket, "acls_off"),
        };
        let mut variables = settings.variables();
        for admit in &admission.admits {
            variables.add_guard(&admit.guard);
            for (guard, _) in &admit.cases {
                variables.add_guard(guard);
            }
        }
        let worlds = &draft.graph.worlds;
        let mut set = |name: &str, make: &dyn Fn(&World) -> Fact| {
            let fact = variables.by_case(worlds, &Guard::always(), make);
            draft.set(bucket, name, fact);
        };
        set("public_read", &|world| {
            settings.open(READ, admission, world).fact()
        });
        set("public_list", &|world| {
            settings.open(LIST, admission, world).fact()
        });
        set("public_write", &|world| {
            settings.open(WRITE, admission, world).fact()
        });
        let own = settings.variables();
        let blocked = own.by_case(worlds, &Guard::always(), |world| {
            settings.policies_blocked(world).fact()
        });
        if draft.fact(bucket, "block_settings").is_none() {
            let fact = own.by_case(worlds, &Guard::always(), |world| settings.on(world));
            draft.set(bucket, "block_settings", fact);
        }
        if draft.fact(bucket, "acls_off").is_none() {
            let fact = own.by_case(worlds, &Guard::always(), |w| settings.lists_off(w).fact());
            draft.set(bucket, "acls_off", fact);
        }
        for admit in &admission.admits {
            // What is narrowed to fixed addresses, networks or accounts is not public
            // to the provider, and the blocks leave it alone
            // (docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
            let mut cases = admit.cases.iter();
            if cases.any(|(_, admitted)| admitted.lets_strangers_in() != Ok(false)) {
                shut(draft, admit.part, &blocked);
            }
        }
        listed(draft, bucket, &settings, admission);
    }
}

/// The properties of a bucket that decide.
struct Settings<'p> {
    properties: &'p Fact,
    head: Span,
    /// What people say of the blocks, where the template leaves one open.
    blocks_given: Option<&'p Fact>,
    /// What they say of access lists.
    lists_off_given: Option<&'p Fact>,
}

impl Settings<'_> {
    fn variables(&self) -> Variables {
        let mut variables = Variables::default();
        for name in [
            "PublicAccessBlockConfiguration",
            "OwnershipControls",
            "AccessControl",
        ] {
            variables.add(&self.properties.field(name));
        }
        variables
    }

    fn open(&self, opening: Opening, admission: &Admission, world: &World) -> Truth {
        let by_policy = Truth::all([
            self.by_policy(opening, admission, world),
            self.policies_blocked(world).not(),
        ]);
        let by_list = Truth::all([
            self.list_gives(opening, world),
            self.lists_blocked(world).not(),
        ]);
        Truth::any([by_policy, by_list])
    }

    /// Whether a block makes policies for everybody void.
    fn policies_blocked(&self, world: &World) -> Truth {
        Truth::any([
            self.block("BlockPublicPolicy", world),
            self.block("RestrictPublicBuckets", world),
        ])
    }

    /// Whether a setting makes access lists for everybody void.
    fn lists_blocked(&self, world: &World) -> Truth {
        Truth::any([
            self.lists_off(world),
            self.block("BlockPublicAcls", world),
            self.block("IgnorePublicAcls", world),
        ])
    }

    fn block(&self, setting: &str, world: &World) -> Truth {
        let shown = self.block_as_written(setting, world);
        let Some(given) = self.blocks_given.filter(|_| shown.value.is_err()) else {
            return shown;
        };
        let given = in_world(given, world);
        let mut words = BLOCKS.iter().filter(|(_, property)| *property == setting);
        let is_on = words.any(|(word, _)| {
            let (items, _) = given.items();
            items.iter().any(|(_, item)| item.as_text() == Some(*word))
        });
        match given.as_known() {
            Some(known) => Truth::known(is_on, known.basis, known.places.clone()),
            None => shown,
        }
    }

    fn block_as_written(&self, setting: &str, world: &World) -> Truth {
        let written = self.properties.field("PublicAccessBlockConfiguration");
        let written = in_world(&written, world);
        match &*written {
            Fact::Absent(_) => self.by_default(true),
            Fact::Known(known) if matches!(known.value, Value::Map(_)) => {
                match Truth::of(&written.field(setting)) {
                    Some(truth) => truth,
                    None => {
                        let place = Place::missing(written.head(self.head));
                        Truth::known(false, Basis::ProviderDefault, vec![place]).noted(LEFT_OUT)
                    }
                }
            }
            Fact::Known(_) | Fact::OneOf(_) | Fact::Unknown(_) => odd(&written),
        }
    }

    fn by_default(&self, value: bool) -> Truth {
        let place = Place::missing(self.head);
        Truth::known(value, Basis::ProviderDefault, vec![place]).noted(SINCE)
    }

    fn lists_off(&self, world: &World) -> Truth {
        let shown = self.lists_off_as_written(world);
        let given = self.lists_off_given.filter(|_| shown.value.is_err());
        let given = given.and_then(|given| Truth::of(&in_world(given, world)));
        given.unwrap_or(shown)
    }

    fn lists_off_as_written(&self, world: &World) -> Truth {
        let written = self.properties.path("OwnershipControls.Rules");
        let written = in_world(&written, world);
        if written.is_absent() {
            return self.by_default(true);
        }
        let (rules, rest) = written.items();
        let Some((_, rule)) = rules.first() else {
            return match rest {
                Some(unknown) => Truth::unknown(unknown.reason.clone(), Places::new()),
                None => self.by_default(true),
            };
        };
        let ownership = rule.field("ObjectOwnership");
        match (ownership.as_text(), ownership.as_known()) {
            (Some(text), Some(known)) => {
                let off = text == "BucketOwnerEnforced";
                Truth::known(off, known.basis, known.places.clone())
            }
            _ => odd(&ownership),
        }
    }

    fn list_gives(&self, opening: Opening, world: &World) -> Truth {
        if opening.lists.is_empty() {
            let place = Place::missing(self.head);
            return Truth::known(false, Basis::Written, vec![place]);
        }
        let written = self.properties.field("AccessControl");
        let written = in_world(&written, world);
        match (&*written, written.as_text()) {
            (Fact::Absent(_), _) => {
                Truth::known(false, Basis::Written, vec![Place::missing(self.head)])
            }
            (Fact::Known(known), Some(list)) => {
                let gives = opening.lists.contains(&list);
                Truth::known(gives, known.basis, known.places.clone())
            }
            _ => odd(&written),
        }
    }

    fn by_policy(&self, opening: Opening, admission: &Admission, world: &World) -> Truth {
        let mut truths = Vec::new();
        for admit in &admission.admits {
            if admit.guard.holds(world) == Some(false) {
                continue;
            }
            let there = |(guard, _): &&(Guard, Admitted)| guard.holds(world) != Some(false);
            for (_, admitted) in admit.cases.iter().filter(there) {
                truths.push(gives(admitted, opening));
            }
        }
        if let Some(rest) = &admission.rest {
            truths.push(Truth::unknown(
                rest.reason.clone(),
                rest.place.into_iter().collect(),
            ));
        }
        if truths.is_empty() {
            // No policy in what was read counts as none.
            let place = Place::missing(self.head);
            return Truth::known(false, Basis::LibraryAssumption, vec![place])
                .noted("no bucket policy was read");
        }
        Truth::any(truths)
    }

    /// The block settings that are on.
    fn on(&self, world: &World) -> Fact {
        let mut on = Vec::new();
        let mut rest = None;
        let mut basis = Basis::Written;
        let mut note = None;
        for (word, property) in BLOCKS {
            let block = self.block(property, world);
            basis = basis.max(block.basis);
            note = note.or(block.note.clone());
            match block.value {
                Ok(true) => on.push((*word, block.basis, block.places)),
                Ok(false) => {}
                Err(reason) => {
                    rest = rest.or(Some(facts::unknown(reason, block.places.first().copied())));
                }
            }
        }
        let written = self.properties.field("PublicAccessBlockConfiguration");
        let written = in_world(&written, world);
        let place = match written.is_absent() {
            true => Place::missing(self.head),
            false => Place::here(written.head(self.head)),
        };
        let fact = facts::words(on, rest, basis, vec![place]);
        match note {
            Some(note) => facts::noted(fact, &note),
            None => fact,
        }
    }
}

/// Whether an Allow opens the bucket so to strangers.
fn gives(admitted: &Admitted, opening: Opening) -> Truth {
    let places: Places = admitted.by.1.into_iter().chain(admitted.place).collect();
    let strangers = match admitted.lets_strangers_in() {
        Ok(value) => Truth::known(value, admitted.by.0, places.clone()),
        Err(reason) => Truth::unknown(reason, places.clone()),
    };
    let able = opening
        .abilities
        .iter()
        .any(|word| admitted.abilities.has(word));
    let abilities = match (&admitted.abilities.rest, able) {
        (Some(reason), false) => Truth::unknown(reason.clone(), places),
        _ => Truth::known(able, Basis::Written, places),
    };
    Truth::all([strangers, abilities])
}

/// Where policies for everybody are blocked, only the account itself is let in.
fn shut(draft: &mut Draft<'_>, part: SubjectId, blocked: &Fact) {
    let Some(principal) = draft.fact(part, "principal").cloned() else {
        return;
    };
    let is_anyone = |fact: &Fact| fact.as_text() == Some(Class::Anyone.word());
    if !principal.cases().any(|(_, fact)| is_anyone(fact)) {
        return;
    }
    let given = draft.given(part, "principal").is_some();
    let mut shut = Vec::new();
    for (guard, fact) in principal.cases() {
        for (inner, blocked) in blocked.cases() {
            let Some(guard) = guard.and(&inner) else {
                continue;
            };
            let left = match (is_anyone(fact), blocked.as_bool()) {
                (false, _) | (true, Some(false)) => fact.clone(),
                (true, Some(true)) => own_account(fact, blocked),
                // Who says who is let in has looked at the blocks.
                (true, None) if given => fact.clone(),
                (true, None) => blocked.clone(),
            };
            shut.push((guard, left));
        }
    }
    draft.set_over(part, "principal", Fact::one_of(shut));
}

fn own_account(principal: &Fact, blocked: &Fact) -> Fact {
    let known = [principal.as_known(), blocked.as_known()];
    let known = known.into_iter().flatten();
    let basis = known.clone().map(|known| known.basis).max();
    let places = known
        .clone()
        .flat_map(|known| known.places.clone())
        .collect();
    let fact = facts::word(
        Class::OwnAccount.word(),
        basis.unwrap_or(Basis::Written),
        places,
    );
    match known.filter_map(|known| known.note.clone()).next() {
        Some(note) => facts::noted(fact, &note),
        None => fact,
    }
}

/// An access list that lets everybody in is a part of its own, where it may count.
fn listed(
    draft: &mut Draft<'_>,
    bucket: SubjectId,
    settings: &Settings<'_>,
    admission: &mut Admission,
) {
    let worlds = &draft.graph.worlds;
    let written = settings.properties.field("AccessControl");
    let place = written.span().map(Place::here);
    let Some(cases) = settings.variables().cases(worlds, &Guard::always()) else {
        return;
    };
    let admitted = cases.into_iter().filter_map(|(guard, world)| {
        let reads = settings.list_gives(LIST, &world).value != Ok(false);
        let writes = settings.list_gives(WRITE, &world).value != Ok(false);
        let blocked = settings.lists_blocked(&world);
        if !reads || blocked.value == Ok(true) {
            return None;
        }
        let class = match (blocked.value, settings.list_gives(LIST, &world).value) {
            (Ok(_), Ok(_)) => Ok(Class::Anyone),
            (Err(reason), _) | (_, Err(reason)) => Err(reason),
        };
        let words: &[&str] = match writes {
            true => &["list", "write_data", "delete_data"],
            false => &["list"],
        };
        let admitted = Admitted {
            principal: Principal {
                class,
                name: Text::literal(written.as_text().unwrap_or("*")),
            },
            by: (Basis::Written, place),
            abilities: Abilities {
                items: words.iter().map(|word| (*word).into()).collect(),
                rest: None,
            },
            narrowed: Narrowed::default(),
            place,
        };
        Some((guard, admitted))
    });
    for (guard, admitted) in admitted.collect::<Vec<_>>() {
        let cases = vec![(Guard::always(), admitted)];
        let admit = admits::part(draft, bucket, "AccessControl", guard, place, cases);
        admission.admits.push(admit);
    }
}

fn odd(fact: &Fact) -> Truth {
    let places: Places = fact.span().map(Place::here).into_iter().collect();
    match Truth::of(fact) {
        Some(truth) if truth.value.is_err() => truth,
        _ => Truth::unknown(
            Reason::Unsupported("a value of a wrong type".into()),
            places,
        ),
    }
}
