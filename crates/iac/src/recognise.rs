//! What a file is, told by its content before its name.
//!
//! Anything we know but do not read has a name and an advice, so that nobody
//! wonders why it is not in the model.

use underbelly_syntax::{Document, Kind, Node};

use crate::paths;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recognised {
    /// CloudFormation with the serverless transform.
    Sam,
    /// CloudFormation.
    CloudFormation,
    /// CloudFormation that the CDK wrote.
    Cdk,
    /// The list of what a CDK app synthesised.
    CdkManifest,
    /// Something known by name that is not read.
    Foreign(Foreign),
    /// Nothing we know: some other YAML or JSON.
    Other,
}

/// What is recognised but not read by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Foreign {
    /// A Serverless Framework service.
    ServerlessFramework,
    /// Terraform sources.
    Terraform,
    /// A Terraform plan or state.
    TerraformPlan,
    /// An Azure Resource Manager template.
    AzureResourceManager,
    /// A Bicep file.
    Bicep,
    /// A CDK app as sources.
    CdkApp,
    /// A template of templates: cookiecutter, Jinja, Go templates.
    TemplateOfTemplates,
    /// An OpenAPI or Swagger document.
    OpenApi,
    /// A state machine definition.
    StateMachine,
    /// A list of test cases for template rules.
    RuleTests,
}

impl Foreign {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Foreign::ServerlessFramework => "a Serverless Framework service",
            Foreign::Terraform => "Terraform",
            Foreign::TerraformPlan => "a Terraform plan or state",
            Foreign::AzureResourceManager => "an Azure Resource Manager template",
            Foreign::Bicep => "Bicep",
            Foreign::CdkApp => "a CDK app in source form",
            Foreign::TemplateOfTemplates => "a template of templates",
            Foreign::OpenApi => "an OpenAPI document that no template refers to",
            Foreign::StateMachine => "a state machine definition that no template refers to",
            Foreign::RuleTests => "a list of test cases",
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Foreign::ServerlessFramework => {
                "run `serverless package` and analyse `.serverless/cloudformation-template-update-stack.json`"
            }
            Foreign::Terraform | Foreign::TerraformPlan => "Terraform is not read yet",
            Foreign::AzureResourceManager | Foreign::Bicep => "Azure templates are not read yet",
            Foreign::CdkApp => "run `cdk synth` and analyse the folder `cdk.out`",
            Foreign::TemplateOfTemplates => "generate a project from it and analyse that",
            Foreign::OpenApi => "analyse the template that deploys it together with it",
            Foreign::StateMachine => "analyse the template that deploys it together with it",
            Foreign::RuleTests => "analyse the templates themselves",
        }
    }

    /// Whether it is there for a template that may refer to it.
    pub(crate) fn serves_a_template(self) -> bool {
        matches!(self, Foreign::OpenApi | Foreign::StateMachine)
    }
}

/// What a path alone tells; these files are not parsed.
pub fn recognise_path(path: &str) -> Option<Recognised> {
    let name = paths::name(path);
    let foreign = |foreign| Some(Recognised::Foreign(foreign));
    if [".tf", ".tf.json", ".tfvars", ".hcl"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        return foreign(Foreign::Terraform);
    }
    if name.ends_with(".tfstate") {
        return foreign(Foreign::TerraformPlan);
    }
    if name.ends_with(".bicep") || name.ends_with(".bicepparam") {
        return foreign(Foreign::Bicep);
    }
    (name == "cdk.json").then_some(Recognised::Foreign(Foreign::CdkApp))
}

/// What a document is.
pub fn recognise(document: &Document, path: &str) -> Recognised {
    if let Some(known) = recognise_path(path) {
        return known;
    }
    let root = document.root();
    if root.kind() == Kind::Sequence {
        let is_test =
            |item: Node<'_>| item.get("input").is_some() && item.get("expectations").is_some();
        let tests = !root.is_empty() && root.items().take(3).all(is_test);
        return if tests {
            Recognised::Foreign(Foreign::RuleTests)
        } else {
            Recognised::Other
        };
    }
    if let Some(template) = template(root) {
        return template;
    }
    foreign(root).map_or(Recognised::Other, Recognised::Foreign)
}

