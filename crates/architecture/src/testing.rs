//! Templates drawn by all jobs, and what is drawn in words.
//!
//! A component is called by its logical id, a part `Api#GET /orders`; a fact is
//! shown as `value basis lines`, an unknown one as `unknown reason`.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, SubjectId, Value, Worlds};
use underbelly_iac::{Input, ResourceGraph, resolve};
use underbelly_library::{Catalogue, CatalogueEntry, Choice, Kind, Library};
use underbelly_model::{DataFlow, SamKnowledge, Strength};
use underbelly_source::{Files, Limits};

use crate::draft::Draft;
use crate::{exposure, few_types, flows, rights, routes, sensitivity};

/// Type and kind of more resources than other tests need.
const MORE: &[(&str, &str, &str)] = &[
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "load-balancer",
        "",
    ),
    ("AWS::ElasticLoadBalancingV2::Listener", "", ""),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "", ""),
    ("AWS::SES::ReceiptRule", "email-receiver", ""),
    ("AWS::IoT::TopicRule", "device-rule", ""),
    ("AWS::Bedrock::Agent", "ai-agent", ""),
    ("AWS::AppSync::DataSource", "", ""),
    ("AWS::AppSync::Resolver", "", ""),
    ("AWS::Events::ApiDestination", "", ""),
    ("AWS::Events::Connection", "", ""),
    ("AWS::ApiGateway::RequestValidator", "", "RestApiId"),
    ("AWS::ApiGateway::UsagePlan", "", ""),
    ("AWS::SNS::Subscription", "", ""),
    ("AWS::Logs::SubscriptionFilter", "", ""),
];

/// A template with its drawing.
pub(crate) struct Drawing<'g> {
    files: &'g Files,
    draft: Draft<'g>,
}

fn library() -> Library {
    let mut entries = few_types::catalogue().entries().to_vec();
    let listed = |kind: &str| entries.iter().any(|entry| &*entry.resources[0] == kind);
    let more: Vec<CatalogueEntry> = MORE
        .iter()
        .filter(|(kind, _, _)| !listed(kind))
        .map(|(kind, component, leads_to)| CatalogueEntry {
            id: kind.to_ascii_lowercase().replace("::", "/").into(),
            component: (!component.is_empty()).then(|| (*component).into()),
            resources: vec![(*kind).into()],
            leads_to: leads_to.split_whitespace().map(Into::into).collect(),
            ..CatalogueEntry::default()
        })
        .collect();
    entries.extend(more);
    entries.push(CatalogueEntry {
        id: "aws/apigatewayv2/websocket".into(),
        component: Some("websocket-api".into()),
        resources: vec!["AWS::ApiGatewayV2::Api".into()],
        only: Some(Choice {
            property: "ProtocolType".into(),
            is: vec!["WEBSOCKET".into()],
        }),
        ..CatalogueEntry::default()
    });
    let mut library = Library {
        catalogue: Catalogue::new(entries),
        ..Library::default()
    };
    let lists = &mut library.data.words.lists;
    lists.insert(
        "webhook_paths".into(),
        vec!["webhook".into(), "hook".into()],
    );
    let mut list = |name: &str, word: &str| lists.insert(name.into(), vec![word.into()]);
    list("health_paths", "health");
    list("sensitive_data", "customer");
    list("public_names", "public");
    list("log_names", "logs");
    list("classification_tags", "classification");
    list("classified", "confidential");
    library.kinds.push(Kind {
        id: "table".into(),
        traits: vec!["store".into()],
        ..Kind::default()
    });
    library
}

fn graph(files: &mut Files, template: &str) -> ResourceGraph {
    let file = files.add("app.yaml", template);
    let options = underbelly_iac::Options {
        parameters: BTreeMap::new(),
        missing: BTreeMap::new(),
        sam: &SamKnowledge::default(),
        is_secret: Default::default(),
        limits: Limits::default(),
    };
    resolve(files, &[Input { file }], &options).graph
}

