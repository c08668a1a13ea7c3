//! How much was read, counted.

use std::collections::BTreeSet;

use underbelly_iac::{Format, Origin, Resource, ResourceGraph};
use underbelly_model::Counts;

/// Counts what a graph was read from. A file counts once however often it is
/// deployed; what a shorthand implies is not counted.
pub(crate) fn count(graph: &ResourceGraph, files: usize) -> Counts {
    let templates: BTreeSet<_> = graph.stacks.iter().map(|stack| stack.file).collect();
    let written = || {
        graph
            .resources
            .iter()
            .filter(|resource| is_written(resource))
    };
    let format = |format| match format {
        Format::Sam => "SAM",
        Format::CloudFormation => "CloudFormation",
        Format::Cdk => "CDK",
    };
    Counts {
        files,
        templates: templates.len(),
        resources: written().count(),
        functions: written()
            .filter(|resource| &*resource.kind == "AWS::Lambda::Function")
            .count(),
        formats: graph
            .stacks
            .iter()
            .map(|stack| format(stack.format))
            .collect(),
        parameters: None,
    }
}

fn is_written(resource: &Resource) -> bool {
    matches!(resource.origin, Origin::Written)
}