fn template(root: Node<'_>) -> Option<Recognised> {
    let serverless = root.get("Transform").is_some_and(names_serverless);
    let version = root.get("AWSTemplateFormatVersion").is_some();
    let resources = root.get("Resources");
    let typed = resources.is_some_and(|resources| resources.entries().take(50).any(has_type));
    let loops = resources.is_some_and(|resources| {
        resources
            .entries()
            .any(|entry| entry.name().starts_with("Fn::"))
    });
    if root
        .get("artifacts")
        .is_some_and(|node| node.kind() == Kind::Mapping)
        && root.get("version").is_some()
    {
        return Some(Recognised::CdkManifest);
    }
    if !(serverless || version || typed || loops && root.get("Transform").is_some()) {
        return None;
    }
    let written_by_cdk =
        resources.is_some_and(|resources| resources.entries().take(50).any(is_cdk));
    Some(
        match (
            serverless || resources.is_some_and(uses_serverless),
            written_by_cdk,
        ) {
            (true, _) => Recognised::Sam,
            (false, true) => Recognised::Cdk,
            (false, false) => Recognised::CloudFormation,
        },
    )
}

/// Whether a `Transform` names the serverless transform, alone or in a list.
pub(crate) fn names_serverless(transform: Node<'_>) -> bool {
    let named = |node: Node<'_>| {
        node.text()
            .is_some_and(|text| text.starts_with("AWS::Serverless"))
    };
    named(transform) || transform.items().any(named)
}

fn uses_serverless(resources: Node<'_>) -> bool {
    let serverless = |node: Node<'_>| {
        node.text()
            .is_some_and(|kind| kind.starts_with("AWS::Serverless::"))
    };
    resources
        .entries()
        .any(|entry| entry.value.get("Type").is_some_and(serverless))
}

fn has_type(entry: underbelly_syntax::Entry<'_>) -> bool {
    let kind = entry.value.get("Type").and_then(Node::text);
    kind.is_some_and(|kind| {
        kind.starts_with("AWS::") || kind.starts_with("Custom::") || kind.matches("::").count() == 2
    })
}

fn is_cdk(entry: underbelly_syntax::Entry<'_>) -> bool {
    entry.value.find(&["Metadata", "aws:cdk:path"]).is_some()
        || entry.value.get("Type").and_then(Node::text) == Some("AWS::CDK::Metadata")
}

fn foreign(root: Node<'_>) -> Option<Foreign> {
    let has = |key: &str| root.get(key).is_some();
    let schema = root.get("$schema").and_then(Node::text).unwrap_or("");
    if schema.contains("deploymentTemplate") || schema.contains("DeploymentTemplate") {
        return Some(Foreign::AzureResourceManager);
    }
    if has("openapi") || has("swagger") && has("paths") {
        return Some(Foreign::OpenApi);
    }
    if has("StartAt") && has("States") {
        return Some(Foreign::StateMachine);
    }
    if has("service") && has("provider") {
        return Some(Foreign::ServerlessFramework);
    }
    if has("terraform_version")
        && (has("planned_values") || has("resource_changes") || has("serial"))
    {
        return Some(Foreign::TerraformPlan);
    }
    None
}

/// Whether a text is made to be filled in by a generator before it is a template.
pub(crate) fn is_template_of_templates(text: &str, path: &str) -> bool {
    let marks = [
        "{{cookiecutter",
        "{{ cookiecutter",
        "{%",
        "{{-",
        "{{ ",
        "{{.",
    ];
    let about_aws = text.contains("AWS::") || text.contains("Resources:");
    path.contains("{{") || about_aws && marks.iter().any(|mark| text.contains(mark))
}