/// Draws a template and looks at it.
pub(crate) fn draw(template: &str, look: impl FnOnce(&Drawing<'_>)) {
    draw_with(template, |_| {}, look);
}

/// The same, with facts set before exposure is computed, as other jobs would.
pub(crate) fn draw_with(
    template: &str,
    change: impl FnOnce(&mut Draft<'_>),
    look: impl FnOnce(&Drawing<'_>),
) {
    let mut files = Files::default();
    let graph = graph(&mut files, &self::template(template));
    let library = library();
    let mut draft = Draft::new(&graph, &library, "2026-01-01");
    rights::add(&mut draft);
    sensitivity::add(&mut draft);
    change(&mut draft);
    routes::add(&mut draft);
    flows::add(&mut draft);
    flows::conclude(&mut draft);
    exposure::add(&mut draft);
    look(&Drawing {
        files: &files,
        draft,
    });
}

impl Drawing<'_> {
    /// Every flow in words, sorted: `Api -> Fn (call) GET /orders`.
    pub(crate) fn flows(&self) -> Vec<String> {
        let mut shown: Vec<String> = self.draft.flows.iter().map(|f| self.flow(f)).collect();
        shown.sort();
        shown
    }

    fn flow(&self, flow: &DataFlow) -> String {
        let mut text = format!(
            "{} -> {} ({})",
            self.name(flow.source),
            self.name(flow.destination),
            flow.kind.word()
        );
        if !flow.label.is_empty() {
            text = format!("{text} {}", flow.label);
        }
        if flow.strength != Strength::Strong {
            text = format!("{text} ?");
        }
        if !flow.guard.is_always() {
            text = format!("{text} if {}", self.guard(&flow.guard));
        }
        text
    }

    fn worlds(&self) -> &Worlds {
        &self.draft.graph.worlds
    }

    fn guard(&self, guard: &Guard) -> String {
        self.worlds().describe(guard)
    }

    /// A fact of a subject in words.
    pub(crate) fn fact(&self, subject: &str, name: &str) -> String {
        let Some(found) = self.subject(subject) else {
            return format!("no `{subject}` among {:?}", self.names());
        };
        match self.draft.fact(found, name) {
            Some(fact) => self.words(fact),
            None => "not set".to_owned(),
        }
    }

    fn names(&self) -> Vec<String> {
        let components = 0..self.draft.components.len();
        let components = components.map(|index| self.name(SubjectId::component(index)));
        let parts = 0..self.draft.parts.len();
        let parts = parts.map(|index| self.name(SubjectId::part(index)));
        components.chain(parts).collect()
    }

    fn subject(&self, name: &str) -> Option<SubjectId> {
        let components = (0..self.draft.components.len()).map(SubjectId::component);
        let parts = (0..self.draft.parts.len()).map(SubjectId::part);
        components.chain(parts).find(|id| self.name(*id) == name)
    }

    fn name(&self, subject: SubjectId) -> String {
        match self.draft.parts.get(subject.index()) {
            Some(part) if subject.is_part() => {
                let key = part.key.replace("app/", "");
                format!("{}#{key}", self.name(part.owner))
            }
            _ => {
                let component = &self.draft.components[subject.index()];
                component.id.trim_start_matches("app/").to_owned()
            }
        }
    }

    fn words(&self, fact: &Fact) -> String {
        match fact {
            Fact::Known(known) => {
                let value = self.value(&known.value);
                let lines = known.places.iter().map(|place| {
                    let line = self.files.position(place.span).line;
                    line.to_string()
                });
                let lines: Vec<String> = lines.collect();
                format!("{value} {} {}", known.basis.word(), lines.join(","))
                    .trim()
                    .to_owned()
            }
            Fact::OneOf(one_of) => {
                let cases = one_of.alternatives.iter();
                let cases = cases.map(|alternative| {
                    let when = self.guard(&alternative.guard);
                    format!("{} if {when}", self.words(&alternative.fact))
                });
                cases.collect::<Vec<_>>().join("; ")
            }
            Fact::Unknown(unknown) => format!("unknown {}", unknown.reason.word()),
            Fact::Absent(_) => "absent".to_owned(),
        }
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Subject(subject) => self.name(*subject),
            Value::Map(_) => "{}".to_owned(),
            Value::Set(set) => {
                let mut items: Vec<String> = Vec::new();
                for item in &set.items {
                    let value = item.fact.as_known().map(|known| self.value(&known.value));
                    let value = value.unwrap_or_else(|| "?".to_owned());
                    items.push(match item.guard.is_always() {
                        true => value,
                        false => format!("{value} if {}", self.guard(&item.guard)),
                    });
                }
                if set.rest.is_some() {
                    items.push("…".to_owned());
                }
                format!("[{}]", items.join(", "))
            }
        }
    }
}

/// Draws resources and compares the whole list of flows, one a line.
pub(crate) fn check_flows(resources: &str, expected: &[&str]) {
    draw(resources, |drawing| {
        let found = drawing.flows();
        assert_eq!(found, expected, "{resources}");
    });
}

/// Draws resources and compares facts: `Fn.open_to = anyone written 3`.
pub(crate) fn check_facts(resources: &str, expected: &[&str]) {
    draw(resources, |drawing| facts(drawing, expected));
}

/// Compares facts of a drawing.
pub(crate) fn facts(drawing: &Drawing<'_>, expected: &[&str]) {
    for line in expected {
        let (left, value) = line.split_once(" = ").unwrap();
        let (subject, name) = left.rsplit_once('.').unwrap();
        assert_eq!(drawing.fact(subject, name), value, "{left}");
    }
}

/// A whole template of these resources; those that begin a section of their own
/// stand as they are.
fn template(resources: &str) -> String {
    let resources = resources.trim_matches('\n');
    if resources.contains("Resources:") {
        return resources.to_owned();
    }
    format!("Resources:\n{resources}\n")
}
