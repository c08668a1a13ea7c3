//! Who may do what.
//!
//! Identity policies become `grants` of roles ([`grants`]), resource policies,
//! permissions, trust policies and access lists become `admits` of what they guard
//! ([`admits`]). What follows from both – what a role is, whether a bucket is open,
//! who reads and writes what – is computed from these. Conditions are handled in one
//! place ([`crate::worlds`]): everything else looks at one world at a time.
//!
//! [`add`] runs before flows are drawn, [`connect`] once they are.

mod ability;
mod access;
mod actions;
mod admits;
mod allowed;
mod answered;
mod attributes;
mod bearing;
mod bucket;
mod closing;
mod concerns;
mod condition;
mod escalation;
mod facts;
mod grants;
mod handing;
mod held;
mod homes;
mod key;
mod left;
mod left_out;
mod limits;
mod mistakes;
mod pattern;
mod permission;
mod policy;
mod principal;
mod reach;
mod role;
mod secrets;
mod settings;
mod single;
mod sources;
mod stores;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod truth;
mod users;
mod variables;
mod ways;

use std::collections::BTreeMap;

use underbelly_expression::SubjectId;

use crate::draft::Draft;

pub(crate) use ability::Remembered;
pub(crate) use secrets::looks_secret;

/// What was found out and is needed again once flows are drawn.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    roles: BTreeMap<SubjectId, grants::RoleRights>,
    users: users::Users,
}

/// Adds its facts and parts to the draft.
pub(crate) fn add(draft: &mut Draft<'_>) -> Rights {
    mistakes::tell(draft);
    let users = users::add(draft);
    let policies = sources::by_role(draft);
    let mut roles = BTreeMap::new();
    for (role, policies) in &policies {
        let rights = grants::add(draft, *role, policies);
        role::add(draft, *role, &rights, &users);
        roles.insert(*role, rights);
    }
    role::can_log(draft, &roles);
    let mut admissions = admits::add(draft);
    bucket::add(draft, &mut admissions);
    admits::list(draft, &admissions);
    handing::add(draft, &roles, &admissions);
    closing::tls_only(draft, &admissions);
    closing::row_scoped(draft, &roles);
    variables::add(draft);
    secrets::add(draft);
    attributes::add(draft);
    Rights { roles, users }
}

/// Adds flows, and what follows for stores and functions from all of them.
pub(crate) fn connect(draft: &mut Draft<'_>, rights: &Rights) {
    access::add(draft, rights);
    held::add(draft, rights);
    stores::add(draft);
    stores::of_functions(draft, &rights.roles);
}
