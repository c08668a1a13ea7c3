//! `AWS::Serverless::StateMachine`: the state machine with its role and events. Its
//! definition is read in [`crate::state_machine`].

use underbelly_expression::{Fact, Guard};

use super::api::tell_of_two;
use super::policies::{self, Grants, add_role};
use super::{Expansion, events};
use crate::draft::Draft;
use crate::implied::{Implied, New};
use crate::make::place_of;

/// Turns a state machine into what it stands for; the rest is returned.
pub(crate) fn expand(expansion: &mut Expansion<'_, '_, '_>, draft: &mut Draft) -> Vec<Draft> {
    let written = draft.clone();
    let head = written.head;
    let role_id = format!("{}Role", written.logical_id);
    let (role, needs_role) = policies::role_or_implied(expansion.stack, &written, &role_id);
    tell_of_two(expansion.stack, &written, ("Definition", "DefinitionUri"));
    let mut implied = Implied::by(&written);
    events::of_state_machine(expansion, &written, &mut implied);
    let written_policies = written.properties.field("Policies").into_owned();
    let wanted = !needs_role.is_empty() && !written_policies.is_absent();
    if wanted {
        let mut grants = Grants::default();
        let tracing = written.properties.field("Tracing").into_owned();
        if tracing.field("Enabled").as_bool() == Some(true) {
            let span = place_of(&written.properties, "Tracing", head);
            grants.manage(&Guard::always(), "AWSXrayWriteOnlyAccess", span);
        }
        let knowledge = expansion.knowledge;
        grants.read(
            expansion.stack,
            knowledge,
            &written_policies,
            &role_id,
            head,
        );
        let guard = match needs_role.as_slice() {
            [guard] => guard.clone(),
            _ => Guard::always(),
        };
        let new = New {
            logical_id: &role_id,
            sub: "role",
            kind: "",
            head,
        };
        let service = "states.amazonaws.com";
        let settings = &written.properties;
        add_role(
            expansion.stack,
            &mut implied,
            new,
            &guard,
            service,
            grants,
            settings,
        );
    }
    let role = match wanted || needs_role.is_empty() {
        true => role,
        // Neither a role nor policies: the provider would refuse it.
        false => Fact::absent(Some(head)),
    };
    draft.kind = "AWS::StepFunctions::StateMachine".into();
    draft.properties = expansion
        .passed_on(&written)
        .set("RoleArn", role)
        .put(
            "Tags",
            place_of(&written.properties, "Tags", head),
            super::tags(&written.properties.field("Tags")),
        )
        .build();
    if matches!(written.properties, Fact::Unknown(_)) {
        draft.properties = written.properties.clone();
    }
    for attribute in ["Alias", "Version"] {
        let name = format!("{}.{attribute}", written.logical_id);
        let names = &mut *expansion.stack.names;
        names.stands_for(&name, written.id, head);
    }
    implied.made
}
