//! CloudFormation: a template and the values given to it become one stack of
//! resources with resolved properties.
//!
//! The raw half of the serverless format is the same and goes the same way; what
//! its shorthands stand for is the business of [`crate::sam`].

mod cdk;
mod conditions;
mod deploy;
mod evaluate;
mod expand;
mod intrinsics;
mod nested;
mod outputs;
mod parameters;
mod resources;
mod scope;
mod template;
mod texts;
mod trail;
mod used;

pub(crate) use cdk::{Assembly, assembly};
pub(crate) use deploy::{Deployed, Deployment, Shared, deploy};
pub(crate) use nested::local_references;
pub(crate) use scope::Budget;
pub(crate) use texts::in_text;
pub(crate) use trail::Trail;
