//! Infrastructure as code, resolved into what it declares.
//!
//! A module per format turns located trees into one [`ResourceGraph`]: resources
//! with resolved properties, references kept by identity, conditions kept as
//! guards. Nothing here fails: what was not understood is unknown with a reason
//! and a diagnostic. Nothing here reads a file: a file that is referred to is
//! returned as [`Wanted`], loaded by the rim, and everything is resolved again.

#[allow(dead_code, reason = "the resolver that makes drafts comes next")]
mod draft;
mod graph;
#[allow(dead_code, reason = "the resolver that calls these comes next")]
mod implied;
#[allow(dead_code, reason = "the resolver that calls these comes next")]
mod make;
#[allow(dead_code, reason = "the resolver that calls these comes next")]
mod openapi;
#[allow(dead_code, reason = "the resolver that reads comes next")]
mod reader;
#[allow(dead_code, reason = "the resolver that expands comes next")]
mod routes;
#[allow(dead_code, reason = "the resolver that calls these comes next")]
mod sam;
#[allow(dead_code, reason = "the resolver that calls these comes next")]
mod state_machine;

pub use graph::{
    Format, Input, Options, Origin, Output, Parameter, Resolution, Resource, ResourceGraph,
    ResourceId, Stack, StackId, System, SystemId, Wanted,
};
