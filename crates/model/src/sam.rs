//! What the serverless transform's shorthands stand for: data the library
//! holds and the reader of that format needs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Shorthands of the serverless transform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamKnowledge {
    /// Policy templates by name, such as `DynamoDBCrudPolicy`.
    pub policy_templates: BTreeMap<String, PolicyTemplate>,
    /// Connectors, by source type and then destination type.
    pub connectors: BTreeMap<String, BTreeMap<String, Connector>>,
    /// Names of AWS-managed policies with the path before each: an empty path or
    /// `service-role/`.
    pub managed_policies: BTreeMap<String, String>,
}

/// A named policy with parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyTemplate {
    /// The parameters it takes, such as `TableName`.
    pub parameters: Vec<String>,
    /// What it allows.
    pub statements: Vec<TemplateStatement>,
}

/// One statement; texts hold parameters as `${TableName}`, besides the
/// provider's own `${AWS::Region}` and the like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateStatement {
    /// Actions, such as `dynamodb:GetItem`.
    pub actions: Vec<String>,
    /// Resources.
    pub resources: Vec<String>,
    /// Conditions: operator, key, values.
    pub conditions: Vec<(String, String, Vec<String>)>,
}

/// What a connector grants and to whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connector {
    /// Statements of the source's role for `Read`.
    pub read: Vec<TemplateStatement>,
    /// Statements of the source's role for `Write`.
    pub write: Vec<TemplateStatement>,
    /// Whether the grant stands on the destination (a queue, topic or function
    /// policy for the source's service) rather than on the source's role.
    pub on_destination: bool,
    /// The service that is let in, where the grant stands on the destination.
    pub principal: Option<String>,
}
