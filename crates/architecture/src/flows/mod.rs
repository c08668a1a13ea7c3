//! What triggers, calls and feeds what: data flows, triggers, consumers, workflow tasks.
//!
//! Each source of flows has its file; [`link`] draws them and adds what a trigger
//! means for a function. What follows from the drawn flows comes last: who feeds
//! whom, what is called without an answer, what runs in circles.

mod apis;
mod buses;
mod causes;
mod consequences;
mod cycles;
mod delivery;
mod edge;
mod failures;
mod link;
mod logs;
mod mappings;
mod notifications;
mod order;
mod permissions;
mod pipes;
mod receivers;
mod schedules;
mod services;
mod tasks;
#[cfg(test)]
mod tests;
mod topics;
mod workflows;

use crate::draft::Draft;

pub(crate) use apis::subjects;

/// Adds its facts, parts and flows to the draft.
pub(crate) fn add(draft: &mut Draft<'_>) {
    apis::add(draft);
    edge::add(draft);
    mappings::add(draft);
    notifications::add(draft);
    topics::add(draft);
    buses::add(draft);
    schedules::add(draft);
    pipes::add(draft);
    delivery::add(draft);
    receivers::add(draft);
    services::add(draft);
    workflows::add(draft);
    logs::add(draft);
    failures::add(draft);
    permissions::add(draft);
    draft.list("topic", "subscriptions");
    draft.list("event-bus", "rules");
    draft.list("cdn", "origins");
    draft.list("workflow", "tasks");
}

/// Adds what follows from all flows, also those of rights.
pub(crate) fn conclude(draft: &mut Draft<'_>) {
    link::add_calls_by_right(draft);
    draft.list("function", "triggers");
    consequences::add(draft);
    cycles::add(draft);
}
