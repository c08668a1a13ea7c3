//! Infrastructure as code, resolved into what it declares.
//!
//! A module per format turns located trees into one [`ResourceGraph`]: resources
//! with resolved properties, references kept by identity, conditions kept as
//! guards. Nothing here fails: what was not understood is unknown with a reason
//! and a diagnostic. Nothing here reads a file: a file that is referred to is
//! returned as [`Wanted`], loaded by the rim, and everything is resolved again.

mod cloudformation;
mod documents;
mod draft;
mod embedded;
mod exports;
mod graph;
mod implied;
mod make;
mod method_paths;
mod naming;
mod openapi;
mod paths;
mod plain;
mod reader;
mod recognise;
mod resolve;
mod routes;
mod sam;
mod settle;
mod state_machine;
mod suggest;

pub use graph::{
    Format, Input, IsSecret, Options, Origin, Output, Parameter, Resolution, Resource,
    ResourceGraph, ResourceId, Stack, StackId, System, SystemId, UNTYPED, Wanted,
};
pub use recognise::{Foreign, Recognised, recognise, recognise_path};
pub use resolve::resolve;
