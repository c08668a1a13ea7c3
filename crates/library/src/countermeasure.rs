//! A countermeasure as knowledge: how to see that it is there, and what it is worth.
//!
//! One YAML file each, `library/countermeasures/<topic>/<id>.yaml`; the prose
//! and examples of the same file are its [`CountermeasurePage`](crate::CountermeasurePage).
//!
//! ```yaml
//! id: function-url-iam                       # the file's name
//! name: Require signed calls on the function URL
//! status: stable                             # draft | stable | { deprecated: { since, instead, reason } }
//! applies-to: function-url                   # a kind, a trait, kind/part, or a list of these
//! in-place: auth == "iam"                    # yes: in place; no: missing; unknown: ask
//! lowers: { likelihood: 0.8 }                # share taken off, 0 to 1; also `impact`
//! effort: small                              # small | medium | large
//! do: Set the URL's authorisation to AWS_IAM and grant invoke to the callers only.
//! fix:                                       # what to write, by format
//!   sam: { FunctionUrlConfig.AuthType: AWS_IAM }
//!   cloudformation: { AuthType: AWS_IAM }
//! verify: Call the URL unsigned and expect 403; call it signed by a permitted role and expect 200.
//! standards: { nist-800-53: [AC-3, IA-9] }
//! references: [https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html]
//! examples:
//!   - case: signed calls only
//!     expect: in-place                       # or missing, partial, unknown, not-applicable
//!     sam: |
//!       Resources:
//!         Resize:
//!           Type: AWS::Serverless::Function
//!           Properties: { Handler: app.handler, FunctionUrlConfig: { AuthType: AWS_IAM } }
//!   - case: anyone may call
//!     expect: missing
//!     sam: …
//! ```

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use underbelly_expression::Expression;

use crate::{AppliesTo, EntryStatus, Lowers};

/// What the engine needs of a countermeasure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountermeasureDef {
    /// Its id, such as `function-url-iam`.
    pub id: Arc<str>,
    /// What it does, in a few words.
    pub name: Arc<str>,
    /// How far it may be relied on.
    pub status: EntryStatus,
    /// What it is put on; not empty.
    pub applies_to: Vec<AppliesTo>,
    /// Whether it is there.
    pub in_place: Expression,
    /// What it takes off a threat while it is in place.
    pub lowers: Lowers,
    /// How much work it is.
    pub effort: Effort,
}

/// How much work a countermeasure is, least first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Effort {
    /// A setting.
    #[default]
    Small,
    /// A day or so: a new resource, some code.
    Medium,
    /// A project: a new flow of work, a change of design.
    Large,
}

impl Effort {
    /// All, least first.
    pub const ALL: [Effort; 3] = [Effort::Small, Effort::Medium, Effort::Large];

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Effort::Small => "small",
            Effort::Medium => "medium",
            Effort::Large => "large",
        }
    }
}
