//! Resources that are a single Allow without a policy around it.

use underbelly_expression::Fact;
use underbelly_source::{Place, Span};

use super::policy::{self, Statement};

/// What such a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Who may call a function.
    Function,
    /// Who may use a layer.
    Layer,
    /// Who may put events on a bus.
    EventBus,
}

/// The types.
pub(super) const KINDS: &[(&str, Kind)] = &[
    ("AWS::Lambda::Permission", Kind::Function),
    ("AWS::Lambda::LayerVersionPermission", Kind::Layer),
    ("AWS::Events::EventBusPolicy", Kind::EventBus),
];

impl Kind {
    /// The property that names what it guards.
    pub(super) fn whose(self) -> &'static str {
        match self {
            Kind::Function => "FunctionName",
            Kind::Layer => "LayerVersionArn",
            Kind::EventBus => "EventBusName",
        }
    }

    /// What a bare name there names.
    pub(super) fn kinds(self) -> &'static [&'static str] {
        match self {
            Kind::Function => &["function"],
            Kind::Layer => &["layer"],
            Kind::EventBus => &["event-bus"],
        }
    }
}

/// The Allow that properties stand for, in one world.
pub(super) fn read(kind: Kind, properties: &Fact, head: Span) -> Statement {
    let mut statement = Statement::allow(Some(Place::here(head)));
    statement.actions = policy::terms(&properties.field("Action"));
    (statement.principals, statement.more_principals) =
        policy::principals(&properties.field("Principal"));
    match kind {
        Kind::Function => {
            statement.require("ArnLike", "aws:SourceArn", &properties.field("SourceArn"));
            let account = properties.field("SourceAccount");
            statement.require("StringEquals", "aws:SourceAccount", &account);
            let token = properties.field("EventSourceToken");
            statement.require("StringEquals", "lambda:EventSourceToken", &token);
            let organisation = properties.field("PrincipalOrgID");
            statement.require("StringEquals", "aws:PrincipalOrgID", &organisation);
            let url = properties.field("FunctionUrlAuthType");
            statement.require("StringEquals", "lambda:FunctionUrlAuthType", &url);
            let via_url = properties.field("InvokedViaFunctionUrl");
            if via_url.as_bool() != Some(false) {
                statement.require("Bool", "lambda:InvokedViaFunctionUrl", &via_url);
            }
        }
        Kind::Layer => {
            let organisation = properties.field("OrganizationId");
            statement.require("StringEquals", "aws:PrincipalOrgID", &organisation);
        }
        Kind::EventBus => {
            let condition = properties.field("Condition");
            let key = condition.field("Key");
            if let Some(key) = key.as_text() {
                statement.require("StringEquals", key, &condition.field("Value"));
            }
        }
    }
    statement
}
