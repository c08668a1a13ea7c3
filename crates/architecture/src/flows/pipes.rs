//! Pipes: from a source, through an enrichment, to a target.

use underbelly_expression::{Fact, SubjectId};
use underbelly_iac::{Resource, ResourceId};
use underbelly_model::FlowKind;

use crate::derived::is_written;
use crate::draft::Draft;

use super::failures::undelivered;
use super::link::{Link, Style, Trigger};

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for pipe in draft.of_kind("pipe") {
        if let Some((id, resource)) = draft.resource_of(pipe)
            && resource.properties.field("DesiredState").as_text() != Some("STOPPED")
        {
            through(draft, pipe, id, resource);
        }
    }
}

fn through(draft: &mut Draft<'_>, pipe: SubjectId, id: ResourceId, resource: &Resource) {
    let properties = &resource.properties;
    let head = resource.head;
    let source = properties.field("Source");
    let kinds = ["external", "queue", "stream", "table"];
    let filters = properties.path("SourceParameters.FilterCriteria.Filters");
    let plain = Trigger::plain(Style::Sync, head).filtered(is_written(&filters, head));
    for end in draft.ends(&resource.guard, &source, &kinds, id, head) {
        let link = Link {
            source: end.component,
            destination: pipe,
            kind: FlowKind::Trigger,
            label: String::new(),
            guard: end.guard,
            place: end.place,
        };
        link.draw(draft, &plain);
    }
    onward(
        draft,
        (pipe, id, resource),
        "Enrichment",
        FlowKind::Call,
        &plain,
    );
    let waits = waits(properties);
    let target = Trigger {
        style: waits,
        ..plain
    };
    onward(
        draft,
        (pipe, id, resource),
        "Target",
        FlowKind::Trigger,
        &target,
    );
    for kind in ["DynamoDBStreamParameters", "KinesisStreamParameters"] {
        let queue = properties.path(&format!("SourceParameters.{kind}.DeadLetterConfig.Arn"));
        undelivered(draft, pipe, &resource.guard, &queue, id, head);
    }
}

fn onward(
    draft: &mut Draft<'_>,
    (pipe, id, resource): (SubjectId, ResourceId, &Resource),
    property: &str,
    kind: FlowKind,
    trigger: &Trigger,
) {
    let value = resource.properties.field(property);
    for end in draft.ends(&resource.guard, &value, &["external"], id, resource.head) {
        let link = Link {
            source: pipe,
            destination: end.component,
            kind,
            label: String::new(),
            guard: end.guard,
            place: end.place,
        };
        link.draw(draft, trigger);
    }
}

/// A pipe waits for its target function unless told not to.
fn waits(properties: &Fact) -> Style {
    let written = properties.path("TargetParameters.LambdaFunctionParameters.InvocationType");
    match written.as_text() {
        Some("FIRE_AND_FORGET") => Style::Async,
        Some(_) | None => Style::Sync,
    }
}
