//! `Fn::Cidr` and `Fn::GetAZs`.

use std::net::Ipv4Addr;

use underbelly_expression::{Fact, Guard, Item, Reason, Set, Unknown, Value};
use underbelly_source::Place;

use crate::cloudformation::evaluate::Call;
use crate::cloudformation::scope::Scope;
use crate::cloudformation::trail::Trail;

/// The most blocks the function gives.
const MOST_BLOCKS: i64 = 256;

pub(super) fn cidr<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let parts = match scope.arguments(call, 2..=3, "a block, a count and a number of bits") {
        Ok(parts) => parts,
        Err(unknown) => return unknown,
    };
    let parts: Vec<Fact> = parts.into_iter().map(|part| scope.evaluate(part)).collect();
    scope.each(call.span, &parts, &mut |_, parts| {
        let mut trail = Trail::new(call.span);
        parts.iter().for_each(|part| trail.add(part));
        let number = |index: usize| parts.get(index).and_then(|part| part.as_number());
        let block = parts.first().and_then(|part| part.as_text());
        let blocks = block.and_then(|block| blocks(block, number(1)?, number(2).unwrap_or(8)));
        let set = match blocks {
            Some(blocks) => Set {
                items: blocks
                    .into_iter()
                    .map(|block| Item {
                        guard: Guard::always(),
                        fact: Fact::text(block.as_str(), call.span),
                    })
                    .collect(),
                rest: None,
            },
            None => open(call, "`Cidr`"),
        };
        trail.known(Value::Set(set))
    })
}

fn blocks(block: &str, n_blocks: i64, bits: i64) -> Option<Vec<String>> {
    let (address, _) = block.split_once('/')?;
    let start = u64::from(u32::from(address.parse::<Ipv4Addr>().ok()?));
    let bits = u32::try_from(bits)
        .ok()
        .filter(|bits| (1..=31).contains(bits))?;
    let n_blocks = (1..=MOST_BLOCKS)
        .contains(&n_blocks)
        .then_some(n_blocks as u64)?;
    (0..n_blocks)
        .map(|index| {
            let address = u32::try_from(start + (index << bits)).ok()?;
            Some(format!("{}/{}", Ipv4Addr::from(address), 32 - bits))
        })
        .collect()
}

pub(super) fn zones(call: &Call<'_>) -> Fact {
    Fact::written(Value::Set(open(call, "availability zones")), call.span)
}

fn open(call: &Call<'_>, what: &str) -> Set {
    Set {
        items: Vec::new(),
        rest: Some(Unknown {
            reason: Reason::Lookup(what.into()),
            place: Some(Place::here(call.span)),
        }),
    }
}
